"""Bodies in chunks, as gunicorn reads them; tests/hostile/test_bodies.py has a real service."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import UnreadablePostError
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser

from image_processing_service.chunked_body import Request


def received(chunks: bytes, *, head: bytes = b"Transfer-Encoding: chunked") -> Request:
    """The request that Django gets of this body, which arrives in pieces of five bytes."""
    sent = b"POST / HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n" + chunks
    pieces = iter([sent[at : at + 5] for at in range(0, len(sent), 5)])
    message = next(RequestParser(Config(), pieces, ("127.0.0.1", 1)))
    environ: dict[str, Any] = {
        **{f"HTTP_{name.replace('-', '_')}": value for name, value in message.headers},
        "REQUEST_METHOD": "POST",
        "wsgi.input": message.body,
        "wsgi.input_terminated": True,
    }
    if b"Length" in head:
        environ["CONTENT_LENGTH"] = environ.pop("HTTP_CONTENT_LENGTH")
    return Request(environ)


CHUNKS = b"3\r\n\nab\r\n4\r\nc\nde\r\n0\r\n\r\n"
WHOLE = b"\nabc\nde"


@pytest.mark.parametrize("size", [1, 2, 3, 100, -1])
def test_the_chunks_are_put_together(size: int) -> None:
    request = received(CHUNKS)
    found = []
    while piece := request.read(size):
        found.append(piece)
    assert b"".join(found) == WHOLE
    assert size < 0 or {len(piece) for piece in found[:-1]} <= {size}


def test_it_can_be_read_whole_and_by_line() -> None:
    assert received(CHUNKS).body == WHOLE
    assert list(received(CHUNKS)) == [b"\n", b"abc\n", b"de"]


def test_an_empty_body_is_none() -> None:
    assert received(b"0\r\n\r\n").META["CONTENT_LENGTH"] == "0"


def test_a_body_with_a_length_ends_there() -> None:
    assert received(WHOLE + b"GET", head=b"Content-Length: 7").read() == WHOLE


@pytest.mark.parametrize("chunks", [b"zz\r\nabc\r\n0\r\n\r\n", b"9\r\n{}\r\n", b"1\r\nab\r\n", b""])
def test_broken_chunks_are_not_taken_for_the_end(chunks: bytes) -> None:
    request = received(chunks)
    assert int(request.META["CONTENT_LENGTH"]) > 0
    with pytest.raises(UnreadablePostError):
        list(iter(lambda: request.read(1), b""))
