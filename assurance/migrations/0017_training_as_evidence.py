"""Training is a stream of evidence of the quarterly report. From a partnership no way leads back to what is its own."""

import django.db.models.deletion
from django.db import migrations, models

from partnership.schema import AtOnce

STREAMS = [
    ("data", "Data"),
    ("returns", "Assurance returns"),
    ("audits", "Audits and inspections"),
    ("voice", "Voice of children, adults, families and practitioners"),
    ("progress", "Progress of the plan"),
    ("reviews", "Improvement after reviews"),
    ("training", "Training and what came of it"),
    ("challenge", "Risks, challenge and scrutiny"),
]
OF_PARTNERSHIP = ["advisornote", "challenge", "indicator", "inspection", "risk", "voicesetaside"]


class Migration(migrations.Migration):
    dependencies = [("assurance", "0016_gradings_handed_back")]

    operations = [
        AtOnce(
            [
                *(
                    migrations.AlterField(model, "stream", models.CharField(choices=STREAMS, max_length=10))
                    for model in ("quarterlyevidence", "quarterlyevidenceevent")
                ),
                *(
                    migrations.AlterField(
                        model,
                        "partnership",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="partnership.partnership",
                        ),
                    )
                    for model in OF_PARTNERSHIP
                ),
            ]
        )
    ]
