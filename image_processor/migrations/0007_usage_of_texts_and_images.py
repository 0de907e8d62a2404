"""Count images, and the texts of images and results; find ended jobs of each kind by an index."""

from django.db import migrations, models
from django.db.models.functions import Cast

# What is stored already counts from now on.
COUNT = """
INSERT INTO image_processor_usage AS usage (owner_id, month, tasks, bytes_stored, images)
SELECT owner_id, date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date, 0,
    sum(text_bytes), sum(images)
FROM (
    SELECT owner_id, text_bytes, 1 AS images FROM image_processor_sourceimage
    UNION ALL
    SELECT owner_id, text_bytes, 0 FROM image_processor_transformedimage
) AS pictures
GROUP BY owner_id
ON CONFLICT (owner_id) DO UPDATE SET
    bytes_stored = usage.bytes_stored + excluded.bytes_stored,
    images = excluded.images
"""
UNCOUNT = """
UPDATE image_processor_usage AS usage
SET bytes_stored = usage.bytes_stored - pictures.text_bytes
FROM (
    SELECT owner_id, sum(text_bytes) AS text_bytes
    FROM (
        SELECT owner_id, text_bytes FROM image_processor_sourceimage
        UNION ALL
        SELECT owner_id, text_bytes FROM image_processor_transformedimage
    ) AS texts
    GROUP BY owner_id
) AS pictures
WHERE usage.owner_id = pictures.owner_id
"""


def octet_length(text):
    return models.Func(text, function="octet_length", output_field=models.IntegerField())


class Migration(migrations.Migration):
    dependencies = [("image_processor", "0006_deletions")]

    operations = [
        migrations.AddField(
            model_name="sourceimage",
            name="text_bytes",
            field=models.GeneratedField(
                db_persist=True,
                expression=octet_length("description")
                + octet_length(Cast("tags", models.TextField()))
                - models.Value(2),
                help_text="Bytes of description and tags, which count as stored bytes.",
                output_field=models.IntegerField(),
            ),
        ),
        migrations.AddField(
            model_name="transformedimage",
            name="text_bytes",
            field=models.GeneratedField(
                db_persist=True,
                expression=octet_length("description"),
                help_text="Bytes of the description, which count as stored bytes.",
                output_field=models.IntegerField(),
            ),
        ),
        migrations.AddField(
            model_name="usage",
            name="images",
            field=models.IntegerField(
                db_default=0,
                default=0,
                help_text="Images, also those that are imported or failed.",
            ),
        ),
        migrations.AlterField(
            model_name="usage",
            name="bytes_stored",
            field=models.BigIntegerField(
                default=0,
                help_text="Size of all stored objects, without thumbnails and proxies, and of the "
                "texts of all images and results.",
            ),
        ),
        migrations.RemoveIndex(model_name="imageimport", name="import_finished"),
        migrations.AddIndex(
            model_name="imageimport",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", False)),
                fields=["finished_at"],
                name="imageimport_finished",
            ),
        ),
        migrations.AddIndex(
            model_name="deletion",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", False)),
                fields=["finished_at"],
                name="deletion_finished",
            ),
        ),
        migrations.RunSQL(COUNT, UNCOUNT),
    ]
