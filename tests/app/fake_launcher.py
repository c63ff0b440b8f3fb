"""A launcher for tests: a program of its own that runs the plan given as JSON with the real supervisor."""

from __future__ import annotations

import json
import sys

import light_app  # noqa: F401 - first: the supervisor needs nothing of the web application

from app.plan import Service, Step, at_once, says
from app.supervisor import StartError, Supervisor
from app.tether import adopt_orphans

ENV: dict[str, str] = {}


def item(described: dict[str, object]) -> Step | Service:
    python = (sys.executable, "-ISuc", str(described.pop("code")))
    name = str(described.pop("name"))
    if described.pop("kind") == "step":
        return Step(name, python, ENV, **described)
    words = described.pop("says", None)
    return Service(name, python, ENV, ready=says(str(words)) if words else at_once, **described)


if __name__ == "__main__":
    adopt_orphans()
    supervisor = Supervisor(
        tuple(item(described) for described in json.loads(sys.argv[1])),
        write=lambda name, line: print(f"{name}: {line}", flush=True),
        on_ready=lambda kept: print(f"all ready [{kept.strip()}]", flush=True),
    )
    try:
        supervisor.run()
    except StartError as error:
        print(f"refused: {error}", flush=True)
        sys.exit(1)
