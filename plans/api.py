"""The published plans as data: the version that the public reads, and how its priorities were judged."""

from datetime import date

from partnership.api import Resource, file_data, moment, whole_address
from partnership.api_schema import FILE, address, day, number, perhaps, some, text, thing, truth
from partnership.api_schema import moment as a_moment
from plans.models import PlanDocument
from plans.outcome_marks import outcomes_of
from plans.public import decided_reviews, published_versions, with_files
from plans.snapshots import table_of

MILESTONE = thing("A day by which something stands.", due=perhaps(day("The day")), label=text("What, or empty"))
ACTIVITY = thing(
    "What is done.",
    text=text("In words"),
    lead=text("Who leads it, where it has a lead of its own, or empty"),
    timescale=text("By when, as it is written"),
    milestones=some(MILESTONE, "The same as days"),
)
DELIVERABLE = thing(
    "What is promised.",
    key=number("Its key"),
    ref=text("Its number in the plan, or empty"),
    title=text("The promise"),
    description=text("More about it, or empty"),
    leads=some(thing("Who leads.", area=text("In which area, or empty"), text=text("Which post"))),
    other_partnerships=some(text("Another partnership or board")),
    evidence=some(text("By what we will know"), "How we will know"),
    activities=some(ACTIVITY),
)
JUDGEMENT = thing(
    "How the partnership judged a priority in one quarter.",
    round=text("The quarter"),
    decided_on=day("The day on which it was decided"),
    code=text("One or two letters"),
    word=text("In a word"),
    meaning=text("What that means"),
)
PRIORITY = thing(
    "One priority.",
    key=number("Its key"),
    ref=text("Its number, or empty"),
    title=text("What it is called"),
    note=text("More about it, or empty"),
    is_cross_cutting=truth("Whether it runs through all the others"),
    joint_with=some(text("Another partnership or board")),
    reasons=some(thing("Why it matters.", text=text("In words"), source=text("Where that comes from, or empty"))),
    outcomes=some(thing("What will be different.", text=text("In words"), page=address("Its own page, for ever"))),
    deliverables=some(DELIVERABLE),
    judgements=some(JUDGEMENT, "The earliest first"),
    page=address("Its public page"),
)
PLAN = thing(
    "A plan as it was last published.",
    key=number("Its key"),
    title=text("What it is called"),
    whose=text("Whose plan it is, in its own words"),
    starts_on=day("Its first day"),
    ends_on=day("Its last day"),
    version=text("The version that was published"),
    published_at=a_moment("When"),
    reason=text("What is new in this version and why, or empty"),
    introduction=text("Its opening words, or empty"),
    page=address("The public page of the plan of today"),
    files=some(FILE, "This version as files"),
    priorities=some(PRIORITY),
)


def plan_rows(partnership, *, on):
    return published_versions(partnership).order_by("-begins", "-pk")


def plan_data(rows, partnership, *, on):
    """Three queries, whatever there is in the plans."""
    keys = [row["key"] for version in rows for row in version.snapshot["priorities"]]
    judged = {}
    for review in decided_reviews(keys):
        judged.setdefault(review.priority_id, []).append(review)
    documents = {each.version_id: each for each in with_files(PlanDocument.objects.filter(version__in=rows))}
    return [one_plan(each, documents.get(each.pk), judged, partnership) for each in rows]


def one_plan(version, document, judged, partnership):
    plan = version.snapshot["plan"]
    table = table_of(version.snapshot, on=date.min)
    sources = zip(version.snapshot["priorities"], table.priorities, strict=True)
    pages = {}
    for outcome in outcomes_of(version.snapshot):
        page = whole_address("plans:public-outcome", partnership.slug, outcome.mark)
        pages.setdefault(outcome.priority, []).append({"text": outcome.text, "page": page})
    files = [document.published_pdf, document.published_word] if document else []
    return {
        "key": version.plan_id,
        "title": plan["title"],
        "whose": plan["whose"],
        "starts_on": plan["starts_on"],
        "ends_on": plan["ends_on"],
        "version": version.number,
        "published_at": moment(version.made_at),
        "reason": version.reason,
        "introduction": plan["introduction"],
        "page": whole_address("plans:public-plan", partnership.slug),
        "files": [file_data(each) for each in files if each],
        "priorities": [
            {
                "key": row["key"],
                "ref": row["ref"],
                "title": row["title"],
                "note": row["note"],
                "is_cross_cutting": row["is_cross_cutting"],
                "joint_with": row["joint_with"],
                "reasons": [{"text": each["text"], "source": each["source"]} for each in row["rationale"]],
                "outcomes": pages.get(row["key"], []),
                "deliverables": [
                    one_deliverable(source, shown, table.headings)
                    for source, shown in zip(row["deliverables"], priority.deliverables, strict=True)
                ],
                "judgements": [one_judgement(each) for each in judged.get(row["key"], [])],
                "page": whole_address("plans:public-priority", partnership.slug, row["key"]),
            }
            for row, priority in sources
        ],
    }


def one_deliverable(source, row, headings):
    """What the plan's table shows: a column that the plan leaves out is left out here."""
    is_timed = "timescale" in headings
    activities = source["activities"] if "activity" in headings else []
    return {
        "key": row.pk,
        "ref": row.ref,
        "title": row.title,
        "description": row.description,
        "leads": [{"area": lead.area, "text": lead.text} for lead in row.leads] if "leads" in headings else [],
        "other_partnerships": row.other_partnerships if "others" in headings else [],
        "evidence": row.evidence_measures,
        "activities": [
            {
                "text": each["text"],
                "lead": each["lead"],
                "timescale": each["timescale"] if is_timed else "",
                "milestones": [{"due": day["due"], "label": day["label"]} for day in each["milestones"]]
                if is_timed
                else [],
            }
            for each in activities
        ],
    }


def one_judgement(review):
    rating = review.decided_rating
    return {
        "round": review.round.name,
        "decided_on": moment(review.decided_at)[:10],
        "code": rating.code,
        "word": rating.word,
        "meaning": rating.meaning,
    }


plans = Resource(
    "plans",
    "Plans",
    "Each plan as it was last published: priorities, outcomes, deliverables with their timescales, and judgements.",
    PLAN,
    plan_rows,
    plan_data,
    key_field="plan",
)
