"""Every check on a rule pack: its code, its level, what it finds and what to do about it.

The codes are stable: they stand in each printed line and in docs/rules/checks.md. It finds nothing itself.
"""

from __future__ import annotations

from rules import checks_county
from rules.model import Label
from rules.problem import Check, Level, Problem

_E, _W, _N = Level.ERROR, Level.WARNING, Level.NOTE


# --- R0: the loader; every one of these keeps a pack from being used ----------------------------
FORM = Check.of(
    "R001",
    _E,
    (
        "写法不对：YAML 语法、超出大小、缺少或多余的键、值的类型不对",
        "Wrong form: YAML syntax, a limit, a key that is missing or unknown, a value of the wrong type",
    ),
    ("按 format.md 改正", "write it as format.md says"),
)
FILE = Check.of(
    "R002",
    _E,
    ("缺少文件、文件不可读或文件名不对", "A file is missing, unreadable or has a wrong name"),
    ("补上或改名", "add or rename the file"),
)
DUPLICATE = Check.of(
    "R003",
    _E,
    ("同类名称重复", "Two things of one kind have the same id"),
    ("改掉其中一个名称", "rename one of them"),
)
UNDEFINED = Check.of(
    "R004",
    _E,
    ("引用了没有定义的名称", "A name leads nowhere: feature, signal, lexicon, topic, unit, option …"),
    ("改正名称，或先定义它", "correct the name or define it"),
)
RING = Check.of(
    "R005",
    _E,
    ("循环引用", "Signals, conclusions, units or places refer to themselves in a ring"),
    ("断开其中一处引用", "take out one of the references"),
)
EXPRESSION = Check.of(
    "R006",
    _E,
    ("表达式不能用（RE2）", "RE2 cannot run the expression, or it matches the empty text"),
    ("改写表达式", "write it without look-around and back references"),
)
COMPARISON = Check.of(
    "R007",
    _E,
    ("特征与值不能比较：类型、单位或次序不对", "A feature is compared with a value of another type or order"),
    ("按 features.md 中的类型写值", "give a value of the type in features.md"),
)
CLASH = Check.of(
    "R008",
    _E,
    ("名称与内置特征或另一特征相同", "A signal or conclusion has the name of another feature"),
    ("换一个名称", "choose another name"),
)

TOO_HEAVY = Check.of(
    "R009",
    _E,
    (
        "读取规则包超出时间、内存或大小的上限",
        "Reading the pack took more time, memory or bytes than is allowed",
    ),
    ("减少词语和规则，或拆开文件", "make it smaller: fewer terms and rules"),
)

# --- R1: rules -----------------------------------------------------------------------------------
NEVER = Check.of(
    "R101",
    _E,
    ("规则永远不会命中", "A rule can never fire"),
    ("去掉互相矛盾的条件", "take out one of the contradicting conditions"),
)
ALWAYS = Check.of(
    "R102",
    _E,
    ("规则对每个网帖都命中", "A rule always fires"),
    ("加上真正的条件", "ask for something that not every post has"),
)
NO_EXAMPLE = Check.of(
    "R103",
    _E,
    ("缺少应当命中的示例", "A rule has no example that matches"),
    ("写一个 matches: true 的示例", "write an example with matches: true"),
)
NO_COUNTER = Check.of(
    "R104",
    _E,
    ("缺少不应命中的示例", "A rule has no example that does not match"),
    ("写一个 matches: false 的示例，最好只差一点", "write one with matches: false, best a near miss"),
)
CONTRADICTING = Check.of(
    "R105",
    _E,
    ("示例与规则不符", "An example contradicts its rule"),
    ("改规则或改示例", "correct the rule or the example"),
)
SCORING_TEXT = Check.of(
    "R106",
    _E,
    ("计分规则的示例写了 text", "An example of a scoring rule has a text"),
    ("写成 features", "give features instead"),
)
ENGINE = Check.of(
    "R107",
    _E,
    ("超出规则引擎的上限", "A rule exceeds a limit of the engine"),
    ("把一部分条件写成结论", "make a part of it a conclusion (concludes)"),
)
SHADOWED = Check.of(
    "R108",
    _W,
    (
        "规则被另一条规则完全覆盖，从不改变结果",
        "A rule is shadowed: another of at least its grade and priority fires whenever it does",
    ),
    ("删去它，或改窄覆盖它的规则", "take it out, or narrow the rule that covers it"),
)
SAME_FACTS = Check.of(
    "R109",
    _W,
    ("两条规则条件相同而等级不同", "Two rules hold on exactly the same facts and give different grades"),
    ("只留一条", "keep one of them"),
)
OVERLAP = Check.of(
    "R110",
    _N,
    (
        "两条规则问的是同样的特征，会在同一网帖上给出不同等级；取最高",
        "Two rules that ask about the same features can give one post different grades; the highest stands",
    ),
    ("若不是本意，给较高的一条加条件", "if that is not meant, add a condition to the higher one"),
)
RESERVED = Check.of(
    "R111",
    _E,
    ("名称是引擎保留的", "A name is reserved by the engine"),
    ("换一个名称", "choose another name"),
)
COLLISION = Check.of(
    "R112",
    _E,
    (
        "两个特征名的 32 位散列相同，引擎可能分不清",
        "Two names have one 32-bit hash: an engine may mix them up",
    ),
    ("给其中一个改名", "rename one of them"),
)
UNUSED_CONCLUSION = Check.of(
    "R113",
    _W,
    ("结论没有被使用", "Nothing uses a conclusion"),
    ("在规则中使用它，或删去", "use it in a rule or take it out"),
)

