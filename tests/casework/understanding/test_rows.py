from __future__ import annotations

import pytest

from casework.understanding.rows import BadRows, Kind, Row, read_rows
from tests.demo import demo_pack


def read(kind: Kind, *lines: str | bytes) -> tuple[Row, ...]:
    return read_rows(kind, lines, demo_pack())


def test_a_row_of_grades_has_its_grade():
    rows = read(Kind.GRADES, "id,text,grade,lead,alt\n", "1,路灯不亮,general,HOUSING,\n")

    assert rows == (Row(2, "路灯不亮", "general", frozenset({"general"})),)


def test_other_leads_are_accepted_beside_the_right_one():
    rows = read(Kind.ROUTING, "text,lead,alt\n", '"路灯\n', '不亮",HOUSING, ENFORCE | POLICE \n')

    assert rows == (Row(3, "路灯\n不亮", "HOUSING", frozenset({"HOUSING", "ENFORCE", "POLICE"})),)


def test_a_topic_row_may_have_two_right_labels():
    rows = read(Kind.TOPICS, "text,label\n", "河水发臭,环境保护|城乡建设\n")

    assert rows[0].gold == "环境保护"
    assert rows[0].accepted == {"环境保护", "城乡建设"}


def test_a_byte_order_mark_and_bytes_are_fine():
    lines = "\ufefftext,grade\n路灯不亮,none\n".encode().splitlines(keepends=True)

    assert read(Kind.GRADES, *lines)[0].gold == "none"


@pytest.mark.parametrize(
    ("kind", "lines", "line", "said"),
    [
        (Kind.GRADES, [], 1, "empty"),
        (Kind.GRADES, ["text,grade\n"], 2, "no row"),
        (Kind.GRADES, ["text,lead\n", "甲,HOUSING\n"], 1, '"grade" is missing'),
        (Kind.GRADES, ["text,grade\n", "甲,huge\n"], 2, '"huge" is no known grade'),
        (Kind.GRADES, ["text,grade\n", "甲,general|major\n"], 2, "one answer"),
        (Kind.GRADES, ["text,grade\n", "甲\n"], 2, '"grade" is empty'),
        (Kind.GRADES, ["text,grade\n", " ,general\n"], 2, '"text" is empty'),
        (Kind.ROUTING, ["text,lead,alt\n", "甲,HOUSING,NOWHERE\n"], 2, "NOWHERE"),
        (Kind.TOPICS, ["text,label\n", "甲,天文\n"], 2, "天文"),
        (Kind.TOPICS, [b"text,label\n", "甲,环境保护\n".encode("gb18030")], 2, "UTF-8"),
        (Kind.TOPICS, ["text,label\n", "甲\0,环境保护\n"], 2, "NUL"),
        (Kind.TOPICS, ["text,label\n", '"甲,环境保护\n'], 2, "CSV"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(
    kind: Kind, lines: list[str | bytes], line: int, said: str
):
    with pytest.raises(BadRows, match=f"Line {line}: .*") as caught:
        read(kind, *lines)

    assert said in caught.value.en
    assert caught.value.line == line
    assert caught.value.zh.startswith(f"第 {line} 行")
