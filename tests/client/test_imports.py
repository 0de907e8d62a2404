"""Pictures that come from an address, or go to the storage past the service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from image_processing_client import Client, Conflict, ImportFailed, WaitTimedOut
from image_processing_client import images as images_module
from tests.client import answers
from tests.client.faulty import Faulty, faulty, ok, refused, reset

URL = "https://example.org/sea.jpg"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images_module, "PAUSES", (0.0,))


def importing(**members: Any) -> dict[str, Any]:
    return answers.image(status="importing", metadata={}, **members)


def test_an_import_is_asked_for_once(network: Faulty, client: Client) -> None:
    network.answers(reset, ok(importing(), 202))
    image = client.images.import_url(URL, description="waves")
    assert (image.status, image.error_code) == ("importing", None)
    first, again = network.seen
    assert first.path == "/api/v1/images/import/"
    assert json.loads(first.body) == {"url": URL, "description": "waves"}
    assert first.body == again.body
    assert first.headers["Idempotency-Key"] == again.headers["Idempotency-Key"]


def test_waiting_for_an_import(network: Faulty, client: Client) -> None:
    network.answers(ok(importing()), reset, ok(importing()), ok(answers.image()))
    assert client.images.wait(7).status == "ready"
    assert {seen.path for seen in network.seen} == {"/api/v1/images/7/"}


def test_an_import_that_fails(network: Faulty, client: Client) -> None:
    reason = {"error_code": "remote_refused", "error_message": "example.org answered 404."}
    network.answers(ok(importing()), ok(importing() | {"status": "failed"} | reason))
    with pytest.raises(ImportFailed, match=r"Image 7: example.org answered 404. \(remote_ref") as e:
        client.images.wait(7)
    assert e.value.image.error_code == "remote_refused"


def test_the_time_given_is_kept_to(network: Faulty, client: Client) -> None:
    network.answers(ok(importing()))
    with pytest.raises(WaitTimedOut, match="Image 7 is still importing after 0 s"):
        client.images.wait(7, timeout=0)


def announced(url: str, image: int | None = None) -> dict[str, Any]:
    form = None if image else {"url": url, "fields": {"key": "incoming/x", "policy": "p"}}
    return {"id": 3, "upload": form, "image": image}


def test_a_file_goes_to_the_storage(network: Faulty, client: Client, tmp_path: Path) -> None:
    path = tmp_path / "sea.webp"
    path.write_bytes(b"the bytes")
    told: list[tuple[int, int]] = []
    with faulty() as store:
        store.answers(reset, ok({}, 201))
        network.answers(ok(announced(f"{store.url}/bucket"), 201), ok(answers.image(), 201))
        image = client.images.upload_direct(path, progress=lambda *now: told.append(now))
        [_, sent] = store.seen
    assert image.id == 7
    begun, completed = network.seen
    assert json.loads(begun.body) == {
        "file_name": "sea.webp",
        "size_bytes": 9,
        "content_type": "image/webp",
    }
    assert (completed.method, completed.path) == (
        "POST",
        "/api/v1/images/direct-uploads/3/complete/",
    )
    assert sent.path == "/bucket"
    # The storage learns nothing of who asks, and the file is the last part.
    assert "Authorization" not in sent.headers
    assert sent.body.index(b'name="policy"') < sent.body.index(b'name="file"')
    assert b"the bytes" in sent.body
    assert told[-1] == (9, 9)


def test_a_repeated_upload_that_was_completed(network: Faulty, client: Client) -> None:
    network.answers(ok(announced("", image=7), 201), ok(answers.image()))
    image = client.images.upload_direct(b"x", file_name="x.png", idempotency_key="one")
    assert image.id == 7
    assert [seen.method for seen in network.seen] == ["POST", "GET"]


def test_a_service_without_such_a_storage(network: Faulty, client: Client) -> None:
    network.answers(refused(409, "direct_upload_unavailable"))
    with pytest.raises(Conflict) as caught:
        client.images.upload_direct(b"x", file_name="x.JPG")
    assert caught.value.code == "direct_upload_unavailable"


def test_a_name_that_says_nothing(network: Faulty, client: Client) -> None:
    with pytest.raises(ValueError, match="content_type="):
        client.images.upload_direct(b"x", file_name="x.dat")
    network.answers(refused(409, "direct_upload_unavailable"))
    with pytest.raises(Conflict):
        client.images.upload_direct(b"x", file_name="x.dat", content_type="image/png")
