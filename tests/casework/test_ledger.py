"""The chain of entries: whatever is changed, cut, added or swapped shows, and the first one is named."""

import hashlib
import json
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import NaiveInstant
from casework.ledger import ALG, ChainFault, Kept, Sealed, canonical, genesis, seal, verify

COUNTY = "demo"
KNOWN = "ea27f0f7e15d5603d59539f8071a82ee6f2928801993149b36f6f7f9ed92be69"
MOMENT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


def a_payload(number: int = 1, **changes: object) -> dict[str, object]:
    return {
        "key": f"score/{number}",
        "points": Decimal("0.40"),
        "unit": "住建局",
        "evidence": (("due_at", "x"), ("late", "2")),
        "reverses": None,
        "entered_at": MOMENT,
    } | changes


def a_chain(length: int = 4, chain: str = COUNTY) -> list[Kept]:
    kept: list[Kept] = []
    for number in range(1, length + 1):
        payload = a_payload(number)
        kept.append(Kept(seal(kept[-1].sealed if kept else None, payload, chain=chain), payload))
    return kept


def first_bad(entries: list[Kept], head: Sealed | None = None) -> int | None:
    problems = verify(entries, chain=COUNTY, head=head)
    return problems[0].position if problems else None


def test_the_canonical_bytes_are_those_of_the_documented_form():
    payload = {
        "b": Decimal("0.400"),
        "a": '县\n"',
        "when": datetime(2026, 11, 16, 10, 0, tzinfo=timezone(timedelta(hours=8))),
        "on": date(2026, 12, 1),
        "case": uuid.UUID(int=1),
        "yes": True,
        "none": None,
        "n": -3,
        "list": (("k", "v"), 1),
    }
    assert canonical(payload).decode() == (
        '{"payload":{"a":"县\\n\\"","b":"0.4","case":"00000000-0000-0000-0000-000000000001",'
        '"list":[["k","v"],1],"n":-3,"none":null,"on":"2026-12-01",'
        '"when":"2026-11-16T02:00:00.000000Z","yes":true},"version":1}'
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.40", "0.4"),
        ("-0.40", "-0.4"),
        ("0", "0"),
        ("-0.00", "0"),
        ("100", "100"),
        ("1E+2", "100"),
        ("1E-7", "0.0000001"),
    ],
)
def test_equal_numbers_have_equal_bytes_however_a_database_returns_them(value: str, text: str):
    assert json.loads(canonical({"n": Decimal(value)}))["payload"]["n"] == text


def test_the_hash_is_the_one_that_the_module_describes():
    entry = seal(None, a_payload(), chain=COUNTY)

    def framed(*parts: bytes) -> bytes:
        return b"".join(len(part).to_bytes(8, "big") + part for part in parts)

    domain = b"jianjian-ledger-1"
    before = hashlib.sha256(framed(domain, b"demo")).hexdigest()
    expected = hashlib.sha256(
        framed(domain, b"demo", b"1", b"sha256", before.encode(), canonical(a_payload()))
    ).hexdigest()
    assert (entry.seq, entry.alg, entry.prev_hash, entry.hash) == (1, ALG, before, expected)
    assert genesis(COUNTY) == before


def test_the_hash_of_a_known_entry_never_changes():
    """Entries already written must verify for ever: a change here needs a new version, not a new figure."""
    assert seal(None, a_payload(), chain=COUNTY).hash == KNOWN


def test_each_entry_follows_the_one_before():
    one, two, *_ = a_chain()
    assert (two.sealed.seq, two.sealed.prev_hash) == (2, one.sealed.hash)


@pytest.mark.parametrize("length", [0, 1, 2, 7])
def test_a_whole_chain_has_no_problems(length: int):
    entries = a_chain(length)
    assert verify(entries, chain=COUNTY) == ()
    assert verify(entries, chain=COUNTY, head=entries[-1].sealed if entries else None) == ()


def test_a_head_noted_earlier_still_holds_when_the_chain_has_grown():
    entries = a_chain(5)
    assert verify(entries, chain=COUNTY, head=entries[2].sealed) == ()


def test_an_instant_without_time_zone_is_not_sealed():
    with pytest.raises(NaiveInstant) as refused:
        seal(None, a_payload(entered_at=datetime(2026, 11, 16)), chain=COUNTY)  # noqa: DTZ001 — that is the test
    assert refused.value.name == "entered_at"


def test_the_entries_of_one_county_do_not_fit_into_the_chain_of_another():
    assert verify(a_chain(chain="elsewhere"), chain=COUNTY)[0].position == 1


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_cut_tail_shows_only_against_a_head_from_outside(cut: int):
    entries = a_chain(4)
    kept = entries[:-cut]
    assert verify(kept, chain=COUNTY) == ()
    (problem,) = verify(kept, chain=COUNTY, head=entries[-1].sealed)
    assert (problem.fault, problem.position) == (ChainFault.HEAD, len(kept) + 1)


def test_a_rewritten_tail_shows_against_a_head_from_outside():
    entries = a_chain(4)
    payload = a_payload(4, points=Decimal(0))
    forged = [*entries[:3], Kept(seal(entries[2].sealed, payload, chain=COUNTY), payload)]
    assert verify(forged, chain=COUNTY) == ()
    assert [one.fault for one in verify(forged, chain=COUNTY, head=entries[-1].sealed)] == [ChainFault.HEAD]


def test_an_emptied_ledger_shows_against_a_head_from_outside():
    assert [one.fault for one in verify([], chain=COUNTY, head=a_chain(1)[0].sealed)] == [ChainFault.HEAD]


