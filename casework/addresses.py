"""Which hosts lie in the open internet and which within: by their looks alone, nothing is resolved."""

from __future__ import annotations

import ipaddress
import re

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)
_INNER_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa")
"""**Source:** RFC 6761, 6762 and 8375, and the names that offices give their own networks."""


def leads_inward(host: str) -> bool:
    """Return whether a host is an inner one by its looks: an address that is not public, or an inner name.

    A name that looks public may still point inward: that is seen when it is resolved.

    Args:
        host: of an address as urlsplit gives it: no brackets, small letters.
    """
    bare = host.rstrip(".")
    if ":" in bare or _NUMBERS.fullmatch(bare):  # 127.1 and 2130706433 are addresses to resolvers, no names
        return not is_public(bare)
    return any(bare == name or bare.endswith(f".{name}") for name in _INNER_NAMES)


def is_public(address: str) -> bool:
    """Return whether an address lies in the open internet: not private, local, reserved, or a group."""
    try:
        ip: IpAddress = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _embedded(ip)
    if inner is not None:
        return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _embedded(ip: IpAddress) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 one leads to, None where it leads to none."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour
