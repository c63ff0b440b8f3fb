"""Static checks on a rule pack: everything `flask rules check` prints.

Levels: an error means that the pack cannot be published, because something is missing, is wrong or would
not run; a warning means that it runs but most likely does not do what its author meant; a note means that
somebody still has to decide or tidy something. The loader's problems are part of it. It changes nothing.
Every check with its code stands in `checks` and, for authors, in docs/rules/checks.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rules.check_county import check_county
from rules.check_names import check_feature_names
from rules.check_periods import check_periods
from rules.check_posts import check_posts
from rules.check_rules import check_rules
from rules.check_words import check_words
from rules.guarded import load_guarded
from rules.model import Pack
from rules.pack import Loaded, pack_files
from rules.post import WordStarts
from rules.problem import Level, Notes, Problem, in_order
from rules.rulebook import Rulebook

# Rules and signals can only be judged together.
_LANGUAGE = frozenset({"pack.yaml", "lexicons.yaml", "signals.yaml", "topics.yaml"})


def check_folder(
    folder: Path, words: WordStarts | None = None, texts: Iterable[str] | None = None
) -> tuple[Problem, ...]:
    """Return all problems of the pack in a folder, by file and line; empty where there is nothing to say.

    Args:
        folder: of the pack; whole files may be missing, the rest is checked all the same.
        words: beginnings of words for `whole_word` terms of examples; see `Scanner.scan`.
        texts: of stored posts, to find terms that are too common; None: not asked for.
    """
    notes = Notes()
    files = pack_files(folder, notes)
    if not folder.is_dir():
        return notes.problems
    return in_order([*notes.problems, *check_loaded(load_guarded(files), words, texts)])


def check_loaded(
    loaded: Loaded,
    words: WordStarts | None = None,
    texts: Iterable[str] | None = None,
    like: Rulebook | None = None,
) -> tuple[Problem, ...]:
    """Return the problems found while a pack was read together with those of what could be read of it.

    Args:
        loaded: by `load_pack`, `load_pack_bytes` or, for files from outside, `load_guarded`.
        words: see `check_folder`.
        texts: see `check_folder`.
        like: of a pack with the same words, if there is one: it saves time.
    """
    if loaded.draft is None:
        return loaded.problems
    return in_order([*loaded.problems, *check_pack(loaded.draft, words, loaded.missing, texts, like)])


def check_pack(
    pack: Pack,
    words: WordStarts | None = None,
    missing: frozenset[str] = frozenset(),
    texts: Iterable[str] | None = None,
    like: Rulebook | None = None,
) -> tuple[Problem, ...]:
    """Return the problems of a pack whose form the loader has found right, by file and line.

    Args:
        pack: whole, or a draft from which files are missing.
        words: see `check_folder`.
        missing: names of those files; what they would have said is not held against the rest.
        texts: see `check_folder`.
        like: see `check_loaded`.
    """
    notes = Notes()
    if not missing & _LANGUAGE:
        check_words(pack, notes)
        check_feature_names(pack, notes)
        check_rules(pack, notes, words, like)
        if texts is not None:
            check_posts(pack, texts, notes)
    check_county(pack, notes)
    if not missing & (_LANGUAGE | {"calendar.yaml"}):
        check_periods(pack, notes)
    return tuple(problem for problem in notes.problems if problem.location.file not in missing)


def has_errors(problems: tuple[Problem, ...]) -> bool:
    """Return whether a pack with these problems must not be published."""
    return any(problem.level is Level.ERROR for problem in problems)
