"""PostgreSQL itself hides cases and what comes of them: see ``partnership.row_security``."""

from django.db import migrations

from partnership.row_security import FUNCTIONS, no_policy, policy

OF_GROUP = "partnership_id IN (SELECT planner_case_partnerships())"
OF_CONTACT = "contact_id = planner_reader() AND asked_on IS NOT NULL"
FREE = "(case_id IS NULL AND review_id IS NULL) OR released_on IS NOT NULL"


def within(column, table):
    """Rows whose ``column`` names a row of ``table`` that one may see."""
    return f"{column} IN (SELECT id FROM {table})"  # noqa: S608 our own words


WITH_HISTORY = {
    "stage": OF_GROUP,
    "rapidreview": OF_GROUP,
    "casereading": OF_GROUP,
    "advice": OF_GROUP,
    "partnerdecision": OF_GROUP,
    "casedispute": OF_GROUP,
    "panelletter": OF_GROUP,
    "panelpoint": OF_GROUP,
    "reviewer": OF_GROUP,
    "practicereview": OF_GROUP,
    "appointment": OF_GROUP,
    "familystep": OF_GROUP,
    "reviewdraft": OF_GROUP,
    "publicationstep": OF_GROUP,
    "agencysummary": f"{OF_GROUP} OR {OF_CONTACT}",
    "recommendation": f"{OF_GROUP} OR {FREE}",
    "learningpoint": f"{OF_GROUP} OR {FREE}",
    "briefing": f"{OF_GROUP} OR review_id IS NULL OR published_at IS NOT NULL",
    "recommendationaction": within("recommendation_id", "reviews_recommendation"),
    "recommendationevidence": within("recommendation_id", "reviews_recommendation"),
    "recheck": within("recommendation_id", "reviews_recommendation"),
    "disseminationstep": within("briefing_id", "reviews_briefing"),
    "receipt": within("briefing_id", "reviews_briefing"),
}
# The rows that link two tables, and the history of each: (table, its history, the column, what it names).
LINKS = [
    ("case_themes", "casethemeevent", "case_id", "reviews_case"),
    ("practicereview_cases", "practicereviewcaseevent", "practicereview_id", "reviews_practicereview"),
    ("practicereview_themes", "practicereviewthemeevent", "practicereview_id", "reviews_practicereview"),
    ("recommendation_themes", "recommendationthemeevent", "recommendation_id", "reviews_recommendation"),
    ("recommendation_organisations", "recommendationorganisationevent", "recommendation_id", "reviews_recommendation"),
    ("learningpoint_themes", "learningpointthemeevent", "learningpoint_id", "reviews_learningpoint"),
    ("briefing_learning_points", "briefinglearningpointevent", "briefing_id", "reviews_briefing"),
]
# A contact reads the reference of the case for which their agency was asked.
OF_ASKED = (
    "id IN (SELECT case_id FROM reviews_agencysummary WHERE contact_id = planner_reader() AND asked_on IS NOT NULL)"
)

POLICIES = {
    "case": f"{OF_GROUP} OR {OF_ASKED}",
    "caseevent": OF_GROUP,
    **WITH_HISTORY,
    **{f"{table}event": condition for table, condition in WITH_HISTORY.items()},
    **{table: within(column, named) for table, _history, column, named in LINKS},
    **{history: within(column, named) for _table, history, column, named in LINKS},
}


class Migration(migrations.Migration):
    dependencies = [("partnership", "0017_emergency_access"), ("reviews", "0002_reviews_to_learning")]

    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(
            "".join(policy(f"reviews_{table}", condition) for table, condition in POLICIES.items()),
            "".join(no_policy(f"reviews_{table}") for table in POLICIES),
        ),
    ]
