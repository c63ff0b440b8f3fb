"""The engine of live decisions: durable-rules in a process of its own that can be killed.

`Engine` is all that other code needs. Only `rules.engine.child` imports durable; only that process runs it.
"""

from rules.engine.client import Engine, Verdict

__all__ = ["Engine", "Verdict"]
