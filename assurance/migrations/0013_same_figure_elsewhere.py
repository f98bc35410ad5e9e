"""An indicator may count the same as another: over a year, or as a rate."""

import django.db.models.deletion
from django.db import migrations, models

from partnership.schema import AtOnce

WORDS = {
    "blank": True,
    "help_text": "The same over a year, or as a rate: small numbers are hidden in both together",
    "null": True,
    "related_name": "+",
    "to": "assurance.indicator",
    "verbose_name": "counts the same as",
}


class Migration(migrations.Migration):
    dependencies = [("assurance", "0012_words_of_a_quarter")]

    operations = [
        AtOnce(
            [
                migrations.AddField(
                    model_name="indicator",
                    name="same_as",
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, **WORDS),
                ),
                migrations.AddField(
                    model_name="indicatorevent",
                    name="same_as",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_query_name="+",
                        **WORDS,
                    ),
                ),
            ]
        )
    ]
