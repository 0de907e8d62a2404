"""Links in the documents work, and their statements agree with the code."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from accounts import retention
from accounts.access import api_keys
from api.views.pipelines.tasks import MAX_WAIT_SECONDS
from image_processor.engine import PREVIEW_SIDE
from image_processor.engine.derived import THUMBNAIL_SIDE
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.parameters import MAX_SIDE
from image_processor.engine.optional_formats import EXTRAS
from image_processor.engine.planning.parsing import MAX_STEPS, MIN_STEPS
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS
from image_processor.ingest import direct_uploads, imports
from image_processor.ingest.import_job import PAUSES, ImportJobType
from image_processor.jobs.queues import DERIVE, HEAVY, INTERACTIVE, LIGHT
from image_processor.transform import batches, presets
from outbox import events
from tests.project.documents import ROOT, anchors, section, without_code
from webhooks import endpoints as webhooks
from webhooks.delivery import deliveries

DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "compose/**/*.md", "scripts/*/*.md", "*/README.md")
    for path in ROOT.glob(pattern)
)
LINKS = [
    (document.relative_to(ROOT), target)
    for document in DOCUMENTS
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(document.read_text()))
    if not re.match(r"https?://", target)
]
README = (ROOT / "README.md").read_text()
PAGES = sorted((ROOT / "docs").glob("*.md"))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
CODE = (
    "accounts",
    "api",
    "benchmarks",
    "client",
    "compose",
    "image_processing_service",
    "image_processor",
    "outbox",
    "pages",
    "scripts",
    "tests",
    "utils",
    "webhooks",
)


@pytest.mark.parametrize(("document", "target"), LINKS, ids=str)
def test_links_lead_somewhere(document: Path, target: str) -> None:
    name, _, anchor = target.partition("#")
    path = (ROOT / document).parent / name if name else ROOT / document
    assert path.exists(), f"{target} does not exist"
    if anchor:
        assert anchor in anchors(path.read_text()), f"{target} is no heading there"


def test_links_are_found_in_every_folder_of_documents() -> None:
    folders = {str(document.parent) for document, _ in LINKS}
    assert {".", "docs", "docs/decisions", "scripts/testing"} <= folders


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_named_in_a_document_exist(document: Path) -> None:
    text = document.read_text()
    named = set(re.findall(rf"`((?:{'|'.join(CODE)})/[\w/.-]+\.\w+)`", text))
    missing = [name for name in sorted(named) if not (ROOT / name).exists()]
    assert not missing


def test_the_index_names_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    assert [page.name for page in PAGES if f"({page.name})" not in index] == ["README.md"]


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 150


def test_both_commands_are_on_the_first_screen() -> None:
    screen = "\n".join(README.splitlines()[:20])
    assert "./scripts/up" in screen
    assert "./scripts/test" in screen
    for name in ("up", "test", "services"):
        assert (ROOT / "scripts" / name).stat().st_mode & 0o100


def test_the_readme_names_every_operation() -> None:
    paragraph = next(line for line in README.splitlines() if line.startswith("- **Operations.**"))
    named = re.findall(r"`([a-z_]+)`", paragraph)
    assert set(named) == {operation.name for operation in OPERATIONS}


def test_the_readme_names_every_format() -> None:
    found = re.search(r"; to ((?:[\w, ]+) and \w+)\.", README)
    assert found
    named = re.split(r", | and ", found[1])
    assert {name.upper() for name in named} == set(OUTPUT_FORMATS) - set(EXTRAS)


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ("size of an upload", f"{settings.IMAGE_MAX_FILE_SIZE_MB} MB"),
        (
            "width and height of an upload",
            f"{settings.IMAGE_MIN_PIXEL_SIZE} to {settings.IMAGE_MAX_PIXEL_SIZE:,} px",
        ),
        ("pixels of an upload, all frames together", f"{settings.IMAGE_MAX_PIXELS:,}"),
        ("frames of an animation", f"{settings.IMAGE_MAX_FRAMES:,}"),
        (
            "time in which another server must deliver an imported image",
            f"{settings.IMPORT_TIMEOUT} s for each of {len(PAUSES) + 1} attempts",
        ),
        ("unfinished imports of one user", f"{imports.MAX_UNFINISHED:,}"),
        (
            "validity of a form of `images/direct-uploads/`",
            f"{direct_uploads.LIFETIME // timedelta(hours=1)} hour",
        ),
        ("lifetime of a link to a file", f"{settings.LINK_LIFETIME_SECONDS} s"),
        (
            "lifetime of a link to a thumbnail",
            f"{settings.THUMBNAIL_LINK_LIFETIME_SECONDS // 3600} hours",
        ),
        ("steps in a pipeline", f"{MIN_STEPS} to {MAX_STEPS}"),
        ("width and height that a `resize` may ask for", f"1 to {MAX_SIDE:,} px"),
        (
            "cost of one task, in units of scaling down a 12-megapixel photograph",
            f"{settings.TASK_MAX_COST:,}",
        ),
        ("longest side of a thumbnail", f"{THUMBNAIL_SIDE} px"),
        ("longest side of a preview", f"{PREVIEW_SIDE:,} px"),
        ("images of a batch, files of a ZIP archive", f"{batches.MAX_IMAGES:,}"),
        ("stored bytes of one user", f"{settings.QUOTA_STORAGE_MB // 1024} GB"),
        ("tasks of one user in a calendar month", f"{settings.QUOTA_TASKS_PER_MONTH:,}"),
        ("unfinished tasks of one user", f"{settings.QUOTA_CONCURRENT_TASKS:,}"),
        ("API keys of one user", str(api_keys.MAX_PER_USER)),
        ("presets of one user", str(presets.MAX_PER_USER)),
        ("webhooks of one user", str(webhooks.MAX_PER_USER)),
    ],
)
def test_a_limit_in_the_documents_is_the_limit_of_the_code(limit: str, value: str) -> None:
    assert f"| {limit} | {value} |" in (ROOT / "docs" / "limits.md").read_text()


def test_every_variable_of_the_limits_exists() -> None:
    named = set(re.findall(r"`([A-Z_]{6,})`", (ROOT / "docs" / "limits.md").read_text()))
    assert named
    assert {name for name in named if not hasattr(settings, name)} == set()


def test_the_time_limits_of_the_queues_are_those_of_the_code() -> None:
    rows = section((ROOT / "docs" / "deployment.md").read_text(), "Several machines")
    for queue in (LIGHT, HEAVY, INTERACTIVE, DERIVE):
        assert re.search(rf"\| `{queue.name}` \|.*\| {queue.soft_limit} s \|", rows)


@pytest.mark.parametrize(
    ("record", "time", "kept"),
    [
        ("events", "after {} days", events.RETENTION),
        ("origin of an imported image", "{} days after the import ended", ImportJobType.kept),
        ("webhook deliveries", "after {} days", deliveries.KEPT),
        ("changes made in the admin", "after {} days", retention.ADMIN_LOG_RETENTION),
    ],
)
def test_the_retention_times_are_those_of_the_code(record: str, time: str, kept: timedelta) -> None:
    rows = (ROOT / "docs" / "deployment.md").read_text()
    assert f"| {record} | {time.format(kept.days)} |" in rows


def test_the_longest_wait_is_that_of_the_code() -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    assert f"`GET tasks/<id>/?wait=20` (up to {MAX_WAIT_SECONDS} seconds)" in page


@pytest.mark.parametrize(
    "name",
    [
        "IMAGE_MAX_PIXEL_SIZE",
        "IMAGE_MIN_PIXEL_SIZE",
        "IMAGE_MAX_FILE_SIZE_MB",
        "REFRESH_TOKEN_LIFETIME",
    ],
)
def test_a_limit_that_was_changed_has_its_decision(name: str) -> None:
    ways = [section(path.read_text(), "How to change it") for path in DECISIONS]
    assert any(re.search(rf"`{name}=\d+`", way) for way in ways)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_says_what_why_and_what_shows_it(path: Path) -> None:
    text = path.read_text()
    assert text.startswith(f"# {path.name[:4]}: ")
    for heading in ("Decision", "Why", "Evidence", "How to change it"):
        assert section(text, heading).strip(), f"{path.name} has no section {heading}"


@cache
def words_of_the_code() -> set[str]:
    """Every identifier in the Python files and in .env.example."""
    paths = [
        ROOT / ".env.example",
        *(path for folder in CODE for path in (ROOT / folder).rglob("*.py")),
    ]
    return {word for path in paths for word in re.findall(r"\w+", path.read_text())}


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_names_in_the_way_to_change_a_decision_exist(path: Path) -> None:
    way = section(path.read_text(), "How to change it")
    named = set(re.findall(r"`([A-Za-z_]\w*)(?:=[^`]*)?`", way))
    assert named <= words_of_the_code(), named - words_of_the_code()


def test_the_index_of_decisions_has_every_number_once_with_its_title() -> None:
    rows = (ROOT / "docs" / "decisions" / "README.md").read_text().splitlines()
    listed = [row for row in rows if row.startswith("| [")]
    titles = [path.read_text().partition("\n")[0].partition(": ")[2] for path in DECISIONS]
    assert listed == [
        f"| [{path.name[:4]}]({path.name}) | {title} |"
        for path, title in zip(DECISIONS, titles, strict=True)
    ]
    assert len({path.name[:4] for path in DECISIONS}) == len(DECISIONS) >= 7
