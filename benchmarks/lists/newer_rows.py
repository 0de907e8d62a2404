"""Rows of other owners that are newer than all rows of the measured owner."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from benchmarks.lists.full_tables import without_indexes

# The owners are the users but the first; each row belongs to the next of them. Values are as
# common as in the rows of the measured owner. The numbers in the names are not searched, so that
# the pieces of words are computed once for each owner and description.
_OWNERS = """
CREATE TEMPORARY TABLE newer AS
WITH words AS MATERIALIZED (
    SELECT id AS owner_id, description,
        image_processor_search(id, 'img.jpg', description, '["t1"]') AS search
    FROM accounts_user, unnest(ARRAY['holiday', 'home', 'unicorn']) AS description
)
SELECT n, %(first)s + n AS id, owners.id AS owner_id, stored.id AS stored_object_id,
    %(now)s + n * interval '1 millisecond' AS created_at,
    'img ' || n || '.jpg' AS file_name, words.description, words.search,
    jsonb_build_object('format', CASE WHEN n %% 20001 = 0 THEN 'TIFF' ELSE 'JPEG' END,
        'width', 1000 + n %% 4000, 'height', 700 + n %% 3000, 'frames', 1) AS metadata
FROM generate_series(1, %(count)s) AS n
JOIN (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS number
    FROM accounts_user WHERE id > (SELECT min(id) FROM accounts_user)
) AS owners ON owners.number = n %% %(others)s
JOIN image_processor_storedobject AS stored ON stored.owner_id = owners.id
JOIN words ON words.owner_id = owners.id AND words.description = CASE
    WHEN n %% 20001 = 0 THEN 'unicorn' WHEN n %% 3 = 0 THEN 'home' ELSE 'holiday' END
ORDER BY n
"""
_TABLES = (
    """
    INSERT INTO image_processor_sourceimage (id, owner_id, stored_object_id, status, file_name,
        description, tags, metadata, analysis_status, search, created_at, updated_at)
    SELECT id, owner_id, stored_object_id, 'ready', file_name, description,
        '["t1"]', metadata, 'none', search, created_at, created_at
    FROM newer ORDER BY n
    """,
    """
    INSERT INTO image_processor_transformationtask (id, owner_id, original_image_id, status, queue,
        position, cost, engine_release, available_at, attempts, excused, progress, error_code,
        error_message, transformations, pipeline, format, fingerprint, warnings, queued_at,
        started_at, finished_at, created_at, updated_at)
    SELECT id, owner_id, id, CASE WHEN n % 20000 = 0 THEN 'FAILED' ELSE 'SUCCESS' END, 'light',
        0, 1, 1, NULL, 1, 0, 1, '',
        '', '[{"operation": "resize", "params": {"width": 800}}]', '{}', 'JPEG', '', '[]',
        created_at, created_at, created_at, created_at, created_at
    FROM newer ORDER BY n
    """,
    """
    INSERT INTO image_processor_transformedimage (id, owner_id, stored_object_id, source_image_id,
        transformation_task_id, file_name, description, metadata, search, created_at, updated_at)
    SELECT id, owner_id, stored_object_id, id, id, file_name, description, metadata, search,
        created_at, created_at
    FROM newer ORDER BY n
    """,
    """
    INSERT INTO image_processor_batch (id, owner_id, transformations, options, runs, created_at,
        updated_at)
    SELECT id, owner_id, '[]', '{}', 0, created_at, created_at FROM newer ORDER BY n
    """,
    """
    INSERT INTO webhooks_webhook (id, owner_id, url, description, events, enabled, disabled_reason,
        secret, old_secrets, created_at, updated_at)
    SELECT DISTINCT ON (owner_id) owner_id + 1000, owner_id, 'https://example.com/', '',
        '[]'::jsonb, true, '', '', '[]'::jsonb, created_at, created_at
    FROM newer ORDER BY owner_id, n
    """,
    """
    INSERT INTO webhooks_delivery (id, owner_id, webhook_id, event_id, kind, message_id, body,
        failures, tries, status, queue, position, cost, engine_release, available_at, attempts,
        excused, progress, error_code, error_message, queued_at, created_at, updated_at)
    SELECT id, owner_id, owner_id + 1000, id, 'task.succeeded', id::text, '{}',
        0, '[]', 'SUCCESS', 'webhooks', 0, 1, 0, NULL, 1,
        0, 1, '', '', created_at, created_at, created_at
    FROM newer ORDER BY n
    """,
)


def add_newer_rows(count: int, first: int, now: datetime, others: int) -> None:
    """Write `count` rows of `others` owners into each large table.

    Their ids start at `first` and their times at `now`.
    """
    values = {"count": count, "first": first, "now": now, "others": others}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")  # its tables have no statistics
        cursor.execute(_OWNERS, values)
        with without_indexes(cursor):
            for statement in _TABLES:
                cursor.execute(statement)
