"""A county at work, for the tests of this folder."""

from tests.case_kit import house, house_postgres, house_sqlite

__all__ = ["house", "house_postgres", "house_sqlite"]
