"""Fill a database whose owners' rows lie between each other, as those of a real service do.

The largest of a thousand owners has two in five rows; the others have ever fewer. Everything is
ordered by its time: an image, then the tasks that it got, and their results. The smallest owner
has a page full of images (100), with as many tasks for each image, over the same time.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import connection, transaction

from benchmarks.lists.full_tables import without_indexes

OWNERS = 1_000
PAGE = 100

# Every third image has been seen on a holiday. Of the largest owner, one image in 300 has "upon" in
# its description, one in 6,000 is a unicorn (in TIFF, and very wide, and its task failed), and
# "ago" is in the oldest tenth only. The smallest owner has enough images of each kind for a page.
_IMAGES = """
CREATE TEMPORARY TABLE image AS
WITH drawn AS (
    SELECT n, CASE WHEN n %% %(apart)s = 0 THEN %(owners)s - 1
        ELSE floor(
            greatest(0, hashint8(n)::float8 / 4294967296 + 0.1) ^ 3 / 0.216 * (%(owners)s - 2)
        )
    END::bigint AS number
    FROM generate_series(1, %(images)s) AS n
), numbered AS (
    SELECT *, number = %(owners)s - 1 AS small,
        row_number() OVER (PARTITION BY number ORDER BY n DESC) AS nth
    FROM drawn
), kinds AS (
    SELECT *, nth %% CASE WHEN small THEN 3 ELSE 300 END = 1 AS upon,
        nth %% CASE WHEN small THEN 3 ELSE 6000 END = 2 AS rare,
        n < %(images)s / 10 OR (small AND nth > 70) AS old
    FROM numbered
)
SELECT n, %(first)s + n AS id, owners.id AS owner_id, number, nth, small, rare,
    %(now)s - interval '29 days' * ((%(images)s - n)::float8 / %(images)s) AS created_at,
    concat_ws(' ',
        CASE WHEN n %% 3 = 0 THEN 'Seen on a holiday' ELSE 'At home' END,
        CASE WHEN upon THEN 'once upon' END,
        CASE WHEN rare THEN 'a unicorn 東京旅行写真' END,
        CASE WHEN old THEN 'long ago' END
    ) AS description,
    CASE WHEN small THEN nth %% 3 ELSE nth %% 5 END AS tag,
    CASE WHEN rare THEN 'TIFF' WHEN n %% 3 = 1 THEN 'PNG' ELSE 'JPEG' END AS format,
    CASE WHEN rare THEN 9999 ELSE 1000 + n %% 4000 END AS width
FROM kinds
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS number FROM accounts_user) AS owners
    USING (number)
ORDER BY n
"""
# The pieces of the words of a description are computed once for each owner, those of a name here.
_WORDS = """
CREATE TEMPORARY TABLE words AS
SELECT owner_id, description, tag,
    image_processor_search(owner_id, 'img jpg', description, jsonb_build_array('t' || tag))
        AS search
