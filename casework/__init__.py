"""The domain: nouns as frozen values and decisions as pure functions. No web, no network, no clock."""
