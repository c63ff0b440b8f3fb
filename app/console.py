"""Who acts when somebody types a command on the server: the console, under the rights of one desk.

Whoever can type there can read the database; the audit log says that it was done there.
"""

from __future__ import annotations

from casework.access import Actor, CountyId
from casework.roles import DESK_OF, Role

NAME = "命令行"


def at_console(county: str, role: Role) -> Actor:
    """Return the console of a county with the rights of `role`."""
    return Actor(None, NAME, frozenset({role}), None, CountyId(county), DESK_OF[role])
