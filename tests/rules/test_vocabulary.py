from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from rules.model import RuleKind
from rules.vocabulary import LARGEST, Feature, FeatureType, builtin, of_pack
from tests.rules.tiny import severity, tiny_pack

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "rules" / "features.md").read_text()
DEFINED_BY_THE_PACK = {"topic", "topic_group"}


def row(feature: Feature) -> str:
    """Return the line that the page must have for a feature."""
    values = ", ".join(feature.values)
    if feature.name in DEFINED_BY_THE_PACK:
        values = "none, then the pack's own"
    meaning = f"{feature.meaning.zh} · {feature.meaning.en}"
    cells = (f"`{feature.name}`", feature.type.value, feature.unit, values, meaning, feature.supplier)
    return f"| {' | '.join(cells)} |"


@pytest.mark.parametrize("kind", RuleKind)
def test_every_built_in_feature_is_explained_to_authors(kind: RuleKind):
    section = PAGE.split("## Scoring rules")[kind is RuleKind.SCORING]

    assert [feature.name for feature in builtin(kind) if row(feature) not in section] == []


def test_the_page_explains_no_feature_that_does_not_exist():
    written = {line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `")}

    assert written == {feature.name for kind in RuleKind for feature in builtin(kind)}


@pytest.mark.parametrize("kind", RuleKind)
def test_every_default_is_a_value_of_its_feature(kind: RuleKind):
    for feature in builtin(kind):
        assert feature.fault(feature.default) is None
        assert feature.unit or feature.type not in {FeatureType.INTEGER, FeatureType.DECIMAL}


def test_signals_topics_and_conclusions_of_a_pack_join_its_vocabulary():
    pack = tiny_pack(severity=severity("id: a, when: {death: true}, concludes: crowd_anger"))
    words = of_pack(pack, RuleKind.SEVERITY)

    assert words["death"].type is FeatureType.FLAG
    assert words["people"].type is FeatureType.INTEGER
    assert words["topic"].values == ("none", "noise")
    assert words["topic_group"].values == ("none", "环境保护")
    assert words["crowd_anger"].type is FeatureType.FLAG
    assert "crowd_anger" not in of_pack(pack, RuleKind.SCORING)


def test_no_scoring_feature_tells_of_posts_received_or_of_media():
    names = {feature.name for feature in builtin(RuleKind.SCORING)}

    assert not names & {feature.name for feature in builtin(RuleKind.SEVERITY)} - {"demand"}


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("reads", (0, 5, LARGEST), (-1, True, "5", Decimal(5), LARGEST + 1)),
        (
            "growth_24h",
            (0, Decimal("0.0001"), Decimal(3)),
            (Decimal("0.00001"), Decimal("Infinity"), 1.5, -1),
        ),
        ("on_hot_list", (True, False), (1, 0, "true")),
        ("media_level", ("none", "national"), ("", "NATIONAL", 3)),
    ],
)
def test_a_feature_knows_its_values(name: str, good: tuple[object, ...], bad: tuple[object, ...]):
    feature = builtin(RuleKind.SEVERITY)[name]

    assert [value for value in good if feature.fault(value) is not None] == []
    assert [value for value in bad if feature.fault(value) is None] == []
