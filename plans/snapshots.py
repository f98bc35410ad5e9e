"""A plan as plain values: all that stands in it on a day, to be kept, printed and compared.

A snapshot is what a version of a plan is. It names every row by its key, so that two snapshots of one
plan can be compared row by row, and says what a row was carried from, so that two years can be. It
holds words, never links: a post that is renamed later does not change what was published.

    {format, plan: {…}, drivers: [{text, source}], review_dates: [{day, label}], ratings: [{…}],
     priorities: [{key, …, deliverables: [{key, …, activities: [{key, …, by_hand?, milestones: [{due, label}]}]}]}]}

Days are ISO strings. What was retired is not in it.
"""

import hashlib
import json
from types import SimpleNamespace

from django.db.models import Prefetch
from django.utils.dateparse import parse_date

from plans.due_words import due_words
from plans.letters import lettered
from plans.models import Activity, Deliverable, DeliverableLead
from plans.table import ActivityRow, DeliverableRows, LeadCell, PriorityRows, Reason, arranged, duty_words

FORMAT = 1


def take_snapshot(plan):
    """``plan`` as it stands now, as values that JSON can hold. Ten queries, whatever its size."""
    partnerships = list(plan.partnerships.all())
    return {
        "format": FORMAT,
        "plan": {
            "key": plan.pk,
            "title": plan.title,
            "whose": plan.whose,
            "partnerships": [{"name": each.name, "short_name": each.short_name} for each in partnerships],
            "house_colour": partnerships[0].house_colour if partnerships else "",
            "starts_on": plan.starts_on.isoformat(),
            "ends_on": plan.ends_on.isoformat(),
            "audience": plan.audience,
            "introduction": plan.introduction,
            "columns": plan.columns,
        },
        "drivers": [{"key": each.pk, "text": each.text, "source": each.source_label} for each in plan.drivers.all()],
        "review_dates": [
            {"key": each.pk, "day": each.held_on.isoformat(), "label": each.label} for each in plan.review_dates.all()
        ],
        "ratings": [
            {name: getattr(rating, name) for name in ("code", "word", "meaning", "token", "shape", "is_done")}
            for rating in plan.ratings
        ],
        "priorities": [_priority(priority) for priority in _rows_of(plan)],
    }


def hash_of(snapshot):
    """SHA-256 of ``snapshot``, the same for the same content however it was stored."""
    return hashlib.sha256(json.dumps(snapshot, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def table_of(snapshot, *, on):
    """``snapshot`` in the shape of a plan's table, without links, ratings or lateness.

    ``on``: a day by which nothing is late, such as the plan's first.
    """
    priorities = [_table_priority(priority, on) for priority in snapshot["priorities"]]
    return arranged(priorities, columns=snapshot["plan"]["columns"], has_ratings=False)


def plan_of(snapshot):
    """What stands above the table, with days as dates: title, whose, period, introduction, columns."""
    values = dict(snapshot["plan"])
    values["starts_on"], values["ends_on"] = parse_date(values["starts_on"]), parse_date(values["ends_on"])
    return SimpleNamespace(**values)


def _rows_of(plan):
    leads = DeliverableLead.objects.select_related("partnership").order_by("position", "pk")
    activities = (
        Activity.objects.in_plan().select_related("lead").prefetch_related("milestones").order_by("position", "pk")
    )
    deliverables = (
        Deliverable.objects.in_plan()
        .select_related("duty__rule_set")
        .prefetch_related(Prefetch("leads", leads), Prefetch("activities", activities))
        .order_by("position", "pk")
    )
    return (
        plan.priorities.in_plan()
        .prefetch_related("rationale", "outcomes", Prefetch("deliverables", deliverables))
        .order_by("position", "pk")
    )


def _priority(priority):
    return {
        "key": priority.pk,
        "carried_from": priority.carried_from_id,
        "ref": priority.ref,
        "title": priority.title,
        "note": priority.note,
        "is_cross_cutting": priority.is_cross_cutting,
        "joint_with": priority.joint_with_lines,
        "rationale": [{"text": each.text, "source": each.source_label} for each in priority.rationale.all()],
        "outcomes_heading": priority.outcomes_heading,
        "outcomes": [each.text for each in priority.outcomes.all()],
        "deliverables": [_deliverable(each, priority) for each in priority.deliverables.all()],
    }


def _deliverable(row, priority):
    row.priority = priority
    return {
        "key": row.pk,
        "carried_from": row.carried_from_id,
        "ref": row.ref,
        "full_ref": row.full_ref,
        "title": row.title,
        "description": row.description,
        "leads": [
            {
                "area": lead.partnership.short_name if lead.partnership else "",
                "area_name": lead.partnership.name if lead.partnership else "",
                "text": lead.text,
            }
            for lead in row.leads.all()
        ],
        "other_partnerships": row.other_partnership_lines,
        "evidence_measures": row.evidence_measure_lines,
        "duty": {"title": row.duty.title, "source": row.duty.source} if row.duty else None,
        "activities": [_activity(each) for each in row.activities.all()],
    }


def _activity(row):
    return {
        "key": row.pk,
        "text": row.text,
        "lead": row.lead.text if row.lead else "",
        "timescale": row.timescale_text,
        "kind": row.timescale_kind,
        **({"by_hand": row.timescale_by_hand} if row.timescale_by_hand else {}),
        "milestones": [
            {"due": each.due_on.isoformat() if each.due_on else None, "label": each.label}
            for each in row.milestones.all()
        ],
    }


def _table_priority(priority, on):
    return PriorityRows(
        pk=priority["key"],
        ref=priority["ref"],
        title=priority["title"],
        note=priority["note"],
        rationale=[Reason(each["text"], each["source"]) for each in priority["rationale"]],
        joint_with=priority["joint_with"],
        outcomes_heading=priority["outcomes_heading"] or "Outcome statement",
        outcomes=priority["outcomes"],
        deliverables=[_table_deliverable(each, on) for each in priority["deliverables"]],
        is_cross_cutting=priority["is_cross_cutting"],
    )


def _table_deliverable(row, on):
    return DeliverableRows(
        pk=row["key"],
        ref=row["full_ref"],
        title=row["title"],
        description=row["description"],
        leads=[LeadCell(**lead) for lead in row["leads"]],
        other_partnerships=row["other_partnerships"],
        evidence_measures=row["evidence_measures"],
        duty=duty_words(row["title"], row["duty"]["title"], row["duty"]["source"]) if row["duty"] else "",
        activities=[_table_activity(each, n, on) for n, each in enumerate(row["activities"])],
    )


def _table_activity(row, n, on):
    milestones = [(parse_date(each["due"]) if each["due"] else None, None) for each in row["milestones"]]
    return ActivityRow(
        pk=row["key"],
        text=row["text"],
        timescale_text=row["timescale"],
        due=due_words(row["kind"], milestones, on=on),
        by_hand=row.get("by_hand", ""),
        letter=lettered(n + 1),
        lead=row["lead"],
    )
