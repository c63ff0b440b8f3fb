"""A county at work, for the tests of this folder."""

from tests.case_kit import house

__all__ = ["house"]
