"""How long the page of the rules takes to explain a text on the demo pack: `python -m tools.bench_explain`.

It signs in to an application in this process, on a database of its own, and posts texts of several lengths.
It measures the server alone: no network, no browser, no delay of typing.
"""

from __future__ import annotations

import base64
import re
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts.demo import DEMO_PASSWORD, create_demo_accounts
from app.config import DEMO_PACK, load_settings
from app.counties import ensure_county
from app.extensions import house
from app.migrating import migrate_to_head
from casework.access import CountyId, machine
from casework.desk.govern import install_first_pack, sound_pack
from rules.pack import pack_files

ROUNDS = 40
LIMIT_MS = 150
"""Source: issue "Rules as a product", Explain: seen live while editing, in less than 150 ms."""
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SENTENCES = (
    "我们三十多名农民工在云岭县城一个工地干了八个月，包工头拖欠工资四十多万元，打电话一直不接。",
    "再不解决我们就去县政府门口集体上访，请人社局帮我们讨回工资。",
    "工地上没有安全网，上周有人从脚手架上摔下来住进了医院，负责人说与他们无关。",
    "夜里十二点还在浇水泥，旁边小区的老人和孩子睡不着觉，打过几次电话都没有人来。",
)


class Row(NamedTuple):
    """Milliseconds for one length of text."""

    characters: int
    median: float
    slowest_in_twenty: float
    longest: float


def main() -> int:
    """Print the table; return 1 if the usual text takes longer than it may."""
    with tempfile.TemporaryDirectory() as folder:
        rows = tuple(_rows(_application(Path(folder))))
    print(f"{ROUNDS} rounds each; limit {LIMIT_MS} ms")
    print("| characters | median ms | 95 % below ms | longest ms |")
    print("|---|---|---|---|")
    for row in rows:
        print(f"| {row.characters} | {row.median:.1f} | {row.slowest_in_twenty:.1f} | {row.longest:.1f} |")
    return int(any(row.slowest_in_twenty > LIMIT_MS for row in rows if row.characters <= 2_000))  # noqa: PLR2004


def _application(folder: Path) -> Flask:
    url = f"sqlite:///{folder / 'bench.sqlite3'}"
    migrate_to_head(url)
    environ = {
        "JIANJIAN_DEMO": "1",
        "JIANJIAN_DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "REDIS_URL": "redis://127.0.0.1:6379",
        "JIANJIAN_SECRET_KEY": secrets.token_urlsafe(40),
        "JIANJIAN_IDENTITY_KEYS": "bench:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    # No queue: nothing is enqueued here, and requests are counted in memory.
    app = create_app(replace(load_settings(environ), redis_url=None))
    with app.app_context():
        home = house()
        with home.transactions.write(machine(CountyId(home.county))) as uow:
            ensure_county(uow)
            install_first_pack(uow, sound_pack(pack_files(DEMO_PACK)))
        create_demo_accounts(home)
    return app


def _rows(app: Flask) -> Iterator[Row]:
    client = app.test_client()
    token = _signed_in(client)
    for characters in (40, 400, 2_000, 20_000):
        text = _text(characters)
        _tried(client, token, text)  # the first one makes the rules ready
        taken = []
        for number in range(ROUNDS):
            started = time.perf_counter()
            _tried(client, token, f"{number}{text}")
            taken.append((time.perf_counter() - started) * 1000)
        yield Row(characters, statistics.median(taken), sorted(taken)[ROUNDS * 19 // 20], max(taken))


def _text(characters: int) -> str:
    line = "".join(SENTENCES)
    return (line * (characters // len(line) + 1))[:characters]


def _signed_in(client: FlaskClient) -> str:
    """Return a form's token of a director who has signed in."""
    found = TOKEN.search(client.get("/sign-in").text)
    sent = {"csrf_token": found[1] if found else "", "login": "zhuren", "password": DEMO_PASSWORD}
    client.post("/sign-in", data=sent)
    found = TOKEN.search(client.get("/rules").text)
    if found is None:
        raise SystemExit("the demo's director could not sign in")
    return found[1]


def _tried(client: FlaskClient, token: str, text: str) -> None:
    answer = client.post(
        "/rules/try", data={"csrf_token": token, "title": "", "text": text}, headers={"HX-Request": "true"}
    )
    if answer.status_code != 200 or 'class="conds"' not in answer.text:  # noqa: PLR2004 - HTTP
        raise SystemExit(f"no explanation: {answer.status}")


if __name__ == "__main__":
    raise SystemExit(main())
