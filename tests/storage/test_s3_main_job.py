"""The main job with its objects in an S3-compatible store."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from image_processor import tasks
from image_processor.library import removal
from image_processor.models import StoredObject, UnclaimedObject
from tests.builders import pictures
from tests.servers.fetch import fetch
from tests.servers.raw_http import Server, ok
from tests.servers.stores import Store

Upload = Callable[..., dict[str, Any]]
Step = Callable[..., dict[str, Any]]


def test_upload_transform_and_fetch_by_link(
    store: Store, client: APIClient, upload: Upload, submit: Step, run: Step
) -> None:
    data = pictures.jpeg()
    image = upload(client, data)
    source = fetch(image["file"])
    assert (source.status, source.body) == (200, data)

    done = run(submit(client, image["id"]))

    assert done["status"] == "SUCCESS", done
    result = fetch(done["result_url"])
    assert result.status == 200
    assert result.headers["Content-Type"] == "image/png"
    assert result.headers["Content-Disposition"] == 'inline; filename="photo-40x30.png"'
    picture = pictures.opened(result.body)
    assert (picture.format, picture.size) == ("PNG", (40, 30))
    assert store.listed() == set(StoredObject.objects.values_list("key", flat=True))


def test_a_large_upload_that_was_spooled_to_disk_is_complete(
    store: Store, client: APIClient, upload: Upload, settings: Any
) -> None:
    picture = pictures.jpeg()
    comment = b"\xff\xfe\xff\xff" + bytes(65_533)
    large = picture[:2] + 50 * comment + picture[2:]
    assert len(large) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    assert fetch(upload(client, large)["file"]).body == large


def test_links_give_the_real_type_and_a_safe_name(store: Store, client: APIClient) -> None:
    file = SimpleUploadedFile(
        'Été "1" 写真.html', pictures.encoded(pictures.noise(8, 8), "PNG"), content_type="text/html"
    )
    answer = client.post("/api/v1/images/upload/", {"file": file}, format="multipart")
    assert answer.status_code == 201, answer.content
    fetched = fetch(answer.json()["file"])
    assert fetched.headers["Content-Type"] == "image/png"
    assert fetched.headers["Content-Disposition"] == (
        "inline; filename*=utf-8''%C3%89t%C3%A9%20%221%22%20%E5%86%99%E7%9C%9F.html.png"
    )


def test_links_are_equal_within_a_window(
    store: Store, client: APIClient, upload: Upload, clock: Any
) -> None:
    image = upload(client)
    path = f"/api/v1/images/{image['id']}/"
    assert client.get(path).json()["file"] == image["file"]
    clock.now += 150
    assert client.get(path).json()["file"] != image["file"]


def test_original_and_download_lead_to_a_signed_link(
    store: Store, client: APIClient, upload: Upload, submit: Step, run: Step
) -> None:
    data = pictures.jpeg()
    image = upload(client, data)
    done = run(submit(client, image["id"]))

    original = client.get(f"/api/v1/images/{image['id']}/original/")
    assert original.status_code == 302
    assert fetch(original["Location"]).body == data

    download = client.get(f"/api/v1/images/transformed/{done['result_image']}/download/")
    assert download.status_code == 302
    fetched = fetch(download["Location"])
    assert fetched.headers["Content-Disposition"] == 'attachment; filename="photo-40x30.png"'
    assert pictures.opened(fetched.body).size == (40, 30)


def test_links_without_a_signature_are_refused(
    store: Store, client: APIClient, upload: Upload, submit: Step, run: Step
) -> None:
    image = upload(client)
    done = run(submit(client, image["id"]))
    for link in (image["file"], done["result_url"]):
        bare = urlsplit(link)._replace(query="").geturl()
        assert fetch(link).status == 200
        assert fetch(bare).status == 403
    assert store.listed()
    for key in store.listed():
        assert fetch(store.address(key)).status == 403


@pytest.mark.parametrize("server", ["moto_store", "s3rver"])
def test_every_byte_of_an_upload_and_of_an_import_arrives(
    client: APIClient, upload: Upload, serve_from: Any, settings: Any, server: str, request: Any
) -> None:
    store: Store = request.getfixturevalue(server)
    data = pictures.jpeg(300, 200)
    source = Server(lambda connection: connection.sendall(ok(data)))
    settings.OUTBOUND_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.1")]
    settings.OUTBOUND_ALLOWED_PORTS = [source.port]
    try:
        with serve_from(store):
            uploaded = upload(client, pictures.jpeg())
            assert fetch(uploaded["file"]).body == pictures.jpeg()
            image = client.post("/api/v1/images/import/", {"url": source.url()}).json()
            tasks.work("import")
            imported = client.get(f"/api/v1/images/{image['id']}/").json()
            assert imported["status"] == "ready"
            assert fetch(imported["file"]).body == data
            for row in (uploaded, imported):
                client.delete(f"/api/v1/images/{row['id']}/")
            removal.sweep()
    finally:
        source.close()


def test_deleting_removes_the_objects_from_the_bucket(
    store: Store, client: APIClient, upload: Upload, submit: Step, run: Step
) -> None:
    image = upload(client)
    done = run(submit(client, image["id"]))
    assert len(store.listed()) == 2

    assert client.delete(f"/api/v1/images/transformed/{done['result_image']}/").status_code == 204
    assert removal.sweep() == 1
    assert len(store.listed()) == 1

    assert client.delete(f"/api/v1/images/{image['id']}/").status_code == 204
    assert removal.sweep() == 1
    assert store.listed() == set()
    assert not UnclaimedObject.objects.exists()
    assert fetch(image["file"]).status in (403, 404)
