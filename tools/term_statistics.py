"""Lists the words that set the classes of an annotated CSV file apart, for authors of topics and lexicons.

    python tools/term_statistics.py FILE.csv --text text --label label --top 40 --least 5

A word's score is the logarithm of its odds in a class against all others, over its standard error, with
the whole file as prior (Monroe, Colaresi and Quinn 2008). Words are counted once a message. The list is a
hint: leave out names of people, estates and towns, and whatever is no word of the field.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from math import log, sqrt
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from casework.tokens import load, words

SHORTEST = 2  # characters of a word that is listed
PRIOR = 0.1  # weight of the whole file against one class


def counted(rows: Iterable[Mapping[str, str]], text: str, label: str) -> dict[str, Counter[str]]:
    """Return by class in how many messages each word stands; a row may have several classes, split by |."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        seen = {word for word in words(row[text]) if len(word) >= SHORTEST and word.isalpha()}
        for name in row[label].split("|"):
            found.setdefault(name.strip(), Counter()).update(seen)
    return found


def scored(found: Mapping[str, Counter[str]], least: int) -> dict[str, list[tuple[float, str, int]]]:
    """Return by class its words with scores, highest first.

    Args:
        found: messages by class and word.
        least: messages of the whole file that a word must stand in.
    """
    everything: Counter[str] = sum(found.values(), Counter())
    total = everything.total()
    return {
        name: sorted(
            (
                (_score(word, counts, everything, total), word, counts[word])
                for word in counts
                if everything[word] >= least
            ),
            reverse=True,
        )
        for name, counts in found.items()
    }


def _score(word: str, counts: Counter[str], everything: Counter[str], total: int) -> float:
    prior = PRIOR * everything[word]
    here, inside = counts[word] + prior, counts.total() + PRIOR * total
    there, outside = everything[word] - counts[word] + prior, total - counts.total() + PRIOR * total
    odds = log(here / (inside - here)) - log(there / (outside - there))
    return odds / sqrt(1 / here + 1 / there)


def main() -> int:
    """Print the lists; return 1 with a sentence where the file cannot be used."""
    parser = argparse.ArgumentParser(description="Words that set the classes of an annotated CSV file apart.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--text", default="text", help="column of the messages")
    parser.add_argument("--label", default="label", help="column of the classes, several split by |")
    parser.add_argument("--top", type=int, default=40, help="words listed for each class")
    parser.add_argument("--least", type=int, default=5, help="messages that a word must stand in")
    options = parser.parse_args()
    with options.file.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines)
        missing = {options.text, options.label} - set(table.fieldnames or ())
        if missing:
            print(f"The file has no column {', '.join(sorted(missing))}; it has {table.fieldnames}.")
            return 1
        with tempfile.TemporaryDirectory() as private:
            load(Path(private))
        found = counted(table, options.text, options.label)
    for name, listed in scored(found, options.least).items():
        print(f"{name}: {'、'.join(word for _, word, _ in listed[: options.top])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
