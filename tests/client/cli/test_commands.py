"""Commands against a faulty network: exit codes, messages, and who gets which credentials."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from image_processing_client.cli import main
from image_processing_client.cli.account import Account
from image_processing_client.sign_in import Tokens
from tests.builders import pictures
from tests.client import answers
from tests.client.conftest import Shell
from tests.client.faulty import Answer, Faulty, Handler, ok, refused, reset, silence
from tests.scripts.processes import DEADLINE, until

STEP = ("--step", "sepia")


@pytest.fixture(autouse=True)
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Not that of whoever runs the tests."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("IPS_URL", "IPS_KEY"):
        monkeypatch.delenv(name, raising=False)
    return Account()


@pytest.fixture
def key(network: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPS_URL", network.url)
    monkeypatch.setenv("IPS_KEY", "k-1")


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (ok(answers.task()), 0),
        (refused(404, "not_found"), 1),
        (ok(answers.task(status="FAILED", error_code="x")), 1),
        (refused(401, "token_invalid"), 3),
        (reset, 4),
        (refused(503, "database_unavailable"), 4),
        (ok(answers.task(status="PENDING")), 5),
    ],
    ids=["done", "refused", "failed", "not-signed-in", "reset", "503", "time-over"],
)
def test_exit_codes(network: Faulty, answer: Answer, code: int) -> None:
    network.answers(answer)
    assert main(["wait", "9", "--timeout", "0.1", "--retries", "0"]) == code


@pytest.mark.usefixtures("key")
def test_one_refusal_does_not_stop_the_others(
    network: Faulty, capsys: pytest.CaptureFixture[str]
) -> None:
    network.answers(refused(404, "not_found"), ok(answers.task(10)))
    assert main(["wait", "9", "10", "--json"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["id"] == 10
    assert json.loads(printed.err)["code"] == "not_found"


def test_without_a_service_or_an_account(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["wait", "9"]) == 3
    assert "You are not signed in. Run `ips login URL`" in capsys.readouterr().err
    assert main(["operations"]) == 2
    assert "No service is known. Run `ips login URL`" in capsys.readouterr().err
    assert main(["wait", "9", "--url", "nowhere"]) == 2
    assert "http://" in capsys.readouterr().err
    assert main(["wait", "9", "--url", "http://x", "--retries", "-1"]) == 2
    assert "is -1; it must be 0 or more" in capsys.readouterr().err


def test_a_stored_key_goes_to_its_own_service_only(
    network: Faulty, account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    account.write(url="https://images.example.com", key="secret")
    assert main(["wait", "9", "--url", network.url]) == 3
    assert "You are not signed in at" in capsys.readouterr().err
    assert network.seen == []
    account.write(url=network.url, key="secret")
    network.answers(ok(answers.task()))
    assert main(["wait", "9", "--url", f"{network.url}/api/v1/"]) == 0
    assert network.seen[0].headers["Authorization"] == "Api-Key secret"


@pytest.mark.parametrize(
    ("answer", "code", "stored"),
    [
        (ok({"email": "me@example.com"}), 0, True),
        (refused(403, "api_key_not_allowed"), 0, True),
        (refused(401, "api_key_invalid"), 3, False),
    ],
)
def test_a_key_is_checked_before_it_is_stored(
    network: Faulty, account: Account, answer: Answer, code: int, stored: bool
) -> None:
    network.answers(answer)
    assert main(["login", network.url, "--key", "secret"]) == code
    assert network.seen[0].headers["Authorization"] == "Api-Key secret"
    assert account.read() == ({"url": network.url, "key": "secret"} if stored else {})


def test_after_signing_out_every_command_says_so(
    network: Faulty, account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    account.write(url=network.url, key="secret")
    assert main(["logout"]) == 0
    for words in (["wait", "9"], ["upload", "x"], ["plan", "7", *STEP], ["import", "http://x"]):
        assert main(words) == 3, words
        assert "not signed in" in capsys.readouterr().err
    assert network.seen == []


@pytest.mark.usefixtures("key")
def test_a_plan(network: Faulty, capsys: pytest.CaptureFixture[str]) -> None:
    warning = {"code": "enlarged", "detail": "The picture is enlarged."}
    network.answers(ok(answers.plan()), ok(answers.plan(exact=False, already_made=True,
                       estimated_seconds=None, frames=3, warnings=[warning])))  # fmt: skip
    assert main(["plan", "7", "--step", "resize", "width=640", "--format", "webp"]) == 0
    assert capsys.readouterr().out == (
        "image 7: 640x427 WEBP, quality 80, about 0.25 s (light queue)\n  resize to 640x427\n"
    )
    assert network.seen[0].path == "/api/v1/images/7/transform/plan/"
    assert json.loads(network.seen[0].body)["format"] == "webp"
    assert main(["plan", "7", *STEP]) == 0
    out = capsys.readouterr().out
    assert "at most 640x427 WEBP, quality 80, 3 frames, already made" in out
    assert "warning: The picture is enlarged." in out
    assert main(["plan", "7", *STEP, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["steps"] == ["resize to 640x427"]


@pytest.mark.usefixtures("key")
def test_an_import(network: Faulty, capsys: pytest.CaptureFixture[str]) -> None:
    importing = answers.image(status="importing", metadata={}, file_name="a.jpg")
    network.answers(ok(importing, 202), refused(400, "address_forbidden"), ok(importing, 202))
    assert main(["import", "http://a/a.jpg", "http://10.0.0.1/", "http://b/a.jpg"]) == 1
    printed = capsys.readouterr()
    assert printed.out == "image 7: a.jpg, importing\n" * 2
    assert "http://10.0.0.1/: This is address_forbidden." in printed.err


@pytest.mark.usefixtures("key")
def test_an_import_that_is_waited_for(network: Faulty, capsys: pytest.CaptureFixture[str]) -> None:
    importing = answers.image(status="importing", metadata={})
    failed = {"status": "failed", "error_code": "not_found", "error_message": "404"}
    ready = answers.image(file_name="a.jpg")
    network.answers(*(ok(body) for body in (importing, ready, importing, answers.image(**failed))))
    words = ["import", "http://a/a.jpg", "--wait"]
    assert main([*words, "--file-name", "a.jpg", "--description", "A sea"]) == 0
    assert capsys.readouterr().out == "image 7: a.jpg, JPEG 64x48, 1.2 kB\n"
    assert json.loads(network.seen[0].body) == {
        "url": "http://a/a.jpg",
        "file_name": "a.jpg",
        "description": "A sea",
    }
    assert main(words) == 1
    assert "404 (not_found)" in capsys.readouterr().err


def test_the_account_file_is_for_its_owner(account: Account) -> None:
    account.write(url="http://x", key="secret")
    assert stat.S_IMODE(account.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(account.path.parent.stat().st_mode) == 0o700
    account.path.write_text("{")
    assert main(["wait", "9"]) == 2


def test_an_exchanged_token_is_stored_and_another_process_finds_it(
    network: Faulty, account: Account
) -> None:
    account.write(url=network.url, access="old", refresh="r-1")

    def service(handler: Handler) -> None:
        if handler.path.endswith("/token/refresh/"):
            # Meanwhile nobody else may exchange it, and there is nothing half written.
            assert Account().load() == Tokens("old", "r-1")
            ok({"access": "new", "refresh": "r-2"})(handler)
        elif handler.headers["Authorization"] == "Bearer new":
            ok(answers.task())(handler)
        else:
            refused(401, "token_expired")(handler)

    network.answers(service)
    assert main(["wait", "9"]) == 0
    assert account.load() == Tokens("new", "r-2")
    assert main(["wait", "9"]) == 0
    assert [seen.path for seen in network.seen].count("/api/v1/token/refresh/") == 1


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize(("answer", "code"), [(reset, 4), (refused(401, "token_invalid"), 3)])
def test_a_batch_stops_when_no_file_can_succeed(
    network: Faulty, tmp_path: Path, answer: Answer, code: int
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(30):
        (folder / f"{n}.jpg").write_bytes(pictures.jpeg(8, 8))
    network.answers(answer)
    words = ["--concurrency", "1", "--retries", "0", *STEP]
    assert main(["batch", str(folder), str(tmp_path / "out"), *words]) == code
    assert len(network.seen) < 20


@pytest.mark.parametrize("words", [["wait", "9"], ["batch", "in", "out", *STEP]])
def test_ctrl_c_ends_it_at_once(network: Faulty, ips: Shell, words: list[str]) -> None:
    (ips.home / "in").mkdir()
    (ips.home / "in" / "x.jpg").write_bytes(pictures.jpeg(8, 8))
    network.answers(silence)
    running = subprocess.Popen(
        ips.command(*words),
        cwd=ips.home,
        env=ips.environment | {"IPS_URL": network.url, "IPS_KEY": "k-1"},
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: network.seen, "the request")
    running.send_signal(signal.SIGINT)
    assert running.communicate(timeout=DEADLINE)[1] == "ips: interrupted\n"
    assert running.returncode == 130


@pytest.mark.usefixtures("key")
def test_folders_a_batch_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for words, reason in (
        ((folder, tmp_path / "out"), "There are no pictures"),
        ((tmp_path / "none", tmp_path / "out"), "is not a folder"),
        ((folder, folder), "could replace"),
        ((folder, tmp_path), "could replace"),
        ((folder, tmp_path / "out", "--concurrency", "0"), "is 0; it must be at least 1"),
    ):
        assert main(["batch", *map(str, words), *STEP]) == 2
        assert reason in capsys.readouterr().err
