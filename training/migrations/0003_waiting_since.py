"""Whoever waits says since when; those who waited before that was asked wait since now."""

from django.db import migrations
from django.utils import timezone


def since_now(apps, schema_editor):
    apps.get_model("training", "Place").objects.filter(status="waiting", waiting_since=None).update(
        waiting_since=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [("training", "0002_needs_to_difference")]

    operations = [migrations.RunPython(since_now, migrations.RunPython.noop)]
