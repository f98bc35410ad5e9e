"""Who needs a second step; invitations, what happens to accounts, reviews of access; a cache for all processes."""

import django.contrib.postgres.fields
import django.db.models.deletion
import partnership.models.organisations
import rules.contrib.models
import uuid
from django.conf import settings
from django.db import migrations, models

from partnership.schema import AtOnce

# What `createcachetable` makes, but without a log: a crash empties it, and its rows are minutes old.
CACHE = """
    CREATE UNLOGGED TABLE partnership_cache (
        cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
    );
    CREATE INDEX partnership_cache_expires ON partnership_cache (expires);
"""
NO_CACHE = "DROP TABLE partnership_cache"


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0018_report_recipients"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="AccessReview",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("begun_at", models.DateTimeField()),
                        ("due_on", models.DateField(verbose_name="to be finished by")),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "begun_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "partnership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="access_reviews",
                                to="partnership.partnership",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-begun_at"],
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="AccessReviewEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("begun_at", models.DateTimeField()),
                        ("due_on", models.DateField(verbose_name="to be finished by")),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "begun_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "partnership",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
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
                                to="partnership.accessreview",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AccessReviewLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("posts", models.TextField(blank=True, help_text="The posts that they held, one a line")),
                        ("last_signed_in_at", models.DateTimeField(blank=True, null=True)),
                        ("has_second_step", models.BooleanField(default=False)),
                        (
                            "decision",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not looked at yet"),
                                    ("keep", "Still right"),
                                    ("ended", "Ended"),
                                    ("changed", "Changed"),
                                ],
                                default="",
                                max_length=8,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="partnership.accessreview",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["user__name", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="AccessReviewLineEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("posts", models.TextField(blank=True, help_text="The posts that they held, one a line")),
                        ("last_signed_in_at", models.DateTimeField(blank=True, null=True)),
                        ("has_second_step", models.BooleanField(default=False)),
                        (
                            "decision",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not looked at yet"),
                                    ("keep", "Still right"),
                                    ("ended", "Ended"),
                                    ("changed", "Changed"),
                                ],
                                default="",
                                max_length=8,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                                to="partnership.accessreviewline",
                            ),
                        ),
                        (
                            "review",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="partnership.accessreview",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AccountEvent",
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
                                    ("signed-in", "Signed in"),
                                    ("sign-in-failed", "Failed to sign in"),
                                    ("slowed-down", "Tried to sign in too often"),
                                    ("signed-out", "Signed out"),
                                    ("timed-out", "Signed out after a while without a word"),
                                    ("session-ended", "A session was ended"),
                                    ("asked-again", "Proved again who they are"),
                                    ("step-added", "Second step set up"),
                                    ("step-removed", "Second step removed"),
                                    ("code-sent", "Code sent by mail"),
                                    ("reset-asked", "Asked for a new password"),
                                    ("password-changed", "Password changed"),
                                    ("account-joined", "Joined to an account at their organisation"),
                                    ("invited", "Invited"),
                                    ("invitation-used", "Invitation used"),
                                    ("switched-off", "Account switched off"),
                                    ("switched-on", "Account switched on again"),
                                    ("refused", "Refused"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("ip", models.GenericIPAddressField(blank=True, null=True, verbose_name="address")),
                        ("browser", models.CharField(blank=True, max_length=200)),
                        ("detail", models.CharField(blank=True, max_length=200)),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="account_events",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        ("made_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="invitations",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-made_at"],
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="InvitationEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                        ("made_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                                to="partnership.invitation",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                    model_name="partnership",
                    name="second_step_roles",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("office", "The business office"),
                                ("lead-partner", "Lead safeguarding partners"),
                                ("advisor", "Independent advisors and scrutineers"),
                                ("training", "Training coordinators"),
                                ("chair", "Chairs of groups"),
                                ("cases", "Members of a case review group"),
                                ("member", "Everybody else who holds a post"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=partnership.models.organisations.every_role,
                        help_text="A passkey, or a code from an app, beside the password",
                        size=None,
                        verbose_name="who needs a second step to sign in",
                    ),
                ),
                migrations.AddField(
                    model_name="partnershipevent",
                    name="second_step_roles",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("office", "The business office"),
                                ("lead-partner", "Lead safeguarding partners"),
                                ("advisor", "Independent advisors and scrutineers"),
                                ("training", "Training coordinators"),
                                ("chair", "Chairs of groups"),
                                ("cases", "Members of a case review group"),
                                ("member", "Everybody else who holds a post"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=partnership.models.organisations.every_role,
                        help_text="A passkey, or a code from an app, beside the password",
                        size=None,
                        verbose_name="who needs a second step to sign in",
                    ),
                ),
            ]
        ),
        AtOnce(
            [
                migrations.AddConstraint(
                    model_name="accessreview",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("partnership",),
                        name="one_open_review_of_access",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accessreviewline",
                    constraint=models.UniqueConstraint(fields=("review", "user"), name="one_line_of_access_a_person"),
                ),
                migrations.AddIndex(
                    model_name="accountevent",
                    index=models.Index(fields=["user", "-at"], name="account_events_of_user"),
                ),
                migrations.AddConstraint(
                    model_name="invitation",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("used_at", None), ("withdrawn_at", None)),
                        fields=("user",),
                        name="one_open_invitation",
                    ),
                ),
            ]
        ),
        migrations.RunSQL(CACHE, NO_CACHE),
    ]
