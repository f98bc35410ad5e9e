"""The annual report’s parts, from contributions to recipients; what is used of its evidence."""

import uuid

import django.db.models.deletion
import pgtrigger
import rules.contrib.models
from django.conf import settings
from django.db import migrations, models

from partnership.schema import AtOnce

# What was printed until now was whatever nobody had left out.
USES = """
    UPDATE assurance_reportevidence{0} SET use = CASE WHEN is_left_out THEN 'left-out' ELSE 'accepted' END"""
NUMBERS = """
    UPDATE assurance_reportbuild{0} SET number = counted.number FROM (
        SELECT id, row_number() OVER (PARTITION BY report_id ORDER BY requested_at, id) AS number
        FROM assurance_reportbuild
    ) AS counted WHERE assurance_reportbuild{0}.{1} = counted.id"""


def carry_over(apps, schema_editor):
    """The triggers that keep history are still those from before: they know nothing of the new columns."""
    with pgtrigger.ignore():
        for statement in (
            USES.format(""),
            USES.format("event"),
            NUMBERS.format("", "id"),
            NUMBERS.format("event", "pgh_obj_id"),
        ):
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0017_training_as_evidence"),
        ("partnership", "0018_report_recipients"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("plans", "0013_what_is_still_due"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="ConsultationComment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "said_by",
                            models.CharField(
                                help_text="As it may be told, for example a committee",
                                max_length=160,
                                verbose_name="who said it",
                            ),
                        ),
                        ("words", models.TextField(verbose_name="the comment")),
                        ("made_at", models.DateTimeField()),
                        (
                            "result",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("changed", "Changed"),
                                    ("partly", "Changed in part"),
                                    ("not-changed", "Not changed"),
                                    ("noted", "Noted"),
                                ],
                                max_length=11,
                                verbose_name="what was done",
                            ),
                        ),
                        ("answer", models.TextField(blank=True, verbose_name="answer")),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["consultation", "made_at", "pk"],
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="ConsultationCommentEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "said_by",
                            models.CharField(
                                help_text="As it may be told, for example a committee",
                                max_length=160,
                                verbose_name="who said it",
                            ),
                        ),
                        ("words", models.TextField(verbose_name="the comment")),
                        ("made_at", models.DateTimeField()),
                        (
                            "result",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("changed", "Changed"),
                                    ("partly", "Changed in part"),
                                    ("not-changed", "Not changed"),
                                    ("noted", "Noted"),
                                ],
                                max_length=11,
                                verbose_name="what was done",
                            ),
                        ),
                        ("answer", models.TextField(blank=True, verbose_name="answer")),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ContributionDraft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("answers", models.JSONField(default=dict, help_text="The form’s fields as they were typed")),
                        (
                            "version",
                            models.PositiveIntegerField(
                                default=1, help_text="Counts each saving, so that two people notice"
                            ),
                        ),
                        ("saved_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="CoverBuild",
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
                        ("word", models.BinaryField(null=True)),
                        ("word_size", models.PositiveIntegerField(help_text="In bytes", null=True)),
                    ],
                    options={
                        "ordering": ["-requested_at"],
                        "abstract": False,
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="CoverBuildEvent",
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
                        ("word_size", models.PositiveIntegerField(help_text="In bytes", null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="CoverReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=200)),
                        ("report_of", models.CharField(max_length=200, verbose_name="report of")),
                        ("begun_at", models.DateTimeField()),
                    ],
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="CoverReportEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("title", models.CharField(max_length=200)),
                        ("report_of", models.CharField(max_length=200, verbose_name="report of")),
                        ("begun_at", models.DateTimeField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="CoverSection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("heading", models.CharField(max_length=120)),
                        (
                            "words",
                            models.TextField(blank=True, help_text="A blank line begins another numbered paragraph"),
                        ),
                    ],
                    options={
                        "ordering": ["cover", "position", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="CoverSectionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("position", models.PositiveSmallIntegerField()),
                        ("heading", models.CharField(max_length=120)),
                        (
                            "words",
                            models.TextField(blank=True, help_text="A blank line begins another numbered paragraph"),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReportCompanion",
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
                                    ("summary", "On one page"),
                                    ("easy-read", "Easy read"),
                                    ("children", "For children and young people"),
                                    ("word", "Word"),
                                    ("language", "In another language"),
                                ],
                                max_length=9,
                            ),
                        ),
                        (
                            "language",
                            models.CharField(default="en-GB", help_text="For example en-GB, cy, pl", max_length=12),
                        ),
                        ("title", models.CharField(max_length=160)),
                        (
                            "findings",
                            models.JSONField(
                                default=list, help_text="What stands against reading it with a screen reader"
                            ),
                        ),
                        ("added_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["report", "kind", "language"],
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="ReportCompanionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("summary", "On one page"),
                                    ("easy-read", "Easy read"),
                                    ("children", "For children and young people"),
                                    ("word", "Word"),
                                    ("language", "In another language"),
                                ],
                                max_length=9,
                            ),
                        ),
                        (
                            "language",
                            models.CharField(default="en-GB", help_text="For example en-GB, cy, pl", max_length=12),
                        ),
                        ("title", models.CharField(max_length=160)),
                        (
                            "findings",
                            models.JSONField(
                                default=list, help_text="What stands against reading it with a screen reader"
                            ),
                        ),
                        ("added_at", models.DateTimeField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReportConsultation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("members", "Members of the partnership"),
                                    ("committee", "A scrutiny committee"),
                                    ("other", "Another body"),
                                ],
                                default="members",
                                max_length=9,
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                help_text="For example the committee’s name",
                                max_length=160,
                                verbose_name="who is asked",
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="what they are asked")),
                        ("opens_on", models.DateField(verbose_name="opens")),
                        ("closes_on", models.DateField(verbose_name="comments until")),
                        ("meets_on", models.DateField(blank=True, null=True, verbose_name="the day it meets")),
                        ("opened_at", models.DateTimeField()),
                        (
                            "closed_at",
                            models.DateTimeField(
                                blank=True,
                                help_text="Every comment has an answer then",
                                null=True,
                                verbose_name="closed",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["report", "opens_on", "pk"],
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="ReportConsultationEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("members", "Members of the partnership"),
                                    ("committee", "A scrutiny committee"),
                                    ("other", "Another body"),
                                ],
                                default="members",
                                max_length=9,
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                help_text="For example the committee’s name",
                                max_length=160,
                                verbose_name="who is asked",
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="what they are asked")),
                        ("opens_on", models.DateField(verbose_name="opens")),
                        ("closes_on", models.DateField(verbose_name="comments until")),
                        ("meets_on", models.DateField(blank=True, null=True, verbose_name="the day it meets")),
                        ("opened_at", models.DateTimeField()),
                        (
                            "closed_at",
                            models.DateTimeField(
                                blank=True,
                                help_text="Every comment has an answer then",
                                null=True,
                                verbose_name="closed",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReportContribution",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "asks",
                            models.TextField(
                                blank=True,
                                help_text="In the office’s own words, above the questions",
                                verbose_name="what is asked",
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="due")),
                        ("asked_at", models.DateTimeField()),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="no longer asked since"),
                        ),
                        ("did", models.TextField(blank=True, verbose_name="what you did")),
                        (
                            "difference",
                            models.TextField(blank=True, verbose_name="what difference it made, and how you know"),
                        ),
                        ("ahead", models.TextField(blank=True, verbose_name="what is still hard, and what comes next")),
                        ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted")),
                        ("returned_because", models.TextField(blank=True, verbose_name="why it was given back")),
                        ("returned_at", models.DateTimeField(blank=True, null=True, verbose_name="given back")),
                        (
                            "printed",
                            models.TextField(
                                blank=True,
                                help_text="Shortened by the office, the organisation sees it. Empty: as written",
                                verbose_name="as it is printed",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["report", "organisation__name"],
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="ReportContributionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "asks",
                            models.TextField(
                                blank=True,
                                help_text="In the office’s own words, above the questions",
                                verbose_name="what is asked",
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="due")),
                        ("asked_at", models.DateTimeField()),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="no longer asked since"),
                        ),
                        ("did", models.TextField(blank=True, verbose_name="what you did")),
                        (
                            "difference",
                            models.TextField(blank=True, verbose_name="what difference it made, and how you know"),
                        ),
                        ("ahead", models.TextField(blank=True, verbose_name="what is still hard, and what comes next")),
                        ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted")),
                        ("returned_because", models.TextField(blank=True, verbose_name="why it was given back")),
                        ("returned_at", models.DateTimeField(blank=True, null=True, verbose_name="given back")),
                        (
                            "printed",
                            models.TextField(
                                blank=True,
                                help_text="Shortened by the office, the organisation sees it. Empty: as written",
                                verbose_name="as it is printed",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReportMail",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("turn", models.PositiveSmallIntegerField(default=1, help_text="Sent again is another turn")),
                        ("address", models.EmailField(max_length=254)),
                        ("made_at", models.DateTimeField()),
                        ("claimed_at", models.DateTimeField(blank=True, null=True)),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("problem", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ["-made_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ReportMailEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("turn", models.PositiveSmallIntegerField(default=1, help_text="Sent again is another turn")),
                        ("address", models.EmailField(max_length=254)),
                        ("made_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("problem", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReportRecipient",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("name", models.CharField(max_length=160, verbose_name="who")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                        (
                            "within_days",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="within days of publication"
                            ),
                        ),
                        ("sent_on", models.DateField(blank=True, null=True, verbose_name="sent")),
                        (
                            "way",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("email", "E-mail"),
                                    ("post", "Post"),
                                    ("portal", "Uploaded to their site"),
                                    ("hand", "Given by hand"),
                                ],
                                max_length=6,
                                verbose_name="how",
                            ),
                        ),
                        (
                            "note",
                            models.CharField(
                                blank=True, help_text="For example the reference of their receipt", max_length=300
                            ),
                        ),
                        (
                            "not_sent_because",
                            models.CharField(blank=True, max_length=300, verbose_name="why it is not sent"),
                        ),
                    ],
                    options={
                        "ordering": ["report", "position", "pk"],
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="ReportRecipientEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("position", models.PositiveSmallIntegerField()),
                        ("name", models.CharField(max_length=160, verbose_name="who")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                        (
                            "within_days",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="within days of publication"
                            ),
                        ),
                        ("sent_on", models.DateField(blank=True, null=True, verbose_name="sent")),
                        (
                            "way",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("email", "E-mail"),
                                    ("post", "Post"),
                                    ("portal", "Uploaded to their site"),
                                    ("hand", "Given by hand"),
                                ],
                                max_length=6,
                                verbose_name="how",
                            ),
                        ),
                        (
                            "note",
                            models.CharField(
                                blank=True, help_text="For example the reference of their receipt", max_length=300
                            ),
                        ),
                        (
                            "not_sent_because",
                            models.CharField(blank=True, max_length=300, verbose_name="why it is not sent"),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReportSignature",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "decision",
                            models.CharField(
                                choices=[("signed", "Signed"), ("changes", "Asks for changes first")], max_length=7
                            ),
                        ),
                        (
                            "words",
                            models.TextField(
                                blank=True,
                                help_text="What has to change, or where it was signed",
                                verbose_name="in words",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="who signed")),
                        ("post_title", models.CharField(max_length=160, verbose_name="their post")),
                        ("signed_on", models.DateField(verbose_name="on")),
                        ("recorded_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["sign_off", "recorded_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ReportSignatureEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "decision",
                            models.CharField(
                                choices=[("signed", "Signed"), ("changes", "Asks for changes first")], max_length=7
                            ),
                        ),
                        (
                            "words",
                            models.TextField(
                                blank=True,
                                help_text="What has to change, or where it was signed",
                                verbose_name="in words",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="who signed")),
                        ("post_title", models.CharField(max_length=160, verbose_name="their post")),
                        ("signed_on", models.DateField(verbose_name="on")),
                        ("recorded_at", models.DateTimeField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ScrutinyStatement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "number",
                            models.PositiveSmallIntegerField(default=1, help_text="The last one given is printed"),
                        ),
                        ("conclusion", models.CharField(blank=True, max_length=250, verbose_name="in one sentence")),
                        ("words", models.TextField(blank=True, verbose_name="the statement")),
                        (
                            "by_line",
                            models.CharField(blank=True, max_length=200, verbose_name="name and role, as printed"),
                        ),
                        ("begun_at", models.DateTimeField()),
                        (
                            "given_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="given to the partnership"),
                        ),
                        ("answer", models.TextField(blank=True, verbose_name="what the partnership answers")),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["report", "-number"],
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="ScrutinyStatementEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "number",
                            models.PositiveSmallIntegerField(default=1, help_text="The last one given is printed"),
                        ),
                        ("conclusion", models.CharField(blank=True, max_length=250, verbose_name="in one sentence")),
                        ("words", models.TextField(blank=True, verbose_name="the statement")),
                        (
                            "by_line",
                            models.CharField(blank=True, max_length=200, verbose_name="name and role, as printed"),
                        ),
                        ("begun_at", models.DateTimeField()),
                        (
                            "given_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="given to the partnership"),
                        ),
                        ("answer", models.TextField(blank=True, verbose_name="what the partnership answers")),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="SignOff",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="what they are told")),
                        ("due_on", models.DateField(verbose_name="due")),
                        ("asked_at", models.DateTimeField()),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                        ("withdrawn_because", models.TextField(blank=True, verbose_name="why")),
                    ],
                    options={
                        "ordering": ["report", "-asked_at"],
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="SignOffEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("note", models.TextField(blank=True, verbose_name="what they are told")),
                        ("due_on", models.DateField(verbose_name="due")),
                        ("asked_at", models.DateTimeField()),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                        ("withdrawn_because", models.TextField(blank=True, verbose_name="why")),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
            ]
        ),
        AtOnce(
            [
                migrations.AddField(
                    model_name="annualreport",
                    name="in_short",
                    field=models.TextField(
                        blank=True, help_text="For the report on one page", verbose_name="the year in short"
                    ),
                ),
                migrations.AddField(
                    model_name="annualreportevent",
                    name="in_short",
                    field=models.TextField(
                        blank=True, help_text="For the report on one page", verbose_name="the year in short"
                    ),
                ),
                migrations.AddField(
                    model_name="reportbuild",
                    name="number",
                    field=models.PositiveSmallIntegerField(
                        help_text="Counts the proofs of one edition", null=True, verbose_name="version"
                    ),
                ),
                migrations.AddField(
                    model_name="reportbuild",
                    name="summary",
                    field=models.BinaryField(null=True, verbose_name="on one page"),
                ),
                migrations.AddField(
                    model_name="reportbuild",
                    name="summary_size",
                    field=models.PositiveIntegerField(help_text="In bytes", null=True),
                ),
                migrations.AddField(
                    model_name="reportbuild",
                    name="word",
                    field=models.BinaryField(null=True),
                ),
                migrations.AddField(
                    model_name="reportbuild",
                    name="word_size",
                    field=models.PositiveIntegerField(help_text="In bytes", null=True),
                ),
                migrations.AddField(
                    model_name="reportbuildevent",
                    name="number",
                    field=models.PositiveSmallIntegerField(
                        help_text="Counts the proofs of one edition", null=True, verbose_name="version"
                    ),
                ),
                migrations.AddField(
                    model_name="reportbuildevent",
                    name="summary_size",
                    field=models.PositiveIntegerField(help_text="In bytes", null=True),
                ),
                migrations.AddField(
                    model_name="reportbuildevent",
                    name="word_size",
                    field=models.PositiveIntegerField(help_text="In bytes", null=True),
                ),
                migrations.AddField(
                    model_name="reportevidence",
                    name="address",
                    field=models.CharField(blank=True, max_length=300, verbose_name="where it stands"),
                ),
                migrations.AddField(
                    model_name="reportevidence",
                    name="priority",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="That it is about",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="plans.priority",
                    ),
                ),
                migrations.AddField(
                    model_name="reportevidence",
                    name="quote",
                    field=models.TextField(blank=True, help_text="Empty: all of them", verbose_name="the words quoted"),
                ),
                migrations.AddField(
                    model_name="reportevidence",
                    name="use",
                    field=models.CharField(
                        choices=[
                            ("offered", "Not decided yet"),
                            ("accepted", "In the report"),
                            ("quoted", "Quoted"),
                            ("left-out", "Left out"),
                        ],
                        default="offered",
                        max_length=8,
                    ),
                ),
                migrations.AddField(
                    model_name="reportevidence",
                    name="used_by",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="reportevidenceevent",
                    name="address",
                    field=models.CharField(blank=True, max_length=300, verbose_name="where it stands"),
                ),
                migrations.AddField(
                    model_name="reportevidenceevent",
                    name="priority",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="That it is about",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="plans.priority",
                    ),
                ),
                migrations.AddField(
                    model_name="reportevidenceevent",
                    name="quote",
                    field=models.TextField(blank=True, help_text="Empty: all of them", verbose_name="the words quoted"),
                ),
                migrations.AddField(
                    model_name="reportevidenceevent",
                    name="use",
                    field=models.CharField(
                        choices=[
                            ("offered", "Not decided yet"),
                            ("accepted", "In the report"),
                            ("quoted", "Quoted"),
                            ("left-out", "Left out"),
                        ],
                        default="offered",
                        max_length=8,
                    ),
                ),
                migrations.AddField(
                    model_name="reportevidenceevent",
                    name="used_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="consultationcomment",
                    name="answered_by",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="consultationcomment",
                    name="made_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                migrations.AddField(
                    model_name="consultationcomment",
                    name="organisation",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnership.organisation",
                        verbose_name="for",
                    ),
                ),
                migrations.AddField(
                    model_name="consultationcomment",
                    name="section",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="Empty: the whole",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="assurance.reportsection",
                    ),
                ),
                migrations.AddField(
                    model_name="consultationcommentevent",
                    name="answered_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="consultationcommentevent",
                    name="made_by",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="consultationcommentevent",
                    name="organisation",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnership.organisation",
                        verbose_name="for",
                    ),
                ),
                migrations.AddField(
                    model_name="consultationcommentevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="consultationcommentevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="assurance.consultationcomment",
                    ),
                ),
                migrations.AddField(
                    model_name="consultationcommentevent",
                    name="section",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Empty: the whole",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assurance.reportsection",
                    ),
                ),
                migrations.AddField(
                    model_name="contributiondraft",
                    name="saved_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                migrations.AddField(
                    model_name="coverbuild",
                    name="requested_by",
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                migrations.AddField(
                    model_name="coverbuildevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="coverbuildevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="assurance.coverbuild",
                    ),
                ),
                migrations.AddField(
                    model_name="coverbuildevent",
                    name="requested_by",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="coverreport",
                    name="begun_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                migrations.AddField(
                    model_name="coverbuildevent",
                    name="cover",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assurance.coverreport",
                    ),
                ),
                migrations.AddField(
                    model_name="coverbuild",
                    name="cover",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="builds", to="assurance.coverreport"
                    ),
                ),
                migrations.AddField(
                    model_name="coverreportevent",
                    name="begun_by",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="coverreportevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="coverreportevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="assurance.coverreport",
                    ),
                ),
                migrations.AddField(
                    model_name="coversection",
                    name="cover",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sections", to="assurance.coverreport"
                    ),
                ),
                migrations.AddField(
                    model_name="coversectionevent",
                    name="cover",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assurance.coverreport",
                    ),
                ),
                migrations.AddField(
                    model_name="coversectionevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="coversectionevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="assurance.coversection",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcompanion",
                    name="added_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                migrations.AddField(
                    model_name="reportcompanion",
                    name="document",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnership.document",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcompanion",
                    name="published_file",
                    field=models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report_companion",
                        to="partnership.publishedfile",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcompanion",
                    name="report",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="companions",
                        to="assurance.annualreport",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcompanionevent",
                    name="added_by",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="reportcompanionevent",
                    name="document",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnership.document",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcompanionevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcompanionevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="assurance.reportcompanion",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcompanionevent",
                    name="published_file",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnership.publishedfile",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcompanionevent",
                    name="report",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assurance.annualreport",
                    ),
                ),
                migrations.AddField(
                    model_name="reportconsultation",
                    name="build",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultations",
                        to="assurance.reportbuild",
                    ),
                ),
                migrations.AddField(
                    model_name="reportconsultation",
                    name="opened_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                migrations.AddField(
                    model_name="reportconsultation",
                    name="report",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consultations",
                        to="assurance.annualreport",
                    ),
                ),
                migrations.AddField(
                    model_name="coverreportevent",
                    name="consultation",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assurance.reportconsultation",
                    ),
                ),
                migrations.AddField(
                    model_name="coverreport",
                    name="consultation",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cover",
                        to="assurance.reportconsultation",
                    ),
                ),
                migrations.AddField(
                    model_name="consultationcommentevent",
                    name="consultation",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assurance.reportconsultation",
                    ),
                ),
                migrations.AddField(
                    model_name="consultationcomment",
                    name="consultation",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="assurance.reportconsultation",
                    ),
                ),
                migrations.AddField(
                    model_name="reportconsultationevent",
                    name="build",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assurance.reportbuild",
                    ),
                ),
                migrations.AddField(
                    model_name="reportconsultationevent",
                    name="opened_by",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="reportconsultationevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="reportconsultationevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="assurance.reportconsultation",
                    ),
                ),
                migrations.AddField(
                    model_name="reportconsultationevent",
                    name="report",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assurance.annualreport",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcontribution",
                    name="asked_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                migrations.AddField(
                    model_name="reportcontribution",
                    name="organisation",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report_contributions",
                        to="partnership.organisation",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcontribution",
                    name="report",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contributions",
                        to="assurance.annualreport",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcontribution",
                    name="submitted_by",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="contributiondraft",
                    name="contribution",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draft",
                        to="assurance.reportcontribution",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcontributionevent",
                    name="asked_by",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="reportcontributionevent",
                    name="organisation",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnership.organisation",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcontributionevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcontributionevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="assurance.reportcontribution",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcontributionevent",
                    name="report",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assurance.annualreport",
                    ),
                ),
                migrations.AddField(
                    model_name="reportcontributionevent",
                    name="submitted_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="reportmail",
                    name="made_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                migrations.AddField(
                    model_name="reportmailevent",
                    name="made_by",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="reportmailevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="reportmailevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="assurance.reportmail",
                    ),
                ),
                migrations.AddField(
                    model_name="reportrecipient",
                    name="recorded_by",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="reportrecipient",
                    name="report",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipients",
                        to="assurance.annualreport",
                    ),
                ),
                migrations.AddField(
                    model_name="reportrecipient",
                    name="rule",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnership.rule",
                    ),
                ),
                migrations.AddField(
                    model_name="reportmailevent",
                    name="recipient",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assurance.reportrecipient",
                    ),
                ),
                migrations.AddField(
                    model_name="reportmail",
                    name="recipient",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="assurance.reportrecipient",
                    ),
                ),
                migrations.AddField(
                    model_name="reportrecipientevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="reportrecipientevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="assurance.reportrecipient",
                    ),
                ),
                migrations.AddField(
                    model_name="reportrecipientevent",
                    name="recorded_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="reportrecipientevent",
                    name="report",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assurance.annualreport",
                    ),
                ),
                migrations.AddField(
                    model_name="reportrecipientevent",
                    name="rule",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnership.rule",
                    ),
                ),
                migrations.AddField(
                    model_name="reportsignature",
                    name="organisation",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnership.organisation"
                    ),
                ),
                migrations.AddField(
                    model_name="reportsignature",
                    name="recorded_by",
                    field=models.ForeignKey(
                        help_text="The lead, or the office",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="reportsignatureevent",
                    name="organisation",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnership.organisation",
                    ),
                ),
                migrations.AddField(
                    model_name="reportsignatureevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="reportsignatureevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="assurance.reportsignature",
                    ),
                ),
                migrations.AddField(
                    model_name="reportsignatureevent",
                    name="recorded_by",
                    field=models.ForeignKey(
                        db_constraint=False,
                        help_text="The lead, or the office",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="scrutinystatement",
                    name="answered_by",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="scrutinystatement",
                    name="report",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scrutiny_statements",
                        to="assurance.annualreport",
                    ),
                ),
                migrations.AddField(
                    model_name="scrutinystatement",
                    name="written_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                migrations.AddField(
                    model_name="scrutinystatementevent",
                    name="answered_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="scrutinystatementevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="scrutinystatementevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="assurance.scrutinystatement",
                    ),
                ),
                migrations.AddField(
                    model_name="scrutinystatementevent",
                    name="report",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assurance.annualreport",
                    ),
                ),
                migrations.AddField(
                    model_name="scrutinystatementevent",
                    name="written_by",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="signoff",
                    name="asked_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                migrations.AddField(
                    model_name="signoff",
                    name="build",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_offs",
                        to="assurance.reportbuild",
                    ),
                ),
                migrations.AddField(
                    model_name="signoff",
                    name="report",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_offs",
                        to="assurance.annualreport",
                    ),
                ),
                migrations.AddField(
                    model_name="reportsignatureevent",
                    name="sign_off",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assurance.signoff",
                    ),
                ),
                migrations.AddField(
                    model_name="reportsignature",
                    name="sign_off",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="assurance.signoff"
                    ),
                ),
                migrations.AddField(
                    model_name="signoffevent",
                    name="asked_by",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="signoffevent",
                    name="build",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assurance.reportbuild",
                    ),
                ),
                migrations.AddField(
                    model_name="signoffevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="signoffevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="assurance.signoff",
                    ),
                ),
                migrations.AddField(
                    model_name="signoffevent",
                    name="report",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="assurance.annualreport",
                    ),
                ),
            ]
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        AtOnce(
            [
                migrations.RemoveField(
                    model_name="reportevidence",
                    name="is_left_out",
                ),
                migrations.RemoveField(
                    model_name="reportevidenceevent",
                    name="is_left_out",
                ),
                migrations.AddConstraint(
                    model_name="reportbuild",
                    constraint=models.UniqueConstraint(fields=("report", "number"), name="one_report_build_a_number"),
                ),
                migrations.AddConstraint(
                    model_name="reportcompanion",
                    constraint=models.UniqueConstraint(
                        fields=("report", "kind", "language"), name="one_companion_a_kind_and_language"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reportconsultation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                        name="consultation_closes_after_it_opens",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="consultationcomment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at", None),
                            models.Q(models.Q(("result", ""), _negated=True), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="comment_is_answered_wholly",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reportcontribution",
                    constraint=models.UniqueConstraint(
                        fields=("report", "organisation"), name="one_contribution_an_organisation"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reportcontribution",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("submitted_at", None), ("submitted_by__isnull", False), _connector="OR"),
                        name="contribution_is_submitted_by_somebody",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reportrecipient",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("sent_on", None),
                            models.Q(("not_sent_because", ""), models.Q(("way", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="recipient_is_sent_or_not",
                    ),
                ),
                migrations.AddIndex(
                    model_name="reportmail",
                    index=models.Index(
                        condition=models.Q(("problem", ""), ("sent_at", None)),
                        fields=["made_at"],
                        name="report_mail_waiting",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reportmail",
                    constraint=models.UniqueConstraint(fields=("recipient", "turn"), name="one_report_mail_a_turn"),
                ),
                migrations.AddConstraint(
                    model_name="reportmail",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("sent_at", None), ("claimed_at__lte", models.F("sent_at")), _connector="OR"
                        ),
                        name="report_mail_is_claimed_before_sent",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="scrutinystatement",
                    constraint=models.UniqueConstraint(fields=("report", "number"), name="one_statement_a_number"),
                ),
                migrations.AddConstraint(
                    model_name="scrutinystatement",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("given_at", None)),
                        fields=("report",),
                        name="one_statement_at_a_time_is_written",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="signoff",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)), fields=("report",), name="one_sign_off_at_a_time"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reportsignature",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("decision", "signed")),
                        fields=("sign_off", "organisation"),
                        name="one_signature_an_organisation",
                    ),
                ),
            ]
        ),
    ]
