import uuid

import django.db.models.deletion
import rules.contrib.models
from django.conf import settings
from django.db import migrations, models

from partnership.schema import AtOnce


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0006_requests_and_timetable"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.AddField(
                    model_name="schoolreturn",
                    name="typed_in_by",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who typed in an answer on paper",
                    ),
                ),
                migrations.AddField(
                    model_name="schoolreturnevent",
                    name="typed_in_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who typed in an answer on paper",
                    ),
                ),
                migrations.CreateModel(
                    name="SchoolLetters",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Waiting for a worker"),
                                    ("running", "Being made"),
                                    ("done", "Ready"),
                                    ("failed", "Could not be made"),
                                ],
                                default="queued",
                                max_length=8,
                            ),
                        ),
                        ("step", models.CharField(blank=True, max_length=120)),
                        ("done_count", models.PositiveIntegerField(default=0)),
                        ("total_count", models.PositiveIntegerField(default=0)),
                        ("pdf", models.BinaryField(null=True)),
                        ("sha256", models.CharField(blank=True, help_text="Of the PDF", max_length=64)),
                        ("page_count", models.PositiveIntegerField(null=True)),
                        ("size", models.PositiveIntegerField(help_text="In bytes", null=True)),
                        ("requested_at", models.DateTimeField(auto_now_add=True)),
                        ("lease_until", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("problem", models.TextField(blank=True)),
                        ("turn", models.PositiveSmallIntegerField()),
                        ("letter_count", models.PositiveIntegerField(default=0)),
                        ("word", models.BinaryField(null=True)),
                        ("word_size", models.PositiveIntegerField(help_text="In bytes", null=True)),
                        (
                            "requested_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="letter_runs",
                                to="assurance.schoolsurvey",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-requested_at"],
                        "abstract": False,
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="SchoolLettersEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Waiting for a worker"),
                                    ("running", "Being made"),
                                    ("done", "Ready"),
                                    ("failed", "Could not be made"),
                                ],
                                default="queued",
                                max_length=8,
                            ),
                        ),
                        ("sha256", models.CharField(blank=True, help_text="Of the PDF", max_length=64)),
                        ("page_count", models.PositiveIntegerField(null=True)),
                        ("size", models.PositiveIntegerField(help_text="In bytes", null=True)),
                        ("requested_at", models.DateTimeField(auto_now_add=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("problem", models.TextField(blank=True)),
                        ("turn", models.PositiveSmallIntegerField()),
                        ("letter_count", models.PositiveIntegerField(default=0)),
                        ("word_size", models.PositiveIntegerField(help_text="In bytes", null=True)),
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
                                to="assurance.schoolletters",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assurance.schoolsurvey",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
            ]
        ),
        migrations.AddConstraint(
            model_name="schoolletters",
            constraint=models.UniqueConstraint(fields=("survey", "turn"), name="one_run_of_letters_a_turn"),
        ),
    ]
