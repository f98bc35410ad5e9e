"""What is typed for an annual report and not saved, and what its writers were shown."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from partnership.schema import AtOnce


def key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def of_report(related_name):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name=related_name, to="assurance.annualreport"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0018_annual_report_parts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="ReportDraft",
                    fields=[
                        ("id", key()),
                        (
                            "page",
                            models.CharField(
                                help_text="foreword, in-short, or a section, like section:12", max_length=30
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
                        ("report", of_report("drafts")),
                    ],
                    options={
                        "ordering": ["-saved_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("report", "page", "author"), name="one_report_draft_a_page_and_person"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReportSeen",
                    fields=[
                        ("id", key()),
                        (
                            "key",
                            models.CharField(help_text="figure:places-taken-up, or trail:standstill:12", max_length=80),
                        ),
                        (
                            "value",
                            models.CharField(help_text="As it was printed, or a hash of longer words", max_length=80),
                        ),
                        ("seen_at", models.DateTimeField()),
                        ("report", of_report("seen")),
                    ],
                    options={
                        "ordering": ["seen_at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("report", "key", "value"), name="seen_once_by_a_report")
                        ],
                    },
                ),
            ]
        )
    ]
