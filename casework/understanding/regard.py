"""A judgement with what surrounds its post, once that is known. It reads no text and asks for no route.

What other posts of a matter add changes only what the rules are told; a test holds this equal to `propose`.
"""

from __future__ import annotations

from dataclasses import replace

from casework.judgement import Judgement
from casework.understanding.features import known_features
from casework.understanding.inputs import Context, PostText
from casework.understanding.verdict import dismissals_of, verdict
from rules.model import RuleKind
from rules.rulebook import Rulebook


def regarded(judgement: Judgement, rulebook: Rulebook, post: PostText, context: Context) -> Judgement:
    """Return the judgement that `propose` would lead to with this context, for a fraction of the work.

    Args:
        judgement: of the same post by the same rulebook with another context, whose place hint was the same.
        rulebook: of the county.
        post: whose figures count; its text is not looked at.
        context: of the matter and its case.
    """
    known = known_features(post, rulebook.pack, context)
    read = {name: value for name, value in judgement.features.items() if name not in known}
    features = rulebook.changed(RuleKind.SEVERITY, known | read)
    findings = rulebook.evaluate(RuleKind.SEVERITY, features, context.on)
    after = verdict(findings, dismissals_of(rulebook.pack), judgement.grounds)
    return replace(
        judgement,
        disposition=after.disposition,
        grade=after.grade,
        dismissal=after.dismissal,
        doubt=after.doubt,
        features=features,
        findings=findings,
    )
