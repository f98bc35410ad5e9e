"""What stands under a heading of the annual report beside its narrative and evidence: figures, tables, pairs.

A block is made from the report being put together (``content.Contents``), which numbers its tables and figures: a list
of plain data, empty where there is nothing to show.
"""

from django.utils import timezone
from django.utils.text import Truncator

from assurance.annual.charts import places_chart
from assurance.annual.pieces import all_others, did_in_words, heading_of, heard_from, missed_dates, share, worry_of
from assurance.printed import counted, paragraphs, rating_of

MOST_PAIRS = 6
MOST_ORGANISATIONS = 8


def priorities_block(contents):
    """For each priority: how it is rated, and what leads say is different."""
    items = []
    for table in contents.tables:
        for priority in table.priorities:
            review = last_review(contents, priority.pk)
            items.append(
                {
                    "heading": heading_of(priority),
                    "rating": rating_of(review.decided_rating) if review else None,
                    "rated": f"decided for {review.round.name}" if review else "",
                    "outcomes": priority.outcomes,
                    "comment": paragraphs(review.decision_comments) if review else [],
                    "differences": differences_of(contents, priority.pk),
                }
            )
    return [{"kind": "priorities", "items": items}] if items else []


def last_review(contents, priority_id):
    """The last rating decided for a priority in the year."""
    found = None
    for review in contents.reviews:
        if review.priority_id == priority_id:
            found = review
    return found


def differences_of(contents, priority_id):
    """What each deliverable's last update with an answer says was different."""
    last = {}
    for update in contents.updates:
        if update.difference_made and update.deliverable.priority_id == priority_id:
            last[update.deliverable_id] = update
    return [
        {
            "reference": update.deliverable.full_ref,
            "deliverable": Truncator(update.deliverable.title).words(14),
            "text": update.difference_made.strip(),
            "round": update.round.name,
        }
        for update in sorted(last.values(), key=lambda update: update.deliverable.position)
    ]


def training_block(contents):
    """Places booked and taken up, by organisation."""
    rows = list(contents.year.places_by_organisation())
    if not rows:
        return []
    if len(rows) > MOST_ORGANISATIONS:
        rows = rows[: MOST_ORGANISATIONS - 1] + [all_others(rows[MOST_ORGANISATIONS - 1 :])]
    for row in rows:
        row["share"] = share(row["attended"], row["booked"])
    booked = sum(row["booked"] for row in rows)
    attended = sum(row["attended"] for row in rows)
    finding = f"{attended:,} of {counted(booked, 'training place')} booked were taken up"
    events = sum(course.event_count for course in contents.year.courses())
    return [
        {
            "kind": "training",
            "figure": contents.next_figure(),
            "table": contents.next_table(),
            "finding": finding,
            "intro": f"{counted(events, 'training event')} took place in the year.",
            "rows": rows,
            "booked": booked,
            "attended": attended,
            "share": share(attended, booked),
            "drawing": places_chart(rows, finding=finding),
        }
    ]


def worries_block(contents):
    """Priorities whose last rating asks for an explanation, and dates that were missed."""
    items, missed = [], []
    for table in contents.tables:
        for priority in table.priorities:
            review = last_review(contents, priority.pk)
            if review and review.decided_rating.worries:
                items.append(worry_of(priority, review))
            missed += missed_dates(priority)
    blocks = [{"kind": "worries", "items": items}] if items else []
    if missed:
        blocks.append({"kind": "missed", "table": contents.next_table(), "rows": missed})
    return blocks


def pairs_block(contents):
    """You said, we did, what changed: the latest that may be made public."""
    entries = list(contents.year.voices().published())
    if not entries:
        return []
    return [
        {
            "kind": "pairs",
            "items": [
                {
                    "said": entry.public_said.strip().strip('“”"'),
                    "by": heard_from(entry),
                    "did": did_in_words(entry),
                    "changed": entry.public_changed.strip() or "Nothing yet that we can show.",
                }
                for entry in entries[-MOST_PAIRS:]
            ],
        }
    ]


def decisions_block(contents):
    """How many ratings were decided, and where the decision differed from the proposal."""
    if not contents.reviews:
        return []
    rows = [
        {
            "priority": str(review.priority),
            "round": review.round.name,
            "proposed": rating_of(review.proposed_rating),
            "decided": rating_of(review.decided_rating),
            "reason": review.decision_reason.strip() or "No reason was written down.",
        }
        for review in contents.reviews
        if review.differs
    ]
    intro = f"{counted(len(contents.reviews), 'rating')} were decided in the year."
    if not rows:
        return [{"kind": "decisions", "intro": f"{intro} Each was decided as it had been proposed.", "rows": []}]
    intro += f" In {len(rows)} the deciding group chose another rating than was proposed."
    return [{"kind": "decisions", "intro": intro, "table": contents.next_table(), "rows": rows}]


def partners_block(contents):
    """What each statutory partner returned and took up."""
    partners = list(contents.year.statutory_partners())
    if not partners:
        return []
    returns = list(contents.year.returns().select_related("request"))
    places = {row["name"]: row["attended"] for row in contents.year.places_by_organisation()}
    rows = []
    for partner in partners:
        asked = [each for each in returns if each.organisation_id == partner.pk]
        submitted = [each for each in asked if each.submitted_at]
        on_time = [each for each in submitted if timezone.localdate(each.submitted_at) <= each.request.due_on]
        rows.append(
            {
                "name": partner.name,
                "asked": len(asked),
                "submitted": len(submitted),
                "on_time": len(on_time),
                "places": places.get(partner.name, 0),
            }
        )
    return [{"kind": "partners", "table": contents.next_table(), "rows": rows}]


# By the code of the heading’s rule

BLOCKS = {
    "impact": [priorities_block, training_block],
    "strategy": [priorities_block, training_block],
    "little-progress": [worries_block],
    "feedback": [pairs_block],
    "decisions": [decisions_block],
    "contribution": [partners_block],
    "members": [partners_block],
}
