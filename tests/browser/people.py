"""People at the demo, each with a browser window of his own; whatever goes wrong in one of them is noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.accounts.demo import DEMO_PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

REPLACED = ("htmx:afterRequest", "htmx:sendAbort")
"""Said where a later request of a form replaced an earlier one; one that fails says htmx:sendError too."""
PATIENCE = 40_000  # milliseconds for the worker to judge a post on a busy machine


@dataclass
class People:
    """Pages of people, each signed in with a browser window of his own; whatever went wrong is noted."""

    chromium: Browser
    address: str
    pages: dict[str, Page] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def page(self, login: str) -> Page:
        """Return the page of somebody, signed in at the first call."""
        if login not in self.pages:
            context = self.chromium.new_context(
                base_url=self.address, viewport={"width": 1366, "height": 768}, locale="zh-CN"
            )
            page = self.pages[login] = context.new_page()
            page.set_default_timeout(PATIENCE)
            page.on("console", lambda said: self._hear(login, said.type, said.text))
            page.on("pageerror", lambda error: self.wrong.append(f"{login}: {error}"))
            page.on("response", lambda answer: self._look(login, answer.status, answer.url))
            page.goto("/sign-in")
            page.get_by_label("登录名").fill(login)
            page.get_by_label("密码").fill(DEMO_PASSWORD)
            page.get_by_role("button", name="登录").click()
            page.get_by_role("heading", name="我的工作台").wait_for()
        return self.pages[login]

    def open(self, login: str, address: str) -> Page:
        """Open an address as somebody and return the page."""
        page = self.page(login)
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1366, f"{address} is too wide"
        return page

    def _hear(self, login: str, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not text.startswith(REPLACED):
            self.wrong.append(f"{login}: {text}")

    def _look(self, login: str, status: int, address: str) -> None:
        if status >= 400:
            self.wrong.append(f"{login}: {status} {address}")
