"""The child process of the engine: the only module that imports durable. Run by `process`, never imported.

One thread, a quiet host (no timers), facts that are taken back at once, one fixed sid, actions that only
append to a list, a fresh key for every fact. Whatever goes wrong ends the process; its parent starts another.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import cast

from durable import engine as durable

from rules.engine.spec import ColumnSpec, ConjunctionSpec, ProgramSpec, ShardSpec
from rules.engine.wire import HEADER, Frame, Json, body_length, packed, unpacked

_SID = "0"  # 1,024 distinct sids break a ruleset for good
_KEYS_TRIED = 3  # 3 of 100,000 facts are taken for known ones because the hashes of their keys are equal
_PR_SET_PDEATHSIG = 1

_Fact = dict[str, int]
_Number = Callable[[int], int]


class _QuietHost(durable.Host):  # type: ignore[misc]  # the library has no types
    """A host without its two polling threads, with which runs end in segmentation faults."""

    def _run(self) -> None:
        pass


class _EngineError(RuntimeError):
    """The engine did something that it must not do."""


class _Shard:
    """One ruleset: a few conjunctions over a few properties."""

    def __init__(
        self, host: _QuietHost, keys: Iterator[int], name: str, spec: ShardSpec, defaults: _Fact
    ) -> None:
        self._host = host
        self._keys = keys
        self._name = name
        self._fired: list[str] = []
        self._base: _Fact = {}
        # feature -> the properties that depend on it: name, number of a value, sent only where it is 1
        self._columns: dict[str, list[tuple[str, _Number, bool]]] = {}
        for index, column in enumerate(spec["columns"]):
            self._add_column(f"p{index}", column, _is_only_wanted_true(index, spec), defaults)
        definition = {f"r{n}": self._rule(rule) for n, rule in enumerate(spec["conjunctions"])}
        host.set_rulesets({name: definition})
        self._guards = _guards(spec, defaults)
        self._at_rest = self._assert(self._base)

    def decide(self, changed: _Fact) -> set[str]:
        """Return the rules that hold where these features differ from their defaults."""
        fact = dict(self._base)
        if self._guards.isdisjoint(changed):
            return self._at_rest
        for feature, value in changed.items():
            for name, number, only_true in self._columns.get(feature, ()):
                held = number(value)
                if held or not only_true:
                    fact[name] = held
                else:
                    fact.pop(name, None)
        return self._assert(fact)

    def _add_column(self, name: str, column: ColumnSpec, only_true: bool, defaults: _Fact) -> None:  # noqa: FBT001
        feature, domain = column["feature"], column["domain"]
        number: _Number = int if domain is None else _membership(domain)
        value = number(defaults[feature]) if feature else 1
        if value or not only_true:
            self._base[name] = value
        if feature:
            self._columns.setdefault(feature, []).append((name, number, only_true))

    def _rule(self, spec: ConjunctionSpec) -> dict[str, object]:
        asked = [{f"p{c}": n} if ask == "$eq" else {ask: {f"p{c}": n}} for c, ask, n in spec["literals"]]
        condition = asked[0] if len(asked) == 1 else {"$and": asked}
        rule = spec["rule"]

        # Exactly one parameter: with two, even a default, the library takes it for an asynchronous action.
        def note(_context: object) -> None:
            self._fired.append(rule)

        return {"all": [{"m": condition}], "run": note}

    def _assert(self, fact: _Fact) -> set[str]:
        if not fact:
            return set()  # no property, so no comparison can hold
        self._fired.clear()
        for _ in range(_KEYS_TRIED):
            message = {"id": f"f{next(self._keys)}", "sid": _SID, **fact}
            try:
                self._host.assert_fact(self._name, message)
            except durable.MessageNotHandledException:
                pass  # no rule holds
            except durable.MessageObservedException:
                continue
            self._host.retract_fact(self._name, message)
            if self._fired and "exception" in self._host.get_state(self._name, _SID):
                raise _EngineError("an action failed")
            return set(self._fired)
        raise _EngineError("every key of a fact was taken for a known one")


def _is_only_wanted_true(index: int, spec: ShardSpec) -> bool:
    """Return whether a property is asked for nothing but being 1, so that it may be absent instead of 0."""
    return all(
        (ask, value) == ("$eq", 1)
        for conjunction in spec["conjunctions"]
        for column, ask, value in conjunction["literals"]
        if column == index
    )


def _guards(spec: ShardSpec, defaults: _Fact) -> set[str]:
    """Return features of which one must differ from its default for the shard to decide anything but at rest.

    Flags are taken before numbers, which differ in most posts.
    """
    guards: set[str] = set()
    for conjunction in spec["conjunctions"]:
        unmet = []
        for index, ask, value in conjunction["literals"]:
            column = spec["columns"][index]
            if not _met(column, ask, value, defaults):
                unmet.append((column["domain"] is not None, (ask, value) != ("$eq", 1), column["feature"]))
        if not unmet:  # it holds on the defaults: any feature may end that
            return {column["feature"] for column in spec["columns"]}
        guards.add(min(unmet)[2])
    return guards


def _met(column: ColumnSpec, ask: str, value: int, defaults: _Fact) -> bool:
    number = defaults[column["feature"]] if column["feature"] else 1
    if column["domain"] is not None:
        number = _membership(column["domain"])(number)
    if ask == "$eq":
        return number == value
    if ask == "$neq":
        return number != value
    return number >= value if ask == "$gte" else number <= value


def _membership(domain: list[int]) -> _Number:
    low, high, without = domain[0], domain[1], frozenset(domain[2:])
    return lambda value: int(low <= value <= high and value not in without)


class _Program:
    """The rules of one kind in strata of shards."""

    def __init__(self, host: _QuietHost, keys: Iterator[int], name: str, spec: ProgramSpec) -> None:
        self._concludes = spec["concludes"]
        self._strata = [
            [_Shard(host, keys, f"{name}/{s}/{n}", shard, spec["defaults"]) for n, shard in enumerate(layer)]
            for s, layer in enumerate(spec["strata"])
        ]

    def decide(self, changed: _Fact, off: set[str]) -> list[str]:
        """Return the rules that hold, without those that are not in effect, sorted."""
        values = dict(changed)
        fired: set[str] = set()
        for layer in self._strata:
            found = {rule for shard in layer for rule in shard.decide(values)} - off
            fired |= found
            # Conclusions become features only now: rules of one stratum must not see each other's.
            values.update({self._concludes[rule]: 1 for rule in found if rule in self._concludes})
        return sorted(fired)


class _Server:
    """Answers frames; the first one brings the programs."""

    def __init__(self) -> None:
        self._programs: dict[str, _Program] = {}

    def answer(self, frame: Frame) -> Frame:
        if "programs" in frame:
            host, keys = _QuietHost(), itertools.count()
            programs = cast("dict[str, ProgramSpec]", frame["programs"])
            name = str(frame["name"])
            self._programs = {k: _Program(host, keys, f"{name}/{k}", p) for k, p in programs.items()}
            return {"request": frame["request"]}
        program = self._programs[str(frame["kind"])]
        off = set(cast("list[str]", frame["off"]))
        items = cast("list[_Fact]", frame["items"])
        fired = [program.decide(changed, off) for changed in items]
        return {"request": frame["request"], "fired": cast("Json", fired)}


def _die_with(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends: a loop in C would hear no signal."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)  # the parent ended before the kernel was asked
    # A Ctrl-C at the terminal reaches the whole group; the parent decides when we end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _read(pipe: int, count: int) -> bytes | None:
    data = bytearray()
    while len(data) < count:
        part = os.read(pipe, count - len(data))
        if not part:
            return None
        data += part
    return bytes(data)


def main() -> None:
    """Answer frames from standard input until it ends."""
    _die_with(int(sys.argv[1]))
    replies = os.dup(1)
    os.dup2(2, 1)  # whatever the library prints must not get between the frames
    server = _Server()
    while (header := _read(0, HEADER.size)) is not None:
        body = _read(0, body_length(header))
        if body is None:
            return
        reply = memoryview(packed(server.answer(unpacked(body))))
        while reply:
            reply = reply[os.write(replies, reply) :]


if __name__ == "__main__":
    main()
