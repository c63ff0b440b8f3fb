"""Kinds of timeline lines. The words of a line are made on the screen, from kind and data."""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """What happened to a post or a case."""

    POST_RECEIVED = "post_received"
    POST_METRICS = "post_metrics"
    POST_GONE = "post_gone"
    POST_DISMISSED = "post_dismissed"
    POST_TO_DESK = "post_to_desk"
    POST_ATTACHED = "post_attached"
    CASE_OPENED = "case_opened"
    CASE_CONFIRMED = "case_confirmed"
    GRADE_CORRECTED = "grade_corrected"
    ROUTE_CORRECTED = "route_corrected"
    UPGRADE_PROPOSED = "upgrade_proposed"
    ARBITRATION_ASKED = "arbitration_asked"
    DISPATCHED = "dispatched"
    DOCUMENT_ISSUED = "document_issued"
    SIGNED_FOR = "signed_for"
    REASSIGNED = "reassigned"
    REGRADED = "regraded"
    REPORT_FILED = "report_filed"
    CONTACT_RECORDED = "contact_recorded"
    PUBLIC_REPLY_RECORDED = "public_reply_recorded"
    REPLIED = "replied"
    REPLY_ACCEPTED = "reply_accepted"
    REPLY_SENT_BACK = "reply_sent_back"
    COMMITMENT_MADE = "commitment_made"
    COMMITMENT_MET = "commitment_met"
    CLOSED = "closed"
    REOPENED = "reopened"
    REAUDITED = "reaudited"
    STEP_TAKEN = "step_taken"
    STEP_NOTED = "step_noted"
    SCORED = "scored"
    SCORE_REVERSED = "score_reversed"
    DESK_ITEM_CLOSED = "desk_item_closed"
