"""The table of built-in features. `vocabulary` gives it types; docs/rules/features.md explains it to authors.

**Source:** domain.md §1.2 (grading), §3.2 and §3.5 (scoring); issue 2 "Triage", "Score".
"""

from __future__ import annotations

from typing import NamedTuple

_POST = "casework.understanding: post"
_DAY = "casework.understanding: the day, by the periods of calendar.yaml"
_METRICS = "casework.understanding: metrics of the post"
_MATTER = "casework.understanding: other posts and cases of the same matter"
_CASE = "casework.understanding: the open case of the matter"
_TEXT = "casework.understanding: the text"
_DESK = "casework.desk: recorded by a person"
_SCORE = "casework.scoring: the confirmed failing"

_NONE = "none"
_GRADES_OR_NONE = (_NONE, "general", "major", "serious")

DEMANDS = (_NONE, "consultation", "request", "complaint", "accusation")
PERIOD_KINDS = (
    _NONE,
    "exams",
    "enrolment",
    "flood",
    "drought",
    "typhoon",
    "fire",
    "cold",
    "heat",
    "heating",
    "harvest",
    "holiday",
)
MEDIA_LEVELS = (_NONE, "city", "province", "national")
FAILINGS = (
    _NONE,
    "late_sign_for",
    "late_first_contact",
    "late_first_report",
    "late_public_reply",
    "late_close",
    "commitment_broken",
    "missed_report",
    "concealed_report",
    "redo",
    "unfounded_objection",
    "unsatisfied_verified",
    "false_reply",
    "false_close",
    "recurrence",
    "mishandled_escalation",
    "suppressed_poster",
    "leaked_identity",
)


class Row(NamedTuple):
    """One feature: name, type, unit, meaning in both languages, supplier, closed set of values."""

    name: str
    type: str  # a FeatureType: bool, int, decimal, word, level, grade
    unit: str
    zh: str
    en: str
    supplier: str
    values: tuple[str, ...] = ()


