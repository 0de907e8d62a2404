"""Headers of parts in another encoding, and contents that look like headers."""

from __future__ import annotations

import io

import pytest

from api.requests.upload_parser import RecodedHeaders

CONTENT = b"\xff\xd8\r\n\r\n\xe9--x\r\n\r--xy\xe9\r\n\r\n"
FORM = (
    b"--xyz\r\nContent-Disposition: form-data; name=a; filename=\xe9\r\nX: \xc3\xa9\r\n\r\n"
    + CONTENT
    + b"\r\n--xyz\r\n\r\n\xe9\r\n--xyz--\r\n\xe9"
)


def read(data: bytes, size: int) -> bytes:
    stream = RecodedHeaders(io.BytesIO(data), b"xyz")
    return b"".join(iter(lambda: stream.read(size), b""))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 10_000])
def test_only_headers_change(size: int) -> None:
    assert read(FORM, size) == FORM.replace(b"filename=\xe9", b"filename=\xc3\xa9", 1)


@pytest.mark.parametrize("size", [1, 100, 10_000])
@pytest.mark.parametrize("data", [b"", b"-", b"--xyz", b"--xyz\r\n" + b"a" * 5_000, b"\xe9" * 99])
def test_what_is_no_form_does_not_change(data: bytes, size: int) -> None:
    assert read(data, size) == data
