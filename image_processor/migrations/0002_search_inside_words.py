"""Let a search find every part of a word instead of only its beginning.

Scripts such as Chinese and Japanese have no spaces, so a beginning of a word is the beginning of a
whole sentence there, and few people search for the beginning of `DSC0001`.
"""

from importlib import import_module

from django.db import migrations

first = import_module("image_processor.migrations.0001_initial")

# `models/search.py` must split and clean texts as this function does. Letters are given by code
# points, so the result does not depend on the locale of the database.
#
# A piece starts at each character of a word and has at most 12 characters of this word. Pieces are
# cut from blocks of 64 characters, because `substr` counts characters from the start of its text.
# `OFFSET 0` makes PostgreSQL compute a subquery once instead of once for each piece.
#
# PostgreSQL refuses a tsvector of a megabyte. The longest name, tags and description together have
# 13,506 characters, whose pieces fit. A text becomes longer than 13,600 only if thousands of its
# characters are abbreviations that Unicode writes out (U+FDFA as four words).
FUNCTION = r"""
CREATE OR REPLACE FUNCTION image_processor_search(
    owner bigint, name text, description text, tags jsonb
)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_tsvector(ARRAY(
    SELECT owner::text || '/' || split_part(substr(block, place, 12), ' ', 1)
    FROM (
        SELECT left(regexp_replace(
            lower(normalize(
                regexp_replace(
                    normalize(
                        name || ' '
                        || (SELECT coalesce(string_agg(tag, ' '), '')
                            FROM jsonb_array_elements_text(tags) AS tag)
                        || ' ' || description,
                        NFKD
                    ),
                    '[\u0300-\u036f]', '', 'g'
                ),
                NFC
            )),
            '[^0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u1fff\u2070-\u2fff\u3005-\U0010ffff]+', ' ', 'g'
        ), 13600) AS words
        OFFSET 0
    ) AS cleaned,
    generate_series(1, length(words), 64) AS start,
    LATERAL (SELECT substr(words, start, 75) AS block OFFSET 0) AS blocks,
    generate_series(1, least(length(block), 64)) AS place
    WHERE substr(block, place, 1) <> ' '
    UNION ALL
    SELECT owner::text || '#' || md5(tag) FROM jsonb_array_elements_text(tags) AS tag
))
"""
TABLES = {"sourceimage": "tags", "transformedimage": "'[]'"}


def without_column(function):
    """Replace the function that fills the column, without the column, which would use both."""
    drop = [f"ALTER TABLE image_processor_{name} DROP COLUMN search" for name in TABLES]
    add = []
    for name, tags in TABLES.items():
        values = {"table": f"image_processor_{name}", "name": name, "tags": tags}
        add += [first.COLUMN.format(**values), first.INDEX.format(**values)]
    return [*drop, function, *add]


class Migration(migrations.Migration):
    dependencies = [("image_processor", "0001_initial")]

    operations = [
        migrations.RunSQL(
            without_column(FUNCTION),
            without_column(first.FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        )
    ]
