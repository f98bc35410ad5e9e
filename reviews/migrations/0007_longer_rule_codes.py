"""A rule's code is as long here as where the rule itself stands."""

from django.db import migrations, models

from partnership.schema import AtOnce


class Migration(migrations.Migration):
    dependencies = [("reviews", "0006_learning_settings")]

    operations = [
        AtOnce(
            [
                migrations.AlterField(model, "rule_code", models.SlugField(blank=True))
                for model in ("stage", "stageevent")
            ]
        )
    ]