SEVERITY_ROWS: tuple[Row, ...] = (
    # what the post is about
    Row("topic", "word", "", "主题；无法判断时为 none", "Topic; none if unknown", _TEXT, (_NONE,)),
    Row("topic_group", "word", "", "主题所属大类", "Group of the topic; none if unknown", _TEXT, (_NONE,)),
    Row("demand", "word", "", "诉求类别", "Class of demand", _TEXT, DEMANDS),
    Row("zone", "word", "", "地点属城区或农村", "Zone of the place", _TEXT, (_NONE, "urban", "rural")),
    Row("place_known", "bool", "", "能定位到县内地点", "A place of the county was found", _TEXT),
    Row("accuses_unit", "bool", "", "检举控告某单位或其人员", "Accuses a unit or its staff", _TEXT),
    Row("text_length", "int", "字", "标题和正文的字数", "Characters of title and text", _POST),
    Row(
        "sensitive_period",
        "bool",
        "",
        "处于敏感时段（高考、汛期、节日等）",
        "Within a sensitive period",
        _DAY,
    ),
    Row(
        "service_period",
        "word",
        "",
        "所处的服务时段（考试、汛期、节日等），同时有几个时取先列出的",
        "Service period of the day; of several the first listed",
        _DAY,
        PERIOD_KINDS,
    ),
    # spread and media
    Row("reads", "int", "次", "阅读量", "Reads", _METRICS),
    Row("likes", "int", "次", "点赞数", "Likes", _METRICS),
    Row("comments", "int", "条", "评论数", "Comments", _METRICS),
    Row("shares", "int", "次", "转发数", "Shares", _METRICS),
    Row("interactions", "int", "次", "互动量：点赞、评论、转发之和", "Likes + comments + shares", _METRICS),
    Row(
        "growth_24h",
        "decimal",
        "倍",
        "24 小时互动增长倍数",
        "Growth of interactions in 24 h, times",
        _METRICS,
    ),
    Row("platforms", "int", "个", "出现的平台数", "Platforms on which the matter appears", _MATTER),
    Row("media_level", "level", "", "介入媒体的最高层级", "Highest level of media", _MATTER, MEDIA_LEVELS),
    Row("on_hot_list", "bool", "", "进入全国热搜榜", "On a national trending list", _METRICS),
    # the same matter
    Row("posts_1h", "int", "帖", "同一事项近 1 小时网帖数", "Posts on the matter in 1 h", _MATTER),
    Row("posts_24h", "int", "帖", "同一事项近 24 小时网帖数", "Posts on the matter in 24 h", _MATTER),
    Row("posts_total", "int", "帖", "同一事项全部网帖数", "All posts on the matter", _MATTER),
    Row("voices", "int", "人", "同一事项的不同诉求人数", "Distinct voices on the matter", _MATTER),
    Row(
        "earlier_unresolved",
        "int",
        "件",
        "同一事项以往未解决的案件数",
        "Earlier cases of the matter that were not resolved",
        _MATTER,
    ),
    Row(
        "earlier_dissatisfied", "int", "次", "同一事项不满意评价次数", "Dissatisfied answers so far", _MATTER
    ),
    # how the open case was handled
    Row("current_grade", "level", "", "在办件的等级", "Grade of the open case", _CASE, _GRADES_OR_NONE),
    Row("redo_count", "int", "次", "重办次数", "Times sent back for redo", _CASE),
    Row("transfers", "int", "次", "改派次数", "Times assigned to another unit", _CASE),
    Row("objections", "int", "次", "单位提出异议次数", "Objections by units", _CASE),
    Row("overdue_hours", "decimal", "小时", "已逾期时长", "Hours overdue", _CASE),
    Row("false_reply", "bool", "", "回复经核失实", "A reply was found to be untrue", _DESK),
    Row("suppressed_poster", "bool", "", "发帖人被要求删帖、威胁或泄露身份", "The poster was pressed", _DESK),
    Row("secondary_wave", "bool", "", "因处置引发次生舆情", "Handling caused a second wave", _DESK),
    Row("instructed", "bool", "", "上级交办或领导批示", "Instructed from above", _DESK),
    Row(
        "instructed_grade",
        "level",
        "",
        "批示要求的办理等级",
        "Grade that the instruction asks for",
        _DESK,
        _GRADES_OR_NONE,
    ),
)

SCORING_ROWS: tuple[Row, ...] = (
    Row("failing", "word", "", "经确认的问题种类", "Kind of confirmed failing", _SCORE, FAILINGS),
    Row("grade", "grade", "", "案件等级", "Grade of the case", _SCORE),
    Row("demand", "word", "", "诉求类别", "Class of demand", _SCORE, DEMANDS),
    Row(
        "stage",
        "word",
        "",
        "涉及的时限阶段",
        "Clock concerned",
        _SCORE,
        (
            _NONE,
            "sign_for",
            "objection",
            "first_contact",
            "first_report",
            "public_reply",
            "close",
            "commitment",
        ),
    ),
    Row(
        "nth",
        "int",
        "次",
        "该单位在本案第几次出现同类问题，从 1 起",
        "How often on this case, from 1",
        _SCORE,
    ),
    Row(
        "nth_90d",
        "int",
        "次",
        "90 天内同单位同点位第几次",
        "How often in 90 days at this spot, from 1",
        _SCORE,
    ),
    Row("hours_late", "decimal", "小时", "迟延小时数", "Hours late", _SCORE),
    Row("self_reported", "bool", "", "单位主动报告", "The unit reported it itself", _SCORE),
    Row("corrected", "bool", "", "在办结前自行纠正", "Put right before the close", _SCORE),
    Row("lead_unit", "bool", "", "该单位为主办单位", "The unit leads the case", _SCORE),
    Row("responsible_confirmed", "bool", "", "复核确认该单位负有责任", "Found responsible on review", _SCORE),
)
