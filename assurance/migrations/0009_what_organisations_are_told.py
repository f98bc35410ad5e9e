"""Each response to an organisation is a row of its own; what a summary counted stands once it is released."""

import rules.contrib.models
from django.conf import settings
from django.db import migrations, models
from django.db.models import deletion

from partnership.schema import AtOnce


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0008_usual_standards"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.AddField(
                    model_name="thematicsummary",
                    name="figures",
                    field=models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="What was counted on the day it was released, as members read it",
                    ),
                ),
                migrations.AddField(
                    model_name="thematicsummaryevent",
                    name="figures",
                    field=models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="What was counted on the day it was released, as members read it",
                    ),
                ),
                migrations.AlterField(
                    model_name="scrutiny",
                    name="response",
                    field=models.TextField(
                        blank=True, help_text="As it is drafted", verbose_name="what the organisation is told"
                    ),
                ),
                migrations.AlterField(
                    model_name="scrutinyevent",
                    name="response",
                    field=models.TextField(
                        blank=True, help_text="As it is drafted", verbose_name="what the organisation is told"
                    ),
                ),
                migrations.CreateModel(
                    name="ScrutinyResponse",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.TextField(verbose_name="what the organisation is told")),
                        ("sent_at", models.DateTimeField()),
                        (
                            "read_at",
                            models.DateTimeField(
                                blank=True, help_text="When the organisation said that it has read it", null=True
                            ),
                        ),
                        (
                            "level",
                            models.ForeignKey(
                                on_delete=deletion.PROTECT,
                                related_name="+",
                                to="assurance.assurancelevel",
                                verbose_name="judgement",
                            ),
                        ),
                        (
                            "read_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "scrutiny",
                            models.ForeignKey(
                                on_delete=deletion.PROTECT,
                                related_name="responses",
                                to="assurance.scrutiny",
                            ),
                        ),
                        (
                            "sent_by",
                            models.ForeignKey(
                                on_delete=deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-sent_at", "-pk"],
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="ScrutinyResponseEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("text", models.TextField(verbose_name="what the organisation is told")),
                        ("sent_at", models.DateTimeField()),
                        (
                            "read_at",
                            models.DateTimeField(
                                blank=True, help_text="When the organisation said that it has read it", null=True
                            ),
                        ),
                        (
                            "level",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assurance.assurancelevel",
                                verbose_name="judgement",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=deletion.DO_NOTHING,
                                related_name="events",
                                to="assurance.scrutinyresponse",
                            ),
                        ),
                        (
                            "read_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "scrutiny",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="assurance.scrutiny",
                            ),
                        ),
                        (
                            "sent_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=deletion.DO_NOTHING,
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
        )
    ]
