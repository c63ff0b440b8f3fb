"""The demo county's posts: invented, and taken in through intake like any other post.

Their verdicts, cases and scores are not planted: the worker and the sweep make them. `expect` in a line says
what a careful duty officer would make of it; only the tests read it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from app.parts import House
from casework.access import CountyId, machine
from casework.desk.receive import receive_post
from casework.desk.unit import UnitOfWork
from casework.intake import Author, IncomingPost, Metrics
from casework.store.inserting import insert_if_new
from casework.store.tables import SourceRow

POSTS = Path(__file__).resolve().parent / "demo" / "posts.jsonl"
BATCH = 5
"""Posts a transaction: far below the 100 ms that a write may take."""


@dataclass(frozen=True, slots=True)
class DemoSource:
    """A source of the demo, with its platform and level of media."""

    name: str
    platform: str


SOURCES = {
    "board": DemoSource("县长信箱（示范）", "领导留言板"),
    "bbs": DemoSource("云岭论坛（示范）", "论坛"),
    "short_video": DemoSource("短视频评论（示范）", "短视频"),
}


def load_demo_posts(home: House) -> int:
    """Hand every demo post over once and return how many were new. A second run adds none."""
    posts = [json.loads(line) for line in POSTS.read_text("utf-8").splitlines() if line]
    added = 0
    for start in range(0, len(posts), BATCH):
        with home.transactions.write(machine(CountyId(home.county))) as uow:
            if start == 0:
                _ensure_sources(uow)
            for place, post in enumerate(posts[start : start + BATCH], start + 1):
                added += receive_post(uow, _incoming(post, f"demo-{place:03d}", uow.now)).is_new
    return added


def _ensure_sources(uow: UnitOfWork) -> None:
    for code, source in SOURCES.items():
        insert_if_new(
            uow.session,
            SourceRow,
            {
                "id": uow.new_id(),
                "county_id": uow.county,
                "code": code,
                "name": source.name,
                "kind": "import",
                "platform": source.platform,
                "created_at": uow.now,
            },
        )


def _incoming(post: dict[str, str | int], external_id: str, now: datetime) -> IncomingPost:
    posted_at = now - timedelta(hours=int(post["hours_ago"]))
    return IncomingPost(
        source_code=str(post["source"]),
        title=str(post["title"]),
        text=str(post["text"]),
        external_id=external_id,
        posted_at=posted_at,
        media_level=str(post["media_level"]) if "media_level" in post else None,
        metrics=Metrics(
            reads=int(post.get("reads", 0)),
            comments=int(post.get("comments", 0)),
            shares=int(post.get("shares", 0)),
            observed_at=now,
        ),
        author=Author(handle=str(post["author"])) if "author" in post else None,
    )
