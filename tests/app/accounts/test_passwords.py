"""Which passwords may be used."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.demo import DEMO_PASSWORD, demo_accounts
from app.accounts.errors import WeakPassword
from app.accounts.passwords import (
    fits,
    require_good_password,
    require_new_password,
    temporary_password,
)

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.mark.parametrize("password", ["Long-Enough7", "abcdefghi7!", "ALL-CAPS-77", "中文也可以Ab12345!"])
def test_a_good_password_is_accepted(password: str):
    require_good_password(password, login="zhiban")


@pytest.mark.parametrize(
    ("password", "count"),
    [
        ("Short-7", 1),
        ("onlysmallletters", 1),
        ("small77letters", 1),  # two classes
        ("Zhiban-is-my-name-7", 1),
        ("My-Password-77", 1),
        ("Qwerty-Uiop-77", 1),
        ("x" * 129 + "A7-", 1),
        ("zhiban", 3),  # short, one class, the login
        ("", 2),
    ],
)
def test_a_bad_password_is_refused_with_every_reason(password: str, count: int):
    with pytest.raises(WeakPassword) as refused:
        require_good_password(password, login="zhiban")

    assert len(refused.value.problems) == count
    assert all(zh and en for zh, en in refused.value.problems)


def test_the_last_five_passwords_may_not_come_back_but_the_sixth_may():
    earlier = tuple(CHEAP.hash(f"Number-{n}-of-mine") for n in range(6))

    for n in range(5):
        with pytest.raises(WeakPassword):
            require_new_password(f"Number-{n}-of-mine", earlier, CHEAP)
    require_new_password("Number-5-of-mine", earlier, CHEAP)


def test_temporary_passwords_differ_and_obey_the_rules():
    made = {temporary_password() for _ in range(50)}

    assert len(made) == 50
    for password in made:
        require_good_password(password, login="zhiban")


def test_the_demo_password_obeys_the_rules_for_every_demo_account():
    for one in demo_accounts():
        require_good_password(DEMO_PASSWORD, login=one.login)


@given(st.text(max_size=60))
def test_what_was_hashed_fits_and_nothing_broken_raises(password: str):
    kept = CHEAP.hash("the right one")

    assert fits(CHEAP, kept, password) == (password == "the right one")
    assert not fits(CHEAP, "no hash at all", password)
