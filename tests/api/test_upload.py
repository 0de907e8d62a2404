"""Taking in pictures: the good ones, and that nothing stays of the others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageFile
from rest_framework.test import APIClient

from image_processor.library import objects
from image_processor.models import SourceImage, StoredObject, UnclaimedObject
from tests.api.problems import refused
from tests.builders import hostile, pictures

PATH = "/api/v1/images/upload/"


@pytest.fixture
def send(client: APIClient) -> Callable[..., Any]:
    """Upload bytes under a name, with more fields."""

    def post(data: bytes, name: str = "photo.jpg", **fields: Any) -> Any:
        form = {"file": SimpleUploadedFile(name, data), **fields}
        return client.post(PATH, form, format="multipart")

    return post


def cut(format_name: str, part: float = 0.6) -> bytes:
    data = pictures.encoded(pictures.noise(200, 150), format_name)
    return data[: int(len(data) * part)]


WIDE = pictures.encoded(Image.new("L", (10_001, 1)), "PNG")
REFUSED: dict[str, tuple[bytes, int, str]] = {
    "empty": (b"", 400, "invalid_image"),
    "one byte": (b"\xff", 400, "invalid_image"),
    "text named .jpg": (b"I am no picture, whatever my name says.", 400, "invalid_image"),
    "truncated JPEG": (cut("JPEG"), 400, "invalid_image"),
    "truncated PNG": (cut("PNG"), 400, "invalid_image"),
    "truncated WebP": (cut("WEBP"), 400, "invalid_image"),
    "truncated GIF": (cut("GIF"), 400, "invalid_image"),
    "JPEG without its last byte": (cut("JPEG", 1)[:-1], 400, "invalid_image"),
    "header of a JPEG": (cut("JPEG")[:20], 400, "invalid_image"),
    "70 megapixels": (hostile.png(8750, 8000), 422, "too_many_pixels"),
    "PNG of 65,535 x 65,535": (hostile.png_announcing(65_535, 65_535), 422, "too_many_pixels"),
    "JPEG of 65,535 x 65,535": (hostile.jpeg_announcing(65_535, 65_535), 422, "too_many_pixels"),
    "PNG of 2^31 a side": (hostile.png_announcing(2**31 - 1, 2**31 - 1), 422, "too_many_pixels"),
    "a side of 10,001": (WIDE, 422, "image_too_large"),
    "1 x 60,000": (hostile.png(1, 60_000), 422, "image_too_large"),
    **{
        f"{kind} named .jpg": (data, 415, "unsupported_format")
        for kind, data in hostile.FOREIGN.items()
    },
}


@pytest.mark.parametrize(("data", "status", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_leaves_nothing(
    send: Callable[..., Any], nothing_left: Any, data: bytes, status: int, code: str
) -> None:
    with nothing_left():
        body = refused(send(data), status, code)
    if status == 422:
        assert body["actual"] > body["limit"]
        assert str(body["limit"]) in body["detail"]
    if status == 415:
        assert "JPEG" in body["limit"]


@pytest.mark.parametrize("kind", ["image/png", "text/html", "application/x-php"])
def test_the_type_that_a_client_claims_does_not_count(
    client: APIClient, nothing_left: Any, kind: str
) -> None:
    file = SimpleUploadedFile("a.png", hostile.FOREIGN["html"], content_type=kind)
    with nothing_left():
        answer = client.post(PATH, {"file": file}, format="multipart")
        refused(answer, 415, "unsupported_format")
    good = SimpleUploadedFile("a.html", pictures.jpeg(), content_type=kind)
    image = client.post(PATH, {"file": good}, format="multipart").json()
    assert image["metadata"]["format"] == "JPEG"
    fetched = client.get(f"/api/v1/images/{image['id']}/original/")
    assert fetched["Content-Type"] == "image/jpeg"
    assert b"".join(fetched.streaming_content) == pictures.jpeg()


@pytest.mark.parametrize("extra", [1, 300_000, 4_000_000])
def test_a_file_over_the_limit(
    send: Callable[..., Any], nothing_left: Any, settings: Any, extra: int
) -> None:
    settings.IMAGE_MAX_FILE_SIZE_MB = 1
    with nothing_left():
        body = refused(send(pictures.jpeg() + bytes(2**20 + extra)), 413, "file_too_large")
    assert body["limit"] == 2**20
    assert body["actual"] > 2**20
    assert "1 MB" in body["detail"]


def test_a_file_just_under_the_limit(send: Callable[..., Any], settings: Any) -> None:
    settings.IMAGE_MAX_FILE_SIZE_MB = 1
    noise = Image.effect_noise((1000, 1000), 90)
    data = pictures.encoded(noise, "BMP")
    assert 2**19 < len(data) <= 2**20
    assert send(data).status_code == 201


def test_limits_of_sides_and_pixels_are_settings(
    send: Callable[..., Any], nothing_left: Any, settings: Any
) -> None:
    settings.IMAGE_MIN_PIXEL_SIZE, settings.IMAGE_MAX_PIXEL_SIZE = 100, 200
    settings.IMAGE_MAX_PIXELS = 30_000
    with nothing_left():
        body = refused(send(pictures.jpeg(99, 150)), 422, "image_too_small")
        assert (body["limit"], body["actual"]) == (100, 99)
        body = refused(send(pictures.jpeg(201, 100)), 422, "image_too_large")
        assert (body["limit"], body["actual"]) == (200, 201)
        body = refused(send(pictures.jpeg(200, 151)), 422, "too_many_pixels")
        assert (body["limit"], body["actual"]) == (30_000, 30_200)
    assert send(pictures.jpeg(200, 150)).status_code == 201


def test_all_frames_count(send: Callable[..., Any], nothing_left: Any, settings: Any) -> None:
    settings.IMAGE_MAX_PIXELS = 64 * 48 * 3 - 1
    frames = [pictures.noise(64, 48, seed=seed) for seed in range(3)]
    data = pictures.encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    with nothing_left():
        body = refused(send(data, "a.gif"), 422, "too_many_pixels")
    assert body["actual"] == 64 * 48 * 3


# --- The form


def test_no_file(client: APIClient, nothing_left: Any) -> None:
    with nothing_left():
        answer = client.post(PATH, {"description": "x"}, format="multipart")
        assert refused(answer, 400, "invalid_input", "/file")["file"]
        refused(client.post(PATH, {}, format="multipart"), 400, "invalid_input", "/file")


def test_two_files(client: APIClient, nothing_left: Any) -> None:
    files = [SimpleUploadedFile(f"{seed}.jpg", pictures.jpeg(seed=seed)) for seed in (1, 2)]
    with nothing_left():
        answer = client.post(PATH, {"file": files}, format="multipart")
        body = refused(answer, 400, "invalid_input", "/file")
        assert body["errors"][0]["code"] == "repeated"
        other = {"file": files[0], "picture": files[1]}
        refused(client.post(PATH, other, format="multipart"), 400, "invalid_input", "/picture")


def test_a_field_given_twice(send: Callable[..., Any], nothing_left: Any) -> None:
    with nothing_left():
        answer = send(pictures.jpeg(), description=["one", "two"])
        refused(answer, 400, "invalid_input", "/description")


def test_an_unknown_field(send: Callable[..., Any], nothing_left: Any) -> None:
    with nothing_left():
        body = refused(send(pictures.jpeg(), titel="x"), 400, "invalid_input", "/titel")
    assert "description" in body["detail"]


def test_a_file_as_text(client: APIClient, nothing_left: Any) -> None:
    with nothing_left():
        answer = client.post(PATH, {"file": "the words of a file"}, format="multipart")
        refused(answer, 400, "invalid_input", "/file")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps({"file": "x"}), "application/json"),
        ("file=x", "application/x-www-form-urlencoded"),
        (pictures.jpeg(), "image/jpeg"),
        (pictures.jpeg(), "application/octet-stream"),
    ],
)
def test_a_body_that_is_no_multipart(
    client: APIClient, nothing_left: Any, body: Any, kind: str
) -> None:
    with nothing_left():
        answer = client.generic("POST", PATH, body, content_type=kind)
        refused(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("description", "x" * 10_001, "invalid_input"),
        ("description", "a\0b", "invalid_input"),
        ("file_name", "   ", "invalid_file_name"),
        ("file_name", "x" * 256, "invalid_file_name"),
        ("file_name", "a/b.jpg", "invalid_file_name"),
        ("file_name", "..\\b.jpg", "invalid_file_name"),
        ("file_name", "a\r\nSet-Cookie: x=1.jpg", "invalid_file_name"),
        ("file_name", "photo\u202egpj.exe", "invalid_file_name"),
        ("file_name", "a\0.jpg", "invalid_input"),
    ],
)
def test_a_field_that_is_refused(
    send: Callable[..., Any], nothing_left: Any, field: str, value: str, code: str
) -> None:
    with nothing_left():
        refused(send(pictures.jpeg(), **{field: value}), 400, code, f"/{field}")


def test_a_word_in_the_address_that_is_refused(client: APIClient, nothing_left: Any) -> None:
    with nothing_left():
        form = {"file": SimpleUploadedFile("photo.jpg", pictures.jpeg())}
        answer = client.post(f"{PATH}?include=everything", form, format="multipart")
        refused(answer, 400, "invalid_input", "/include")


def test_an_empty_name_is_none(send: Callable[..., Any]) -> None:
    assert send(pictures.jpeg(), file_name="").json()["file_name"] == "photo.jpg"


def raw_form(name: bytes) -> bytes:
    """A form as only a hostile client writes it."""
    return (
        b'--x\r\nContent-Disposition: form-data; name="file"; '
        + name
        + b"\r\nContent-Type: image/jpeg\r\n\r\n"
        + pictures.jpeg()
        + b"\r\n--x--\r\n"
    )


NAMES = {
    "a path": (b'filename="../../etc/passwd.jpg"', "passwd.jpg"),
    "a Windows path": (rb'filename="C:\\Users\\me\\photo.jpg"', "photo.jpg"),
    "an escaped path": (b"filename*=UTF-8''..%2F..%2Fphoto.jpg", "photo.jpg"),
    "NUL": (b"filename*=UTF-8''pho%00to.jpg", "photo.jpg"),
    "CR LF": (b"filename*=UTF-8''photo.jpg%0D%0ASet-Cookie%3A%20x%3D1", None),
    "right-to-left override": ('filename="photo\u202egpj.exe"'.encode(), "photogpj.exe"),
    "700 characters": (b'filename="' + b"x" * 700 + b'.jpg"', "x" * 251 + ".jpg"),
    "markup": (b'filename="<img src=x onerror=alert(1)>.jpg"', None),
    "an emoji": ('filename="🌅 сад.jpg"'.encode(), "🌅 сад.jpg"),
}


@pytest.mark.parametrize(("header", "shown"), NAMES.values(), ids=NAMES.keys())
def test_a_hostile_name_becomes_a_harmless_one(
    client: APIClient, header: bytes, shown: str | None
) -> None:
    answer = client.generic(
        "POST", PATH, raw_form(header), content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 201, answer.content
    image = answer.json()
    name = image["file_name"]
    assert 1 <= len(name) <= 255
    assert not set(name) & set("/\\\0\r\n\u202e")
    if shown is not None:
        assert name == shown
    stored = StoredObject.objects.get()
    assert stored.key.startswith("sources/")
    assert "photo" not in stored.key
    download = client.get(f"/api/v1/images/{image['id']}/original/")
    assert "\n" not in download["Content-Disposition"]
    assert b"".join(download.streaming_content) == pictures.jpeg()


NO_NAMES = {
    "dots": b'filename=".."',
    "a folder": b'filename="../"',
    "empty": b'filename=""',
    "only hidden characters": 'filename="\u202e\u200b"'.encode(),
    "not UTF-8": b'filename="\xff\xfe.jpg"',
    "10 KB": b'filename="' + b"x" * 10_000 + b'.jpg"',
}


@pytest.mark.parametrize("header", NO_NAMES.values(), ids=NO_NAMES.keys())
def test_a_name_that_is_none_is_refused(
    client: APIClient, nothing_left: Any, header: bytes
) -> None:
    with nothing_left():
        answer = client.generic(
            "POST", PATH, raw_form(header), content_type="multipart/form-data; boundary=x"
        )
        assert answer.status_code == 400, answer.content
        refused(answer, 400, answer.json()["code"])


# --- Good ones


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF", "BMP"])
def test_every_format_is_taken(send: Callable[..., Any], format_name: str) -> None:
    data = pictures.encoded(pictures.noise(40, 30), format_name)
    answer = send(data, "picture.anything", description="A garden", file_name="my picture.jpg")
    assert answer.status_code == 201, answer.content
    image = answer.json()
    assert answer["Location"] == f"/api/v1/images/{image['id']}/"
    assert answer["ETag"]
    expected = {
        "status": "ready",
        "file_name": "my picture.jpg",
        "description": "A garden",
        "tags": [],
        "focal_point": None,
        "analysis_status": "none",
        "duplicate_of": None,
    }
    assert {name: image[name] for name in expected} == expected
    facts = image["metadata"]
    assert (facts["format"], facts["width"], facts["height"]) == (format_name, 40, 30)
    assert facts["size_bytes"] == len(data)
    assert facts["dominant_colors"] is None
    assert facts["thumbhash"] is None
    fetched = APIClient().get(image["file"])
    assert b"".join(fetched.streaming_content) == data


def test_a_photograph_of_two_pictures_is_taken(send: Callable[..., Any]) -> None:
    second = pictures.noise(40, 30, seed=2)
    data = pictures.encoded(pictures.noise(40, 30), "MPO", save_all=True, append_images=[second])
    assert send(data).json()["metadata"]["format"] == "MPO"


def test_one_pixel_is_a_picture(send: Callable[..., Any]) -> None:
    data = pictures.encoded(Image.new("L", (1, 1)), "PNG")
    assert send(data).json()["metadata"]["width"] == 1


def test_the_same_bytes_twice_are_stored_once(send: Callable[..., Any]) -> None:
    first, second, third = (send(pictures.jpeg(), name).json() for name in ("a", "b", "c"))
    assert first["duplicate_of"] is None
    assert second["duplicate_of"] == third["duplicate_of"] == first["id"]
    assert len({first["id"], second["id"], third["id"]}) == 3
    assert StoredObject.objects.count() == 1
    assert not UnclaimedObject.objects.exists()


def test_the_same_bytes_of_two_people_are_two_objects(
    send: Callable[..., Any], client_of: Any, make_user: Any, upload: Callable[..., dict[str, Any]]
) -> None:
    first = send(pictures.jpeg()).json()
    second = upload(client_of(make_user()), pictures.jpeg())
    assert second["duplicate_of"] is None
    assert second["owner"] != first["owner"]
    keys = StoredObject.objects.values_list("key", flat=True)
    assert len(set(keys)) == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_bytes_at_once_are_stored_once(
    user: Any, client_of: Any, at_once: Callable[..., list[Any]]
) -> None:
    def post(number: int) -> int:
        form = {"file": SimpleUploadedFile("a.jpg", pictures.jpeg())}
        return client_of(user).post(PATH, form, format="multipart").status_code

    assert at_once(6, post) == [201] * 6
    assert StoredObject.objects.count() == 1
    assert SourceImage.objects.count() == 6


def with_position() -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "Camera"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (48.0, 51.0, 29.0)
    place[3], place[4] = "E", (2.0, 17.0, 40.0)
    return pictures.jpeg(exif=exif)


def test_where_it_was_taken_is_shown_on_request_only(
    client: APIClient, send: Callable[..., Any]
) -> None:
    uploaded = send(with_position())
    path = f"/api/v1/images/{uploaded.json()['id']}/"
    for answer in (uploaded, client.get(path), client.get("/api/v1/images/")):
        assert "gps" not in answer.content.decode().lower()
        assert "Camera" in answer.content.decode()
    shown = client.get(f"{path}?include=gps").json()["metadata"]["gps"]
    assert shown["latitude"] == pytest.approx(48.858, abs=0.001)
    assert shown["longitude"] == pytest.approx(2.294, abs=0.001)
    listed = client.get("/api/v1/images/?include=gps").json()["results"][0]
    assert listed["metadata"]["gps"] == shown
    refused(client.get(f"{path}?include=everything"), 400, "invalid_input", "/include")


@pytest.mark.parametrize(
    "format_name",
    [
        "JPEG",
        "PNG",
        "WEBP",
        "GIF",
        "TIFF",
        "AVIF",
        "BMP",
    ],
)
def test_an_upload_decodes_no_pixels(
    send: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, format_name: str
) -> None:
    decoded: list[str] = []
    load = ImageFile.ImageFile.load

    def counting(image: Any) -> Any:
        decoded.append(image.format)
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", counting)
    pictures.opened(pictures.jpeg())
    assert decoded == ["JPEG"]  # the count counts
    del decoded[:]
    assert send(pictures.encoded(pictures.noise(40, 30), format_name)).status_code == 201
    assert decoded == []


def test_an_upload_asks_the_database_little(
    member: Callable[..., APIClient],
    upload: Callable[..., dict[str, Any]],
) -> None:
    """Besides the beginnings and ends of transactions, whatever the picture."""
    client = member()
    for size in (40, 2000):
        with CaptureQueriesContext(connection) as asked:
            upload(client, pictures.jpeg(size, size))
        statements = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
        assert len(statements) <= 11, statements  # two of them for the quota


def test_a_storage_that_is_away_is_503(
    send: Callable[..., Any], settings: Any, tmp_path: Path
) -> None:
    real = settings.STORAGES
    blocked = tmp_path / "a-file-where-the-folder-should-be"
    blocked.touch()
    settings.STORAGES = {
        **real,
        "default": {**real["default"], "OPTIONS": {"location": str(blocked)}},
    }
    answer = send(pictures.jpeg())
    refused(answer, 503, "storage_unavailable")
    assert answer["Retry-After"]
    assert str(blocked) not in answer.content.decode()
    settings.STORAGES = real
    assert not SourceImage.objects.exists()
    assert not StoredObject.objects.exists()
    UnclaimedObject.objects.update(remove_after=Now())
    assert objects.sweep() == 1  # the key that might have been written
    assert not UnclaimedObject.objects.exists()
    assert send(pictures.jpeg()).status_code == 201


def test_an_upload_that_finds_no_room_on_its_way_in_is_said_plainly(
    send: Callable[..., Any], settings: Any, tmp_path: Path
) -> None:
    """Larger than what is kept in memory, so it goes through a temporary folder that is gone."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "gone")
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    refused(send(pictures.jpeg(400, 300)), 503, "storage_unavailable")
    assert not SourceImage.objects.exists()
