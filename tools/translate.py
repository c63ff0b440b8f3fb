"""Brings the English catalogue up to date with the texts in the code, and says what is not translated.

`python -m tools.translate` rewrites app/translations/en/messages.po: new texts are added without a
translation, texts that are gone are removed. It exits with 1 as long as something is untranslated.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "app" / "translations" / "en" / "messages.po"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None}


@dataclass(frozen=True, slots=True)
class Found:
    """A text in the code and where it stands."""

    text: str
    place: str


def texts() -> Iterator[Found]:
    """Yield every text that is to be translated, in modules and templates of `app`."""
    for path in sorted((ROOT / "app").rglob("*")):
        method = {".py": "python", ".html": "jinja2.ext:babel_extract"}.get(path.suffix)
        if method is None:
            continue
        options = {"trim_blocks": "true", "lstrip_blocks": "true"} if path.suffix == ".html" else {}
        for _line, message, _comments, _context in extract_from_file(
            method, path, keywords=KEYWORDS, options=options
        ):
            assert isinstance(message, str), f"plural forms are not used: {message}"  # noqa: S101
            yield Found(message, path.relative_to(ROOT).as_posix())


def kept() -> Catalog:
    """Return the catalogue as it is."""
    with CATALOGUE.open("rb") as source:
        return read_po(source, locale="en")


def renewed() -> Catalog:
    """Return the catalogue with exactly the texts of the code and the translations it has for them."""
    old = kept()
    new = Catalog(locale="en", project="jianjian", charset="utf-8", fuzzy=False)
    for found in texts():
        before = old.get(found.text)
        new.add(found.text, before.string if before else "", locations=[(found.place, None)])
    return new


def untranslated(catalogue: Catalog) -> tuple[str, ...]:
    """Return the texts of a catalogue that have no translation."""
    return tuple(str(message.id) for message in catalogue if message.id and not message.string)


def main() -> int:
    """Rewrite the catalogue; return 1 if something is untranslated."""
    new = renewed()
    with CATALOGUE.open("wb") as target:
        write_po(target, new, sort_output=True, omit_header=True, include_lineno=False, width=110)
    missing = untranslated(new)
    for text in missing:
        print(f"untranslated: {text}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
