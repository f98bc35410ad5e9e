"""The glossary of each partnership; those that are here already begin with the usual terms too."""

import django.db.models.deletion
import django.db.models.functions.text
import rules.contrib.models
from django.db import migrations, models

from partnership.schema import AtOnce
from partnership.usual_glossary import usual_for


def begin(apps, schema_editor):
    term_model = apps.get_model("partnership", "GlossaryTerm")
    term_model.objects.bulk_create(
        term_model(partnership_id=pk, term=usual.term, stands_for=usual.stands_for, meaning=usual.meaning)
        for pk, kind in apps.get_model("partnership", "Partnership").objects.values_list("pk", "kind")
        for usual in usual_for(kind)
    )


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0028_word_for_parting"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="GlossaryTerm",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("term", models.CharField(max_length=60)),
                        ("stands_for", models.CharField(blank=True, max_length=200)),
                        ("meaning", models.TextField(blank=True)),
                        (
                            "partnership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="glossary",
                                to="partnership.partnership",
                            ),
                        ),
                    ],
                    options={
                        "ordering": [django.db.models.functions.text.Lower("term"), "partnership"],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("partnership"),
                                django.db.models.functions.text.Lower("term"),
                                name="a_term_is_explained_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("meaning", ""), ("stands_for", ""), _negated=True),
                                name="a_term_is_explained",
                            ),
                        ],
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="GlossaryTermEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("term", models.CharField(max_length=60)),
                        ("stands_for", models.CharField(blank=True, max_length=200)),
                        ("meaning", models.TextField(blank=True)),
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
                                to="partnership.glossaryterm",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
            ]
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
