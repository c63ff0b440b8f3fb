"""Headers that every answer carries, so that a page runs only our own files and is framed by nobody."""

from __future__ import annotations

from flask import Flask, Response, g, request

_DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",  # Bootstrap draws its arrows and ticks as data: pictures
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)
POLICY = "; ".join(_DIRECTIVES)
EVERYWHERE = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # form protection over TLS compares the referrer
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Source: OWASP Secure Headers Project, recommended values for an application without foreign content."""
YEAR_SECONDS = 31_536_000


def set_headers(app: Flask) -> None:
    """Set the headers on every answer of `app`."""
    app.after_request(_set)


def _set(response: Response) -> Response:
    for name, value in EVERYWHERE.items():
        response.headers[name] = value
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
    if request.path.startswith("/static/") and response.status_code in {200, 304}:
        response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    if "request_id" in g:
        response.headers["X-Request-ID"] = g.request_id
    return response
