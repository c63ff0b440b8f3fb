"""Lead, assisting units and basis in one line, as corrections keep them, and read back from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

NOBODY = "-"
_LINE = re.compile(
    r"(?P<lead>\S+)(?: \+ (?P<assist>[^\s,]+(?:, [^\s,]+)*))?(?: \((?P<basis>.*)\))?", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class RouteLine:
    """Who had or got a case.

    Attributes:
        lead: unit code; None where nobody was named yet.
        assist: unit codes.
        basis: law or document; empty where none was kept.
    """

    lead: str | None
    assist: tuple[str, ...] = ()
    basis: str = ""

    def __str__(self) -> str:
        assist = f" + {', '.join(self.assist)}" if self.assist else ""
        basis = f" ({self.basis})" if self.basis else ""
        return f"{self.lead or NOBODY}{assist}{basis}"

    def without(self, units: Iterable[str], instead: str) -> RouteLine:
        """Return the same for a reader who is not told of `units`; `instead` stands for each of them."""
        untold = frozenset(units)
        lead = instead if self.lead in untold else self.lead
        return replace(
            self, lead=lead, assist=tuple(instead if unit in untold else unit for unit in self.assist)
        )


def route_in(line: str) -> RouteLine | None:
    """Return what a kept line says; None for a text that is no such line."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    assist = tuple(found["assist"].split(", ")) if found["assist"] else ()
    return RouteLine(None if found["lead"] == NOBODY else found["lead"], assist, found["basis"] or "")
