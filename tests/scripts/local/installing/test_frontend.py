"""Building the web page: when, with what, and what is said when it fails."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.local.installing.frontend import Frontend
from scripts.local.processes.interrupt import Interrupt, StopRequested
from scripts.local.terminal import StartError

# Counts the builds, as nothing else would show that one did not happen.
BUILD = """
import fs from "node:fs";
const count = Number(fs.existsSync("count.tsbuildinfo") && fs.readFileSync("count.tsbuildinfo"));
fs.writeFileSync("count.tsbuildinfo", String(count + 1));
if (fs.readFileSync("src/page.txt", "utf8").includes("wrong")) {
    console.error("page.txt:1: this is wrong");
    process.exit(3);
}
fs.rmSync("out", { recursive: true, force: true });
fs.mkdirSync("out");
fs.writeFileSync("out/index.html", "<p>built</p>".repeat(100));
fs.writeFileSync("out/facts.json", JSON.stringify({
    node: process.version, telemetry: process.env.NEXT_TELEMETRY_DISABLED,
}));
"""
PACKAGE = {
    "name": "page", "version": "1.0.0", "type": "module", "scripts": {"build": "node build.mjs"},
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A page that needs no packages."""
    folder = tmp_path / "frontend"
    (folder / "src").mkdir(parents=True)
    (folder / "src/page.txt").write_text("right")
    (folder / "build.mjs").write_text(BUILD)
    (folder / "package.json").write_text(json.dumps(PACKAGE))
    own = {name: PACKAGE[name] for name in ("name", "version")}
    lock = {**own, "lockfileVersion": 3, "requires": True, "packages": {"": own}}
    (folder / "package-lock.json").write_text(json.dumps(lock))
    return folder


@pytest.fixture
def interrupt() -> Interrupt:
    return Interrupt()


@pytest.fixture
def frontend(folder: Path, interrupt: Interrupt) -> Frontend:
    return Frontend(os.environ, interrupt, folder.parent / "page.log", folder)


def builds(folder: Path) -> int:
    return int((folder / "count.tsbuildinfo").read_text())


def test_it_is_built_by_the_pinned_node(frontend: Frontend, folder: Path) -> None:
    assert frontend.exists
    assert not frontend.is_built
    frontend.build()
    assert frontend.is_built
    facts = json.loads((folder / "out/facts.json").read_text())
    assert facts["node"].startswith("v24.")
    assert facts["telemetry"] == "1"
    assert (folder / "out/index.html.gz").is_file()


def test_it_is_built_once(frontend: Frontend, folder: Path) -> None:
    frontend.build()
    for made in (".next", "node_modules", "coverage"):
        (folder / made).mkdir(exist_ok=True)
        (folder / made / "file").write_text("made, not written")
    (folder / "next-env.d.ts").write_text("made, not written")
    frontend.build()
    assert builds(folder) == 1


def test_it_is_built_again_when_something_changed(frontend: Frontend, folder: Path) -> None:
    other, lock, out = folder / "src/other.txt", folder / "package-lock.json", folder / "out"
    other.write_text("other")
    frontend.build()

    def replace_export() -> None:
        shutil.rmtree(out)
        out.mkdir()
        (out / "index.html").write_text("from who knows what")

    changes: dict[str, Callable[[], object]] = {
        "edit": lambda: other.write_text("another"),
        "add": lambda: (folder / "src/new.txt").write_text(""),
        "rename": lambda: other.rename(folder / "src/moved.txt"),
        "remove": lambda: (folder / "src/new.txt").unlink(),
        "lock": lambda: lock.write_text(lock.read_text() + "\n"),
        "export by hand": replace_export,
    }
    for count, (name, change) in enumerate(changes.items(), start=1):
        change()
        frontend.build()
        assert builds(folder) == 1 + count, name


def test_packages_are_installed_again_only_when_the_lock_changed(
    frontend: Frontend, folder: Path
) -> None:
    frontend.build()
    kept = folder / "node_modules/kept"
    kept.write_text("")
    (folder / "src/page.txt").write_text("right again")
    frontend.build()
    assert kept.exists()
    (folder / "package-lock.json").write_text((folder / "package-lock.json").read_text() + "\n")
    frontend.build()
    assert not kept.exists()


def test_a_failed_build_says_what_npm_said(frontend: Frontend, folder: Path) -> None:
    (folder / "src/page.txt").write_text("wrong")
    with pytest.raises(StartError, match=r"npm run build ended with 3 (.|\n)*this is wrong"):
        frontend.build()
    assert not frontend.is_built


def test_packages_that_cannot_be_installed_are_named(frontend: Frontend, folder: Path) -> None:
    (folder / "package-lock.json").unlink()
    with pytest.raises(StartError, match=r"npm ci ended with 1 (.|\n)*package-lock"):
        frontend.build()


def test_a_start_goes_on_without_a_page(
    frontend: Frontend, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "src/page.txt").write_text("wrong")
    frontend.build_if_possible()
    said = capsys.readouterr().err
    assert "page.txt:1: this is wrong" in said
    assert "The API runs without it." in said
    assert "page.log" in said

    (folder / "src/page.txt").write_text("right")
    frontend.build_if_possible()
    (folder / "src/page.txt").write_text("wrong")
    capsys.readouterr()
    frontend.build_if_possible()
    assert "An older build of it is served." in capsys.readouterr().err
    assert frontend.is_built


def test_a_checkout_without_a_page_builds_none(folder: Path, frontend: Frontend) -> None:
    (folder / "package.json").unlink()
    frontend.build_if_possible()
    assert not (folder.parent / "page.log").exists()


def test_who_wants_to_stop_need_not_wait_for_it(
    frontend: Frontend, folder: Path, interrupt: Interrupt
) -> None:
    (folder / "build.mjs").write_text("setInterval(() => {}, 1000)")
    interrupt.signal = signal.SIGTERM
    with pytest.raises(StopRequested):
        frontend.build()
    assert not frontend.is_built
