"""Copies of what is held about somebody, made by a worker; PostgreSQL shows each to whoever asked for it alone."""

import uuid

import django.db.models.deletion
import rules.contrib.models
from django.conf import settings
from django.db import migrations, models

from partnership.row_security import no_policy, policy
from partnership.schema import AtOnce

OF_ASKER = "requested_by_id = planner_reader()"


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0025_faults"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="SubjectCopy",
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
                        ("subject_kind", models.SlugField(max_length=20)),
                        ("subject_key", models.CharField(max_length=40)),
                        ("because", models.TextField()),
                        ("is_of_cases", models.BooleanField(default=False)),
                        ("archive", models.BinaryField(null=True)),
                        (
                            "kept",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="partnership.subjectaccess",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                        ),
                    ],
                    options={
                        "ordering": ["-requested_at"],
                        "abstract": False,
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
            ]
        ),
        migrations.RunSQL(policy("partnership_subjectcopy", OF_ASKER), no_policy("partnership_subjectcopy")),
    ]
