"""Reads the files of a pack that come from outside, in a child with limits on time and memory first.

Only what the child read within its limits is read here as well, unless the child hands its readings on; the
reader is deterministic, so it takes no more here. Packs of our own folders and tables go through `pack`
directly.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping

from rules import checks
from rules.guarded_child import OUT_OF_MEMORY
from rules.guarded_warm import CPU_SECONDS, ENVIRONMENT, MEMORY, ROOT, WALL_SECONDS, WarmReader
from rules.model import Location
from rules.pack import FILES, Loaded, load_pack_bytes
from rules.pack_parts import Parts
from rules.problem import Level, Notes, Problem, in_order, shown
from rules.yamltree import LARGEST_FILE

LARGEST_PACK = 16 * 1024 * 1024  # bytes of all files together
_AT = Location("pack.yaml", 1, 1)
_Found = tuple[bool, tuple[Problem, ...]]  # whether the files can be used, and what is wrong with them


def load_guarded(
    files: Mapping[str, bytes],
    *,
    cpu_seconds: int = CPU_SECONDS,
    memory: int = MEMORY,
    wall_seconds: float = WALL_SECONDS,
    warm: WarmReader | None = None,
    parts: Parts | None = None,
) -> Loaded:
    """Return what `load_pack_bytes` returns, or one problem where reading the files takes too much.

    Args:
        files: name -> content; names outside the format are a problem.
        cpu_seconds: of the processor, for the child.
        memory: bytes of address space, for the child.
        wall_seconds: after which the child is killed in any case.
        warm: a child that waits with limits of its own; what it does not manage a new one tries, so that
            nothing depends on what was read before.
        parts: readings of files that a child has read before.
    """
    notes = Notes()
    for name in sorted(set(files) - set(FILES)):
        notes.unknown(Location(shown(name), 1, 1), "文件名", "file name", name, FILES)
    ours = {name: content for name, content in files.items() if name in FILES}
    if sum(map(len, ours.values())) > LARGEST_PACK:
        zh, en = f"规则包超过 {LARGEST_PACK} 字节", f"the pack is larger than {LARGEST_PACK} bytes"
        notes.found(checks.TOO_HEAVY, _AT, zh, en)
        return Loaded(None, notes.problems)
    payload = _payload(ours)
    answer = warm.ask(payload) if warm is not None else None
    if answer is not None:
        said, _, readings = answer.partition(b"\n")
        found: _Found | None = _found_in(said)
        if parts is not None:
            parts.take(ours, readings)
    else:
        found = _read_in_child(payload, notes, (cpu_seconds, memory, wall_seconds))
    if found is None:
        return Loaded(None, notes.problems)
    usable, problems = found
    if not usable:
        return Loaded(None, in_order((*notes.problems, *problems)))
    loaded = load_pack_bytes(ours, parts)
    foreign = notes.problems
    return Loaded(
        pack=None if foreign else loaded.pack,
        problems=in_order((*foreign, *loaded.problems)),
        draft=loaded.draft,
        missing=loaded.missing,
    )


def _payload(files: Mapping[str, bytes]) -> bytes:
    # One byte over the limit is enough for the reader to refuse a file.
    cut = {name: content[: LARGEST_FILE + 1] for name, content in files.items()}
    header = json.dumps([(name, len(content)) for name, content in cut.items()]).encode()
    return b"\n".join((header, b"".join(cut.values())))


def _read_in_child(payload: bytes, notes: Notes, limits: tuple[int, int, float]) -> _Found | None:
    """Return whether the files can be used, and their problems; None where the child did not answer."""
    cpu_seconds, memory, wall_seconds = limits
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", "rules.guarded_child", str(cpu_seconds), str(memory)],
            input=payload,
            capture_output=True,
            cwd=ROOT,
            env=ENVIRONMENT,
            timeout=wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        _tell_time(notes, f"{wall_seconds:g}")
        return None
    if done.returncode < 0:  # a signal: the kernel ended it for its use of the processor
        _tell_time(notes, str(cpu_seconds))
        return None
    if done.returncode != 0:
        zh = f"读取规则包用掉的内存超过 {memory >> 20} MB，已停止"
        if done.returncode != OUT_OF_MEMORY:
            zh = f"读取规则包的进程中断（状态 {done.returncode}），很可能是内存超过 {memory >> 20} MB"
        notes.found(
            checks.TOO_HEAVY, _AT, zh, f"reading the pack took more than {memory >> 20} MB of memory: stopped"
        )
        return None
    return _found_in(done.stdout)


def _found_in(said: bytes) -> _Found:
    answer = json.loads(said)
    problems = tuple(
        Problem(Level(level), rule_id, Location(*at), zh, en, code)
        for level, rule_id, at, zh, en, code in answer["problems"]
    )
    return bool(answer["usable"]), problems


def _tell_time(notes: Notes, seconds: str) -> None:
    notes.found(
        checks.TOO_HEAVY,
        _AT,
        f"读取规则包超过 {seconds} 秒，已停止",
        f"reading the pack took more than {seconds} s: stopped",
    )
