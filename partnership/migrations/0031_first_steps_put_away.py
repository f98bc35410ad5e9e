"""The day on which a person put a new partnership's first steps away; of nobody here is it known."""

from django.db import migrations, models

from partnership.schema import AtOnce


class Migration(migrations.Migration):
    dependencies = [("partnership", "0030_public_pages_in_welsh")]

    operations = [
        AtOnce(
            [
                migrations.AddField(
                    "user", "steps_away_on", models.DateField(null=True, blank=True, editable=False)
                )
            ]
        ),
    ]
