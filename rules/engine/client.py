"""Asks the engine's child which rules hold, in batches, and restarts it when it fails. Decides nothing."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from types import TracebackType
from typing import NoReturn, Self, TypeVar, cast

from rules.compiler import Program, compile_rules
from rules.conditions import Values
from rules.engine.process import ChildProcess
from rules.engine.spec import changed, spec_of
from rules.engine.wire import Json
from rules.errors import EngineFailed
from rules.model import Finding, RuleKind
from rules.reference import is_in_effect
from rules.rulebook import Rulebook

TIMEOUT = 2.0  # seconds for one batch; design.md: killed after 2 s of wall clock
START_TIMEOUT = 20.0  # seconds for Python, the library and all rulesets, on a busy machine
BATCH = 50  # items a batch: about 50 ms, so that 2 s mean that something is wrong
_GIVEN_UP_AFTER = 3  # items in a row that fail alone; the rest of the call is not tried

CHILD = "rules.engine.child"

T = TypeVar("T")
Verdict = tuple[Finding, ...] | EngineFailed


@dataclass(frozen=True, slots=True)
class _Asked:
    """A batch on its way to the child."""

    kind: RuleKind
    items: list[Values]
    on: date | None
    batch: list[dict[str, int]]
    off: list[str]


class Engine:
    """The rules of one pack in a child process. Use it as a context manager, or call `close`.

    One process and one thread may use it. After a fork it starts a child of its own.
    """

    def __init__(self, book: Rulebook, *, timeout: float = TIMEOUT, module: str = CHILD) -> None:
        self._book = book
        self._timeout = timeout
        self._module = module
        self._child: ChildProcess | None = None
        self._requests = itertools.count()
        self._ahead: tuple[int, _Asked] | None = None
        self._programs: dict[RuleKind, Program] = {
            kind: compile_rules(book.pack, kind, book.statuses) for kind in RuleKind
        }

    def evaluate(self, kind: RuleKind, features: Values, on: date | None = None) -> tuple[Finding, ...]:
        """Return a finding for every active rule that the engine says holds; see `Reference.evaluate`.

        Raises:
            EngineFailed: the engine could not decide; EngineTimeout where it took too long.
            BadFeatures: a name is unknown or a value is of the wrong type.
        """
        verdict = self.evaluate_many(kind, [features], on)[0]
        if isinstance(verdict, EngineFailed):
            raise verdict
        return verdict

    def evaluate_many(
        self,
        kind: RuleKind,
        items: Sequence[Values],
        on: date | None = None,
        *,
        known: Sequence[tuple[Finding, ...]] = (),
    ) -> tuple[Verdict, ...]:
        """Return for each item its findings, or the failure to decide it; one bad item harms no other.

        Args:
            kind: severity or scoring.
            items: features by name; what is left out has its default.
            on: local date for rules with dates of effect; without it the dates do not matter.
            known: of each item the findings of another evaluator; where the same rules hold by the engine,
                those are returned as they are, and their reasons need not be found a second time.

        Raises:
            BadFeatures: a name is unknown or a value is of the wrong type.
        """
        reference = self._book.reference(kind)
        verdicts: list[Verdict] = []
        for place, fired in enumerate(self.fired_many(kind, items, on)):
            theirs = known[place] if known else None
            if isinstance(fired, EngineFailed):
                verdicts.append(fired)
            elif theirs is not None and len(theirs) == len(fired) and {f.rule for f in theirs} == {*fired}:
                verdicts.append(theirs)
            else:
                verdicts.append(reference.findings(fired, items[place], on))
        return tuple(verdicts)

    def fired_many(
        self, kind: RuleKind, items: Sequence[Values], on: date | None = None
    ) -> tuple[tuple[str, ...] | EngineFailed, ...]:
        """Return for each item the sorted ids of the rules that hold, or the failure to decide it.

        Raises:
            BadFeatures: a name is unknown or a value is of the wrong type.
        """
        verdicts: list[tuple[str, ...] | EngineFailed] = []
        for start in range(0, len(items), BATCH):
            asked = self._asked(kind, items[start : start + BATCH], on)
            try:
                verdicts += self._ask(asked)
            except EngineFailed as failure:
                verdicts += [failure] if len(asked.batch) == 1 else self._ask_one_by_one(asked)
        return tuple(verdicts)

    def begin(self, kind: RuleKind, items: Sequence[Values], on: date | None = None) -> None:
        """Let the child begin with items that are about to be asked for while the caller does other things.

        Asking for the same items then only waits for what is left; asking for others costs a moment more.
        Where it cannot begin, asking tells why.

        Raises:
            BadFeatures: a name is unknown or a value is of the wrong type.
        """
        asked = self._asked(kind, items[:BATCH], on)
        if not asked.batch:
            return
        with suppress(EngineFailed):
            child = self._ready()
            request = next(self._requests)
            self._exchanging(lambda: child.send({"request": request, **_frame(asked)}, self._timeout))
            self._ahead = request, asked

    def close(self) -> None:
        """End the child; the engine may be used again and starts another one."""
        self._ahead = None
        if self._child is not None:
            if self._child.owner == os.getpid():
                self._child.kill()
            else:
                self._child.forget()
            self._child = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _asked(self, kind: RuleKind, items: Sequence[Values], on: date | None) -> _Asked:
        listed = list(items)
        if self._ahead is not None:
            begun = self._ahead[1]
            if (begun.kind, begun.items, begun.on) == (kind, listed, on):
                return begun
        program = self._programs[kind]
        numbers = [changed(program, self._book.changed(kind, features)) for features in items]
        off = [rule.id for rule in self._book.rules(kind) if not is_in_effect(rule, on)]
        return _Asked(kind, listed, on, numbers, off)

    def _ask_one_by_one(self, asked: _Asked) -> list[tuple[str, ...] | EngineFailed]:
        verdicts: list[tuple[str, ...] | EngineFailed] = []
        failures = 0
        for item in asked.batch:
            if failures >= _GIVEN_UP_AFTER:
                verdicts.append(EngineFailed(f"given up after {failures} failures in a row"))
                continue
            try:
                verdicts += self._ask(replace(asked, items=[], batch=[item]))
                failures = 0
            except EngineFailed as failure:
                verdicts.append(failure)
                failures += 1
        return verdicts

    def _ask(self, asked: _Asked) -> list[tuple[str, ...]]:
        child = self._ready()
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[1] is not asked:
            self._receive(child, ahead[0], self._timeout)  # nobody wants it any more
            ahead = None
        reply = (
            self._exchange(child, _frame(asked), self._timeout)
            if ahead is None
            else self._receive(child, ahead[0], self._timeout)
        )
        fired = reply.get("fired")
        if not isinstance(fired, list) or len(fired) != len(asked.batch):
            self._drop("an answer of the wrong length")
        return [tuple(cast("list[str]", rules)) for rules in fired]

    def _ready(self) -> ChildProcess:
        """Return the child of this process; starts it where there is none."""
        child = self._child
        if child is None or child.owner != os.getpid():
            self.close()
            child = self._start()
        return child

    def _start(self) -> ChildProcess:
        try:
            child = ChildProcess(self._module)
        except OSError as error:
            raise EngineFailed(f"it could not be started: {error.strerror}") from error
        self._child = child
        programs = {kind.value: spec_of(program) for kind, program in self._programs.items()}
        frame: dict[str, Json] = {"name": self._book.pack.ref, "programs": cast("Json", programs)}
        self._exchange(child, frame, START_TIMEOUT)
        return child

    def _exchange(self, child: ChildProcess, frame: dict[str, Json], seconds: float) -> dict[str, Json]:
        request = next(self._requests)
        self._exchanging(lambda: child.send({"request": request, **frame}, seconds))
        return self._receive(child, request, seconds)

    def _receive(self, child: ChildProcess, request: int, seconds: float) -> dict[str, Json]:
        reply = self._exchanging(lambda: child.receive(seconds))
        if reply.get("request") != request:
            self._drop("an answer to another question")
        return reply

    def _exchanging(self, exchange: Callable[[], T]) -> T:
        try:
            return exchange()
        except EngineFailed:
            self._child = None  # it has been killed
            raise

    def _drop(self, reason: str) -> NoReturn:
        self.close()
        raise EngineFailed(reason)


def _frame(asked: _Asked) -> dict[str, Json]:
    return {"kind": asked.kind.value, "items": cast("list[Json]", asked.batch), "off": list(asked.off)}
