"""The form by which an identity is asked for, on the page of a post and of a case in hand for another."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from app.web.forms import ProtectedForm, at_most, needed
from casework.wording import MOST_OF_A_REASON


class PurposeForm(ProtectedForm):
    """Why an identity is needed."""

    purpose = StringField(_l("查看目的"), [needed(), at_most(MOST_OF_A_REASON)])
