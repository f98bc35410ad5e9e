"""A partnership’s own headings, what counts as evidence, who has to have the report; statements to the public."""

import django.db.models.deletion
import pgtrigger
import rules.contrib.models
from django.conf import settings
from django.db import migrations, models

from partnership.schema import AtOnce
from partnership.statutory import EVIDENCE, load_rule_sets


def load(apps, schema_editor):
    """Recipients, and what counts as evidence under each heading; what an administrator changed stays as it is.

    The triggers that keep history are still those from before: they know nothing of the new columns.
    """
    rules = apps.get_model("partnership", "Rule")
    with pgtrigger.ignore():
        load_rule_sets(apps.get_model("partnership", "RuleSet"), rules)
        for code, words in EVIDENCE.items():
            rules.objects.filter(code=code, unit="heading", evidence="").update(evidence=words)


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0017_emergency_access"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="PublicStatement",
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
                                choices=[("accessibility", "Accessibility statement"), ("privacy", "Privacy notice")],
                                max_length=13,
                            ),
                        ),
                        ("version", models.PositiveSmallIntegerField(default=1)),
                        ("words", models.TextField()),
                        ("reviewed_on", models.DateField(blank=True, null=True, verbose_name="looked at again on")),
                        ("published_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "partnership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="public_statements",
                                to="partnership.partnership",
                            ),
                        ),
                        (
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["partnership", "kind", "-version"],
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="PublicStatementEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[("accessibility", "Accessibility statement"), ("privacy", "Privacy notice")],
                                max_length=13,
                            ),
                        ),
                        ("version", models.PositiveSmallIntegerField(default=1)),
                        ("words", models.TextField()),
                        ("reviewed_on", models.DateField(blank=True, null=True, verbose_name="looked at again on")),
                        ("published_at", models.DateTimeField(blank=True, null=True)),
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
                                to="partnership.publicstatement",
                            ),
                        ),
                        (
                            "written_by",
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
                    model_name="rule",
                    name="evidence",
                    field=models.TextField(
                        blank=True, help_text="Of a heading", verbose_name="what counts as evidence"
                    ),
                ),
                migrations.AddField(
                    model_name="ruleevent",
                    name="evidence",
                    field=models.TextField(
                        blank=True, help_text="Of a heading", verbose_name="what counts as evidence"
                    ),
                ),
                migrations.AddField(
                    model_name="ruleset",
                    name="partnership",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="Empty: of law or guidance. Otherwise the headings that a partnership has set itself",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule_sets",
                        to="partnership.partnership",
                    ),
                ),
                migrations.AddField(
                    model_name="rulesetevent",
                    name="partnership",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Empty: of law or guidance. Otherwise the headings that a partnership has set itself",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnership.partnership",
                    ),
                ),
                migrations.AlterField(
                    model_name="publishedfile",
                    name="kind",
                    field=models.CharField(
                        choices=[
                            ("annual-report", "Annual report"),
                            ("plan", "Plan"),
                            ("arrangements", "Arrangements"),
                            ("review", "Practice review"),
                            ("briefing", "Briefing"),
                            ("summary", "Annual report on one page"),
                            ("easy-read", "Annual report in easy read"),
                            ("children", "Annual report for children and young people"),
                            ("word", "Annual report as Word"),
                            ("language", "Annual report in another language"),
                        ],
                        max_length=14,
                    ),
                ),
                migrations.AlterField(
                    model_name="rule",
                    name="unit",
                    field=models.CharField(
                        choices=[
                            ("working-days", "working days"),
                            ("days", "days"),
                            ("months", "months"),
                            ("heading", "heading of the yearly report"),
                            ("duty", "duty a plan can promise to meet"),
                            ("recipient", "recipient of the yearly report"),
                        ],
                        default="heading",
                        max_length=14,
                    ),
                ),
                migrations.AlterField(
                    model_name="ruleevent",
                    name="unit",
                    field=models.CharField(
                        choices=[
                            ("working-days", "working days"),
                            ("days", "days"),
                            ("months", "months"),
                            ("heading", "heading of the yearly report"),
                            ("duty", "duty a plan can promise to meet"),
                            ("recipient", "recipient of the yearly report"),
                        ],
                        default="heading",
                        max_length=14,
                    ),
                ),
            ]
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
        AtOnce(
            [
                migrations.AddConstraint(
                    model_name="publicstatement",
                    constraint=models.UniqueConstraint(
                        fields=("partnership", "kind", "version"), name="one_statement_a_version"
                    ),
                ),
            ]
        ),
    ]
