from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pages.highlights import Mark, highlighted

TAG = re.compile(r'<mark(?: class="of-topic")? title="([^"]*)">|</mark>')


@pytest.mark.parametrize(
    ("marks", "html"),
    [
        ([], "工资&lt;拖欠&gt;"),
        ([Mark(0, 2, "甲")], '<mark title="甲">工资</mark>&lt;拖欠&gt;'),
        ([Mark(3, 5, "甲"), Mark(4, 6, "乙")], None),
        ([Mark(0, 9, "甲")], '<mark title="甲">工资&lt;拖欠&gt;</mark>'),
        ([Mark(-3, 1, "甲")], '<mark title="甲">工</mark>资&lt;拖欠&gt;'),
        ([Mark(2, 2, "甲"), Mark(7, 9, "乙"), Mark(-2, 0, "丙")], "工资&lt;拖欠&gt;"),
        ([Mark(0, 2, "题", is_faint=True)], '<mark class="of-topic" title="题">工资</mark>&lt;拖欠&gt;'),
        ([Mark(0, 2, "题", is_faint=True), Mark(0, 2, "甲")], '<mark title="题、甲">工资</mark>&lt;拖欠&gt;'),
        ([Mark(0, 1, '"><script>')], '<mark title="&#34;&gt;&lt;script&gt;">工</mark>资&lt;拖欠&gt;'),
    ],
)
def test_marks_stand_where_they_were_put_and_the_text_is_escaped(marks: list[Mark], html: str | None):
    shown = str(highlighted("工资<拖欠>", marks))

    if html is None:
        html = '工资&lt;<mark title="甲">拖</mark><mark title="甲、乙">欠</mark><mark title="乙">&gt;</mark>'
    assert shown == html


@given(
    st.text("工资拖欠<&", max_size=30),
    st.lists(st.tuples(st.integers(-3, 35), st.integers(-3, 35), st.booleans()), max_size=8),
)
def test_every_character_stays_and_is_marked_exactly_where_a_mark_covers_it(
    text: str, spans: list[tuple[int, int, bool]]
):
    marks = [Mark(start, end, str(n), is_faint=faint) for n, (start, end, faint) in enumerate(spans)]
    shown = highlighted(text, marks)

    titles: list[str] = []
    title = ""
    for piece in re.split(r"(<[^>]+>)", str(shown)):
        found = TAG.fullmatch(piece)
        if found is not None:
            title = found[1] or ""
        else:
            titles.extend([title] * len(piece.replace("&lt;", "<").replace("&amp;", "&")))

    assert TAG.sub("", str(shown)) == str(highlighted(text, []))
    assert titles == [
        "、".join(str(n) for n, (start, end, _) in enumerate(spans) if start <= at < end)
        for at in range(len(text))
    ]
