"""A consultation can be opened again, with its reason; a comment keeps the heading that it was made on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from partnership.schema import AtOnce

HISTORY = {"db_constraint": False, "related_query_name": "+", "on_delete": django.db.models.deletion.DO_NOTHING}


def heading():
    return models.CharField(
        "the heading commented on", max_length=200, blank=True, help_text="As it stood then; empty: the whole"
    )


def person(**options):
    options = {"on_delete": django.db.models.deletion.PROTECT} | options
    return models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, related_name="+", **options)


def reopened(model, **history):
    return [
        migrations.AddField(model, "reopened_at", models.DateTimeField("opened again", null=True, blank=True)),
        migrations.AddField(model, "reopened_because", models.TextField("why it was opened again", blank=True)),
        migrations.AddField(model, "reopened_by", person(**history)),
        migrations.AddField(
            model, "told_reopened_at", models.DateTimeField("told that it is open again", null=True, blank=True)
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0021_statement_due"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                *(
                    migrations.AddField(name, "heading", heading())
                    for name in ("consultationcomment", "consultationcommentevent")
                ),
                *reopened("reportconsultation"),
                *reopened("reportconsultationevent", **HISTORY),
            ]
        )
    ]
