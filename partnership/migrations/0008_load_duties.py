from django.db import migrations

from partnership.statutory import load_rule_sets


def load(apps, schema_editor):
    """The duties that editions have gained; what is there already, or was changed, stays as it is."""
    load_rule_sets(apps.get_model("partnership", "RuleSet"), apps.get_model("partnership", "Rule"))


class Migration(migrations.Migration):
    dependencies = [("partnership", "0007_kinds_of_files")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
