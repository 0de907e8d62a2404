"""The client and its command line at the running service."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from image_processing_client import (
    Client,
    Conflict,
    InvalidRequest,
    NotFound,
    NotSignedIn,
    TaskFailed,
    step,
)
from tests.builders import pictures
from tests.client.conftest import PASSWORD, Shell
from tests.stack.service import NOWHERE, Service

pytestmark = pytest.mark.stack


def test_a_picture_there_and_back(signed_in: Client, tmp_path: Path) -> None:
    client, data = signed_in, pictures.jpeg(640, 480, seed=31)
    image = client.images.upload(data, file_name='Möwe "1".jpg', description="A gull.")
    assert (image.file_name, image.description) == ('Möwe "1".jpg', "A gull.")
    assert image.metadata["width"] == 640
    assert client.images.download(image, tmp_path / "original.jpg").read_bytes() == data

    task = client.transform(image, [step("resize", width=80)], format="webp", quality=70)
    done = task.wait(timeout=60)
    assert (done.status, done.format, done.quality) == ("SUCCESS", "WEBP", 70)
    result = client.results.get(done)
    assert (result.source_image, result.transformation_task) == (image.id, task.id)
    path = client.results.download(done, tmp_path / "small.webp")
    assert pictures.opened(path.read_bytes()).size == (80, 60)

    assert [one.id for one in client.tasks.list(original_image=image.id)] == [task.id]
    assert [one.id for one in client.results.list()] == [result.id]
    assert client.images.update(image, tags=["gull"]).tags == ["gull"]
    client.images.delete(image)
    assert list(client.images.list()) == []
    with pytest.raises(NotFound):
        client.images.get(image)


def test_one_request_and_its_plan(signed_in: Client, tmp_path: Path) -> None:
    data = pictures.jpeg(640, 480, seed=36)
    steps = [step("resize", width=80)]
    task = signed_in.transform_file(
        data,
        steps,
        file_name="sea.jpg",
        description="A sea.",
        format="webp",
        quality=70,
        lossless=False,
        background="#fff",
        mode="sync",
    )
    done = task.wait(timeout=60)
    assert (done.status, done.format, done.quality) == ("SUCCESS", "WEBP", 70)
    image = signed_in.images.get(done.original_image)
    assert (image.file_name, image.description) == ("sea.jpg", "A sea.")
    path = signed_in.results.download(done, tmp_path / "small.webp")
    assert pictures.opened(path.read_bytes()).size == (80, 60)

    again = signed_in.transform(image, steps, format="webp", quality=70, background="#fff")
    assert again.is_finished
    plan = signed_in.plan(image, steps, format="webp", quality=70, background="#fff")
    assert (plan.width, plan.height, plan.already_made) == (80, 60, True)
    plan = signed_in.plan(image, [step("trim")], format="png")
    assert (plan.exact, plan.already_made, plan.format) == (False, False, "PNG")
    assert len(list(signed_in.tasks.list())) == 2
    with pytest.raises(InvalidRequest) as caught:
        signed_in.transform_file(data, [step("resize", width=0)])
    assert caught.value.errors[0].pointer == "/transformations/0/params/width"
    assert len(list(signed_in.images.list())) == 1


def test_a_synchronous_answer_is_the_end_of_the_task(signed_in: Client) -> None:
    image = signed_in.images.upload(pictures.jpeg(640, 480, seed=37))
    task = signed_in.transform(image, [step("flip")], mode="sync")
    if not task.is_finished:  # on a machine that takes longer than the service waits
        task = task.wait(timeout=60)
    assert task.status == "SUCCESS"


def test_refusals_are_told_apart(service: Service, signed_in: Client) -> None:
    with pytest.raises(InvalidRequest) as caught:
        signed_in.images.upload(b"This is no picture.", file_name="x.jpg")
    assert caught.value.status in (400, 415, 422)
    image = signed_in.images.upload(pictures.jpeg(seed=32))
    with pytest.raises(InvalidRequest) as caught:
        signed_in.transform(image, [step("resize", width=99_999)])
    [refusal] = caught.value.errors
    assert refusal.pointer == "/transformations/0/params/width"
    assert (refusal.limit, refusal.actual) == (16_384, 99_999)
    wrong = Client(service.url, email="nobody@example.com", password="wrong")
    with wrong, pytest.raises(NotSignedIn):
        wrong.whoami()


def test_a_cancelled_task_says_so(signed_in: Client) -> None:
    image = signed_in.images.upload(pictures.jpeg(3000, 2000, seed=33))
    task = signed_in.transform(image, [step("blur", radius=20)] * 12)
    signed_in.tasks.cancel(task)
    with pytest.raises(TaskFailed, match="CANCELLED"):
        task.wait(timeout=60)
    with pytest.raises(Conflict):
        signed_in.tasks.cancel(task)


def test_the_command_line(ips: Shell, service: Service, email: str, tmp_path: Path) -> None:
    for name, seed in (("one.jpg", 34), ("two.jpg", 35)):
        (tmp_path / name).write_bytes(pictures.jpeg(400, 300, seed=seed))
    (tmp_path / "broken.jpg").write_bytes(b"not a picture")

    wrong = ips.run("login", service.url, "--email", email, typed="wrong\n", code=3)
    assert "invalid_credentials" in wrong.stderr
    assert "Signed in" in ips.run("login", service.url, "--email", email, typed=PASSWORD).stdout
    assert stat.S_IMODE(ips.account_file.stat().st_mode) == 0o600
    assert PASSWORD not in ips.account_file.read_text()

    files = [tmp_path / name for name in ("one.jpg", "broken.jpg", "two.jpg")]
    uploaded = ips.run("upload", "--json", *files, code=1)
    one, two = (json.loads(line)["id"] for line in uploaded.stdout.splitlines())
    problem = json.loads(uploaded.stderr)
    assert problem["subject"].endswith("broken.jpg")
    assert (problem["status"], problem["error"]) == (400, "InvalidRequest")

    asked = ips.run(
        "transform", one, "--step", "resize", "width=100", "--step", "grayscale", "--json"
    )
    task = json.loads(asked.stdout)["id"]
    assert f"task {task}: SUCCESS, JPEG of image {one}" in ips.run("wait", task).stdout
    assert ips.run("download", task, "-o", tmp_path / "gray.jpg").stdout.endswith("gray.jpg\n")
    picture = pictures.opened((tmp_path / "gray.jpg").read_bytes())
    assert (picture.size, picture.mode) == ((100, 75), "L")

    assert ips.run("download", task, "-o", tmp_path).stdout.endswith("one-100x75.jpg\n")
    assert "exists already" in ips.run("download", task, "-o", tmp_path, code=2).stderr
    ips.run("download", two, "--original", "-o", tmp_path / "back.jpg", "-q")
    assert (tmp_path / "back.jpg").read_bytes() == (tmp_path / "two.jpg").read_bytes()

    at_once = ips.run("transform", tmp_path / "one.jpg", "--format", "png", "--step", "flip",
                      "-o", "flipped.png")  # fmt: skip
    assert pictures.opened((ips.home / "flipped.png").read_bytes()).format == "PNG"
    assert "SUCCESS" in at_once.stdout

    assert "width" in ips.run("operations", "resize").stdout
    assert "Do you mean resize?" in ips.run("operations", "resise", code=2).stderr
    assert ips.run("logout").stdout == "Signed out.\n"
    assert not ips.account_file.exists()
    assert "ips login" in ips.run("upload", files[0], "--url", service.url, code=3).stderr


def test_imports_and_direct_uploads(signed_in: Client) -> None:
    """Nobody listens at the address, which the service may reach."""
    image = signed_in.images.import_url(f"http://{NOWHERE}/sea.jpg", file_name="waves.jpg")
    assert (image.status, image.file_name) == ("importing", "waves.jpg")
    signed_in.images.delete(image)
    with pytest.raises(InvalidRequest) as caught:
        signed_in.images.import_url("http://127.0.0.1/")
    assert (caught.value.code, caught.value.errors[0].pointer) == ("address_forbidden", "/url")
    with pytest.raises(Conflict) as unavailable:
        signed_in.images.upload_direct(b"x", file_name="x.png")
    assert unavailable.value.code == "direct_upload_unavailable"
