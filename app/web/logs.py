"""Logs as lines of JSON with ids. Never a body, a query, a name or an address of anybody who speaks."""

from __future__ import annotations

import json
import logging
import time
import uuid
from datetime import UTC, datetime

from flask import Flask, Response, g, request

from app.accounts.current import current_account

log = logging.getLogger("app.requests")

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time, level, logger, message, then its extra fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_as_json(level: int = logging.INFO) -> None:
    """Make this process log JSON lines to standard error; called by the process, not by `create_app`."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def log_requests(app: Flask) -> None:
    """Give every request an id and log it when it is answered."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """Return the id of this request; it stands on error pages, so that a caller can name it."""
    if "request_id" not in g:
        g.request_id = uuid.uuid4().hex[:16]
    identity: str = g.request_id
    return identity


def _begin() -> None:
    request_id()
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    if request.endpoint == "static":
        return response
    account = current_account()
    log.info(
        "request answered",
        extra={
            "request_id": request_id(),
            "method": request.method,
            "route": request.url_rule.rule if request.url_rule else None,
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            "user_id": str(account.id) if account else None,
        },
    )
    return response
