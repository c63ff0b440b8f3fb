"""Problems of a rule pack: what is wrong, where, how bad, and under which code. It finds none itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from rules.model import Label, Location
from rules.near_names import nearest_name

MOST_PROBLEMS = 2_000  # of one level; a broken file must not print for ever
MOST_SUGGESTIONS = 200  # looking for near names costs time; later problems go without
MOST_TITLES = 100_000  # compared for suggestions, all together; later ones go by the letters of ids alone
LONGEST_SHOWN = 60  # characters of an author's word that a message repeats
FORM_CODE = "R001"  # what the loader files unless it says more exactly
UNDEFINED_CODE = "R004"
_NO_HINT = Label("", "")


class Level(StrEnum):
    """How bad a problem is.

    error: the pack cannot be published; something is wrong, missing or would not run.
    warning: it runs, but most likely does not do what its author meant.
    note: it runs and means what it says; somebody has still to decide or tidy something.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a pack. `rule_id` is empty where it concerns no single item.

    `code` names the check in `rules.checks`, where the level is defined and what to do is said.
    """

    level: Level
    rule_id: str
    location: Location
    zh: str
    en: str
    code: str = FORM_CODE

    def __str__(self) -> str:
        at = self.location
        return f"{at.file}:{at.line}:{at.column}: {self.zh} ({self.en})"


def shown(word: str) -> str:
    """Return the author's word as a message may repeat it: on one line and not too long."""
    flat = "".join(c if c.isprintable() else "?" for c in word)
    return flat if len(flat) <= LONGEST_SHOWN else flat[: LONGEST_SHOWN - 1] + "…"


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems by file, line and column, each once."""
    unique = dict.fromkeys(problems)
    return tuple(
        sorted(unique, key=lambda p: (p.location.file, p.location.line, p.location.column, p.level, p.en))
    )


class Check(NamedTuple):
    """What a check looks for, how bad it is, and what to do about it; `rules.checks` lists them all."""

    code: str
    level: Level
    finds: Label
    todo: Label

    @classmethod
    def of(cls, code: str, level: Level, finds: tuple[str, str], todo: tuple[str, str]) -> Check:
        """Return a check whose texts are given as pairs (zh, en)."""
        return cls(code, level, Label(*finds), Label(*todo))


@dataclass
class _Book:
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[Level] = field(default_factory=Counter)
    suggestions: int = 0
    titles: int = 0  # that were compared for suggestions

    def file(self, problem: Problem) -> None:
        """Keep a problem; one last line of a level says that it has too many: no note hides an error."""
        self.counts[problem.level] += 1
        count = self.counts[problem.level]
        if count == MOST_PROBLEMS:
            zh = f"这一级的问题达到 {MOST_PROBLEMS} 个，其余未列出"
            en = f"{MOST_PROBLEMS} problems of this level: the rest is left out"
            self.problems.append(Problem(problem.level, "", problem.location, zh, en))
        elif count < MOST_PROBLEMS:
            self.problems.append(problem)


class Notes:
    """Collects problems while a pack is read; `about` gives a view for one item of it."""

    def __init__(self, rule_id: str = "", book: _Book | None = None) -> None:
        self._rule_id = rule_id
        self._book = _Book() if book is None else book

    def about(self, rule_id: str) -> Notes:
        """Return a view on the same collection that files problems under `rule_id`."""
        return Notes(rule_id, self._book)

    def add(self, level: Level, at: Location, zh: str, en: str, code: str = FORM_CODE) -> None:
        """File a problem; see `MOST_PROBLEMS`."""
        self._book.file(Problem(level, self._rule_id, at, zh, en, code))

    def found(self, check: Check, at: Location, zh: str, en: str) -> None:
        """File what a check found, at its level and under its code."""
        self.add(check.level, at, zh, en, check.code)

    def again(self, problem: Problem) -> None:
        """File a problem of another collection here."""
        self._book.file(problem)

    def error(self, at: Location, zh: str, en: str) -> None:
        """File a fault of form, which stops publication."""
        self.add(Level.ERROR, at, zh, en)

    def unknown(
        self,
        at: Location,
        zh: str,
        en: str,
        word: str,
        known: Iterable[str],
        titles: Mapping[str, Label] | None = None,
    ) -> None:
        """File an unknown name as an error: `zh` and `en` name the kind of thing, e.g. 词库, lexicon.

        `titles` of known names are compared with the word as well.
        """
        hint = self.hint(word, known, titles)
        word = shown(word)
        said_zh, said_en = f"未知的{zh}「{word}」{hint.zh}", f'unknown {en} "{word}"{hint.en}'
        self.add(Level.ERROR, at, said_zh, said_en, UNDEFINED_CODE)

    def hint(self, word: str, known: Iterable[str], titles: Mapping[str, Label] | None = None) -> Label:
        """Return the end of a message that names what a misspelt word most likely means; "" for nothing."""
        if self._book.suggestions >= MOST_SUGGESTIONS or not word or len(word) > LONGEST_SHOWN:
            return _NO_HINT
        self._book.suggestions += 1
        titles = titles or {}
        self._book.titles += len(titles)
        near = nearest_name(word, known, titles if self._book.titles <= MOST_TITLES else {})
        if near is None:
            return _NO_HINT
        title = titles.get(near)
        if title is None or word.isascii():  # who writes an id knows it when he sees it
            return Label(f"；是不是想写「{near}」？", f'; did you mean "{near}"?')
        said_zh, said_en = shown(title.zh), shown(title.en or title.zh)
        return Label(f"；是不是想写「{near}」（{said_zh}）？", f'; did you mean "{near}" ({said_en})?')

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what was filed so far, by file and line."""
        return in_order(self._book.problems)

    @property
    def has_errors(self) -> bool:
        """Return whether an error was filed under any item."""
        return any(p.level is Level.ERROR for p in self._book.problems)
