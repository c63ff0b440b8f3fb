#!/bin/sh
# Makes .venv and puts the pinned packages into it. Called by make with the requirement files as arguments:
#   tools/install.sh requirements/base.txt [requirements/dev.txt]
# Uses uv when it is there, else Python's own venv and pip. Never installs anything outside .venv.
set -eu
cd "$(dirname "$0")/.."

# durable-rules 2.0.28 calls PyEval_CallObject, which Python 3.13 no longer has. PyObject_CallObject is the
# same call and exists everywhere, so the flag is always set. (Its setup.py overwrites CFLAGS.)
CPPFLAGS="${CPPFLAGS:+$CPPFLAGS }-DPyEval_CallObject=PyObject_CallObject"
export CPPFLAGS

UV=
if [ -z "${JIANJIAN_NO_UV:-}" ] && uv --version >/dev/null 2>&1; then UV=1; fi

# Prints what a Python lacks, one word each; nothing when it will do.
lacks() {
    "$1" - "$UV" <<'PY'
import importlib.util, pathlib, shutil, sys, sysconfig
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    print("version")
    raise SystemExit
include = pathlib.Path(sysconfig.get_path("include"))
if not (include / "Python.h").exists():
    print("headers")
ensurepip = importlib.util.find_spec("ensurepip")
if not sys.argv[1] and not (ensurepip and ensurepip.origin):
    print("venv")
compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
if not shutil.which(compiler) and not shutil.which("cc") and not shutil.which("gcc"):
    print("compiler")
PY
}

# Chooses the first Python that can build everything; explains itself when there is none.
choose_python() {
    found= missing=
    for name in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        path=$(command -v "$name" 2>/dev/null) || continue
        problem=$(lacks "$path" 2>/dev/null) || continue
        case $problem in
            '') echo "$path"; return ;;
            *version*) ;;
            *) found="$found $name"; missing="$missing $problem" ;;
        esac
    done
    {
        if [ -z "$found" ]; then
            echo "make: no Python 3.11, 3.12 or 3.13 was found${PYTHON:+ (PYTHON=$PYTHON)}."
            echo "      Debian 12 and 13:  apt-get install make gcc python3-dev python3-venv"
            echo "      Elsewhere:         make install PYTHON=/path/to/python3.12"
        else
            packages=
            case $missing in *compiler*) packages="$packages gcc" ;; esac
            case $missing in *headers*) packages="$packages python3-dev" ;; esac
            case $missing in *venv*) packages="$packages python3-venv" ;; esac
            echo "make: Python was found ($(echo $found)), but something that it needs is missing. Please run"
            echo "      apt-get install$packages"
            echo "      (as root or with sudo) and then the same make again."
        fi
    } >&2
    return 1
}

python=$(choose_python)

# An environment of another Python, or of one that has gone, is made anew.
if [ -e .venv ] && { ! [ -x .venv/bin/python ] || ! [ -z "$(lacks .venv/bin/python 2>/dev/null || echo broken)" ]; }; then
    rm -rf .venv
fi

files=
for file in requirements/build.txt "$@"; do files="$files -r $file"; done

if [ -n "$UV" ]; then
    [ -e .venv ] || uv venv --quiet --python "$python" .venv
    pip="uv pip install --quiet --python .venv/bin/python"
else
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then "$python" -m venv .venv; fi
    pip=".venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --use-pep517"
fi

echo "Installing the pinned packages into .venv with $($python -V) (about a minute the first time) …"
# The build tools first, pinned like the rest; then sources are built with them and nothing else is fetched.
$pip --require-hashes -r requirements/build.txt
$pip --require-hashes --no-build-isolation $files

# A wheel of durable-rules that someone built earlier without the flag may come out of a cache: build it again.
if ! .venv/bin/python -c 'import durable.lang' 2>/dev/null; then
    echo "Building durable-rules again …"
    if [ -n "$UV" ]; then again=--reinstall-package=durable-rules; else again=--force-reinstall; fi
    pin=$(mktemp)
    trap 'rm -f "$pin"' EXIT
    sed -n '/^durable-rules==/,/[^\\]$/p' requirements/base.txt >"$pin"
    $pip --no-cache-dir --no-deps --no-build-isolation --require-hashes $again -r "$pin"
    .venv/bin/python -c 'import durable.lang'
fi
