"""Empty the database after a test that committed: only the tables that have rows, and with DELETE.

Django's own ``flush`` truncates every table, writes a new file for each and makes the permissions
again; with 240 tables that takes longer than most tests. Like it, this leaves the numbers that
PostgreSQL counts on with. What migrations put in is put in again: editions, by which dates are counted,
themes, question sets, scales and steps of risk.
"""

from django.db import connection, transaction

from assurance.models import (
    AssuranceLevel,
    QuestionSet,
    RiskBand,
    RiskStep,
    Scale,
    ScalePoint,
    SetQuestion,
    Standard,
    StandardSet,
)
from assurance.usual import load_usual, load_usual_risks
from assurance.usual_standards import load_usual_standards
from partnership.models import Rule, RuleSet
from partnership.statutory import load_rule_sets
from reviews.models import Theme
from reviews.themes import load_themes
from tests.ownership import as_owner

KEPT = ("django_migrations", "django_content_type", "auth_permission")
TABLES = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL(%s)"""
HAS_ROWS = "SELECT '{0}' WHERE EXISTS (SELECT FROM {0})"
# Triggers that refuse to delete, or keep a history of it, look away for this transaction.
LOOK_AWAY = """
    SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, true)
    FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = ANY(%s::regclass[])"""


@transaction.atomic
def empty_database():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(TABLES, [list(KEPT)])
        tables = [table for (table,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(HAS_ROWS.format(table) for table in tables))
        filled = [table for (table,) in cursor.fetchall()]
        if filled:
            cursor.execute(LOOK_AWAY, [filled])
            cursor.execute("; ".join(map("DELETE FROM {}".format, filled)))
    load_rule_sets(RuleSet, Rule)
    load_themes(Theme)
    load_usual(QuestionSet, SetQuestion, Scale, ScalePoint, AssuranceLevel)
    load_usual_risks(RiskStep, RiskBand)
    load_usual_standards(StandardSet, Standard, Scale, ScalePoint)
