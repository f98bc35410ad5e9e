"""What an edition of a published review corrects, and where else a review can be read."""

from django.db import migrations, models

from partnership.schema import AtOnce


def address():
    return models.URLField(blank=True, max_length=500, verbose_name="where else it can be read")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0003_row_security")]

    operations = [
        AtOnce(
            [
                migrations.AddField("practicereview", "public_address", address()),
                migrations.AddField("practicereviewevent", "public_address", address()),
                migrations.AddField("reviewpublication", "address", address()),
                migrations.AddField(
                    "reviewpublication",
                    "changes",
                    models.TextField(blank=True, verbose_name="what this edition corrects"),
                ),
            ]
        )
    ]
