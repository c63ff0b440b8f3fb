"""The outside world of a real installation. Tests pass their own parts to `create_app` instead."""

from __future__ import annotations

from app.config import Settings
from app.dispatch import Doorbell
from app.parts import Parts
from app.rulebooks import RulebookCache
from app.vault import Vault


def real_parts(settings: Settings) -> Parts:
    """Return rulebooks, cipher, bell and queue as `settings` name them."""
    bell = Doorbell(settings.redis_url)
    rulebooks = RulebookCache(settings.county)
    return Parts(
        rulebooks=rulebooks,
        cipher=Vault(settings.identity_keys),
        bell=bell,
        queue=bell,
        announced_until=rulebooks.announced_until,
    )
