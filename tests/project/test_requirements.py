"""The requirement files: every wish has a floor and a pin, and no pin names a place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(ROOT.glob("requirements*.txt"))
WISHES = sorted(ROOT.glob("requirements*.in"))


def requirements(path: Path) -> list[Requirement]:
    """The requirements in a file, one at least, without comments and constraint lines."""
    lines = (line.split(" #")[0].strip() for line in path.read_text().splitlines())
    found = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    assert found, f"{path.name} is empty"
    return found


def test_every_wish_has_its_lock() -> None:
    assert [path.stem for path in WISHES] == [path.stem for path in LOCKS]
    assert "requirements" in [path.stem for path in LOCKS]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_file_names_no_place(path: Path) -> None:
    text = path.read_text()
    for word in ("http:", "https:", "file:", "://", "--index", "--extra", "--find", "--hash", "@"):
        assert word not in text


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_file_pins_exactly(path: Path) -> None:
    for requirement in requirements(path):
        assert [part.operator for part in requirement.specifier] == ["=="], str(requirement)


@pytest.mark.parametrize("path", WISHES, ids=lambda path: path.name)
def test_every_wish_has_a_floor(path: Path) -> None:
    # Without one a resolver falls back to years-old releases, silently.
    for requirement in requirements(path):
        assert ">=" in [part.operator for part in requirement.specifier], str(requirement)


@pytest.mark.parametrize("path", WISHES, ids=lambda path: path.name)
def test_every_wish_is_pinned_to_what_it_allows(path: Path) -> None:
    pins: dict[str, list[str]] = {}
    for pin in requirements(path.with_suffix(".txt")):
        version = next(iter(pin.specifier)).version
        pins.setdefault(canonicalize_name(pin.name), []).append(version)
    for wish in requirements(path):
        versions = pins.get(canonicalize_name(wish.name), [])
        assert versions, f"{wish.name} is not pinned in {path.stem}.txt"
        for version in versions:
            assert version in wish.specifier, f"{wish.name} {version} does not satisfy {wish}"


def test_the_locks_agree() -> None:
    seen: dict[tuple[str, str], str] = {}
    for path in LOCKS:
        for pin in requirements(path):
            key = (canonicalize_name(pin.name), str(pin.marker or ""))
            assert seen.setdefault(key, str(pin.specifier)) == str(pin.specifier), pin.name


NPM_LOCKS = [
    path for place in ("*", "tests/**") for path in ROOT.glob(f"{place}/package-lock.json")
]


@pytest.mark.parametrize("path", NPM_LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_lock_file_of_npm_names_no_place(path: Path) -> None:
    packages = json.loads(path.read_text())["packages"]
    assert len(packages) > 1
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert "link" not in package, name
        # What arrives is compared with this, wherever it comes from.
        assert not name or package.get("inBundle") or package["integrity"], name
    # What a package says of itself, such as whom to fund, is no place to download from.
    places = {
        key
        for package in packages.values()
        for key, value in package.items()
        if "://" in json.dumps(value)
    }
    assert places <= {"funding", "deprecated"}


@pytest.mark.parametrize("path", NPM_LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_npm_keeps_it_so(path: Path) -> None:
    options = (path.parent / ".npmrc").read_text().split()
    assert "omit-lockfile-registry-resolved=true" in options
    assert not any("registry=" in option for option in options)
