"""Checks terms against stored posts: one that stands in every twentieth post says little about any.

It counts and forgets: no post is kept, named or quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from rules import checks
from rules.model import Combine, Lexicon, Location, Matcher, Pack, Quantifier, Terms
from rules.normalise import normalise
from rules.problem import Notes

COMMON_SHARE = 0.05
"""Share (0..1) of posts above which a term is common. **Source:** issue 3, "Checks"."""
FEWEST_POSTS = 100  # below it a share of 5 % means nothing
MOST_POSTS = 2_000  # more change no answer and cost time
MOST_LOOKUPS = 20_000_000  # of a term in a post; with many terms fewer posts are read
_MOST_NAMED = 6  # terms that one line names


def check_posts(pack: Pack, texts: Iterable[str], notes: Notes) -> None:
    """File the lexicons of which terms stand in more than `COMMON_SHARE` of the posts.

    Args:
        pack: whose lexicons are looked at.
        texts: of stored posts, title and text together; the first `MOST_POSTS` are read, fewer where there
            are many terms.
        notes: receives the problems.
    """
    terms = sum(len(lexicon.terms) for lexicon in pack.lexicons)
    most = min(MOST_POSTS, max(FEWEST_POSTS, MOST_LOOKUPS // max(terms, 1)))
    posts = [normalise(text).text for text in islice(texts, most)]
    if len(posts) < FEWEST_POSTS:
        notes.found(
            checks.FEW_POSTS,
            Location("lexicons.yaml", 1, 1),
            f"只有 {len(posts)} 条历史网帖，不足 {FEWEST_POSTS} 条，没有统计常见词",
            f"only {len(posts)} stored posts, fewer than {FEWEST_POSTS}: common terms were not counted",
        )
        return
    alone = _standing_alone(pack)
    for lexicon in pack.lexicons:
        common = _common(lexicon, posts)
        if common:
            check = checks.COMMON_TERM if lexicon.id in alone else checks.COMMON_PART
            named_zh = "、".join(f"「{term}」{share:.1%}" for term, share in common[:_MOST_NAMED])
            named = ", ".join(f'"{term}" {share:.1%}' for term, share in common[:_MOST_NAMED])
            notes.about(lexicon.id).found(
                check,
                lexicon.at,
                f"{len(common)} 个词语出现在超过 {COMMON_SHARE:.0%} 的 {len(posts)} 条网帖中：{named_zh}",
                f"{len(common)} terms stand in more than {COMMON_SHARE:.0%} of {len(posts)} posts: {named}",
            )


def _standing_alone(pack: Pack) -> frozenset[str]:
    """Return the lexicons of which one term is enough for a signal or for evidence."""
    matchers = [signal.match for signal in pack.signals]
    matchers += [part.match for topic in pack.topics for part in topic.evidence]
    return frozenset(name for matcher in matchers for name in _enough(matcher))


def _enough(matcher: Matcher) -> Iterator[str]:
    if isinstance(matcher, Terms):
        yield from matcher.lexicons
    elif isinstance(matcher, Combine) and (matcher.quantifier is Quantifier.ANY or len(matcher.members) == 1):
        for member in matcher.members:
            yield from _enough(member)


def _common(lexicon: Lexicon, posts: list[str]) -> list[tuple[str, float]]:
    """Return the common terms with their shares, the most common first."""
    found = []
    for term in lexicon.terms:
        folded = normalise(term).text
        if not folded:
            continue
        share = sum(folded in post for post in posts) / len(posts)
        if share > COMMON_SHARE:
            found.append((term, share))
    return sorted(found, key=lambda pair: -pair[1])
