"""Words for the closed sets of values that built-in features have. The pack names its own topics itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rules.model import Label, Op

Words = Mapping[str, Label]


def _table(**words: tuple[str, str]) -> Words:
    return MappingProxyType({key: Label(zh, en) for key, (zh, en) in words.items()})


UNKNOWN = Label("未知", "unknown")
NOTHING = Label("无", "none")
YES, NO = Label("是", "yes"), Label("否", "no")

GRADE_WORDS = _table(general=("一般", "General"), major=("较大", "Major"), serious=("重大", "Serious"))
"""**Source:** design.md "Words"."""
DEMAND_WORDS = _table(
    consultation=("咨询", "Consultation"),
    request=("求助建议", "Request"),
    complaint=("投诉举报", "Complaint"),
    accusation=("检举控告", "Accusation"),
)
ZONE_WORDS = _table(urban=("城区", "Urban"), rural=("乡村", "Rural"))
MEDIA_WORDS = _table(city=("市级", "City"), province=("省级", "Province"), national=("中央级", "National"))
PLACE_KIND_WORDS = _table(
    street=("街道", "street"),
    town=("乡镇", "town"),
    village=("村", "village"),
    estate=("小区", "estate"),
    river=("河流", "river"),
    road=("道路", "road"),
    school=("学校", "school"),
    site=("场所", "site"),
)
UNIT_KIND_WORDS = _table(
    party=("党委机关", "Party organ"),
    government=("人民政府", "Government"),
    department=("政府部门", "Department"),
    township=("乡镇街道", "Township"),
    vertical=("垂管驻县", "Vertical agency"),
    enterprise=("公用企业", "Utility"),
    group=("群团", "People's group"),
    judicial=("司法机关", "Judicial organ"),
)
DUTY_WORDS = _table(
    cyberspace=("网信办", "cyberspace office"),
    supervision=("书记督查室", "secretary's supervision office"),
    target=("目标督查办", "target office"),
    discipline=("纪检监察", "discipline inspection"),
    publisher=("新闻发布", "publisher"),
    leading_group=("领导小组", "leading group"),
    backstop=("兜底单位", "backstop unit"),
)
BASIS_WORDS = _table(
    statute=("法律法规", "statute"),
    county_document=("县里文件", "county document"),
    duty_list=("权责清单", "duty list"),
    empowerment=("赋权", "empowerment"),
    first_receiver=("首接负责", "first receiver"),
    designation=("指定", "designation"),
)
STATUS_WORDS = _table(draft=("草稿", "Draft"), active=("生效", "Active"), retired=("停用", "Retired"))
SIGNAL_KIND_WORDS = _table(flag=("是否", "yes or no"), number=("数字", "number"))
STEP_WORDS = _table(
    reminder=("催办", "reminder"),
    card=("亮牌", "card"),
    order=("督办单", "supervision order"),
    summons=("约谈", "summons"),
)
CARD_WORDS = _table(blue=("蓝牌", "Blue card"), yellow=("黄牌", "Yellow card"), red=("红牌", "Red card"))
LIMIT_UNIT_WORDS = _table(
    m=("分钟", "min"),
    h=("小时", "h"),
    wh=("工作小时", "working hours"),
    wd=("个工作日", "working days"),
    d=("天", "days"),
)
PERIOD_WORDS = _table(
    exams=("考试", "Examinations"),
    enrolment=("招生入学", "Enrolment"),
    flood=("汛期", "Flood season"),
    drought=("旱期", "Drought"),
    typhoon=("台风期", "Typhoon season"),
    fire=("防火期", "Fire season"),
    cold=("寒潮", "Cold spell"),
    heat=("高温", "Heat"),
    heating=("供暖期", "Heating season"),
    harvest=("农收", "Harvest"),
    holiday=("节假日", "Holiday"),
)
STAGE_WORDS = _table(
    sign_for=("签收", "Sign for"),
    objection=("异议", "Objection"),
    first_contact=("首次联系", "First contact"),
    first_report=("首报", "First report"),
    public_reply=("公开回应", "Public reply"),
    close=("办结", "Close"),
    commitment=("承诺事项", "Commitment"),
)
FAILING_WORDS = _table(
    late_sign_for=("签收超时", "Signed for late"),
    late_first_contact=("首次联系超时", "First contact late"),
    late_first_report=("首报迟报", "First report late"),
    late_public_reply=("公开回应超时", "Public reply late"),
    late_close=("办结逾期", "Closed late"),
    commitment_broken=("承诺未兑现", "Commitment broken"),
    missed_report=("漏报", "Report missed"),
    concealed_report=("瞒报谎报", "Report concealed"),
    redo=("退回重办", "Sent back for redo"),
    unfounded_objection=("推诿", "Unfounded objection"),
    unsatisfied_verified=("不满意经核属实", "Dissatisfaction found true"),
    false_reply=("回复失实", "False reply"),
    false_close=("虚假办结", "False close"),
    recurrence=("重复发生", "Happened again"),
    mishandled_escalation=("处置不当致升级", "Escalated by mishandling"),
    suppressed_poster=("压制发帖人", "Pressure on the poster"),
    leaked_identity=("泄露诉求人信息", "Identity leaked"),
)

VALUE_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "demand": DEMAND_WORDS,
        "zone": ZONE_WORDS,
        "media_level": MEDIA_WORDS,
        "service_period": PERIOD_WORDS,
        "current_grade": GRADE_WORDS,
        "instructed_grade": GRADE_WORDS,
        "grade": GRADE_WORDS,
        "failing": FAILING_WORDS,
        "stage": STAGE_WORDS,
    }
)
"""By name of a built-in feature; the value `none` is not in it."""
NONE_MEANS_NOTHING = frozenset(
    {"media_level", "service_period", "current_grade", "instructed_grade", "failing", "stage"}
)
"""Features whose value `none` says that there is none; of the others it says that nothing is known."""

OP_WORDS: Mapping[Op, Label] = MappingProxyType(
    {
        Op.IS: Label("是", "is"),
        Op.IS_NOT: Label("不是", "is not"),
        Op.AT_LEAST: Label("不少于", "is at least"),
        Op.AT_MOST: Label("不超过", "is at most"),
        Op.MORE_THAN: Label("多于", "is more than"),
        Op.LESS_THAN: Label("少于", "is less than"),
        Op.ONE_OF: Label("属于", "is one of"),
    }
)
NONE_OF = Label("不属于", "is none of")
OPPOSITE: Mapping[Op, Op] = MappingProxyType(
    {
        Op.IS: Op.IS_NOT,
        Op.IS_NOT: Op.IS,
        Op.AT_LEAST: Op.LESS_THAN,
        Op.AT_MOST: Op.MORE_THAN,
        Op.MORE_THAN: Op.AT_MOST,
        Op.LESS_THAN: Op.AT_LEAST,
    }
)
"""The comparison that holds exactly where the first does not; `one_of` has none but `NONE_OF`."""
LEVEL_OP_WORDS: Mapping[Op, Label] = MappingProxyType(
    {
        Op.AT_LEAST: Label("不低于", "is at least"),
        Op.AT_MOST: Label("不高于", "is at most"),
        Op.MORE_THAN: Label("高于", "is above"),
        Op.LESS_THAN: Label("低于", "is below"),
    }
)
"""The same for levels and grades, which are not counted."""
