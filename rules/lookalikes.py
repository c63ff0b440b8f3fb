"""Characters of other scripts that are drawn like a letter or a Han character, and what they are read as.

Only pairs that a reader takes for each other on sight, and none with a meaning of its own in a complaint
(μg). Han characters that merely resemble one another (己 and 已, 曰 and 日) stay apart: both are words.
"""

from __future__ import annotations

from collections.abc import Mapping

# Each word: what is read, then what is written instead. Lower case, because case is folded before.
_LATIN = "aаɑα bв cс dԁ eе gɡ hһн iіıι jј kкκ lӏ mм oоοօ pрρ qԛ sѕ tтτ uս vѵν wԝ xхχ yу"
_SYLLABLES = "工エ 力カ 口ロ 夕タ 卜ト 二ニ 八ハ 千チ 又ヌ 才オ 厶ム 丫ㄚ 日ㄖ 匚ㄈ 厂ㄏ 幺ㄠ"
# Of the block CJK Radicals Supplement: characters in all but their number.
_RADICALS = (
    "刀⺈ 卜⺊ 小⺌⺍ 兀⺎ 幺⺓ 心⺗ 旡⺛ 日⺜ 月⺝⺼ 歹⺞ 民⺠ 牛⺧ 王⺩ 疋⺪ 目⺫ 示⺬ 竹⺮ 羊⺶ "
    "聿⺻ 臼⺽ 虎⻁ 西⻄ 见⻅ 角⻆⻇ 贝⻉ 足⻊ 车⻋ 长⻑⻒⻓ 门⻔ 雨⻗ 青⻘ 韦⻙ 页⻚ 风⻛ 飞⻜ 食⻝⻞ "
    "马⻢ 骨⻣ 鬼⻤ 鱼⻥ 鸟⻦ 卤⻧ 麦⻨ 黄⻩ 黾⻪ 齐⻬ 齿⻮ 龙⻰"
)

LOOKALIKES: Mapping[str, str] = {
    like: word[0] for word in f"{_LATIN} {_SYLLABLES} {_RADICALS}".split() for like in word[1:]
}
