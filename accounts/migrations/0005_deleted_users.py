"""Record when an account was deleted, while its rows are removed in the background."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_email_confirmed_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="deleted_at",
            field=models.DateTimeField(
                editable=False,
                help_text="When the account was deleted; its rows follow in the background.",
                null=True,
            ),
        ),
    ]
