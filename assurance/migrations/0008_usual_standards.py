"""A letter for a score that is known by one, and the standard sets that an installation begins with."""

import pgtrigger
from django.db import migrations, models

from assurance.usual_standards import load_usual_standards
from partnership.schema import AtOnce

LOADED = ("StandardSet", "Standard", "Scale", "ScalePoint")
LETTER = {"blank": True, "help_text": "Stands in the shape; empty: the score itself", "max_length": 2}


def load(apps, schema_editor):
    with pgtrigger.ignore():  # those of a database that is there already do not know the letter yet
        load_usual_standards(*(apps.get_model("assurance", name) for name in LOADED))
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0007_school_letters"),
    ]

    operations = [
        AtOnce(
            [
                migrations.AddField(model_name=name, name="letter", field=models.CharField(default="", **LETTER))
                for name in ("scalepoint", "scalepointevent")
            ]
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
