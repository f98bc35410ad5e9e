"""A rule's code is as long here as where the rule itself stands."""

from django.db import migrations, models

from partnership.schema import AtOnce


class Migration(migrations.Migration):
    dependencies = [("reviews", "0006_learning_settings")]

    operations = [
        AtOnce(
            [
                migrations.AlterField("stage", "rule_code", models.SlugField(blank=True)),
                migrations.AlterField("stageevent", "rule_code", models.SlugField(blank=True, db_index=False)),
            ]
        )
    ]
