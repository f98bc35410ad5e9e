"""Rows of what the independent advisor looked at, by the commands that they and whoever answers use."""

from assurance import advice
from assurance.models import AdvisorNote, Audit
from assurance.sample.advice import NOTES
from partnership.models import Meeting


def load_advice(cast, plan):
    """``plan``: the one that is running, whose priorities notes are about. After meetings and audits."""
    priorities = {priority.ref: priority for priority in plan.priorities.all() if priority.ref}
    for row in NOTES:
        load_note(cast, row, priorities)


def load_note(cast, row, priorities):
    day = cast.calendar.day
    kind, name = row.get("to", (None, None))
    note = AdvisorNote.objects.create(
        partnership=cast.partnerships[row["of"]],
        written_by=cast.holders["advisor"],
        kind=row["kind"],
        looked_on=day(row["looked"]),
        looked_at=row["what"],
        source_key=source(cast, row),
        said=row["said"],
        asked=row.get("asked", ""),
        answer_due_on=day(row["due"]) if "due" in row else None,
        to_organisation=cast.agencies[name] if kind == "organisation" else None,
        to_group=cast.groups[name] if kind == "group" else None,
    )
    if row.get("priority") in priorities:
        note.priorities.set([priorities[row["priority"]]])
    if "answer" in row:
        days, words = row["answer"]
        advice.answer_note(note, answer=words, by=cast.holders["manager"], on=day(days))
    if "challenge" in row:
        advice.make_challenge(note, on=day(row["challenge"]))
    if "difference" in row:
        days, words = row["difference"]
        advice.close_note(note, difference=words, on=day(days))
    if "shared" in row:
        advice.share_note(note, on=day(row["shared"]))


def source(cast, row):
    """The key of the record that was looked at, or nothing where the sample has none."""
    kind, words = row.get("at", ("", ""))
    if kind == "audit":
        found = Audit.objects.filter(title__icontains=words, partnerships=cast.partnerships[row["of"]]).order_by("pk")
    elif kind == "meeting":
        held = Meeting.objects.held().filter(group=cast.groups[words], meets_on__lte=cast.calendar.day(row["looked"]))
        found = held.order_by("-meets_on")
    else:
        return ""
    record = found.first()
    return f"{kind}:{record.pk}" if record else ""
