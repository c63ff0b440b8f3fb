"""The form by which an inspector confirms that a unit failed in a case. It charges nothing itself."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField

from app.pages.screen_words import FAILING_LABELS
from app.web.fields import choices, one_of
from app.web.forms import ProtectedForm, at_most, needed
from app.web.language import in_language
from casework.access import Actor, is_permitted
from casework.desk.assess import BY_CLOCK
from casework.roles import Permission
from casework.store.case_view import CaseView
from casework.wording import MOST_OF_A_REASON


class FailingForm(ProtectedForm):
    """Which unit failed in what, and on what evidence. The choices are those of the case."""

    unit = one_of(_l("单位"), [needed()])
    failing = one_of(_l("问题"), [needed()])
    evidence = TextAreaField(_l("事实依据"), [needed(), at_most(MOST_OF_A_REASON)])
    again = BooleanField(_l("同类问题再次发生（本件此前已核定过的须勾选）"))


def failing_form(actor: Actor, view: CaseView, *, is_sent: bool = False) -> FailingForm | None:
    """Return the form with the units of the case; None for who may not confirm or where no unit had a part.

    Args:
        actor: who looks.
        view: the case as the actor sees it.
        is_sent: take what was sent.
    """
    units = dict.fromkeys(part.unit for part in view.assignments)
    if not units or not is_permitted(actor, Permission.SCORE_CONFIRM):
        return None
    form = FailingForm() if is_sent else FailingForm(formdata=None)
    form.unit.choices = choices((code, in_language(view.units[code])) for code in units if code in view.units)
    form.failing.choices = choices(
        [
            ("", _("（请选择）")),
            *(
                (kind.value, in_language(label))
                for kind, label in FAILING_LABELS.items()
                if kind not in BY_CLOCK
            ),
        ]
    )
    return form