FROM (SELECT DISTINCT owner_id, description, tag FROM image) AS texts
"""
_SEARCH = """
words.search || array_to_tsvector(ARRAY(
    SELECT image.owner_id || '/' || substr(lpad(n::text, 7, '0'), place)
    FROM generate_series(1, 7) AS place
))
"""
_STATEMENTS = (
    "CREATE INDEX ON image (n)",
    "ANALYZE image",
    _WORDS,
    "ANALYZE words",
    """
    INSERT INTO image_processor_storedobject (id, owner_id, fingerprint, key, size_bytes,
        content_type, metadata, warnings, derived, to_derive)
    SELECT id * 2 + kind, owner_id, md5((id * 2 + kind)::text), 'k/' || id * 2 + kind, 100000,
        'image/jpeg', '{}', '[]', false, false
    FROM image, generate_series(0, 1) AS kind ORDER BY n, kind
    """,
    f"""
    INSERT INTO image_processor_sourceimage (id, owner_id, stored_object_id, status, file_name,
        description, tags, metadata, analysis_status, search, created_at, updated_at)
    SELECT id, owner_id, id * 2, 'ready', 'IMG_' || lpad(n::text, 7, '0') || '.jpg', description,
        jsonb_build_array('t' || tag), jsonb_build_object('format', format, 'width', width,
            'height', width * 2 / 3, 'frames', 1), 'none', {_SEARCH}, created_at, created_at
    FROM image JOIN words USING (owner_id, description, tag) ORDER BY n
    """,  # noqa: S608 - contains no user input
    """
    INSERT INTO image_processor_batch (id, owner_id, transformations, options, runs, finished_at,
        created_at, updated_at)
    SELECT id, owner_id, '[]', '{}', 1, created_at, created_at, created_at FROM image
    WHERE nth % 50 = 0 OR small ORDER BY n
    """,
    """
    INSERT INTO image_processor_transformationtask (id, owner_id, original_image_id, status, queue,
        position, cost, engine_release, available_at, attempts, excused, progress, error_code,
        error_message, transformations, pipeline, format, fingerprint, warnings, batch_id,
        queued_at, started_at, finished_at, created_at, updated_at)
    SELECT %(first)s + t, owner_id, id,
        CASE WHEN rare THEN 'FAILED' WHEN made THEN 'SUCCESS'
            WHEN t %% 20 = 0 THEN 'CANCELLED' ELSE 'SUCCESS' END,
        'light', 0, 1, 1, NULL, 1, 0, 1, '',
        '', %(steps)s::jsonb, %(pipeline)s::jsonb, 'JPEG', '', '[]',
        CASE WHEN nth %% 50 = 0 OR small THEN id END,
        created_at, created_at, created_at + interval '1 millisecond' * (100 + t %% 900),
        created_at + interval '1 second' * (t %% 10), created_at
    FROM (
        SELECT t, 1 + (t - 1) * %(images)s / %(tasks)s AS n,
            (t - 1) * %(images)s / %(tasks)s <> (t - 2) * %(images)s / %(tasks)s OR t = 1 AS made
        FROM generate_series(1::bigint, %(tasks)s) AS t
    ) AS task JOIN image USING (n) ORDER BY t
    """,
    f"""
    INSERT INTO image_processor_transformedimage (id, owner_id, stored_object_id, source_image_id,
        transformation_task_id, file_name, description, metadata, search, created_at, updated_at)
    SELECT id, owner_id, id * 2 + 1, id, made.task_id, 'IMG_' || lpad(n::text, 7, '0') || '.jpg',
        description, jsonb_build_object('format', format, 'width', width, 'height', width * 2 / 3,
            'frames', 1), {_SEARCH}, created_at, created_at
    FROM image JOIN words USING (owner_id, description, tag)
    JOIN (
        SELECT original_image_id AS id, min(id) AS task_id
        FROM image_processor_transformationtask GROUP BY original_image_id
    ) AS made USING (id)
    ORDER BY n
    """,  # noqa: S608
    """
    INSERT INTO image_processor_usage (owner_id, month, tasks, bytes_stored, images)
    SELECT owner_id, '2020-01-01', 0, 200000 * count(*), count(*) FROM image GROUP BY owner_id
    """,
    """
    INSERT INTO webhooks_webhook (id, owner_id, url, description, events, enabled, disabled_reason,
        secret, old_secrets)
    SELECT DISTINCT owner_id, owner_id, 'https://example.com/', '', '[]'::jsonb, true, '', '',
        '[]'::jsonb
    FROM image
    """,
    """
    INSERT INTO webhooks_delivery (id, owner_id, webhook_id, event_id, kind, message_id, body,
        failures, tries, status, queue, position, cost, engine_release, available_at, attempts,
        excused, progress, error_code, error_message, queued_at, created_at, updated_at)
    SELECT id, owner_id, owner_id, id, 'task.succeeded', id::text, '{}', 0, '[]', 'SUCCESS',
        'webhooks', 0, 1, 0, NULL, 1, 0, 1, '', '', created_at, created_at, created_at
    FROM image ORDER BY n
    """,
    # Three images of the largest owner are being deleted.
    """
    UPDATE image_processor_sourceimage AS source SET deleted_at = source.created_at
    FROM image WHERE image.id = source.id AND number = 0 AND nth IN (5, 500, 5000)
    """,
    """
    INSERT INTO image_processor_deletion (owner_id, image_id, status, queue, position, cost,
        engine_release, available_at, attempts, excused, progress, error_code, error_message,
        tasks, tasks_removed)
    SELECT owner_id, id, 'PENDING', 'system', 0, 1, 1, NULL, 0, 0, 0, '', '', 3, 0
    FROM image_processor_sourceimage WHERE deleted_at IS NOT NULL
    """,
)


def fill(images: int, tasks: int, first: int, now: datetime, pipeline: str, steps: str) -> None:
    """Write the rows. The first user is the largest owner, the last one the smallest."""
    get_user_model().objects.bulk_create(
        [get_user_model()(username=f"u{n}", email=f"u{n}@example.com") for n in range(OWNERS)]
    )
    values = {
        "images": images,
        "tasks": tasks,
        "first": first,
        "now": now,
        "owners": OWNERS,
        "apart": images // PAGE,
        "pipeline": pipeline,
        "steps": steps,
    }
    with transaction.atomic(), connection.cursor() as cursor, without_indexes(cursor):
        cursor.execute(_IMAGES, values)
        for statement in _STATEMENTS:
            cursor.execute(statement, values if "%(" in statement else None)
