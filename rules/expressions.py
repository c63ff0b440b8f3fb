"""The regular expressions of a pack: which hit in a post, and where. The only module that knows RE2."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice

import re2

from rules.normalise import fold_expression
from rules.post import Post, Spot

_PATTERN_MEMORY = 8 << 20  # bytes for one expression
_MOST_MATCHES = 100  # of one expression in one post
_KEPT = 4  # sets of expressions; an author's next draft has as a rule the same one


def pattern_fault(regex: str) -> str | None:
    """Return why RE2 cannot run this expression, or None where it can."""
    try:
        compiled = re2.compile(fold_expression(regex), _options(_PATTERN_MEMORY))
    except re2.error as error:
        reason = error.args[0] if error.args else "error"
        return reason.decode() if isinstance(reason, bytes) else str(reason)
    return "matches the empty text" if compiled.search("") else None


def _options(memory: int) -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = memory
    return options


class Expressions:
    """All expressions of a pack; only those whose necessary words are there are searched for.

    **Source:** measured with the 46 of the demo pack on 1,538 messages after as many others: one automaton
    for all took 882 µs a message, for it has a state for every combination of what each has seen so far; one
    for every four 136 µs; this 37 µs.
    """

    def __init__(self, regexes: dict[int, str]) -> None:
        self._leaves = list(regexes)
        self._filter, self._compiled = _searchers(tuple(regexes.values()))

    def find(self, post: Post) -> None:
        """File every match under its leaf."""
        if not self._leaves:
            return
        for index in self._filter.Match(post.text) or ():
            for match in islice(self._compiled[index].finditer(post.text), _MOST_MATCHES):
                start, end = match.span()
                if start < end and not start < post.title_end < end:
                    post.file_spot(self._leaves[index], Spot(start, end))


@lru_cache(maxsize=_KEPT)
def _searchers(regexes: tuple[str, ...]) -> tuple[re2.Filter, tuple[re2.Pattern, ...]]:
    """Return what finds which of these expressions hit, and what finds where; they keep nothing of a text."""
    found, compiled = re2.Filter(), []
    for regex in regexes:
        folded, options = fold_expression(regex), _options(_PATTERN_MEMORY)
        found.Add(folded, options)
        compiled.append(re2.compile(folded, options))
    if regexes:
        found.Compile()
    return found, tuple(compiled)
