"""Order lists by creation, in indexes that start with the owner (decision 0056)."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_owner",
        ),
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_webhook",
        ),
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_created",
        ),
        migrations.RemoveIndex(
            model_name="webhook",
            name="webhook_owner",
        ),
        migrations.AlterField(
            model_name="delivery",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="webhook",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["owner", "created_at", "id"], include=("status",), name="delivery_created"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["owner", "webhook", "created_at", "id"], name="delivery_webhook"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["created_at"], name="delivery_age"
            ),
        ),
        migrations.AddIndex(
            model_name="webhook",
            index=models.Index(fields=["owner", "created_at", "id"], name="webhook_created"),
        ),
    ]
