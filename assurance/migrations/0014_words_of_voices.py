"""What the public reads of a voice, apart from what is written inside; and what of reports is set aside."""

import django.db.models.deletion
import pgtrigger
import rules.contrib.models
from django.conf import settings
from django.db import migrations, models
from django.db.models import F

from partnership.schema import AtOnce

WORDS = {
    "public_because": "why nothing was done, to the public",
    "public_changed": "changed, to the public",
    "public_did": "did, to the public",
    "public_said": "said, to the public",
}


def fields_of(model):
    long = [
        migrations.AddField(model, name, models.TextField(blank=True, verbose_name=label))
        for name, label in WORDS.items()
    ]
    who = models.CharField(blank=True, max_length=160, verbose_name="who, to the public")
    day = models.DateField(blank=True, null=True, verbose_name="told to the public")
    count = models.PositiveIntegerField(default=1, help_text="0: nobody counted")
    return [
        *long,
        migrations.AddField(model, "public_who", who),
        migrations.AddField(model, "published_on", day),
        migrations.AlterField(model, "people_count", count),
    ]


def keep_what_is_told(apps, schema_editor):
    """What the public reads already, it goes on reading in the same words."""
    with pgtrigger.ignore():
        apps.get_model("assurance", "VoiceEntry").objects.filter(is_public=True).update(
            public_who=F("who"),
            public_said=F("said"),
            public_did=F("did"),
            public_because=F("not_done_because"),
            public_changed=F("changed"),
        )
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0013_same_figure_elsewhere"),
        ("partnership", "0017_emergency_access"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                *fields_of("voiceentry"),
                *fields_of("voiceentryevent"),
                migrations.CreateModel(
                    name="VoiceSetAside",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source_key", models.CharField(max_length=60)),
                        ("because", models.CharField(max_length=300, verbose_name="why it is set aside")),
                        ("set_aside_at", models.DateTimeField()),
                        (
                            "partnership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="partnership.partnership",
                            ),
                        ),
                        (
                            "set_aside_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "voices set aside",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=["partnership", "source_key"], name="one_voice_set_aside_a_source"
                            )
                        ],
                    },
                    bases=(rules.contrib.models.RulesModelMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="VoiceSetAsideEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("source_key", models.CharField(max_length=60)),
                        ("because", models.CharField(max_length=300, verbose_name="why it is set aside")),
                        ("set_aside_at", models.DateTimeField()),
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
                                to="assurance.voicesetaside",
                            ),
                        ),
                        (
                            "set_aside_by",
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
        migrations.RunPython(keep_what_is_told, migrations.RunPython.noop),
    ]
