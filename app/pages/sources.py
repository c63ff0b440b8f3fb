"""The page of sources: where posts come from, and how the last runs of each went. It changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.accounts.current import current_actor
from app.extensions import house
from app.guard import permitted
from casework.desk.sources import list_sources
from casework.roles import Permission
from casework.store.sources import last_posts
from rules.model import Label

blueprint = Blueprint("sources", __name__, url_prefix="/sources")

RUNS = 5
"""Runs shown of each source."""

KIND_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "form": Label("手工登记", "Form"),
        "api": Label("接口", "API"),
        "import": Label("表格导入", "Import"),
        "rss": Label("RSS 订阅", "RSS feed"),
        "json": Label("JSON 订阅", "JSON feed"),
    }
)
OUTCOME_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "running": Label("进行中", "Running"),
        "done": Label("成功", "Done"),
        "unchanged": Label("无更新", "Unchanged"),
        "failed": Label("失败", "Failed"),
    }
)


@blueprint.get("")
@permitted(Permission.SOURCE_VIEW)
def table() -> ResponseReturnValue:
    """Show every source; those that fail stand first."""
    with house().transactions.read(current_actor()) as uow:
        lines = list_sources(uow, runs=RUNS)
        newest = last_posts(uow.session, uow.county)
    failing = sum(line.is_pulled and line.failures > 0 for line in lines)
    return render_template(
        "pages/sources.html",
        lines=sorted(lines, key=lambda line: (not (line.is_pulled and line.failures), not line.is_pulled)),
        failing=failing,
        last_posts=newest,
        kinds=KIND_LABELS,
        outcomes=OUTCOME_LABELS,
    )
