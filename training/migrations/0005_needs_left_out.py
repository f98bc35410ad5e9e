"""What was offered as a learning need and left out, so that it is not offered again."""

import django.db.models.deletion
from django.db import migrations, models

from partnership.schema import AtOnce


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("training", "0004_waiting_says_since_when"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="NeedLeftOut",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source_key", models.CharField(max_length=60)),
                        ("title", models.CharField(max_length=200)),
                        ("left_out_on", models.DateField(verbose_name="left out")),
                        (
                            "analysis",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="left_out",
                                to="training.needsanalysis",
                            ),
                        ),
                    ],
                    options={"verbose_name_plural": "needs left out", "ordering": ["analysis", "title", "pk"]},
                ),
                migrations.CreateModel(
                    name="NeedLeftOutEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("source_key", models.CharField(max_length=60)),
                        ("title", models.CharField(max_length=200)),
                        ("left_out_on", models.DateField(verbose_name="left out")),
                        (
                            "analysis",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="training.needsanalysis",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="training.needleftout",
                            ),
                        ),
                    ],
                    options={"abstract": False},
                ),
            ]
        ),
        migrations.AddConstraint(
            model_name="needleftout",
            constraint=models.UniqueConstraint(fields=("analysis", "source_key"), name="one_need_left_out_a_source"),
        ),
    ]
