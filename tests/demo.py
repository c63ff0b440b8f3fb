"""The demo county's pack as tests use it: loaded once, never changed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from casework.desk.govern import SoundPack, sound_pack
from casework.understanding.inputs import NOTHING_KNOWN, Context, PostText
from casework.understanding.propose import Proposal, propose
from rules.model import Pack
from rules.pack import load_pack
from rules.rulebook import Rulebook

FOLDER = Path(__file__).resolve().parent.parent / "rules" / "packs" / "demo"


@cache
def demo_pack() -> Pack:
    """Return the demo pack; it must be free of errors."""
    loaded = load_pack(FOLDER)
    assert loaded.pack is not None, "\n".join(map(str, loaded.problems))
    return loaded.pack


@cache
def demo_book() -> Rulebook:
    """Return the rulebook of the demo pack."""
    return Rulebook(demo_pack())


@cache
def sound_demo() -> SoundPack:
    """Return the demo pack with its files, checked as before it is put in force."""
    return sound_pack({path.name: path.read_bytes() for path in FOLDER.iterdir() if path.is_file()})


def proposed(text: str, title: str = "", context: Context = NOTHING_KNOWN) -> Proposal:
    """Return what is proposed for a text in the demo county."""
    return propose(PostText(title, text), demo_book(), None, context)


def fired(proposal: Proposal) -> set[str]:
    """Return the ids of the rules that fired."""
    return {finding.rule for finding in proposal.findings}
