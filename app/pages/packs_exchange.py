"""Handing a version out as a file, and taking a file in as a draft that goes every step."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.extensions import house
from app.guard import permitted
from app.packs.exchange import export_pack, import_bundle, open_bundle
from app.web.forms import ProtectedForm, flash_error
from app.web.language import in_language
from casework.errors import CaseworkError
from casework.roles import Permission

blueprint = Blueprint("exchange", __name__)


@blueprint.get("/export/<pack_id>/<int:version>")
@permitted(Permission.RULES_VIEW)
def export(pack_id: str, version: int) -> ResponseReturnValue:
    """Hand out a stored version as a file, signed where the installation has a key."""
    with house().transactions.write(current_actor()) as uow:
        made = export_pack(uow, f"{pack_id}@{version}", house().settings)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.content, mimetype="application/zip", headers=headers)


@blueprint.post("/import")
@permitted(Permission.RULES_EDIT)
def take_in() -> ResponseReturnValue:
    """Begin a draft with a pack file; nothing of it is in force before another person approves it."""
    sent = request.files.get("bundle")
    if not ProtectedForm().validate() or sent is None or not sent.filename:
        flash(_("请选择要导入的规则包文件。"), "danger")
        return redirect(url_for("packs.table"))
    try:
        bundle = open_bundle(sent.read(), house().settings)
        with house().transactions.write(current_actor()) as uow:
            draft_id = import_bundle(uow, bundle, title=request.form.get("title", ""))
    except CaseworkError as error:
        flash_error(error)
        return redirect(url_for("packs.table"))
    flash(_("已导入为草稿：%(told)s。请检查、回测后提交审批。", told=in_language(bundle.told)), "success")
    return redirect(url_for("packs.draft.show", draft_id=draft_id))
