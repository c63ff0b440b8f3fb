"""Loads the demo county: its row, its rules and units, its accounts, its posts. A second run adds nothing.

It plants no verdict, no case and no score: those come from the worker and the sweep.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.demo import OnlyInTheDemo, create_demo_accounts
from app.counties import ensure_county
from app.demo_posts import load_demo_posts
from app.parts import House
from casework.access import CountyId, machine
from casework.desk.govern import install_first_pack, sound_pack
from rules.pack import pack_files


@dataclass(frozen=True, slots=True)
class DemoLoaded:
    """What a run added.

    Attributes:
        pack_ref: the pack in force.
        accounts: how many were created.
        posts: how many were taken in.
    """

    pack_ref: str
    is_first_pack: bool
    accounts: int
    posts: int


def load_demo_county(home: House) -> DemoLoaded:
    """Make the demo county ready for its people.

    Raises:
        OnlyInTheDemo: this installation is no demo.
        PackRefused: the pack of the settings has errors.
    """
    if not home.settings.demo:
        raise OnlyInTheDemo
    sound = sound_pack(pack_files(home.settings.pack_dir))
    with home.transactions.write(machine(CountyId(home.county))) as uow:
        ensure_county(uow)
        published = install_first_pack(uow, sound)
    accounts = create_demo_accounts(home)
    return DemoLoaded(published.ref, published.is_new, accounts, load_demo_posts(home))
