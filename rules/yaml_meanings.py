"""What the messages of the YAML parser mean to an author, and what to type instead.

It looks at no text: `yaml_slips` does.
"""

from __future__ import annotations

from rules.model import Label

_MEANINGS: tuple[tuple[str, Label], ...] = (
    (
        "could not find expected ':'",
        Label(
            "这一行或上一行缺少冒号：键后写半角「: 」（冒号加空格）", "a colon is missing: write `key: value`"
        ),
    ),
    (
        "mapping values are not allowed",
        Label(
            "这里不能再有「: 」：检查上一行冒号后的空格和本行的缩进；值里含冒号时用引号括起来",
            "no `key: value` may stand here: check the colon of the line before and the indentation, "
            "and quote a value that holds a colon",
        ),
    ),
    (
        "did not find expected ',' or ']'",
        Label(
            "列表没有写完：各项用半角逗号「,」隔开，末尾写「]」",
            "the list is not closed: separate with `,`, end with `]`",
        ),
    ),
    (
        "did not find expected ',' or '}'",
        Label(
            "花括号没有写完：各项用半角逗号「,」隔开，末尾写「}」",
            "the braces are not closed: separate with `,`, end with `}`",
        ),
    ),
    (
        "did not find expected key",
        Label(
            "这里应当是一个键：检查缩进是否与同级的键对齐、括号和引号是否成对",
            "a key should stand here: check the indentation, brackets and quotes",
        ),
    ),
    (
        "did not find expected '-' indicator",
        Label(
            "列表里每一项都要以「- 」开头：检查缩进",
            "every item of a list begins with `- `: check the indentation",
        ),
    ),
    (
        "found character that cannot start any token",
        Label(
            "值不能以这个字符开头：用引号括起来", "a value cannot begin with this character: put it in quotes"
        ),
    ),
    (
        "found unexpected end of stream",
        Label("引号没有写完：补上后一个引号", "a quotation mark is missing at the end"),
    ),
    (
        "found unknown escape character",
        Label(
            "双引号里的「\\」要写成「\\\\」，或改用单引号",
            "in double quotes write `\\\\` for `\\`, or use single quotes",
        ),
    ),
    (
        "did not find expected alphabetic or numeric character",
        Label("值以「*」或「&」开头时用引号括起来", "put a value that begins with `*` or `&` in quotes"),
    ),
    (
        "did not find the expected",
        Label("值以「!」开头时用引号括起来", "put a value that begins with `!` in quotes"),
    ),
)
_UNKNOWN = Label(
    "这里的写法读不懂：检查缩进、冒号、括号和引号", "check the indentation, colons, brackets and quotes"
)


def meaning_of(problem: str) -> Label:
    """Return what a message of the parser means and what to do; general advice for one that is not known."""
    return next((label for words, label in _MEANINGS if words in problem), _UNKNOWN)
