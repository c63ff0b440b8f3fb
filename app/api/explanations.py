"""Why a text or a decision comes to what it comes to, for programs whose token may read rules.

A decision is explained to the source of its post alone, and one about an accusation to nobody.
"""

from __future__ import annotations

from flask import Response

from app.accounts.api_tokens import Scope
from app.api.door import Visit, entered_with
from app.api.posts import OK, api
from app.api.problems import ApiRefused
from app.api.wire_explained import DecisionPath, Explained, ExplainedText, TextToExplain
from app.extensions import house
from casework import tokens
from casework.intake import checked
from casework.post_refusals import PackRefused
from casework.store.handed_over import decision_handed_over
from casework.understanding.explain import explain_text, explanation_of
from casework.understanding.explain_json import explained_bytes, text_bytes
from casework.understanding.inputs import Context, PostText
from casework.workdays import local_day
from rules.errors import BadFeatures
from rules.model import Label

JSON = "application/json"


@api.post(
    "/explain",
    operation_id="explain",
    summary="See what a text would come to, and why",
    responses={OK: ExplainedText},
)
@entered_with(Scope.RULES_READ)
def explain(visit: Visit, body: TextToExplain) -> Response:
    """Judge a text by the rules in force, alone and without keeping anything of it."""
    home = house()
    with home.transactions.read(visit.actor) as uow:
        post, _mended = checked(body.incoming(visit.caller.source_code), uow.now)
        book, today = uow.rulebook, local_day(uow.now)
    found = explain_text(
        PostText(title=post.title, text=post.text),
        book,
        context=Context(on=body.on or today),
        words=tokens.on_demand(home.settings.data_dir / "jieba"),
    )
    return Response(text_bytes(found), content_type=JSON)


@api.get(
    "/decisions/<uuid:decision_id>/explanation",
    operation_id="explainDecision",
    summary="See why a post of your own was decided so",
    responses={OK: Explained},
)
@entered_with(Scope.RULES_READ)
def explain_decision(visit: Visit, path: DecisionPath) -> Response:
    """Return the explanation of a decision, made again from its pack: the same bytes each time."""
    home = house()
    with home.transactions.read(visit.actor) as uow:
        decision = decision_handed_over(
            uow.session, county=uow.county, source_id=visit.caller.source_id, decision_id=path.decision_id
        )
        if decision is None:
            raise ApiRefused(
                404,
                "no-such-decision",
                Label(
                    "没有找到该研判记录，或不在您的查看范围内。",
                    "There is no such decision, or it is not yours to see.",
                ),
            )
        try:
            told = explanation_of(decision, home.parts.rulebooks.of(uow.session, decision.pack_ref))
        except (PackRefused, BadFeatures) as error:
            raise ApiRefused(
                409,
                "pack-outdated",
                Label(
                    "当时的规则包已不能由现在的程序装载，无法重新说明。",
                    "This version of the program can no longer load the pack of that decision.",
                ),
            ) from error
    return Response(explained_bytes(told), content_type=JSON)
