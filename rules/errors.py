"""Errors of the rule layer: one class per situation that a caller can act on."""

from __future__ import annotations


class RuleError(Exception):
    """Root of all errors of `rules`. `code` is stable; the message is for people."""

    code = "rule-error"


class BadFeatures(RuleError):  # noqa: N818 - names of errors say what happened
    """Features of the wrong type or of no known name were handed in."""

    code = "bad-features"

    def __init__(self, faults: tuple[tuple[str, str], ...]) -> None:
        self.faults = faults  # (feature, what is wrong)
        super().__init__("; ".join(f"{name}: {fault}" for name, fault in faults))


class NoSuchRule(RuleError):  # noqa: N818
    """A rule was named that the pack does not have."""

    code = "no-such-rule"

    def __init__(self, rule_id: str) -> None:
        self.rule_id = rule_id
        super().__init__(f"the pack has no rule {rule_id!r}")


class EngineFailed(RuleError):  # noqa: N818
    """The engine could not decide; the reference's verdict stands and a person is told."""

    code = "engine-failed"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"the rule engine failed: {reason}")


class EngineTimeout(EngineFailed):
    """The engine did not answer in time and was killed."""

    code = "engine-timeout"

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"no answer within {seconds:g} s; its process was ended")


class EngineLimit(RuleError):  # noqa: N818
    """A rule or pack is larger than the engine can run; `check` refuses it."""

    code = "engine-limit"

    def __init__(self, rule_id: str, reason: str) -> None:
        self.rule_id = rule_id
        self.reason = reason
        super().__init__(f"rule {rule_id!r}: {reason}")
