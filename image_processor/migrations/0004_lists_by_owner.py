"""Order lists by creation, in indexes that start with the owner.

While lists were ordered by id alone, PostgreSQL could walk down the primary key through the rows
of all owners (decision 0056). `owner` needs no index of its own any more.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("image_processor", "0003_failed_uploads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="batch",
            name="batch_owner",
        ),
        migrations.RemoveIndex(
            model_name="derivation",
            name="derivation_owner",
        ),
        migrations.RemoveIndex(
            model_name="imageimport",
            name="imageimport_owner",
        ),
        migrations.RemoveIndex(
            model_name="preset",
            name="preset_owner",
        ),
        migrations.RemoveIndex(
            model_name="sourceimage",
            name="sourceimage_owner",
        ),
        migrations.RemoveIndex(
            model_name="sourceimage",
            name="sourceimage_format",
        ),
        migrations.RemoveIndex(
            model_name="transformationtask",
            name="transformationtask_owner",
        ),
        migrations.RemoveIndex(
            model_name="transformationtask",
            name="task_image",
        ),
        migrations.RemoveIndex(
            model_name="transformationtask",
            name="task_status",
        ),
        migrations.RemoveIndex(
            model_name="transformedimage",
            name="transformedimage_owner",
        ),
        migrations.RemoveIndex(
            model_name="transformedimage",
            name="transformedimage_format",
        ),
        migrations.RemoveIndex(
            model_name="transformedimage",
            name="result_source",
        ),
        migrations.RenameIndex(
            model_name="transformationtask",
            new_name="transformationtask_created",
            old_name="task_created",
        ),
        migrations.AlterField(
            model_name="derivation",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="imageimport",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="sourceimage",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="transformationtask",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="transformedimage",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="transformedimage",
            name="source_image",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="results",
                to="image_processor.sourceimage",
            ),
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(fields=["owner", "created_at", "id"], name="batch_created"),
        ),
        migrations.AddIndex(
            model_name="derivation",
            index=models.Index(
                fields=["owner", "created_at", "id"], include=("status",), name="derivation_created"
            ),
        ),
        migrations.AddIndex(
            model_name="imageimport",
            index=models.Index(
                fields=["owner", "created_at", "id"],
                include=("status",),
                name="imageimport_created",
            ),
        ),
        migrations.AddIndex(
            model_name="preset",
            index=models.Index(fields=["owner", "created_at", "id"], name="preset_created"),
        ),
        migrations.AddIndex(
            model_name="sourceimage",
            index=models.Index(
                models.F("owner"),
                models.F("metadata__format"),
                models.F("created_at"),
                models.F("id"),
                name="sourceimage_format",
            ),
        ),
        migrations.AddIndex(
            model_name="transformationtask",
            index=models.Index(
                fields=["owner", "original_image", "created_at", "id"], name="task_image"
            ),
        ),
        migrations.AddIndex(
            model_name="transformationtask",
            index=models.Index(fields=["owner", "status", "created_at", "id"], name="task_status"),
        ),
        migrations.AddIndex(
            model_name="transformedimage",
            index=models.Index(
                models.F("owner"),
                models.F("metadata__format"),
                models.F("created_at"),
                models.F("id"),
                name="transformedimage_format",
            ),
        ),
        migrations.AddIndex(
            model_name="transformedimage",
            index=models.Index(
                fields=["owner", "source_image", "created_at", "id"], name="result_source"
            ),
        ),
    ]
