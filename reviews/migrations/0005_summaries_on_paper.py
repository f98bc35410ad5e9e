"""A summary can come on paper, from an agency that nobody could ask here."""

from django.db import migrations, models
from django.db.models import Q

from partnership.schema import AtOnce

NAME = "summary_asked_of_somebody_by_a_day"


def on_paper():
    return models.BooleanField(default=False, verbose_name="came on paper, typed in by the group")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0004_what_a_correction_says")]

    operations = [
        AtOnce(
            [
                migrations.AddField("agencysummary", "came_on_paper", on_paper()),
                migrations.AddField("agencysummaryevent", "came_on_paper", on_paper()),
                migrations.RemoveConstraint("agencysummary", NAME),
                migrations.AddConstraint(
                    "agencysummary",
                    models.CheckConstraint(
                        name=NAME,
                        condition=Q(asked_on=None)
                        | Q(due_on__isnull=False) & (Q(contact__isnull=False) | Q(came_on_paper=True)),
                    ),
                ),
            ]
        )
    ]
