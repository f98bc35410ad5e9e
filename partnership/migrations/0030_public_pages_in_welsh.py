"""Whether a partnership's public pages are offered in Welsh too: nowhere, until an office says so."""

from django.db import migrations, models

from partnership.schema import AtOnce


def is_also_in_welsh():
    return models.BooleanField(db_default=False, default=False)


class Migration(migrations.Migration):
    dependencies = [("partnership", "0029_glossary")]

    operations = [
        AtOnce(
            [
                migrations.AddField("partnership", "is_also_in_welsh", is_also_in_welsh()),
                migrations.AddField("partnershipevent", "is_also_in_welsh", is_also_in_welsh()),
            ]
        ),
    ]
