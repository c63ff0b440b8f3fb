"""Ties a process to the life of the one that started it: when the parent goes, however it goes, so does it.

Run as a script it is a trampoline (tie, then become the real program), which is safe in a parent with
threads, where a function run between fork and exec would not be. Linux only. It imports nothing of the
application. The kernel ties a child to the *thread* that started it: start children in a thread that stays.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # Source: linux/prctl.h
_PR_SET_CHILD_SUBREAPER = 36  # Source: linux/prctl.h
_ARGUMENTS = 4  # script, parent, signal, user; the program follows


def die_with_parent(parent: int, death_signal: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to send `death_signal` to this process when its parent ends.

    Args:
        parent: process id of the parent, read before the fork; when it has gone already, this process ends.
        death_signal: what to be sent.

    Raises:
        OSError: where the kernel refuses.
    """
    _prctl(_PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        signal.raise_signal(death_signal)


def adopt_orphans() -> None:
    """Become the parent of every process below this one whose own parent ends (a "subreaper").

    Raises:
        OSError: where the kernel refuses.
    """
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def tethered(
    argv: Sequence[str], *, death_signal: signal.Signals = signal.SIGKILL, user: str | None = None
) -> list[str]:
    """Return the command that runs `argv` tied to the calling process.

    Args:
        argv: program with its arguments.
        death_signal: what the program is sent when the calling process ends.
        user: account to become first (needs root); None stays who we are.
    """
    script = str(Path(__file__).resolve())
    tie = [str(os.getpid()), str(int(death_signal)), user or ""]
    return [sys.executable, "-I", "-S", script, *tie, *argv]


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _become(user: str) -> None:
    """Change to `user` for good; before the tie, because the kernel cuts it when the account changes."""
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def _trampoline(arguments: Sequence[str]) -> None:
    parent, death_signal, user = arguments[1:_ARGUMENTS]
    program = list(arguments[_ARGUMENTS:])
    if user:
        _become(user)
    die_with_parent(int(parent), signal.Signals(int(death_signal)))
    os.execvp(program[0], program)  # noqa: S606 - the program was named by the caller of `tethered`


if __name__ == "__main__":
    _trampoline(sys.argv)
