"""How much slower than its hardware this machine is just now, so that limits of wall time can be stated once.

A limit holds as written on a machine with nothing else to do. Where more processes want to run than there are
cores, wall time stretches by that much, and so does the limit.
"""

from __future__ import annotations

import os


def stretched(limit: float) -> float:
    """Return a limit of wall time, in its own unit, given the load of this minute."""
    waiting = os.getloadavg()[0] / (os.cpu_count() or 1)
    return limit * max(1.0, 2.0 * waiting)
