"""The public holidays that the law itself names, for years that no notice has arranged yet.

It leaves out moved rest days and make-up working days: only a notice can order those.
**Source:** 全国年节及纪念日放假办法 (2024-11-10) §2. The lunar days and Qingming follow GB/T 33661-2017;
they were compared with the `lunar_python` package for every year of the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from rules.model import Label

NEW_YEAR = Label("元旦", "New Year's Day")
SPRING_FESTIVAL = Label("春节", "Spring Festival")
QINGMING = Label("清明节", "Qingming")
LABOUR_DAY = Label("劳动节", "Labour Day")
DRAGON_BOAT = Label("端午节", "Dragon Boat Festival")
MID_AUTUMN = Label("中秋节", "Mid-Autumn Festival")
NATIONAL_DAY = Label("国庆节", "National Day")

# Year: first day of the lunar year, Qingming, Dragon Boat and Mid-Autumn, as (month, day).
_LUNAR: Mapping[int, tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]] = (
    MappingProxyType(
        {
            2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
            2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
            2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
            2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
            2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
            2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
            2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
            2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
            2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
            2036: ((1, 28), (4, 4), (5, 30), (10, 4)),
        }
    )
)

LUNAR_UNTIL = max(_LUNAR)


def statutory_days(year: int) -> Mapping[date, Label]:
    """Return the statutory holidays of `year` with their names.

    From 2037 on the lunar ones are missing: by then their notices are long out, and a wrong day
    would be worse than a missing one.
    """
    days = {date(year, 1, 1): NEW_YEAR}
    days |= {date(year, 5, day): LABOUR_DAY for day in (1, 2)}
    if year in _LUNAR:
        spring, qingming, dragon_boat, mid_autumn = (date(year, *day) for day in _LUNAR[year])
        # New Year's Eve and the first three days of the lunar year.
        days |= {spring + timedelta(days=offset): SPRING_FESTIVAL for offset in (-1, 0, 1, 2)}
        days |= {qingming: QINGMING, dragon_boat: DRAGON_BOAT, mid_autumn: MID_AUTUMN}
    days |= {date(year, 10, day): NATIONAL_DAY for day in (1, 2, 3)}
    return MappingProxyType(days)
