"""The seal over the history: digests of its rows, night by night, in a chain."""

import django.contrib.postgres.fields
from django.db import migrations, models

from partnership.schema import AtOnce


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0023_exit_packs"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Seal",
                    fields=[
                        ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("through", models.BigIntegerField(help_text="The last SealedRows that it covers")),
                        ("previous", models.CharField(blank=True, max_length=64)),
                        ("digest", models.CharField(max_length=64)),
                    ],
                    options={
                        "ordering": ["number"],
                    },
                ),
                migrations.CreateModel(
                    name="SealedRows",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("sealed", "Sealed"),
                                    ("changed", "Changed with a reason"),
                                    ("gone", "Taken away with a reason"),
                                    ("again", "Sealed again, as its table has other columns now"),
                                ],
                                max_length=7,
                            ),
                        ),
                        ("events", models.CharField(max_length=63, verbose_name="table of the history")),
                        ("because", models.CharField(blank=True, max_length=80)),
                        ("at", models.DateTimeField()),
                        (
                            "columns",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(),
                                help_text="Of which columns, each with its type",
                                size=None,
                            ),
                        ),
                        (
                            "ids",
                            django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                        ),
                        ("digests", models.BinaryField()),
                        ("salts", models.BinaryField()),
                        ("first_id", models.BigIntegerField()),
                        ("last_id", models.BigIntegerField()),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [models.Index(fields=["events", "last_id"], name="sealed_rows_of_a_table")],
                    },
                ),
            ]
        ),
    ]
