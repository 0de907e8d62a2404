"""The path of a request, whatever its client writes as its target."""

from __future__ import annotations

from typing import Any

import pytest

from image_processing_service.web.environ import BadTarget, build_environ, check_target


def scope(target: bytes, method: str = "GET") -> dict[str, Any]:
    return {
        "method": method,
        "raw_path": target,
        "query_string": b"",
        "http_version": "1.1",
        "scheme": "http",
        "client": ("192.0.2.7", 50123),
        "server": ("127.0.0.1", 8000),
        "headers": [],
    }


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"/a%20b", "/a b"),
        (b"//a/b", "//a/b"),
        (b"/http://a/b", "/http://a/b"),
        (b"http://a/b", "/b"),
        (b"HTTP://a:80//b", "//b"),
        (b"http://a", "/"),
        (b"http://[/b", "/b"),  # no valid address, which is not for this server to judge
        (b"*", "*"),
    ],
)
def test_the_path_of_a_target(target: bytes, path: str) -> None:
    check_target(scope(target))
    assert build_environ(scope(target))["PATH_INFO"] == path


@pytest.mark.parametrize(
    ("target", "host"), [(b"/http://a/b", "header"), (b"http://a:80/b", "a:80"), (b"x:///b", "")]
)
def test_a_whole_address_names_the_host(target: bytes, host: str) -> None:
    sent = {**scope(target), "headers": [(b"host", b"header")]}
    assert build_environ(sent)["HTTP_HOST"] == host


@pytest.mark.parametrize("target", [b"a:80", b"admin/", b"*a", b"http:/a", b""])
def test_a_target_without_a_path_is_refused(target: bytes) -> None:
    build_environ(scope(target, "CONNECT"))
    with pytest.raises(BadTarget, match="must begin with /"):
        check_target(scope(target, "CONNECT"))
