"""Only coverage that is said to have happened grades; a wish, a threat or a question about it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model import Grade
from tests.demo import fired, proposed

MEDIA = (
    *("中央电视台", "央视", "焦点访谈", "新华社", "人民日报", "今日说法", "中央媒体"),
    *("省电视台", "都市频道", "晚报记者", "电视台记者", "媒体记者", "省报记者", "卫视"),
)
WISHES = (
    *("{}该来曝光县领导了", "等{}来曝光你们这些懒官", "建议{}来采访一下这些不干事的干部"),
    *("{}应该来曝光县领导不作为", "{}快来曝光县里的领导", "{}怎么不来报道县里的领导"),
    *("不给我解决，我就去找{}曝光你们", "希望{}来报道县领导的作风", "要是{}能来采访县长就好了"),
    *("早晚会被{}曝光", "{}什么时候来采访不作为的干部", "再推诿就把你们捅到{}曝光"),
    *("{}敢不敢曝光县里的官员", "小心{}来曝光你们这些官", "如果{}报道了，看县领导怎么说"),
)
GRADE_BY_MEDIA = {"sev_media", "sev_national_media"}


@given(media=st.sampled_from(MEDIA), wish=st.sampled_from(WISHES))
def test_a_wish_for_coverage_beside_criticism_raises_no_grade(media: str, wish: str):
    proposal = proposed(wish.format(media))

    assert not GRADE_BY_MEDIA & fired(proposal)
    assert proposal.verdict.grade in {None, Grade.GENERAL}
    assert proposal.topic != "cable_tv"


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("昨晚央视报道了我们县的化工厂排污", Grade.SERIOUS),
        ("人民日报已经刊登了这个小区的问题", Grade.SERIOUS),
        ("这件事上了焦点访谈，到现在没整改", Grade.SERIOUS),
        ("省电视台记者上周来采访过了，物业还是不改", Grade.MAJOR),
        ("晚报登了两次，路灯还是没人修", Grade.MAJOR),
        ("都市频道播出以后，饭店停了两天又开工", Grade.MAJOR),
    ],
)
def test_coverage_that_has_happened_grades(text: str, grade: Grade):
    assert proposed(text).verdict.grade is grade


def test_trouble_with_television_is_still_a_matter_of_it():
    assert proposed("有线电视的机顶盒坏了，收视费照收").topic == "cable_tv"