def test_an_unknown_algorithm_is_a_fault_and_not_a_pass():
    entries = a_chain(1)
    entries[0] = replace(entries[0], sealed=replace(entries[0].sealed, alg="none"))
    assert [one.fault for one in verify(entries, chain=COUNTY)] == [ChainFault.ALGORITHM]


def test_a_column_that_shows_something_else_than_was_sealed_is_found():
    entries = a_chain(3)
    entries[1] = replace(entries[1], payload=a_payload(2, points=Decimal("0.04")))
    (problem,) = verify(entries, chain=COUNTY)
    assert (problem.position, problem.seq, problem.fault) == (2, 2, ChainFault.COLUMNS)
    assert problem.why.zh
    assert problem.why.en


# --- every way to tamper --------------------------------------------------------------------------

lengths = st.integers(1, 6)


@given(length=lengths, data=st.data())
def test_any_flipped_bit_of_the_sealed_bytes_is_found_at_its_entry(length: int, data: st.DataObject):
    entries = a_chain(length)
    place = data.draw(st.integers(0, length - 1))
    sealed = entries[place].sealed
    index = data.draw(st.integers(0, len(sealed.canonical) - 1))
    content = bytearray(sealed.canonical)
    content[index] ^= 1 << data.draw(st.integers(0, 7))
    entries[place] = replace(entries[place], sealed=replace(sealed, canonical=bytes(content)))
    assert first_bad(entries) == place + 1


@given(length=lengths, data=st.data(), name=st.sampled_from(["hash", "prev_hash"]))
def test_any_changed_letter_of_a_hash_is_found_at_its_entry(length: int, data: st.DataObject, name: str):
    entries = a_chain(length)
    place = data.draw(st.integers(0, length - 1))
    sealed = entries[place].sealed
    letters = list(getattr(sealed, name))
    index = data.draw(st.integers(0, len(letters) - 1))
    letters[index] = data.draw(st.characters().filter(lambda letter: letter != letters[index]))
    entries[place] = replace(entries[place], sealed=replace(sealed, **{name: "".join(letters)}))
    assert first_bad(entries) == place + 1


@given(length=lengths, data=st.data(), seq=st.integers())
def test_any_changed_number_is_found_at_its_entry(length: int, data: st.DataObject, seq: int):
    entries = a_chain(length)
    place = data.draw(st.integers(0, length - 1).filter(lambda one: one + 1 != seq))
    entries[place] = replace(entries[place], sealed=replace(entries[place].sealed, seq=seq))
    first, *_ = verify(entries, chain=COUNTY)
    assert (first.position, first.seq, first.fault) == (place + 1, seq, ChainFault.SEQ)


@given(length=lengths, data=st.data())
def test_any_changed_column_is_found_at_its_entry(length: int, data: st.DataObject):
    entries = a_chain(length)
    place = data.draw(st.integers(0, length - 1))
    name = data.draw(st.sampled_from(sorted(entries[place].payload)))
    value = data.draw(st.text() | st.integers() | st.booleans() | st.none() | st.lists(st.text()))
    changed = entries[place].payload | {name: value}
    entries[place] = replace(entries[place], payload=changed)
    expected = None if canonical(changed) == entries[place].sealed.canonical else place + 1
    assert first_bad(entries) == expected


@given(length=st.integers(2, 6), data=st.data())
def test_a_removed_entry_is_found_where_it_is_missing(length: int, data: st.DataObject):
    entries = a_chain(length)
    place = data.draw(st.integers(0, length - 2))
    del entries[place]
    assert first_bad(entries) == place + 1


@given(length=lengths, data=st.data())
def test_an_added_entry_is_found_even_when_it_is_sealed_with_care(length: int, data: st.DataObject):
    entries = a_chain(length)
    place = data.draw(st.integers(0, length - 1))
    payload = a_payload(99)
    before = entries[place - 1].sealed if place else None
    entries.insert(place, Kept(seal(before, payload, chain=COUNTY), payload))
    assert first_bad(entries) == place + 2  # the forged one fits; the one after it no longer does


@given(length=st.integers(2, 6), data=st.data())
def test_two_swapped_entries_are_found_at_the_first(length: int, data: st.DataObject):
    entries = a_chain(length)
    one, other = sorted(data.draw(st.permutations(range(length)))[:2])
    entries[one], entries[other] = entries[other], entries[one]
    assert first_bad(entries) == one + 1


@given(length=st.integers(2, 6), data=st.data())
def test_a_rewritten_entry_breaks_the_next_even_when_it_is_sealed_anew(length: int, data: st.DataObject):
    entries = a_chain(length)
    place = data.draw(st.integers(0, length - 2))
    payload = a_payload(1, points=Decimal(0))
    before = entries[place - 1].sealed if place else None
    entries[place] = Kept(seal(before, payload, chain=COUNTY), payload)
    assert first_bad(entries) == place + 2


texts = st.text(max_size=20)
payloads = st.dictionaries(
    texts,
    texts
    | st.integers()
    | st.booleans()
    | st.none()
    | st.decimals(allow_nan=False, allow_infinity=False, places=4)
    | st.datetimes(timezones=st.just(UTC))
    | st.lists(texts, max_size=3),
    max_size=5,
)


@given(contents=st.lists(payloads, max_size=5))
def test_any_payloads_make_a_chain_that_verifies(contents: list[dict[str, object]]):
    kept: list[Kept] = []
    for payload in contents:
        kept.append(Kept(seal(kept[-1].sealed if kept else None, payload, chain=COUNTY), payload))
    assert verify(kept, chain=COUNTY) == ()


@given(payload=payloads)
def test_the_order_in_which_columns_are_read_does_not_matter(payload: dict[str, object]):
    assert canonical(dict(reversed(payload.items()))) == canonical(payload)
