"""A pack of one screen for tests of the desk and the worker: five topics, a few places, units and rules.

Its names belong to nobody. Tests that need the county's whole rules use the demo pack.
"""

from __future__ import annotations

from functools import cache
from textwrap import dedent

from rules.pack import load_pack_bytes
from rules.rulebook import Rulebook

_CONTACTS = (
    "contacts: {first_responsible: {name: 示例甲, title: 负责人, phone: '000-1'}, "
    "deputy: {name: 示例乙, title: 分管, phone: '000-2'}, "
    "liaison: {name: 示例丙, title: 联络员, phone: '000-3'}}"
)


def _unit(code: str, name: str, family: str, extra: str = "", mentions: str = "") -> str:
    return (
        f"  - {{id: {code}, name: {{zh: 云岭县{name}, en: {code}}}, short: {name}, family: {family}, "
        f"kind: department, {extra}mentions: [{mentions or name}], {_CONTACTS}}}\n"
    )


FILES = {
    "pack.yaml": """
        pack: small
        version: 1
        title: {zh: 小规则包, en: Small pack}
        county: {code: "999901", zh: 云岭县, en: Yunling County}
        groups: [城乡建设, 劳动和社会保障, 其他]
        settings: {burst: 3}
        dismissals:
          - {id: praise, title: {zh: 只表示感谢，没有需要办理的事项, en: Thanks only}}
          - {id: no_public_matter, title: {zh: 没有公共单位可以办理的事项, en: Nothing to act on}}
          - {id: no_signal, title: {zh: 没有发现诉求、主题或风险特征, en: No demand found}}
          - {id: advertisement, title: {zh: 属于广告推广, en: An advertisement}}
          - {id: meaningless, title: {zh: 内容没有可以理解的意思, en: No meaning to be made out}}
        """,
    "lexicons.yaml": """
        lexicons:
          - {id: death_words, title: 死亡, terms: [死亡, 身亡]}
        """,
    "signals.yaml": """
        signals:
          - {id: death, title: {zh: 提到死亡, en: Death}, any: [{lexicon: death_words}]}
          - {id: praise, title: {zh: 感谢表扬, en: Praise}, any: [{terms: [感谢, 点赞]}]}
          - {id: joint, title: {zh: 联名, en: Joint}, any: [{terms: [联名, 全体业主]}]}
          - {id: people, title: {zh: 涉及人数, en: People}, number: {units: [人, 名, 户]}}
        """,
    "topics.yaml": """
        topics:
          - id: street_lamps
            title: {zh: 路灯, en: Street lamps}
            group: 城乡建设
            class: request
            evidence: [{weight: 4, terms: [路灯]}]
          - id: wage_arrears
            title: {zh: 欠薪, en: Unpaid wages}
            group: 劳动和社会保障
            class: complaint
            evidence: [{weight: 4, terms: [拖欠工资, 欠薪, 讨薪]}]
          - id: cooking_fumes
            title: {zh: 油烟, en: Cooking fumes}
            group: 城乡建设
            class: complaint
            evidence: [{weight: 4, terms: [油烟]}]
          - id: misconduct
            title: {zh: 干部违纪, en: Misconduct of officials}
            group: 其他
            class: accusation
            evidence: [{weight: 5, terms: [贪污, 受贿, 收红包]}]
          - id: village_affairs
            title: {zh: 村务, en: Village affairs}
            group: 其他
            class: complaint
            evidence: [{weight: 4, terms: [村务公开, 村账]}]
        """,
    "places.yaml": """
        places:
          - {id: t_qingxi, name: 清溪镇, kind: town, unit: qingxi_gov, zone: rural}
          - {id: v_songshu, name: 松树村, kind: village, within: t_qingxi, zone: rural}
          - {id: s_center, name: 中心街道, kind: street, unit: center_office, zone: urban}
          - {id: e_cuihu, name: 翠湖小区, kind: estate, within: s_center, zone: urban}
          - {id: e_jinxiu, name: 锦绣家园, kind: estate, within: s_center, zone: urban}
        """,
    "units.yaml": "units:\n"
    + _unit("county_government", "人民政府", "OTHER", mentions="县政府")
    + _unit("petition_office", "信访局", "OTHER", "superior: county_government, duties: [backstop], ")
    + _unit("cyberspace_office", "网信办", "OTHER", "superior: county_government, duties: [cyberspace], ")
    + _unit("supervision_office", "书记督查室", "OTHER", "duties: [supervision], ")
    + _unit("target_office", "目督办", "OTHER", "duties: [target], ")
    + _unit("discipline_commission", "纪委监委", "DISCIPLINE", "duties: [discipline], ", "纪委")
    + _unit("housing_bureau", "住建局", "HOUSING", "superior: county_government, ")
    + _unit("housing_station", "质监站", "HOUSING", "superior: housing_bureau, ")
    + _unit("labour_bureau", "人社局", "LABOUR", "superior: county_government, ")
    + _unit("environment_bureau", "生态环境局", "ENVIRON", "superior: county_government, ")
    + _unit("enforcement_bureau", "城管局", "ENFORCE", "superior: county_government, ")
    + _unit("qingxi_gov", "清溪镇政府", "TOWNSHIP", "superior: county_government, ")
    + _unit("center_office", "中心街道办", "TOWNSHIP", "superior: county_government, "),
    "routing.yaml": """
        designations:
          - id: fumes
            title: {zh: 油烟监管部门, en: Authority for fumes}
            unit: null
            document: null
            candidates: [environment_bureau, enforcement_bureau]
            basis: 《大气污染防治法》第八十一条、第一百一十八条
        routes:
          - id: r_lamps
            topic: street_lamps
            lead: housing_bureau
            assist: [{territory: true}]
            basis_kind: statute
            basis: 《城市道路照明设施管理规定》
          - id: r_wages
            topic: wage_arrears
            lead: labour_bureau
            assist: [housing_bureau]
            basis_kind: statute
            basis: 《保障农民工工资支付条例》第七条
          - id: r_fumes
            topic: cooking_fumes
            lead: {designated: fumes}
            assist: []
            basis_kind: statute
            basis: 《大气污染防治法》第八十一条
          - id: r_misconduct
            topic: misconduct
            lead: discipline_commission
            assist: []
            basis_kind: statute
            basis: 《监察法》第三十五条
          - id: r_village
            topic: village_affairs
            lead: {territory: true}
            assist: []
            basis_kind: statute
            basis: 《村民委员会组织法》第三十一条
        """,
    "severity.yaml": """
        rules:
          - id: sev_death
            title: {zh: 出现人员死亡, en: A death}
            status: active
            owner: 网信办
            source: 研判指引：人员死亡
            when: {death: true}
            grade: serious
            examples: [{text: 一人死亡, matches: true}, {text: 路灯坏了, matches: false}]
          - id: maj_group
            title: {zh: 多人共同反映, en: A group}
            status: active
            owner: 网信办
            source: 研判指引：五人以上
            when: {any: [{people: {at_least: 5}}, {joint: true}]}
            grade: major
            examples: [{text: 我们十户, matches: true}, {text: 路灯坏了, matches: false}]
          - id: maj_burst
            title: {zh: 同一事项一日三帖, en: Three posts in a day}
            status: active
            owner: 网信办
            source: 研判指引：同类三帖
            when: {posts_24h: {at_least: burst}}
            grade: major
            examples: [{features: {posts_24h: 3}, matches: true}, {features: {posts_24h: 2}, matches: false}]
          - id: ser_reads
            title: {zh: 阅读量过十万, en: Widely read}
            status: active
            owner: 网信办
            source: 研判指引：扩散
            when: {reads: {at_least: 100000}}
            grade: serious
            examples: [{features: {reads: 100000}, matches: true}, {features: {reads: 9}, matches: false}]
          - id: dis_praise
            title: {zh: 仅为感谢, en: Thanks only}
            status: active
            owner: 网信办
            source: 研判指引：无须立案
            when: {all: [{praise: true}, {topic: none}]}
            dismisses: praise
            examples: [{text: 感谢你们, matches: true}, {text: 路灯坏了, matches: false}]
        """,
    "scoring.yaml": """
        rules:
          - id: score_late
            title: {zh: 签收超时, en: Signed for late}
            status: active
            owner: 目督办
            source: 考核细则
            when: {failing: late_sign_for}
            points: "0.1"
            examples:
              - {features: {failing: late_sign_for}, matches: true}
              - {features: {failing: redo}, matches: false}
        """,
    "deadlines.yaml": """
        deadlines:
          version: small-1
          day: {start: "08:30", end: "18:00", resume: "09:00"}
          clocks:
            - {stage: sign_for, grade: general, limit: 2h, source: 规程}
            - {stage: sign_for, grade: major, limit: 1h, source: 规程}
            - {stage: sign_for, grade: serious, limit: 30m, source: 规程}
            - {stage: objection, grade: general, limit: 4wh, source: 规程}
            - {stage: first_report, grade: general, limit: 24h, source: 规程}
            - {stage: first_report, grade: major, limit: 4h, source: 规程}
            - {stage: first_report, grade: serious, limit: 1h, source: 规程}
            - {stage: public_reply, grade: general, limit: 48h, source: 规程}
            - {stage: public_reply, grade: major, limit: 24h, source: 规程}
            - {stage: public_reply, grade: serious, limit: 5h, source: 规程}
            - {stage: close, grade: general, limit: 7wd, source: 规程}
            - {stage: close, grade: major, limit: 5wd, source: 规程}
            - {stage: close, grade: serious, limit: 3wd, source: 规程}
        """,
    "calendar.yaml": """
        calendar:
          version: small-2026
          hours: [["08:30", "12:00"], ["14:30", "18:00"]]
          years: [{year: 2026, notice: 示例通知, off: [2026-01-01], work: []}]
          closures: []
        """,
    "supervision.yaml": """
        ladder:
          - id: blue
            title: {zh: 到期催办, en: At due}
            stages: [sign_for, close]
            grades: [general, major, serious]
            after: 0h
            action: reminder
            source: 规程
        """,
}


def small_pack(version: int = 1) -> dict[str, bytes]:
    """Return the files of the small pack in this version."""
    files = {name: dedent(text).lstrip("\n").encode() for name, text in FILES.items()}
    files["pack.yaml"] = files["pack.yaml"].replace(b"version: 1", f"version: {version}".encode())
    return files


@cache
def small_book() -> Rulebook:
    """Return the rulebook of the small pack, compiled once a test run."""
    loaded = load_pack_bytes(small_pack())
    assert loaded.pack is not None, [str(problem) for problem in loaded.problems]
    return Rulebook(loaded.pack)
