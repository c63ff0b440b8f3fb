"""Files what `place:` and `date:` matchers look for: places found by name, days that are written out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rules.dates import days_in
from rules.model import Place, Places
from rules.post import Post, Spot, outermost


class PlaceLeaves:
    """The places of a pack by the leaves that ask for them."""

    def __init__(self, places: tuple[Place, ...], leaves: Mapping[int, Places]) -> None:
        self._leaves: dict[int, list[int]] = {}
        for leaf, wanted in leaves.items():
            for index, place in enumerate(places):
                if place.id in wanted.ids or place.kind in wanted.kinds:
                    self._leaves.setdefault(index, []).append(leaf)

    def file(self, post: Post, found: Iterable[tuple[int, int, int]]) -> None:
        """File the places named under their leaves; as everywhere a name inside a longer one does not count.

        Args:
            post: receives the spots.
            found: start, end and index in the pack of every name that was found.
        """
        if not self._leaves:
            return
        for start, end, index in outermost(found):
            for leaf in self._leaves.get(index, ()):
                post.file_spot(leaf, Spot(start, end))


def file_days(post: Post, leaf: int | None) -> None:
    """File every day of the year that the post writes out; does nothing where no matcher asks for days."""
    if leaf is None:
        return
    for start, end, value in days_in(post.text):
        if not start < post.title_end < end:
            post.file_spot(leaf, Spot(start, end, value=value))
