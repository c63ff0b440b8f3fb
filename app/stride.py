"""How many posts one transaction takes in, so that none is long on a slow disk or a busy machine."""

from __future__ import annotations

from dataclasses import dataclass

from app.transaction import LONG_WRITE_MS

MOST = 20
SHORT_MS = LONG_WRITE_MS / 4
TOO_LONG_MS = LONG_WRITE_MS / 2


@dataclass
class Stride:
    """Shortens fast and grows slowly. Measured: about 3 ms of processor for a post."""

    size: int = 5

    def took(self, milliseconds: float) -> None:
        """Adapt to how long the last transaction took."""
        if milliseconds > TOO_LONG_MS:
            self.size = max(1, self.size // 2)
        elif milliseconds < SHORT_MS:
            self.size = min(MOST, self.size + 1)
