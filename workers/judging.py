"""What the thinking child does with a question: `propose`, and the proposal as a judgement to be kept.

It runs in a process without a database. The engine's opinion is added afterwards, by `bench`.
"""

from __future__ import annotations

from dataclasses import replace

from casework import tokens
from casework.judgement import Judgement
from casework.matter import Telling, fingerprint
from casework.routing import as_routing
from casework.surroundings import spread_of
from casework.understanding.inputs import NONE, Context, PostText
from casework.understanding.propose import Proposal, make_ready, propose
from casework.understanding.regard import regarded
from rules.model import Scalar
from rules.rulebook import Rulebook
from workers.bench import Question


class Thinking:
    """Judges questions by the rules of one book; ready to be used in a forked child.

    What the rules need is made ready here, before the fork, so that neither process does it in a hurry.
    """

    def __init__(self, book: Rulebook) -> None:
        make_ready(book)
        self._book = book

    def judge(self, question: Question) -> Judgement:
        """Return the judgement on a post, read from its text."""
        context = _context_of(question)
        proposal = propose(_text_of(question), self._book, context=context, words=tokens.word_starts)
        return judgement_of(proposal, question, self._book)

    def regard(self, judgement: Judgement, question: Question) -> Judgement:
        """Return the judgement with what surrounds its post now; the text is not read again."""
        after = regarded(judgement, self._book, _text_of(question), _context_of(question))
        return replace(after, context=_kept_context(question))


def judgement_of(proposal: Proposal, question: Question, book: Rulebook) -> Judgement:
    """Return the proposal as it is kept."""
    verdict = proposal.verdict
    place = proposal.place
    found = fingerprint(proposal.normalised)
    return Judgement(
        pack_ref=proposal.pack_ref,
        calendar_version=book.pack.calendar.version,
        disposition=verdict.disposition,
        grade=verdict.grade,
        demand=proposal.demand,
        topic=proposal.topic,
        place=place.place,
        confidential=proposal.confidential,
        confidence=proposal.confidence,
        routing=as_routing(proposal.route),
        telling=Telling(
            topic=proposal.topic,
            place=place.place,
            place_kind=place.kind,
            confidential=proposal.is_kept_apart,
            said_at=question.post.said_at,
            sketch=found.sketch,
            keys=found.keys,
        ),
        dismissal=verdict.dismissal,
        doubt=verdict.doubt,
        accused=proposal.accused,
        model_digest=proposal.model_digest,
        features=proposal.features,
        context=_kept_context(question),
        hits=proposal.hits,
        findings=proposal.findings,
        reasons=(*proposal.reasons, *proposal.advice),
        normalised=proposal.normalised,
        words=proposal.words,
        grounds=proposal.grounds,
        suspects=proposal.suspects,
    )


def _text_of(question: Question) -> PostText:
    post, spread = question.post, spread_of(question.post.figures)
    return PostText(
        title=post.title,
        text=post.text,
        media_level=post.media_level,
        reads=spread.reads,
        likes=spread.likes,
        comments=spread.comments,
        shares=spread.shares,
        growth_24h=spread.growth_24h,
        on_hot_list=spread.on_hot_list,
    )


def _context_of(question: Question) -> Context:
    around = question.surroundings
    return Context(
        posts_1h=around.posts_1h,
        posts_24h=around.posts_24h,
        posts_total=around.posts_total,
        voices=around.voices,
        platforms=around.platforms,
        media_level=around.media_level,
        earlier_dissatisfied=around.dissatisfied_count,
        current_grade=around.current_grade.value if around.current_grade else NONE,
        redo_count=around.redo_count,
        on=question.on,
    )


def _kept_context(question: Question) -> dict[str, Scalar]:
    """Return what surrounded the post, for replay: `Context` by name, the date as text."""
    around = question.surroundings
    return {
        "posts_1h": around.posts_1h,
        "posts_24h": around.posts_24h,
        "posts_total": around.posts_total,
        "voices": around.voices,
        "platforms": around.platforms,
        "media_level": around.media_level,
        "earlier_dissatisfied": around.dissatisfied_count,
        "current_grade": around.current_grade.value if around.current_grade else NONE,
        "redo_count": around.redo_count,
        "on": question.on.isoformat(),
    }
