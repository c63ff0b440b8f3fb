"""The accounts of the demo county: one for each role, a second director, people of a few units; invented.

What one director decided only another may take back (`desk.secrecy`).

They have one password that everybody may know, so they are created in the demo only.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts import records
from app.accounts.administration import NewAccount, bootstrap_account
from app.parts import House
from casework.access import CountyId, machine
from casework.errors import CaseworkError
from casework.roles import ROLE_LABELS, Role
from casework.store.tables import UnitRow
from rules.model import Label

DEMO_PASSWORD = "Yunling-2026-demo"  # noqa: S105 — public on purpose, refused outside the demo


class OnlyInTheDemo(CaseworkError):  # noqa: N818 — named for the situation (style.md §2.8)
    """Something that only the demo may do."""

    code = "only-in-the-demo"

    def __init__(self) -> None:
        super().__init__("此操作仅供演示环境使用。", "This is for the demo only.")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo.

    Attributes:
        unit_code: id of a unit in the demo pack, None for people of no unit.
        unit: short Chinese name of it, for the launcher's table.
    """

    login: str
    password: str
    name: str
    role: Role
    unit_code: str | None = None
    unit: str = ""

    @property
    def role_label(self) -> Label:
        """Return the name of the role."""
        return ROLE_LABELS[self.role]


_PEOPLE: tuple[tuple[str, str, Role, str | None, str], ...] = (
    ("zhiban", "值班员 甲", Role.DUTY_OFFICER, None, "网信办"),
    ("zhuren", "网信办主任", Role.DIRECTOR, None, "网信办"),
    ("fuzhuren", "网信办副主任", Role.DIRECTOR, None, "网信办"),
    ("ducha", "督查员 甲", Role.SUPERVISOR, None, "书记督查室"),
    ("mudu", "目督员 甲", Role.INSPECTOR, None, "目督办"),
    ("mudu-baomi", "目督员 乙", Role.SECRET_INSPECTOR, None, "目督办"),
    ("xinwen", "新闻办 甲", Role.PUBLISHER, None, "新闻办"),
    ("renshe", "人社局 承办人", Role.UNIT_HANDLER, "labour", "人社局"),
    ("renshe-juzhang", "人社局 局长", Role.UNIT_HEAD, "labour", "人社局"),
    ("huanjing", "生态环境局 承办人", Role.UNIT_HANDLER, "environment", "生态环境局"),
    ("huanjing-juzhang", "生态环境局 局长", Role.UNIT_HEAD, "environment", "生态环境局"),
    ("zhujian", "住建局 承办人", Role.UNIT_HANDLER, "housing", "住建局"),
    ("zhujian-juzhang", "住建局 局长", Role.UNIT_HEAD, "housing", "住建局"),
    ("jiwei", "纪委监委 承办人", Role.UNIT_HANDLER, "discipline", "纪委监委"),
    ("jiwei-shuji", "纪委监委 主要负责人", Role.UNIT_HEAD, "discipline", "纪委监委"),
    ("shiji", "市纪委监委受理人 甲（示范）", Role.HIGHER_AUTHORITY, None, "市纪委监委"),
    ("shiji-er", "市纪委监委受理人 乙（示范）", Role.HIGHER_AUTHORITY, None, "市纪委监委"),
    ("xitong", "系统管理员", Role.SYSTEM_ADMIN, None, ""),
    ("anquan", "安全管理员", Role.SECURITY_ADMIN, None, ""),
    ("shenji", "审计管理员", Role.AUDIT_ADMIN, None, ""),
)


def demo_accounts() -> tuple[DemoAccount, ...]:
    """Return the accounts of the demo in the order of the work, for the launcher's table and the tests."""
    return tuple(
        DemoAccount(login, DEMO_PASSWORD, name, role, unit_code, unit)
        for login, name, role, unit_code, unit in _PEOPLE
    )


_ENGLISH = {
    "labour": "Human Resources",
    "environment": "Environment",
    "housing": "Housing",
    "discipline": "Discipline Inspection",
}


def demo_units() -> tuple[Label, ...]:
    """Return the short names of the units whose people have accounts in the demo; the others have none."""
    found = {code: unit for *_who, code, unit in _PEOPLE if code is not None}
    return tuple(Label(unit, _ENGLISH.get(code, code)) for code, unit in found.items())


def create_demo_accounts(home: House) -> int:
    """Create the demo's accounts that are missing and return how many; a second run creates none.

    People of a unit wait until the unit is there.

    Raises:
        OnlyInTheDemo: this installation is no demo.
    """
    if not home.settings.demo:
        raise OnlyInTheDemo
    hashed = home.parts.hasher.hash(DEMO_PASSWORD)
    created = 0
    with home.transactions.write(machine(CountyId(home.county))) as uow:
        for one in demo_accounts():
            is_there = records.row_of_login(uow.session, home.county, one.login) is not None
            has_no_unit_yet = (
                one.unit_code is not None and uow.session.get(UnitRow, (home.county, one.unit_code)) is None
            )
            if is_there or has_no_unit_yet:
                continue
            bootstrap_account(
                uow,
                NewAccount(
                    login=one.login,
                    name=one.name,
                    unit_code=one.unit_code,
                    password_hash=hashed,
                    roles=frozenset({one.role}),
                    keeps_password=True,
                ),
                wall_time=home.wall_time(),
            )
            created += 1
    return created
