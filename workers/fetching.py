"""Fetches one public address: bounded in time, size and redirects, and never from an inner network.

The only module that speaks HTTP to the world. A host is resolved once and the connection goes to the address
that was judged, so that a name cannot point elsewhere a moment later. No proxy of the environment is used.
"""

from __future__ import annotations

import http
import socket
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from casework.addresses import is_public

LARGEST_BODY = 5 * 1024 * 1024
"""Bytes, as they are after decompression. **Source:** issue 2 "Intake": a size cap."""
CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0  # between two pieces of an answer
WHOLE_SECONDS = 30.0  # of one fetch, redirects included
MOST_REDIRECTS = 3
BETWEEN_SECONDS = 1.0
"""Between two requests to one host. **Source:** ours; a county office's server is a small one."""
AGENT = "Jianjian/0.1 (feed reader of a county office)"
_PIECE = 64 * 1024
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_WAIT = 24 * 3600


class FetchFailed(Exception):  # noqa: N818 — named for the situation (style.md §2.8)
    """An address that could not be fetched; the message says why, in both languages, without its query.

    Attributes:
        wait: how long the publisher asked to be left alone.
    """

    def __init__(self, zh: str, en: str, wait: timedelta = timedelta()) -> None:
        super().__init__(f"{zh} / {en}")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer.

    Attributes:
        body: None where the publisher says that nothing has changed.
        content_type: as sent, with its charset.
    """

    body: bytes | None
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None


def _addresses(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass
class Fetcher:
    """Fetches for one drain.

    Attributes:
        allowed: addresses that may be fetched from though they are not public; for tests only.
        pause: waits so many seconds.
        clock: monotonic seconds.
        resolve: returns the addresses of a host and port.
    """

    allowed: Collection[str] = ()
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    resolve: Callable[[str, int], list[str]] = _addresses

    def __post_init__(self) -> None:
        self._last: dict[str, float] = {}

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Return what stands at an address, or that it has not changed.

        Args:
            url: http or https.
            etag: of the answer before, for a conditional request.
            last_modified: likewise.

        Raises:
            FetchFailed: it cannot be had, or must not be.
        """
        until = self.clock() + WHOLE_SECONDS
        headers = {"User-Agent": AGENT, "Accept-Encoding": "identity", "Accept": "*/*"}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        for _ in range(MOST_REDIRECTS + 1):
            answer, onward = self._once(url, headers, until)
            if answer is not None:
                return answer
            if urlsplit(url).scheme == "https" and urlsplit(onward).scheme != "https":
                raise FetchFailed("被转到不加密的地址", "redirected from https to http")
            url = onward
        raise FetchFailed("转向次数太多", "too many redirects")

    def _once(self, url: str, headers: dict[str, str], until: float) -> tuple[Fetched | None, str]:
        """Return the answer, or None and the address to go on to."""
        parts = _checked(url)
        host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
        address = self._public_address(host, port)
        self._be_polite(host)
        session = _Session(address, until - self.clock())
        try:
            with (
                session,
                session.get(
                    url,
                    headers=headers,
                    timeout=(CONNECT_SECONDS, READ_SECONDS),
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                if response.status_code in _REDIRECTS and (onward := response.headers.get("Location")):
                    return None, urljoin(url, onward)
                answer = self._answer(response, until)
                if session.is_cut:  # what came looks like an answer that ended
                    raise _too_slow()
                return answer, ""
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            if session.is_cut:
                raise _too_slow() from error
            kind = type(error).__name__
            raise FetchFailed(f"无法读取（{kind}）", f"cannot be read ({kind})") from error

    def _answer(self, response: requests.Response, until: float) -> Fetched:
        if response.status_code == http.HTTPStatus.NOT_MODIFIED:
            return Fetched(None)
        if response.status_code != http.HTTPStatus.OK:
            status = response.status_code
            raise FetchFailed(f"对方回应 {status}", f"answered {status}", _wait_of(response))
        body = bytearray()
        for piece in response.iter_content(_PIECE):
            body += piece
            if len(body) > LARGEST_BODY:
                raise FetchFailed(f"超过 {LARGEST_BODY} 字节", f"more than {LARGEST_BODY} bytes")
            if self.clock() > until:
                raise _too_slow()
        sent = response.headers
        return Fetched(bytes(body), sent.get("Content-Type", ""), sent.get("ETag"), sent.get("Last-Modified"))

    def _public_address(self, host: str, port: int) -> str:
        """Return the one address of a host to connect to; every one of them must be public."""
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise FetchFailed("域名无法解析", "the host's name cannot be resolved") from error
        for address in found:
            if address not in self.allowed and not is_public(address):
                raise FetchFailed("指向内部网络地址，不予访问", "points into an inner network: refused")
        if not found:
            raise FetchFailed("域名没有地址", "the host has no address")
        return found[0]

    def _be_polite(self, host: str) -> None:
        now = self.clock()
        wait = self._last.get(host, now - BETWEEN_SECONDS) + BETWEEN_SECONDS - now
        if wait > 0:
            self.pause(wait)
        self._last[host] = self.clock()


def _too_slow() -> FetchFailed:
    return FetchFailed(f"{WHOLE_SECONDS:g} 秒内没有读完", f"took over {WHOLE_SECONDS:g} s")


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise FetchFailed("地址有误", "the address is wrong") from error
    if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
        raise FetchFailed("只读取 http(s) 地址，且不含账号", "only http(s) addresses without a login")
    return parts


def _wait_of(response: requests.Response) -> timedelta:
    seconds = response.headers.get("Retry-After", "")
    return (
        timedelta(seconds=min(int(seconds), _MOST_WAIT))
        if seconds.isascii() and seconds.isdigit()
        else timedelta()
    )


class _Session(requests.Session):
    """A session whose every connection goes to one address, with the host's own name in TLS and Host.

    Its connections are cut when time is up: who sends a byte now and then, be it of the head, never lets a
    time limit between two pieces run out.

    Args:
        address: to connect to.
        seconds: that all of it may take, from entering on.

    Attributes:
        is_cut: time was up.
    """

    def __init__(self, address: str, seconds: float) -> None:
        super().__init__()
        self.trust_env = False
        self.is_cut = False
        self._opened: list[socket.socket] = []
        self._timer = threading.Timer(max(seconds, 0.0), self._cut)
        self._timer.daemon = True
        adapter = _Pinned(address, self._opened)
        self.mount("http://", adapter)
        self.mount("https://", adapter)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self._timer.cancel()
        self._timer.join()
        self.close()
        for opened in self._opened:
            opened.close()

    def _cut(self) -> None:
        self.is_cut = True
        for opened in self._opened:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)


class _Pinned(HTTPAdapter):
    """Connects to one address whatever the name says; `opened` gets a second handle of each connection."""

    def __init__(self, address: str, opened: list[socket.socket]) -> None:
        self._address = address
        self._opened = opened
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        """Make the pools; theirs are the connections that are pinned."""
        super().init_poolmanager(*args, **kwargs)  # type: ignore[no-untyped-call]
        address, opened = self._address, self._opened

        def connected(port: int) -> socket.socket:
            connection = socket.create_connection((address, port), CONNECT_SECONDS)
            opened.append(connection.dup())  # TLS takes the first one over
            return connection

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return connected(self.port or 80)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return connected(self.port or 443)

        plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
        secure = type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": Secure})
        self.poolmanager.pool_classes_by_scheme = {"http": plain, "https": secure}
