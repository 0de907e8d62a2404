"""Which IP addresses are on the public internet.

IPv6 has an allow-list, because only 2000::/3 is allocated. That excludes unspecified, loopback,
mapped and compatible IPv4, NAT64 (64:ff9b::/96 and 64:ff9b:1::/48), unique local, link-local and
multicast addresses. Python's `is_global` is not used: it changed between versions.
https://www.iana.org/assignments/iana-ipv4-special-registry
https://www.iana.org/assignments/iana-ipv6-special-registry
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_FORBIDDEN_IPV4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # the host of a machine in Azure
        "169.254.0.0/16",  # link-local, and the metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments, and the metadata of Oracle's cloud
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_ALLOCATED_IPV6 = IPv6Network("2000::/3")
_FORBIDDEN_IPV6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which holds an IPv4 address
        "3fff::/20",  # documentation
    )
)


def is_public(address: Address) -> bool:
    """Whether the address is on the public internet."""
    if isinstance(address, IPv4Address):
        return not _within(address, _FORBIDDEN_IPV4)
    return address in _ALLOCATED_IPV6 and not _within(address, _FORBIDDEN_IPV6)


def is_allowed(address: Address, extra: Iterable[Network]) -> bool:
    """Whether the address is public or in a network that the operator allows."""
    return _within(address, extra) or is_public(address)


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)  # False across IP versions
