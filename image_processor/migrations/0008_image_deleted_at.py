"""Mark the images that are being deleted in their own rows."""

from django.db import migrations, models

MARK = """
UPDATE image_processor_sourceimage AS image SET deleted_at = deletion.created_at
FROM image_processor_deletion AS deletion WHERE deletion.image_id = image.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("image_processor", "0007_usage_of_texts_and_images"),
    ]

    operations = [
        migrations.AddField(
            model_name="sourceimage",
            name="deleted_at",
            field=models.DateTimeField(
                editable=False,
                help_text="From when the image is hidden. Its rows are removed in the background.",
                null=True,
            ),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
