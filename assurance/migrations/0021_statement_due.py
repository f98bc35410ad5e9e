"""The day by which the scrutineer’s statement is due; PostgreSQL itself hides what an agency drafts for the report."""

from django.db import migrations, models

from partnership.row_security import no_policy, policy
from partnership.schema import AtOnce

OWN_DRAFT = """contribution_id IN (
    SELECT id FROM assurance_reportcontribution WHERE organisation_id IN (SELECT planner_organisations())
)"""
TABLE = "assurance_contributiondraft"


def due_on():
    return models.DateField("independent scrutiny statement due", null=True, blank=True)


class Migration(migrations.Migration):
    dependencies = [("assurance", "0020_told_of_sign_offs")]

    operations = [
        AtOnce(
            [migrations.AddField(name, "statement_due_on", due_on()) for name in ("annualreport", "annualreportevent")]
        ),
        migrations.RunSQL(policy(TABLE, OWN_DRAFT), no_policy(TABLE)),
    ]
