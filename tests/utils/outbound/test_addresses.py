"""Which addresses are public, and which the operator adds."""

from __future__ import annotations

import ipaddress

import pytest

from utils.outbound.addresses import is_allowed, is_public

PUBLIC = ["1.1.1.1", "93.184.216.34", "172.15.255.255", "172.32.0.1", "100.63.255.255"]
PUBLIC += ["100.128.0.1", "223.255.255.255", "168.63.129.15", "2606:4700::1111", "2a00:1450::1"]
FORBIDDEN = [
    *("0.0.0.1", "0.1.2.3", "127.0.0.1", "127.255.255.254"),
    *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("100.64.0.1", "100.100.100.200", "100.127.255.255"),
    *("169.254.169.254", "169.254.0.1", "168.63.129.16", "192.0.0.192"),
    *("192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "198.18.0.1", "198.19.255.255"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:1.1.1.1", "::ffff:0:1.1.1.1"),
    *("64:ff9b::7f00:1", "64:ff9b::1.1.1.1", "64:ff9b:1::1", "100::1"),
    *("2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1"),
    *("2002:7f00:1::", "2002:101:101::1", "2001:db8::1", "3fff::1"),
    *("fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "5f00::1", "4000::1"),
]


@pytest.mark.parametrize("text", PUBLIC)
def test_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", FORBIDDEN)
def test_forbidden(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))
    assert not is_allowed(ipaddress.ip_address(text), [])


def test_what_the_operator_allows_is_that_and_no_more() -> None:
    extra = [ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd12::/16")]
    for text in ("10.1.2.3", "fd12::5", "1.1.1.1"):
        assert is_allowed(ipaddress.ip_address(text), extra)
    for text in ("10.2.0.1", "::ffff:10.1.2.3", "64:ff9b::a01:203", "fd13::1"):
        assert not is_allowed(ipaddress.ip_address(text), extra)
