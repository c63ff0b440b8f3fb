"""Reads lexicons.yaml, signals.yaml and topics.yaml. It does not follow names: `pack_names` does."""

from __future__ import annotations

from collections.abc import Callable

from rules.field_dates import WHOLE_YEAR, as_month_day
from rules.fields import Fields, as_decimal, as_reference, one_of
from rules.model import (
    Combine,
    Days,
    DemandClass,
    Lexicon,
    Matcher,
    Near,
    Number,
    Pattern,
    Places,
    Quantifier,
    Signal,
    SignalKind,
    SignalRef,
    Terms,
    Topic,
    WeightedTerms,
)
from rules.pack_places import PLACE_KINDS
from rules.problem import Notes
from rules.yamltree import Entries, Items, Leaf, Node

LONGEST_TERM = 60  # characters of a term or unit word
LONGEST_PATTERN = 500  # characters of an expression
WIDEST_NEAR = 200  # characters between two members
LARGEST_COUNT = 10**9  # of people, households, yuan

_COMBINED = ("any", "all", "none", "at_least")
_MATCHERS = ("terms", "lexicon", "pattern", "near", "number", "place", "date", "signal", *_COMBINED)


def read_lexicons(fields: Fields) -> tuple[Lexicon, ...]:
    """Return the lexicons of lexicons.yaml."""
    return fields.each("lexicons", _lexicon)


def read_signals(fields: Fields) -> tuple[Signal, ...]:
    """Return the signals of signals.yaml."""
    return fields.each("signals", _signal)


def read_topics(fields: Fields) -> tuple[Topic, ...]:
    """Return the topics of topics.yaml."""
    return fields.each("topics", _topic)


def _lexicon(fields: Fields) -> Lexicon:
    name = fields.name("id")
    fields.notes = fields.notes.about(name)
    fields.required("terms")
    return Lexicon(name, fields.text("title"), _terms(fields, "terms"), fields.at)


def _signal(fields: Fields) -> Signal:
    name = fields.name("id")
    fields.notes = fields.notes.about(name)
    title = fields.label("title")
    skip_negated = fields.flag("skip_negated", default=False)
    title_only = fields.flag("title_only", default=False)
    is_shown = fields.flag("shown", default=True)
    match = _matcher(fields)
    bare = isinstance(match, Number) and match.at_least is None and match.at_most is None
    kind = SignalKind.NUMBER if bare else SignalKind.FLAG
    if bare and not is_shown:
        # Who may not read a citizen's digits must not read them as a value either; that needs its place.
        fields.notes.error(
            fields.key_at("shown"),
            "数值特征必须显示，请删去 shown",
            "a signal that is a number must be shown; leave out shown",
        )
    return Signal(name, title, kind, match, skip_negated, title_only, fields.at, is_shown)


def _topic(fields: Fields) -> Topic:
    name = fields.name("id")
    fields.notes = fields.notes.about(name)
    fields.required("evidence")
    return Topic(
        id=name,
        title=fields.label("title"),
        group=fields.text("group"),
        demand=fields.choice("class", DemandClass),
        evidence=fields.each("evidence", _evidence),
        at=fields.at,
    )


def _evidence(fields: Fields) -> WeightedTerms:
    weight = as_decimal(fields.required("weight"), fields.notes)
    return WeightedTerms(weight, _matcher(fields), fields.at)


def _terms(fields: Fields, key: str) -> tuple[str, ...]:
    terms = fields.texts(key)
    for node in fields.items(key):
        if isinstance(node, Leaf) and len(node.text) > LONGEST_TERM:
            fields.notes.error(
                node.at, f"词语超过 {LONGEST_TERM} 个字符", f"a term has more than {LONGEST_TERM} characters"
            )
    if fields.has(key) and not terms:
        fields.notes.error(fields.key_at(key), "词语列表为空", "the list of terms is empty")
    return terms


def _nested(node: Node | None, notes: Notes) -> Matcher:
    """Read a matcher that is the value of a key; the tree's depth limit bounds the recursion."""
    fields = Fields(node, notes)
    match = _matcher(fields)
    fields.close()
    return match


def _matcher(fields: Fields) -> Matcher:
    # `terms` and `lexicon` go together and count as one.
    written = [key for key in _MATCHERS if fields.has(key)]
    if {"terms", "lexicon"} & set(written):
        others = [key for key in written if key not in {"terms", "lexicon"}]
        if others:
            _refuse_mixture(fields, others[0])
        return _words(fields)
    kind = one_of(fields, _MATCHERS, "匹配条件", "a matcher")
    if kind is None:
        return Terms((), (), whole_word=False, at=fields.at)
    if kind in _COMBINED:
        return _combine(fields, Quantifier(kind))
    readers: dict[str, Callable[[Fields], Matcher]] = {
        "pattern": _pattern,
        "near": _near,
        "number": _number,
        "place": _place,
        "date": _date,
        "signal": _reference,
    }
    return readers[kind](fields)


