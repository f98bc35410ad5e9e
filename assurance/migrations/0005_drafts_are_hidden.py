"""PostgreSQL itself hides what an organisation has not submitted: see ``partnership.row_security``."""

from django.db import migrations

from partnership.row_security import OF_ORGANISATIONS, no_policy, policy

OF_RETURN = """record_id IN (
    SELECT id FROM assurance_return
    WHERE submitted_at IS NOT NULL OR organisation_id IN (SELECT planner_organisations())
)"""
OF_ASSESSMENT = "assessment_id IN (SELECT id FROM assurance_assessment)"
POLICIES = {
    "answer": OF_RETURN,
    "assessment": OF_RETURN,
    "returnevidence": OF_RETURN,
    "improvement": OF_ASSESSMENT,
}
POLICIES |= {f"{table}event": condition for table, condition in POLICIES.items()}


class Migration(migrations.Migration):
    dependencies = [("assurance", "0004_requests_to_schools"), ("reviews", "0003_row_security")]

    operations = [
        migrations.RunSQL(OF_ORGANISATIONS, migrations.RunSQL.noop),
        migrations.RunSQL(
            "".join(policy(f"assurance_{table}", condition) for table, condition in POLICIES.items()),
            "".join(no_policy(f"assurance_{table}") for table in POLICIES),
        ),
    ]
