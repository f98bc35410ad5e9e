"""Why an outcome is not judged, what is typed and not saved, and one line of a log for every edition of a report."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from partnership.schema import AtOnce

OF_ACTION = {
    "blank": True,
    "help_text": "Every edition of a report leads to the same line",
    "null": True,
    "to": "partnership.meetingaction",
}


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0011_usual_risks_and_hidden_grades"),
        ("partnership", "0017_emergency_access"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.AddField(
                    model_name="quarterlyline",
                    name="not_judged_because",
                    field=models.TextField(blank=True, verbose_name="why it is not judged"),
                ),
                migrations.AddField(
                    model_name="quarterlylineevent",
                    name="not_judged_because",
                    field=models.TextField(blank=True, verbose_name="why it is not judged"),
                ),
                migrations.AlterField(
                    model_name="quarterlypromise",
                    name="action",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="quarterly_promises", **OF_ACTION
                    ),
                ),
                migrations.AlterField(
                    model_name="quarterlypromiseevent",
                    name="action",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        **OF_ACTION,
                    ),
                ),
                migrations.CreateModel(
                    name="QuarterlyDraft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "page",
                            models.CharField(
                                help_text="words, results, or an outcome’s line, like line:12", max_length=30
                            ),
                        ),
                        ("answers", models.JSONField(default=dict, help_text="The form’s fields as they were typed")),
                        ("saved_at", models.DateTimeField()),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to="assurance.quarterlyreport",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-saved_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=["report", "page", "author"], name="one_quarterly_draft_a_page_and_person"
                            )
                        ],
                    },
                ),
            ]
        )
    ]
