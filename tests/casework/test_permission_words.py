"""Whoever is refused reads in words what he lacks, never a code."""

from __future__ import annotations

import re

import pytest

from casework.access import CountyId, UserId, person, require
from casework.errors import NotPermitted
from casework.permission_words import PERMISSION_LABELS, in_words
from casework.roles import Permission
from tests.builders import new_id


def test_every_permission_has_its_own_words():
    assert set(PERMISSION_LABELS) == set(Permission)
    for language in ("zh", "en"):
        assert len({getattr(label, language) for label in PERMISSION_LABELS.values()}) == len(Permission)


@pytest.mark.parametrize("permission", Permission)
def test_a_refusal_shows_no_code(permission: Permission):
    nobody = person(UserId(new_id()), "示例", roles=[], county_id=CountyId("demo"))
    with pytest.raises(NotPermitted) as refused:
        require(nobody, permission)
    for text in (refused.value.zh, refused.value.en):
        assert re.search(r"[a-z]+:[a-z_]+", text) is None


def test_several_permissions_are_named_in_one_order():
    told = in_words([Permission.RULES_EDIT, Permission.CASE_VIEW])
    assert (told.zh, told.en) == ("查看舆情件、起草规则", "look at cases / draft rules")
