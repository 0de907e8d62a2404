"""Say that an upload can fail as well as an import. Changes no column."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("image_processor", "0002_search_inside_words")]

    operations = [
        migrations.AlterField(
            model_name="sourceimage",
            name="error_code",
            field=models.CharField(
                db_default="",
                help_text="Why the image failed, or why the last attempt of its import did.",
                max_length=64,
            ),
        ),
    ]
