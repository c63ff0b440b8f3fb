"""Fields of forms whose every message is our own, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DateTimeLocalField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

_NOT_OFFERED = _l("请从列表中选择。")
_NO_DAY = _l("日期写作 2026-11-23。")
_NO_INSTANT = _l("时间写作 2026-11-23 09:30。")
_INSTANTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


def choices(pairs: Iterable[tuple[str, object]]) -> list[SelectChoice]:
    """Return choices from pairs of value and text."""
    return [SelectChoice(value=value, label=text) for value, text in pairs]


def one_of(
    label: object, validators: Sequence[object] = (), offered: Iterable[tuple[str, object]] = ()
) -> SelectField:
    """Return a list from which one is chosen; `offered` may be filled in later."""
    return SelectField(label, list(validators), choices=choices(offered), invalid_choice_message=_NOT_OFFERED)


def several_of(label: object, validators: Sequence[object] = ()) -> SelectMultipleField:
    """Return a list from which several may be chosen; what it offers is filled in later."""
    return SelectMultipleField(label, list(validators), choices=[], invalid_choice_message=_NOT_OFFERED)


def radio(label: object, missing: object, offered: Iterable[tuple[str, object]]) -> RadioField:
    """Return buttons of which one must be pressed; `missing` is said where none is."""
    return RadioField(
        label,
        [InputRequired(missing)],
        choices=choices(offered),
        invalid_choice_message=missing,
    )


def day(label: object, validators: Sequence[object] = ()) -> DateField:
    """Return a field for a local day."""
    return DateField(label, list(validators), invalid_value_message=_NO_DAY)


def instant(label: object, validators: Sequence[object] = ()) -> DateTimeLocalField:
    """Return a field for a local date and time."""
    return DateTimeLocalField(label, list(validators), format=_INSTANTS, invalid_value_message=_NO_INSTANT)
