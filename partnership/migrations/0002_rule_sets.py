"""The editions of guidance that are known today. What an administrator changed stays as it is."""

from django.db import migrations

from partnership.statutory import load_rule_sets


def load(apps, schema_editor):
    load_rule_sets(apps.get_model("partnership", "RuleSet"), apps.get_model("partnership", "Rule"))


class Migration(migrations.Migration):
    dependencies = [("partnership", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
