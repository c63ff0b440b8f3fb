"""A county's first pack from the console: checked, put in force once, never over another."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from sqlalchemy.orm import Session

from casework.store.packs import active_ref
from casework.store.tables import AuditRow, CountyRow, PackActivationRow, SourceRow, UnitRow
from rules.pack import load_pack_bytes
from tests.builders import MONDAY
from tests.small_pack import small_pack
from tests.web_kit import MakeWeb, Web

COUNTY = "yunling"


@pytest.fixture
def web(make: MakeWeb) -> Web:
    """A real county: no demo, no pack, no row of its own yet."""
    made = make(demo=False, county=COUNTY)
    with Session(made.home.transactions.engine) as session:
        session.execute(sa.delete(CountyRow))
        session.commit()
    return made


def folder(at: Path, version: int = 1) -> Path:
    at.mkdir()
    for name, content in small_pack(version).items():
        (at / name).write_bytes(content)
    return at


def install(web: Web, packdir: Path) -> Result:
    return web.app.test_cli_runner().invoke(args=["rules", "install", str(packdir)])


def test_the_first_pack_comes_into_force_with_its_units_and_sources(web: Web, tmp_path: Path):
    answer = install(web, folder(tmp_path / "pack"))

    assert answer.exit_code == 0, answer.output
    pack = load_pack_bytes(small_pack()).pack
    with Session(web.home.transactions.engine) as session:
        assert active_ref(session, COUNTY, MONDAY.replace(year=2027)) == pack.ref
        assert pack.ref in answer.stdout
        assert set(session.scalars(sa.select(UnitRow.code))) == {unit.id for unit in pack.units}
        assert set(session.scalars(sa.select(SourceRow.code))) == {"form", "api", "import"}
        assert session.get_one(CountyRow, COUNTY).name_zh == pack.county.zh
        published = session.scalars(sa.select(AuditRow).where(AuditRow.action == "pack_published")).one()
    assert (published.actor, published.object_id) == ("命令行", pack.ref)


@pytest.mark.parametrize("version", [1, 2])
def test_where_a_pack_is_in_force_the_rules_pages_are_named_and_nothing_changes(
    web: Web, tmp_path: Path, version: int
):
    install(web, folder(tmp_path / "first"))
    answer = install(web, folder(tmp_path / "next", version))

    assert answer.exit_code == 1
    assert "起草、审批" in answer.stderr
    assert "Draft later versions on the rules pages" in answer.stderr
    with Session(web.home.transactions.engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PackActivationRow)) == 1


def test_a_pack_with_an_error_is_printed_with_its_places_and_not_installed(web: Web, tmp_path: Path):
    pack = folder(tmp_path / "pack")
    units = pack / "units.yaml"
    units.write_text(units.read_text(encoding="utf-8").replace("kind:", "knid:", 1), encoding="utf-8")

    answer = install(web, pack)

    assert answer.exit_code == 1
    assert any(line.startswith(f"{units}:") and ": error: " in line for line in answer.stdout.splitlines())
    with Session(web.home.transactions.engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PackActivationRow)) == 0
