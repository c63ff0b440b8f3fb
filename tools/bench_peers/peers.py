"""Runs the same rules on the same features with CLIPS, zen-engine and rule-engine, as fast as we know how.

    python peers.py FILE.json

It runs in an environment of its own and imports nothing of the project. FILE.json holds `rules` (id, flag
that must be set, least number of reads) and `posts` (flags set, reads). It prints a JSON object for each
peer: name, version, posts per second, SHA-256 of the verdicts (for each post the sorted ids of the rules
that fired).
"""

from __future__ import annotations

import hashlib
import json
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

ROUNDS = 3

Rule = tuple[str, str, int]  # id, flag, least number of reads
Post = tuple[list[str], int]  # flags that are set, reads
Judge = Callable[[Post], list[str]]


def clips(rules: list[Rule]) -> Judge:
    """Return a judge by CLIPS: a fact for each flag that is set, a Rete rule for each rule."""
    import clips  # noqa: PLC0415 - each peer alone

    fired: list[str] = []
    environment = clips.Environment()
    environment.define_function(fired.append, "fired")
    for flag in sorted({flag for _, flag, _ in rules}):
        environment.build(f"(deftemplate {flag})")
    environment.build("(deftemplate spread (slot reads))")
    for name, flag, reads in rules:
        more = f"(spread (reads ?r&:(>= ?r {reads})))" if reads else ""
        environment.build(f'(defrule {name} ({flag}) {more} => (fired "{name}"))')

    def judge(post: Post) -> list[str]:
        flags, reads = post
        environment.reset()
        fired.clear()
        environment.assert_string(f"(spread (reads {reads}))")
        for flag in flags:
            environment.assert_string(f"({flag})")
        environment.run()
        return sorted(fired)

    return judge


def zen_engine(rules: list[Rule]) -> Judge:
    """Return a judge by zen-engine: one decision table that collects every line that holds."""
    import zen  # noqa: PLC0415

    lines = [
        {
            "_id": name,
            "when": f"{flag} == true" + (f" and reads >= {reads}" if reads else ""),
            "then": f"'{name}'",
        }
        for name, flag, reads in rules
    ]
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": "when", "name": "when", "type": "expression"}],
        "outputs": [{"id": "then", "name": "rule", "field": "rule", "type": "expression"}],
        "rules": lines,
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "a", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "b", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def judge(post: Post) -> list[str]:
        flags, reads = post
        result = decision.evaluate({"reads": reads, **dict.fromkeys(flags, True)})["result"]
        return sorted(line["rule"] for line in result)

    return judge


def rule_engine(rules: list[Rule]) -> Judge:
    """Return a judge by rule-engine: an expression for each rule; flags that are not set are null."""
    import rule_engine as library  # noqa: PLC0415

    context = library.Context(default_value=None)
    ready = [
        (name, library.Rule(flag + (f" and reads >= {reads}" if reads else ""), context=context))
        for name, flag, reads in rules
    ]

    def judge(post: Post) -> list[str]:
        flags, reads = post
        values = {"reads": reads, **dict.fromkeys(flags, True)}
        return sorted(name for name, rule in ready if rule.matches(values))

    return judge


PEERS = {"clipspy": clips, "zen-engine": zen_engine, "rule-engine": rule_engine}


def main() -> None:
    """Run every peer."""
    given = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    rules = [tuple(rule) for rule in given["rules"]]
    posts = [tuple(post) for post in given["posts"]]
    for name, prepare in PEERS.items():
        judge = prepare(rules)
        verdicts = [judge(post) for post in posts]
        speeds = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            for post in posts:
                judge(post)
            speeds.append(len(posts) / (time.perf_counter() - started))
        digest = hashlib.sha256(json.dumps(verdicts).encode()).hexdigest()
        line = {
            "name": name,
            "version": version(name),
            "speed": statistics.median(speeds),
            "verdicts": digest,
        }
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