def _refuse_mixture(fields: Fields, key: str) -> None:
    fields.notes.error(
        fields.key_at(key),
        f"「{key}」不能与 terms/lexicon 并列，请放进 all: 或 any:",
        f'"{key}" cannot stand beside terms/lexicon; put both under all: or any:',
    )


def _words(fields: Fields) -> Terms:
    node = fields.node("lexicon")
    if isinstance(node, Items):
        lexicons = tuple(as_reference(item, fields.notes) for item in fields.items("lexicon"))
    else:
        lexicons = () if node is None else (as_reference(node, fields.notes),)
    whole = fields.flag("whole_word", default=False)
    return Terms(_terms(fields, "terms"), lexicons, whole, fields.at)


def _pattern(fields: Fields) -> Pattern:
    regex = fields.text("pattern")
    if len(regex) > LONGEST_PATTERN:
        fields.notes.error(
            fields.key_at("pattern"),
            f"表达式超过 {LONGEST_PATTERN} 个字符",
            f"the expression has more than {LONGEST_PATTERN} characters",
        )
        regex = "a"
    return Pattern(regex, fields.at)


def _near(fields: Fields) -> Near:
    inner = Fields(fields.node("near"), fields.notes)
    near = Near(
        first=_nested(inner.required("first"), fields.notes),
        second=_nested(inner.required("second"), fields.notes),
        within=inner.integer("within", low=0, high=WIDEST_NEAR),
        same_sentence=inner.flag("same_sentence", default=False),
        ordered=inner.flag("ordered", default=False),
        at=fields.at,
    )
    inner.close()
    return near


def _number(fields: Fields) -> Number:
    inner = Fields(fields.node("number"), fields.notes)
    inner.required("units")
    least = inner.integer_or_none("at_least", low=0, high=LARGEST_COUNT)
    most = inner.integer_or_none("at_most", low=0, high=LARGEST_COUNT)
    if least is not None and most is not None and least > most:
        inner.notes.error(
            inner.at, "at_least 大于 at_most，永远不会命中", "at_least exceeds at_most: never hits"
        )
    number = Number(_terms(inner, "units"), least, most, fields.at)
    inner.close()
    return number


def _place(fields: Fields) -> Places:
    inner = Fields(fields.node("place"), fields.notes)
    ids, kinds = inner.names("ids"), inner.texts("kinds")
    for kind in kinds:
        if kind not in PLACE_KINDS:
            inner.notes.unknown(inner.key_at("kinds"), "地点种类", "kind of place", kind, PLACE_KINDS)
    if not ids and not kinds:
        inner.notes.error(inner.at, "请写 ids 或 kinds", "give ids or kinds of places")
    inner.close()
    return Places(ids, kinds, fields.at)


def _date(fields: Fields) -> Days:
    node = fields.node("date")
    if isinstance(node, Leaf) and node.text == "any":
        return Days(*WHOLE_YEAR, fields.at)
    inner = Fields(node, fields.notes)
    first, last = (as_month_day(inner.required(key), fields.notes) for key in ("from", "to"))
    inner.close()
    return Days(first, last, fields.at)


def _reference(fields: Fields) -> SignalRef:
    return SignalRef(as_reference(fields.required("signal"), fields.notes), fields.at)


def _combine(fields: Fields, quantifier: Quantifier) -> Combine:
    count = 0
    holder, key = fields, quantifier.value
    if quantifier is Quantifier.AT_LEAST:
        holder, key = Fields(fields.node("at_least"), fields.notes), "of"
        count = holder.integer("n", low=1, high=100)
        holder.required("of")
    nodes = holder.items(key)
    if not nodes and holder.has(key):
        fields.notes.error(holder.key_at(key), "列表为空", "the list is empty")
    members = tuple(_nested(node, fields.notes) for node in nodes)
    if quantifier is Quantifier.AT_LEAST:
        if count > len(members):
            fields.notes.error(
                holder.at, "n 大于成员数，永远不会命中", "n exceeds the number of members: never hits"
            )
        if isinstance(fields.node("at_least"), Entries):
            holder.close()
    return Combine(quantifier, count, members, fields.at)
