"""PostgreSQL itself hides what an agency has not submitted to an audit; the steps of risk an installation begins with."""

import pgtrigger
from django.db import migrations

from assurance.usual import load_usual_risks
from partnership.row_security import no_policy, policy

OF_GRADING = """grading_id IN (
    SELECT id FROM assurance_auditgrading
    WHERE submitted_at IS NOT NULL OR organisation_id IN (SELECT planner_organisations())
)"""
TABLES = ["auditanswer", "auditgrade", "auditanswerevent", "auditgradeevent"]


def load(apps, schema_editor):
    with pgtrigger.ignore():
        load_usual_risks(apps.get_model("assurance", "RiskStep"), apps.get_model("assurance", "RiskBand"))
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("assurance", "0010_audits_to_quarters")]

    operations = [
        migrations.RunSQL(
            "".join(policy(f"assurance_{table}", OF_GRADING) for table in TABLES),
            "".join(no_policy(f"assurance_{table}") for table in TABLES),
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
