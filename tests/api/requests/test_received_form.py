"""Forms that the web server received into a file, read like forms in memory."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.core.files.uploadedfile import UploadedFile
from django.test import RequestFactory
from rest_framework.exceptions import ParseError
from rest_framework.parsers import DataAndFiles

from api.requests.received_form import KEY, LARGE
from api.requests.upload_parser import UploadParser
from image_processor.engine.errors import FileTooLarge
from utils.file_part import FilePart

TYPE = "multipart/form-data; boundary=xyz"
FILE = b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="caf\xe9.jpg"\r\n'
TYPED = FILE + b"Content-Type: image/jpeg\r\n\r\n"
TEXT = b'--xyz\r\nContent-Disposition: form-data; name="description"\r\n\r\n\xc3\xa9\r\n'
END = b"\r\n--xyz--\r\n"
# With so many bytes more, a delimiter is just before the end of the first piece that is searched.
AT_END_OF_PIECE = 256 * 1024 - LARGE - len(TEXT + TYPED) - 30
BYTES = (b"\xff\xd8\r\n\r\n--xy\r--x\n" * LARGE)[: 5 * LARGE]


def body_of(content: bytes) -> bytes:
    return TEXT + TYPED + content + END


@pytest.fixture
def parse() -> Iterator[Callable[..., DataAndFiles[Any, Any]]]:
    """A function that parses a form, which was received into a file or not."""
    with TemporaryFile() as file, ExitStack() as opened:

        def parse(body: bytes, *, received: bool) -> DataAndFiles[Any, Any]:
            request = RequestFactory().post("/", body, content_type=TYPE)
            if received:
                file.seek(0)
                file.truncate()
                file.write(body)
                file.flush()
                request.META[KEY] = file.fileno()
            parsed: Any = UploadParser().parse(io.BytesIO(body), TYPE, {"request": request})
            for each in parsed.files.values():
                opened.callback(each.close)
            return parsed

        yield parse


def outcome(parse: Callable[..., DataAndFiles[Any, Any]], body: bytes, received: bool) -> list[Any]:
    """The fields and files, or the error."""
    try:
        parsed = parse(body, received=received)
    except ParseError as error:
        return [error.detail]
    files = [(name, each.name, each.size, each.read()) for name, each in parsed.files.items()]
    return [dict(parsed.data.lists()), files]


SAME = [
    body_of(BYTES),
    body_of(BYTES + b"\r"),
    body_of(BYTES + b"\n"),
    body_of(BYTES + b"\r\n"),
    body_of(BYTES + b"-" * 300_000),
    body_of(b"a" * LARGE),
    body_of(b"few"),
    body_of(b""),
    b"before" + TYPED + BYTES + b"\r\n" + TEXT + TYPED + BYTES[1:] + END + b"after",
    TYPED + BYTES,  # cut off
    TYPED + BYTES + b"\r\n--xy",
    TYPED + BYTES + b"\r\n--xyz\r\n\r\nno headers\r\n" + TEXT + TYPED + BYTES + END,
    b"--xyz\r\n\r\nno headers\r\n" + TEXT + TYPED + BYTES + END,
    TEXT + b"--xyz\r\n\r\nno headers\r\n" + TYPED + BYTES + END,
    FILE + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"YWJj" * LARGE + END,
    FILE + b"Content-Disposition: form-data; name=text\r\n\r\n" + BYTES + END,
    FILE + b"Content-Disposition\r\n\r\n" + BYTES + END,
    FILE.replace(b"caf\xe9.jpg", b"") + b"\r\n" + BYTES + END,
    FILE.replace(b"filename", b"filename*=utf-8'';x") + b"\r\n" + BYTES + END,
    FILE.replace(b"caf\xe9.jpg", b"..") + b"\r\n" + BYTES + END,
    FILE + b"X: " + b"a" * 2_000 + b"\r\n\r\n" + BYTES + END,
    *(FILE + b"X: " + b"a" * most + b"\r\n\r\n" + BYTES + END for most in (800, 880, 900, 950)),
    FILE + b"--xyz\r\n\r\n" + BYTES + END,
    b"--xyz\r\n\r\n" + BYTES + END,
    b"-" * 300_000,
    b"-",
]


@pytest.mark.parametrize("body", SAME)
def test_a_form_in_a_file_has_the_same_fields_and_files(
    parse: Callable[..., DataAndFiles[Any, Any]], body: bytes
) -> None:
    assert outcome(parse, body, True) == outcome(parse, body, False)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\r\n\r\n"])
@pytest.mark.parametrize("before", [0, AT_END_OF_PIECE])
def test_a_large_file_is_a_part_of_the_form(
    parse: Callable[..., DataAndFiles[Any, Any]], before: int, end: bytes
) -> None:
    """Also where a piece of the form ends within a delimiter."""
    for more in range(40):
        content = b"a" * (LARGE + before + more) + end
        file: Any = parse(body_of(content), received=True).files["file"]
        assert isinstance(file, UploadedFile)
        assert isinstance(file.file, FilePart)
        assert file.read() == content


def test_a_client_cannot_name_a_part(parse: Callable[..., DataAndFiles[Any, Any]]) -> None:
    second = TYPED.replace(b"image/jpeg", b"0/0") + b"mine" + END
    files = parse(TYPED + BYTES + b"\r\n" + second, received=True).files.getlist("file")
    assert [each.read() for each in files] == [BYTES, b"mine"]


def test_large_files_count_against_the_limit(
    parse: Callable[..., DataAndFiles[Any, Any]], settings: Any
) -> None:
    settings.IMAGE_MAX_FILE_SIZE_MB = 1
    most = 1024 * 1024
    assert parse(body_of(b"a" * most), received=True).files["file"].size == most
    with pytest.raises(FileTooLarge) as raised:
        parse(body_of(b"a" * (most + 1)), received=True)
    assert (raised.value.limit, raised.value.actual) == (most, most + 1)
    two = TYPED + b"a" * (most - 1) + b"\r\n" + TYPED + b"bb" + END
    with pytest.raises(FileTooLarge):
        parse(two, received=True)


@pytest.mark.parametrize("received", [True, False])
def test_the_limits_of_fields_hold(
    parse: Callable[..., DataAndFiles[Any, Any]], received: bool
) -> None:
    with pytest.raises(TooManyFieldsSent):
        parse(b"--xyz\r\n\r\n" * 2_000 + BYTES, received=received)
    long = TEXT.replace(b"\xc3\xa9", b"a" * 3_000_000) + END
    with pytest.raises(RequestDataTooBig):
        parse(long, received=received)


def test_a_form_of_delimiters_alone_is_refused_before_it_is_searched(
    monkeypatch: pytest.MonkeyPatch, parse: Callable[..., DataAndFiles[Any, Any]]
) -> None:
    """It would cost a second of processor time for each megabyte."""
    reads: list[int] = []
    pread = os.pread
    monkeypatch.setattr(os, "pread", lambda *args: reads.append(1) or pread(*args))
    with pytest.raises(TooManyFieldsSent):
        parse(b"--xyz" * 200_000, received=True)
    assert len(reads) < 5_000
