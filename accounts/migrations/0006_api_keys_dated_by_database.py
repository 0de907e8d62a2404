"""Let the database date API keys: recovery compares them with a time of the database's clock."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_deleted_users"),
    ]

    operations = [
        migrations.AlterField(
            model_name="apikey",
            name="created_at",
            field=models.DateTimeField(db_default=Now()),
        ),
    ]
