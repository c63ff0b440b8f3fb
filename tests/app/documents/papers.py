"""Documents for tests: a county, units and officers of nobody, texts of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.documents.reminder import OpenLimit, OrderKind, SupervisionOrder
from app.documents.score_sheet import ScoreRow, ScoreSheet
from app.documents.slip_data import (
    Attachment,
    DispatchSlip,
    Duty,
    PostSource,
    SignOff,
    TimeLimit,
    Urgency,
)
from rules.model import Grade, Stage

SHANGHAI = ZoneInfo("Asia/Shanghai")

GIST = (
    "网民反映：清溪镇滨河路二期工地连续多日在22时以后浇筑混凝土、切割钢筋，持续至次日凌晨3时许，附近三个小区"
    "约60户居民无法正常休息，其中有备考学生和老人；曾向工地和物业反映，均答复“赶工期”。希望核实是否取得夜间施工"
    "证明，依法制止违规施工，并公布施工时段和投诉电话。"
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a minute of November 2026 in Shanghai."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


SLIP = DispatchSlip(
    county="云岭县",
    number="云岭网信交〔2026〕35号",
    grade=Grade.MAJOR,
    urgency=Urgency.URGENT,
    issued_at=at(20, 9, 30),
    sources=(
        PostSource(
            platform="云岭论坛“民声”版块",
            link="https://bbs.yunling.example/thread-20261119-48213-1.html?from=list&page=2",
            found_at=at(20, 8, 12),
            first_posted_at=at(19, 23, 47),
        ),
    ),
    gist=GIST,
    place="清溪镇滨河路二期（东段）",
    subject="滨河路二期道路及管网改造工程项目部",
    lead=Duty(
        "云岭县住房和城乡建设局",
        "《中华人民共和国噪声污染防治法》第四十三条、第七十七条；云岭府办函〔2026〕11号指定其负责夜间施工噪声监督管理",
    ),
    assisting=(
        Duty("云岭生态环境局", "《中华人民共和国噪声污染防治法》第四十三条（夜间施工证明）"),
        Duty("清溪镇人民政府", "属地协调"),
    ),
    requirements=(
        "到现场核实施工时段、夜间施工证明及公告情况，今夜派员值守。",
        "通过县网信办联系诉求人，说明核实情况并听取意见。",
        "属违规施工的依法制止并处理，明确今后施工时段和现场值班电话。",
        "拟定公开回应稿，写明事实、依据、措施和时限，报县网信办审核后发布。",
    ),
    limits=(
        TimeLimit(Stage.SIGN_FOR, at(20, 10, 30), "交办后1小时；夜间顺延，11-20 09:00起算"),
        TimeLimit(Stage.FIRST_REPORT, at(20, 13, 30), "交办后4小时"),
        TimeLimit(Stage.PUBLIC_REPLY, at(21, 9, 30), "交办后24小时"),
        TimeLimit(Stage.CLOSE, at(27, 18, 0), "交办后5个工作日；周末2天不计", is_provisional=True),
    ),
    attachments=(
        Attachment(
            "网帖截图（已隐去个人信息）.png",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ),
        Attachment(
            "现场噪声录音说明.pdf", "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
        ),
    ),
    contact_phone="0999-5550123",
    drafted=SignOff("值班员　沈禾", at(20, 8, 40), "建议按较大等级交办。"),
    checked=SignOff("审核人　梁宽", at(20, 9, 5), "同意。"),
    signed=SignOff("主　任　方启明", at(20, 9, 30), "同意交办，请今夜即到现场。"),
)

ORDER = SupervisionOrder(
    kind=OrderKind.ORDER,
    issuer="中共云岭县委书记督查室",
    number="云岭督查〔2026〕12号",
    issued_at=at(28, 9, 0),
    addressee="云岭县住房和城乡建设局",
    matter="滨河路二期夜间施工噪声扰民问题",
    grade=Grade.MAJOR,
    slip_number="云岭网信交〔2026〕35号",
    dispatched_at=at(20, 9, 30),
    open_limits=(OpenLimit(Stage.CLOSE, at(27, 18, 0), "截至发单已超期15小时"),),
    grounds="期间同一事项又有2件网帖反映，诉求人两次表示不满意。经研究，决定予以督办。",
    progress="你单位已按时签收并报送首报，11月21日公开回应；但现场值守未坚持，施工时段公告至今未张贴，未与诉求人再次沟通。",
    requirements=(
        "立即责令项目部停止无证明的夜间施工，并于今夜起连续值守三日。",
        "在工地四周公告施工时段、责任人和值班电话，拍照存档。",
        "就本事项与诉求人再次沟通（通过县网信办联系），如实记录意见。",
    ),
    report_by=at(30, 18, 0),
    contact_phone="0999-5550188",
    copies_to=("云岭县网信办", "云岭县目督办"),
)

SHEET = ScoreSheet(
    county="云岭县",
    unit="云岭县住房和城乡建设局",
    period="2026年11月",
    issued_at=at(30, 17, 0),
    rows=(
        ScoreRow(
            date(2026, 11, 20),
            "云岭网信交〔2026〕35号",
            "签收超时 25 分钟。",
            "late_sign_for；考核细则第三条",
            Decimal("0.05"),
        ),
        ScoreRow(
            date(2026, 11, 28),
            "云岭网信交〔2026〕35号",
            "较大件办结逾期，至督办时仍未报送办理结果。",
            "late_close_major；考核细则第五条",
            Decimal("0.4"),
        ),
        ScoreRow(
            date(2026, 11, 29),
            "云岭网信交〔2026〕35号",
            "冲回：签收超时系平台故障，复核成立。",
            "reversal；考核细则第十二条",
            Decimal("-0.05"),
        ),
    ),
    total=Decimal("0.40"),
    prepared=SignOff("目督办　周衡", at(30, 16, 0)),
)


def slip_saying(gist: str) -> DispatchSlip:
    """Return a slip whose gist is `gist`."""
    return replace(SLIP, gist=gist)
