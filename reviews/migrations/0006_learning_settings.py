"""What a partnership chose for its learning: the smallest number by theme and year that members read."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from partnership.schema import AtOnce


def smallest_shown():
    return models.PositiveSmallIntegerField(
        default=5,
        help_text="Smaller numbers by theme and year are for the case review group alone",
        validators=[
            django.core.validators.MinValueValidator(3),
            django.core.validators.MaxValueValidator(20),
        ],
        verbose_name="smallest number shown",
    )


class Migration(migrations.Migration):
    dependencies = [("pghistory", "0007_auto_20250421_0444"), ("reviews", "0005_summaries_on_paper")]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="LearningSettings",
                    fields=[
                        (
                            "partnership",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="learning_settings",
                                serialize=False,
                                to="partnership.partnership",
                            ),
                        ),
                        ("smallest_shown", smallest_shown()),
                    ],
                    options={
                        "verbose_name_plural": "learning settings",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("smallest_shown__gte", 3)),
                                name="smallest_number_hides_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LearningSettingsEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("smallest_shown", smallest_shown()),
                        (
                            "partnership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                serialize=False,
                                to="partnership.partnership",
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
                                to="reviews.learningsettings",
                            ),
                        ),
                    ],
                    options={"abstract": False},
                ),
            ]
        )
    ]
