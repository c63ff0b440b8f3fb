"""The health page, and the short answer for load balancers. The verdicts are `app.health`."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from app.extensions import house
from app.guard import permitted, public
from app.health import Check, Condition, is_serving, measure, verdicts
from app.parts import House
from app.recusal_health import recusal_checks, recusal_counts
from casework.access import CountyId, machine
from casework.roles import Permission

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def probe() -> ResponseReturnValue:
    """Answer 200 while the installation can serve, else 503. Conditions only, no figures.

    "degraded" means that it takes posts and shows pages, and that somebody has to look: a worker is gone,
    say. It stays 200, because a load balancer that took the web servers away would only make it worse.
    """
    checks = verdicts(measure(house()))
    fine = all(check.condition is Condition.GOOD for check in checks)
    body = jsonify(
        status="ok" if fine else "degraded" if is_serving(checks) else "failing",
        checks={check.name: check.condition.value for check in checks},
    )
    return body, 200 if is_serving(checks) else 503


@blueprint.get("/admin/health")
@permitted(Permission.OPERATION_VIEW)
def page() -> ResponseReturnValue:
    """Show every check with what was measured and what to do."""
    home = house()
    found = measure(home)
    checks = (*verdicts(found), *(_of_accusations(home) if found.database else ()))
    return render_template("admin/health.html", checks=checks, figures=home.transactions.figures)


def _of_accusations(home: House) -> tuple[Check, ...]:
    with home.transactions.read(machine(CountyId(home.county))) as uow:
        return recusal_checks(*recusal_counts(uow))
