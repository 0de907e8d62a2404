"""Addresses as typed: read in one way or refused."""

from __future__ import annotations

import pytest

from utils.outbound import Target, UrlRefused


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("http://example.org", "http://example.org/"),
        ("HTTPS://EXAMPLE.org:443/a?b=c#d", "https://example.org/a?b=c"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("http://example.org./", "http://example.org/"),
        ("http://my_host-1.example.org/", "http://my_host-1.example.org/"),
        ("http://bücher.example/ü?ü", "http://xn--bcher-kva.example/%C3%BC?%C3%BC"),
        ("http://example.org/a%20b%2fc", "http://example.org/a%20b%2fc"),
        ("http://[2606:4700:0::1]:80/", "http://[2606:4700::1]/"),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
        ("http://１２７.０.０.１/", "http://127.0.0.1/"),
        ("http://127。0。0。1/", "http://127.0.0.1/"),
        ("http://127.0.0.1./", "http://127.0.0.1/"),
        ("http://127.0.0.1#@example.org/", "http://127.0.0.1/"),
        ("http://127.0.0.1?@example.org/", "http://127.0.0.1/?@example.org/"),
        ("http://a\u200bb.org/", "http://ab.org/"),
        ("http://ⓔxample.org/", "http://example.org/"),
    ],
)
def test_read(url: str, read: str) -> None:
    target = Target.parse(url)
    assert target.url == read
    assert Target.parse(target.url) == target
    assert (target.address is None) == (target.host[-1].isalpha())


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.org", "//example.org/", "ftp://example.org/", "file:///etc/passwd"),
        *("gopher://example.org/", "javascript:alert(1)", "http:", "http://", "http:///x"),
        *("http://user@example.org/", "http://user:pass@example.org/", "http://@example.org/"),
        *("http://example.org\\@127.0.0.1/", "http://127.0.0.1\\.example.org/", "http:\\\\a.org"),
        *("http://example.org:0x50/", "http://a.org:99999/"),
        *("http://a.org:80:80/", "http://a..b/", "http://.a.org/", "http://a.org../"),
        *("http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/"),
        *("http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://017700000001/", "http://0/"),
        *("http://127.0.0.256/", "http://1.2.3.4.5/", "http://example.0x/", "http://a.1/"),
        *("http://127.0.0.01/", "http://1.2.3/", "http://4294967296/"),
        *("http://[::1/", "http://[::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[v1.a]/"),
        *("http://[127.0.0.1]/", "http://[::ffff:127.1]/", "http://exa mple.org/", "http://a%2eb/"),
        *(
            "http://example.org/\r\nHost: b",
            "http://exa\tmple.org/",
            "http://a.org/\x00",
            " http://a",
        ),
        *("http://\u00ad.org/", "http://-a.org/", "http://a-.org/"),
        "http://" + "a" * 64 + ".org/",
        "http://" + "a." * 130 + "org/",
        "http://a.org/" + "a" * 2048,
        "http://a.org/\ud800",
    ],
)
def test_refused(url: str) -> None:
    with pytest.raises(UrlRefused) as refused:
        Target.parse(url)
    assert not refused.value.transient
    assert refused.value.detail


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b", "http://example.org:81/b"),
        ("b?c", "http://example.org:81/a/b?c"),
        ("//other.org", "http://other.org/"),
        ("https://other.org/x", "https://other.org/x"),
    ],
)
def test_redirects_are_read_from_where_they_are(location: str, url: str) -> None:
    assert Target.parse("http://example.org:81/a/").redirected(location).url == url


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "http://u:p@a.org/", "http://[", "http://0x7f.1/", "\x00"]
)
def test_redirects_are_no_way_around(location: str) -> None:
    with pytest.raises(UrlRefused):
        Target.parse("http://example.org/").redirected(location)
