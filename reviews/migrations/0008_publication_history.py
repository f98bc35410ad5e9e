"""History of what was published, for the case review group alone: it says which review an edition is of."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from partnership.row_security import no_policy, policy

KINDS = [
    ("local", "Local child safeguarding practice review"),
    ("thematic", "Thematic review"),
    ("national", "Part in a national review"),
    ("sar-mandatory", "Safeguarding adults review (statutory, must be held)"),
    ("sar-discretionary", "Safeguarding adults review (statutory, may be held)"),
    ("scr", "Serious case review (before 2019)"),
]
TABLE = "reviews_reviewpublicationevent"
OF_GROUP = "partnership_id IN (SELECT planner_case_partnerships())"


def pointer(to, **options):
    return models.ForeignKey(
        db_constraint=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        related_query_name="+",
        to=to,
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0017_emergency_access"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("reviews", "0007_longer_rule_codes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewPublicationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ("review", models.UUIDField(help_text="Key of the practice review, which the public does not see")),
                ("edition", models.PositiveSmallIntegerField(default=1)),
                ("kind", models.CharField(choices=KINDS, max_length=17)),
                ("title", models.CharField(max_length=160)),
                ("summary", models.TextField()),
                ("findings", models.TextField(blank=True)),
                ("recommendations", models.JSONField(default=list, help_text="[{ref, text, response}], as they stood")),
                ("response", models.TextField(blank=True)),
                ("themes", models.JSONField(default=list)),
                ("is_withheld", models.BooleanField(default=False, verbose_name="only what is to be improved")),
                ("address", models.URLField(blank=True, max_length=500, verbose_name="where else it can be read")),
                ("changes", models.TextField(blank=True, verbose_name="what this edition corrects")),
                ("published_on", models.DateField()),
                ("stays_until", models.DateField(blank=True, null=True)),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                ("withdrawn_because", models.TextField(blank=True)),
                ("attachment", pointer("partnership.publishedfile", blank=True, null=True)),
                ("file", pointer("partnership.publishedfile", blank=True, null=True)),
                ("partnership", pointer("partnership.partnership")),
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
                        to="reviews.reviewpublication",
                    ),
                ),
                ("published_by", pointer(settings.AUTH_USER_MODEL)),
                ("supersedes", pointer("reviews.reviewpublication", blank=True, null=True)),
            ],
            options={"abstract": False},
        ),
        migrations.RunSQL(policy(TABLE, OF_GROUP), no_policy(TABLE)),
    ]
