"""Exit packs: everything of a partnership as one archive, kept in parts until it expires."""

import uuid

import django.db.models.deletion
import rules.contrib.models
from django.conf import settings
from django.db import migrations, models

from partnership.schema import AtOnce

STATES = [
    ("queued", "Waiting for a worker"),
    ("running", "Being made"),
    ("done", "Ready"),
    ("failed", "Could not be made"),
]


def build(**options):
    return [
        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False, **options)),
        ("state", models.CharField(choices=STATES, default="queued", max_length=8)),
        ("requested_at", models.DateTimeField(auto_now_add=True)),
        ("finished_at", models.DateTimeField(null=True)),
        ("problem", models.TextField(blank=True)),
        ("sha256", models.CharField(blank=True, help_text="Of the archive", max_length=64)),
        ("size", models.PositiveBigIntegerField(help_text="In bytes", null=True)),
        ("has_cases", models.BooleanField(default=False, verbose_name="with the cases")),
        ("row_count", models.PositiveIntegerField(default=0)),
        ("file_count", models.PositiveIntegerField(default=0)),
        ("expires_at", models.DateTimeField(null=True)),
        ("cleared_at", models.DateTimeField(null=True)),
    ]


def pointer(to, **options):
    return models.ForeignKey(
        db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to=to, **options
    )


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0022_account_events_of_addresses"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="ExitPack",
                    fields=[
                        *build(primary_key=True),
                        ("step", models.CharField(blank=True, max_length=120)),
                        ("done_count", models.PositiveIntegerField(default=0)),
                        ("total_count", models.PositiveIntegerField(default=0)),
                        ("lease_until", models.DateTimeField(null=True)),
                        (
                            "left_out",
                            models.JSONField(default=list, help_text="What is not in it, in sentences"),
                        ),
                        (
                            "partnership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="exit_packs",
                                to="partnership.partnership",
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
                        "indexes": [
                            models.Index(
                                condition=models.Q(("cleared_at", None)),
                                fields=["expires_at"],
                                name="exit_packs_kept",
                            )
                        ],
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="ExitPackPart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("content", models.BinaryField()),
                        (
                            "pack",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="parts",
                                to="partnership.exitpack",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pack", "number"],
                        "constraints": [models.UniqueConstraint(fields=("pack", "number"), name="one_part_a_number")],
                    },
                ),
                migrations.CreateModel(
                    name="ExitPackEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        *build(),
                        ("partnership", pointer("partnership.partnership", related_query_name="+")),
                        ("pgh_context", pointer("pghistory.context", null=True)),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="partnership.exitpack",
                            ),
                        ),
                        ("requested_by", pointer(settings.AUTH_USER_MODEL, related_query_name="+")),
                    ],
                    options={"abstract": False},
                ),
            ]
        ),
    ]
