"""A post that its source hands over again in other words: they are kept, and a person is told.

What was judged is the first wording, which stands; whether the new one changes anything is a person's to say.
"""

from __future__ import annotations

import uuid

from casework.desk.asking import Writing, ask_person
from casework.desk.unit import UnitOfWork
from casework.events import EventKind
from casework.intake import IncomingPost, words_key
from casework.store.desk_items import ItemKind
from casework.store.revisions import first_words, insert_revision
from casework.store.settling import case_of_post
from rules.model import Label

REVISED = Label(
    "来文有修改：来源再次提交时文字与原文不同，请核对等级和责任单位是否需要更正。",
    "The post was edited: its source handed it over in other words. Check whether grade and unit still hold.",
)


def keep_revision(uow: UnitOfWork, post_id: uuid.UUID, post: IncomingPost, *, source: str) -> bool:
    """Keep the words of a known post where they are new; return whether they were.

    Args:
        uow: of a writing transaction.
        post_id: of the post that is there.
        post: checked, as it was handed over again.
        source: code, for the timeline.
    """
    first = first_words(uow.session, post_id)
    key = words_key(post.title, post.text)
    if key == words_key(first.title, first.text):
        return False
    if not insert_revision(
        uow.session,
        uow.new_id(),
        county=uow.county,
        post_id=post_id,
        words_key=key,
        title=post.title,
        text=post.text,
        now=uow.now,
    ):
        return False
    case_id = case_of_post(uow.session, post_id)
    uow.note(EventKind.POST_REVISED, case_id=case_id, post_id=post_id, data={"source": source})
    writing = Writing(uow)
    ask_person(
        writing, ItemKind.REVISED, f"revised/{post_id}/{key}", REVISED, post_id=post_id, case_id=case_id
    )
    writing.rows.write(uow.session)
    return True
