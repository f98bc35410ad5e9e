"""From when and for whom each edition counts; clocks that were missing; words that say what a clock is counted from.

What an administrator changed stays as it is: a clock is written anew only where it still has the words with which
it was once loaded.
"""

import pgtrigger
from django.db import migrations, models

from partnership.schema import AtOnce
from django.db.models import Q

from partnership.statutory import EDITIONS, columns_of, known_to, load_rule_sets

# As clocks were loaded until now: what each was counted from, and its source.
LOADED_BEFORE = {
    "notify-panel": (
        "becoming aware of the incident",
        "Children Act 2004, section 16C(1); the Government’s page on reporting a serious incident",
    ),
    "notify-partners": (
        "becoming aware of the incident",
        "Working Together, chapter on child safeguarding practice reviews",
    ),
    "rapid-review": (
        "sending the notification",
        "Working Together, chapter on child safeguarding practice reviews; the Panel’s own guidance",
    ),
    "panel-reply": ("the Panel’s receiving the rapid review", "Practice of the Panel"),
    "practice-review": (
        "deciding to begin the review",
        "Working Together, chapter on child safeguarding practice reviews",
    ),
    "advance-copy": (
        "the day of publication, backwards",
        "Working Together, chapter on child safeguarding practice reviews; SI 2018/789",
    ),
    "stays-public": ("publication", "SI 2018/789"),
    "yearly-report": ("the report before", "Children Act 2004, section 16G; Working Together 2018, chapter 3"),
    "yearly-report-month": (
        "the end of the year reported on",
        "Local practice, from published plans; a duty in later guidance is to be verified",
    ),
    "copies": ("publication", "Published arrangements under Working Together 2018"),
    "arrangements-review": ("the look before", "Published arrangements under Working Together 2018"),
}
NOT_READ = "Working Together 2026, to be verified"


def load(apps, schema_editor):
    """The triggers that keep history are still those from before: they know nothing of the new columns."""
    with pgtrigger.ignore():
        write(apps)


def write(apps):
    rule_sets, rules = apps.get_model("partnership", "RuleSet").objects, apps.get_model("partnership", "Rule").objects
    for edition in EDITIONS:
        in_force_from, in_force_until = edition.in_force
        untouched = rule_sets.filter(code=edition.code, in_force_from=None)
        untouched.update(
            audience=edition.audience, in_force_from=in_force_from, in_force_until=in_force_until, note=edition.note
        )
        untouched = rule_sets.filter(code=edition.code, published_on=None)
        untouched.update(published_on=edition.published_on)
        for duty in edition.duties:
            if duty.code in LOADED_BEFORE:
                counted_from, source = LOADED_BEFORE[duty.code]
                as_loaded = Q(counted_from=counted_from, source__in=[source, NOT_READ])
                as_now = Q(counted_from=duty.counted_from, source=duty.source)
                rules.filter(
                    as_loaded | as_now,
                    rule_set__code=edition.code,
                    code=duty.code,
                    number=duty.number,
                    unit=duty.unit,
                ).update(**known_to(rules.model, **columns_of(duty)))
    load_rule_sets(rule_sets.model, rules.model)
    for edition in EDITIONS:
        for position, duty in enumerate(edition.duties, start=1):
            rules.filter(rule_set__code=edition.code, code=duty.code).update(position=position)


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0012_reminders_that_escalate"),
    ]

    operations = [
        AtOnce([
            migrations.AddField(
                model_name="rule",
                name="is_before",
                field=models.BooleanField(default=False, verbose_name="counted backwards"),
            ),
            migrations.AddField(
                model_name="ruleevent",
                name="is_before",
                field=models.BooleanField(default=False, verbose_name="counted backwards"),
            ),
            migrations.AddField(
                model_name="ruleset",
                name="audience",
                field=models.CharField(
                    choices=[("children", "Children’s partnerships"), ("adults", "Adults boards")],
                    default="children",
                    max_length=8,
                ),
            ),
            migrations.AddField(
                model_name="ruleset",
                name="in_force_from",
                field=models.DateField(blank=True, null=True),
            ),
            migrations.AddField(
                model_name="ruleset",
                name="in_force_until",
                field=models.DateField(blank=True, null=True),
            ),
            migrations.AddField(
                model_name="rulesetevent",
                name="audience",
                field=models.CharField(
                    choices=[("children", "Children’s partnerships"), ("adults", "Adults boards")],
                    default="children",
                    max_length=8,
                ),
            ),
            migrations.AddField(
                model_name="rulesetevent",
                name="in_force_from",
                field=models.DateField(blank=True, null=True),
            ),
            migrations.AddField(
                model_name="rulesetevent",
                name="in_force_until",
                field=models.DateField(blank=True, null=True),
            ),
            migrations.AddConstraint(
                model_name="ruleset",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        ("in_force_until", None),
                        models.Q(("in_force_from__isnull", False), ("in_force_until__gte", models.F("in_force_from"))),
                        _connector="OR",
                    ),
                    name="rule_set_ends_after_it_begins",
                ),
            ),
        ]),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
