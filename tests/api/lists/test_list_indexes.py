"""That the lists' indexes are taken: with them a page costs the same of any number of rows.

The times themselves: `python -m benchmarks.lists`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from api.lists import listing
from image_processor.engine.writing.options import Output
from image_processor.models import SourceImage
from tests.builders import many
from tests.builders.shared import shared_rows
from webhooks.models import Webhook

IMAGES, RESULTS, TASKS = "images/", "images/transformed/", "tasks/"
TABLES = ", ".join(
    f"image_processor_{name}" for name in ("sourceimage", "transformedimage", "transformationtask")
)
ROWS = 2_000
OWNERS = 4
_FACTS = """jsonb_build_object(
    'format', (ARRAY['JPEG', 'PNG'])[1 + n / 4 %% 2],
    'width', 1000 + n %% 50, 'height', 700 + n %% 50
)"""
_FILL = f"""
WITH image AS (
    INSERT INTO image_processor_sourceimage (owner_id, stored_object_id, status, file_name,
        description, tags, metadata, analysis_status, created_at)
    SELECT (%(owners)s)[1 + n %% 4], %(stored)s, 'ready', 'img ' || n, 'seen', '["t"]', {_FACTS},
        'none', now() - n * interval '1 minute'
    FROM generate_series(1, {ROWS}) AS n RETURNING id, owner_id, stored_object_id
), task AS (
    INSERT INTO image_processor_transformationtask (owner_id, original_image_id, status, queue,
        position, cost, engine_release, available_at, attempts, excused, progress, error_code,
        error_message, transformations, pipeline, format, fingerprint, warnings, created_at)
    SELECT owner_id, id, (ARRAY['SUCCESS', 'CANCELLED'])[1 + id / 4 %% 2], 'light',
        0, 1, 1, NULL, 1, 0, 1, '',
        '', '[]', %(pipeline)s, 'PNG', '', '[]', now() - (id %% 10000) * interval '1 minute'
    FROM image RETURNING id, owner_id, original_image_id
)
INSERT INTO image_processor_transformedimage (owner_id, stored_object_id, source_image_id,
    transformation_task_id, file_name, description, metadata)