NOT_COMPARED = Check.of(
    "R114",
    _N,
    ("规则太多、太相似，没有全部互相比较", "Too many rules on the same features to compare them all"),
    ("把相近的规则合并", "join rules that are alike"),
)

NO_PERIOD = Check.of(
    "R115",
    _W,
    ("规则要求的服务时段没有列出", "A rule asks for a service period that the pack does not list"),
    (
        "在 calendar.yaml 的 periods 中列出，或改规则",
        "list it under periods in calendar.yaml, or change the rule",
    ),
)

NOTHING_GRADED = Check.of(
    "R116",
    _E,
    ("没有启用的定级规则", "No active severity rule gives a grade: no post would open a case"),
    ("把至少一条有 grade 的规则设为 active", "make a rule with a grade active"),
)
TOO_MANY_WAYS = Check.of(
    "R117",
    _E,
    (
        "条件组合太多，没有检查全部规则",
        "The conditions have too many combinations to examine all rules",
    ),
    ("把条件拆成结论，或拆分规则包", "make parts of the conditions conclusions, or split the pack"),
)
NOT_TRIED = Check.of(
    "R118",
    _W,
    ("示例太多，没有全部试过", "Too many examples to try them all"),
    ("每条规则留几个最有说服力的示例", "keep the few examples of each rule that tell most"),
)

# --- R2: words -----------------------------------------------------------------------------------
INVISIBLE = Check.of(
    "R201",
    _E,
    ("词语只含不可见字符", "A term has no visible character"),
    ("重新输入该词", "type the term anew"),
)
SAME_TERM = Check.of(
    "R202",
    _N,
    ("两个词语归一后相同", "Two terms of a lexicon are the same once folded"),
    ("可以删去一个", "one of them can go"),
)
SHORT_PLACE = Check.of(
    "R203", _E, ("地名太短", "A place name of one character hits anywhere"), ("写全称", "write the full name")
)
UNUSED_LEXICON = Check.of(
    "R204",
    _W,
    ("词库没有被使用", "Nothing uses a lexicon"),
    ("在特征中引用它，或删去", "refer to it in a signal or take it out"),
)
UNUSED_SIGNAL = Check.of(
    "R205",
    _N,
    ("没有规则使用该特征", "No rule uses a signal"),
    ("可以保留；页面仍会显示它", "it may stay: pages still show it"),
)
ALWAYS_ON = Check.of(
    "R206",
    _W,
    ("特征在什么都没说的网帖上也成立", "A signal holds for a post that says nothing"),
    ("把 none 放进 all，与别的条件并列", "put none under all, beside something that must be there"),
)
CONTAINED = Check.of(
    "R207",
    _N,
    ("词语包含同一词库的更短词语", "A term contains another of its lexicon, so it adds hardly a hit"),
    ("可以删去较长的，或把较短的写得更确切", "drop the longer one, or make the shorter one more exact"),
)
COMMON_TERM = Check.of(
    "R208",
    _W,
    ("词语在超过 5% 的历史网帖中出现", "A term of a lexicon stands in more than 5 % of the stored posts"),
    ("换成更确切的词，或改用 near", "use a more exact wording, or near"),
)
COMMON_PART = Check.of(
    "R210",
    _N,
    (
        "常见词只与别的条件一起使用（near、all）",
        "A term stands in more than 5 % of the stored posts, but only counts beside others (near, all)",
    ),
    ("可以保留", "it may stay"),
)
FEW_POSTS = Check.of(
    "R209",
    _N,
    ("历史网帖太少，没有统计常见词", "Too few stored posts to tell common terms"),
    ("用 --posts 给出至少 100 条文字", "give at least 100 texts with --posts"),
)

_OWN = tuple(value for value in tuple(globals().values()) if isinstance(value, Check))
CHECKS: tuple[Check, ...] = (*_OWN, *checks_county.CHECKS)
_BY_CODE = {check.code: check for check in CHECKS}


def advice(problem: Problem) -> Label:
    """Return what to do about a problem; of a check that is gone, what to do about any."""
    return _BY_CODE.get(problem.code, FORM).todo


def line_of(problem: Problem) -> str:
    """Return a problem as `flask rules check` prints it: place, level, code, what is wrong, what to do."""
    at, todo = problem.location, advice(problem)
    said = f"{problem.zh}；{todo.zh} ({problem.en}; {todo.en})"
    return f"{at.file}:{at.line}:{at.column}: {problem.level}: {problem.code} {said}"
