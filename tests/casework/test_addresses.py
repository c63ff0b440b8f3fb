"""A feed within a network is refused by its looks, before anything is asked of it."""

from __future__ import annotations

import pytest

from casework.addresses import leads_inward
from casework.desk.sources import NewSource, check_source
from casework.post_refusals import UnsuitableSource


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "10.1.2.3",
        "192.168.0.9",
        "169.254.169.254",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "localhost",
        "LOCALHOST.",
        "feeds.localhost",
        "oa.internal",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0.0.0.0",  # noqa: S104 - an address to be refused
    ],
)
def test_an_inner_address_is_refused_when_it_is_registered(host: str):
    with pytest.raises(UnsuitableSource) as refused:
        check_source(NewSource("feed", "来源", "rss", "论坛", f"http://{host}:8080/rss"))
    assert "内部网络" in refused.value.zh


@pytest.mark.parametrize(
    "host", ["example.org", "8.8.8.8", "2606:4700::1111", "localhost.example", "12345.cn"]
)
def test_a_public_host_is_none(host: str):
    assert not leads_inward(host)