SELECT owner_id, %(stored)s, original_image_id, id, 'img ' || n, 'seen', {_FACTS}
FROM (SELECT *, row_number() OVER () AS n FROM task) AS numbered
"""  # noqa: S608 - contains no user input


# A plan that reads or sorts all rows is good for some thousand rows and bad for a million. These
# settings forbid such plans, and let random pages cost no more than sequential ones.
LARGE = (
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL random_page_cost = 0"
)


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[SourceImage]:
    """Fill the tables with similar rows; return the oldest image, which differs from all others."""
    with shared_rows(django_db_blocker):
        names = [f"owner{number}" for number in range(OWNERS)]
        users = get_user_model().objects
        owner, *others = (users.create(username=name, email=f"{name}@x.example") for name in names)
        image = many.image(owner, "unicorn", format="TIFF", width=9999, tags=["rare"])
        many.result(image, "unicorn", format="TIFF", width=9999)
        many.task(image, "FAILED")
        pipeline = {"steps": [], "output": Output().model_dump(mode="json")}
        values = {
            "owners": [owner.pk, *(user.pk for user in others)],
            "stored": image.stored_object_id,
            "pipeline": json.dumps(pipeline),
        }
        with connection.cursor() as cursor:
            cursor.execute(_FILL, values)
            cursor.execute(f"ANALYZE {TABLES}")
        yield image


@pytest.fixture
def full(db: None, rows: SourceImage, monkeypatch: Any) -> SourceImage:
    monkeypatch.setattr(listing, "LOOKED_THROUGH", 100)
    return rows


@pytest.fixture
def client(db: None, rows: SourceImage, client_of: Any) -> APIClient:
    return client_of(rows.owner)


def plans(client: APIClient, path: str, settings: str = LARGE) -> list[str]:
    """The plan of each query of a request, as PostgreSQL would make it for large tables.

    Parts that were not needed are marked as "never executed".
    """
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/api/v1/{path}").status_code == 200
    found = []
    with connection.cursor() as cursor:
        cursor.execute(settings)
        for query in asked:
            cursor.execute("EXPLAIN (ANALYZE, TIMING OFF) " + query["sql"])
            found.append("\n".join(line for (line,) in cursor.fetchall()))
    return found


IN_ORDER = {
    IMAGES: "sourceimage_created",
    f"{IMAGES}?format=jpeg": "sourceimage_format",
    f"{IMAGES}?format=tiff": "sourceimage_format",
    f"{IMAGES}?ordering=name": "sourceimage_name",
    f"{IMAGES}?ordering=-name": "sourceimage_name",
    f"{IMAGES}?ordering=created": "sourceimage_created",
    f"{IMAGES}?created_before=2100-01-01T00:00:00Z": "sourceimage_created",
    f"{RESULTS}?format=jpeg": "transformedimage_format",
    f"{RESULTS}?ordering=name": "transformedimage_name",
    f"{TASKS}?status=FAILED": "task_status",
    f"{TASKS}?status=SUCCESS": "task_status",
    f"{TASKS}?created_after=2020-01-01T00:00:00Z": "transformationtask_created",
    f"{TASKS}?created_after=2020-01-01T00:00:00Z&status=FAILED": "task_status",
    TASKS: "transformationtask_created",
    RESULTS: "transformedimage_created",
}


@pytest.mark.parametrize("path", IN_ORDER)
def test_an_index_gives_the_rows_in_order(client: APIClient, full: Any, path: str) -> None:
    [plan] = plans(client, path)
    assert IN_ORDER[path] in plan
    assert "Sort" not in plan


def test_the_rows_of_one_image_come_from_an_index(client: APIClient, full: Any) -> None:
    [plan] = plans(client, f"{RESULTS}?source_image={full.pk}")
    assert "result_source" in plan
    [plan] = plans(client, f"{TASKS}?original_image={full.pk}")
    assert "Seq Scan on image_processor_transformationtask" not in plan


COMMON = ["search=seen", "search=img", "min_width=1001", "max_height=740", "search=seen&tag=t"]


@pytest.mark.parametrize("query", COMMON)
def test_rows_that_match_a_common_filter_are_found_in_a_scan(
    client: APIClient, full: Any, query: str
) -> None:
    """The end of the scan is found in the index, after 100 rows. Matches are not looked up."""
    scan, lookup = parts(plans(client, f"{IMAGES}?{query}")[-1])
    assert "Index Only Scan Backward using sourceimage_created" in scan
    assert re.search(r"Limit .*actual rows=100\b", scan)
    assert "sourceimage_search" not in scan
    assert re.search(r"Limit .*never executed", lookup)


def parts(plan: str) -> tuple[str, str]:
    """The part of a plan that scans rows, and the part that looks up matches."""
    scan, condition, lookup = plan.partition("One-Time Filter: (NOT ")
    assert condition
    return scan, lookup


RARE = {
    "search=unicorn": "search",
    "search=unicorn seen": "search",
    "search=uni": "search",
    "search=icor": "search",
    "search=o icorn": "search",
    "search=nothing": "search",
    "tag=rare": "search",
    "tag=none": "search",
    "min_width=9000": "width",
    "format=tiff&ordering=name": "format",
}


@pytest.mark.parametrize(
    ("path", "query"),
    [
        *((IMAGES, query) for query in RARE),
        *((RESULTS, query) for query in RARE if "tag=" not in query),
    ],
)
def test_rows_that_match_a_rare_filter_are_found_in_the_filters_index(
    client: APIClient, full: Any, path: str, query: str
) -> None:
    plan = plans(client, f"{path}?{query}")[-1]
    index = "sourceimage" if path == IMAGES else "transformedimage"
    [used] = re.findall(rf"(?:on|using) {index}_{RARE[query]}.*", plan)
    assert "never executed" not in used


@pytest.mark.parametrize(
    ("text", "looked_up"),
    [("unicorn seen", ["unicorn"]), ("s ni img", ["ni"]), ("seen img", ["seen", "img"])],
)
def test_of_several_words_those_are_looked_up_that_few_new_images_have(
    client: APIClient, full: Any, text: str, looked_up: list[str]
) -> None:
    """All of them if none is rare. One more query finds out which words are rare."""
    _, page = plans(client, f"{IMAGES}?search={text}")
    _, lookup = parts(page)
    [words] = set(re.findall(r"search @@ ('.*?')::tsquery", lookup))
    assert re.findall(r"/(\w+)'", words) == looked_up


# With these costs PostgreSQL prefers any index that has the order of a query, such as the primary
# key, to an index that leads to the owner's rows only.
DEAR_PAGES = LARGE.replace("random_page_cost = 0", "random_page_cost = 1000")
LISTS = [
    *(f"{path}{query}" for path in (IMAGES, RESULTS) for query in ("", "?format=jpeg")),
    *(f"{path}?ordering={order}" for path in (IMAGES, RESULTS) for order in ("created", "-name")),
    *(f"{IMAGES}?{query}" for query in COMMON),
    f"{RESULTS}?source_image={{image}}",
    TASKS,
    f"{TASKS}?status=FAILED",
    f"{TASKS}?original_image={{image}}",
    "images/{image}/tasks/",
    "batches/",
    "presets/",
    "webhooks/",
    "webhooks/{webhook}/deliveries/",
    "auth/api-keys/",
    "stats/",
]


@pytest.mark.parametrize("path", LISTS)
def test_no_list_reads_rows_of_other_owners(
    client: APIClient, full: SourceImage, path: str
) -> None:
    """The owner filters no rows that were read, except those found by their id or by a word.

    Words belong to one owner.
    """
    webhook = Webhook.objects.create(owner=full.owner, url="https://example.com/", events=[])
    many.result(full)
    for plan in plans(client, path.format(image=full.pk, webhook=webhook.pk), DEAR_PAGES):
        others = re.sub(
            r"(Index Cond: \(id = \d+\)|Recheck Cond: \(search @@ .*\))\n"
            r"( +Rows Removed.*\n| +Heap Blocks.*\n)* +Filter:.*",
            "",
            plan,
        )
        assert not re.search(r"Filter: .*(owner|user)_id = ", others), plan


def test_the_dashboard_reads_counts_instead_of_tasks(client: APIClient, full: Any) -> None:
    """Only the newest tasks are read, in the order of an index; nothing is counted."""
    counts, *_, newest = plans(client, "stats/")
    assert "image_processor_taskcount" in counts
    assert "image_processor_transformationtask" not in counts
    assert "transformationtask_created" in newest
    assert "Limit" in newest
