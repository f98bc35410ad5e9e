"""A grading of an audit that was handed back says when and why."""

from django.db import migrations, models

from partnership.schema import AtOnce


def because():
    return models.TextField("why it was handed back", blank=True, default="")


class Migration(migrations.Migration):
    dependencies = [("assurance", "0015_withdrawn_requests")]

    operations = [
        AtOnce(
            [
                operation
                for model in ("auditgrading", "auditgradingevent")
                for operation in (
                    migrations.AddField(model, "handed_back_at", models.DateTimeField(null=True, blank=True)),
                    migrations.AddField(model, "handed_back_because", because()),
                )
            ]
        )
    ]
