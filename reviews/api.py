"""Published practice reviews and briefings as data."""

from django.conf import settings

from partnership.api import Resource, file_data, moment, whole_address
from partnership.api_schema import FILE, address, day, number, perhaps, some, text, thing, truth, word
from partnership.api_schema import moment as a_moment
from reviews.models import PracticeReview
from reviews.models.learning import Briefing
from reviews.public import FILES, published_of, url_of
from reviews.public_learning import published_of as briefings_of

KEY = {"pattern": "^[0-9a-f-]{36}$"}


# Practice reviews

RECOMMENDATION = thing(
    "One recommendation as it stood.",
    ref=text("Its number"),
    text=text("In words"),
    response=text("What the partnership said to it, or empty"),
)
REVIEW = thing(
    "A practice review, in the edition that is public today.",
    key=text("Its key; an edition that corrects it has another", **KEY),
    kind=word("What kind of review", PracticeReview.Kind.values),
    title=text("What it is called"),
    edition=number("Which edition"),
    changes=text("What this edition corrects, or empty"),
    first_published_on=day("When its first edition was published"),
    published_on=day("When this edition was"),
    themes=some(text("A theme")),
    is_withheld=truth("Whether only what is to be improved was published"),
    summary=text("In short"),
    findings=text("What was found, or empty"),
    recommendations=some(RECOMMENDATION),
    response=text("What the partnership says to it, or empty"),
    elsewhere=perhaps(address("Where else it can be read")),
    page=address("Its public page"),
    files=some(FILE, "Given out as long as this edition is public"),
)


def review_rows(partnership, *, on):
    return published_of(partnership).order_by("-first_published_on", "pk")


def review_data(rows, partnership, *, on):
    return [
        {
            "key": str(each.pk),
            "kind": each.kind,
            "title": each.title,
            "edition": each.edition,
            "changes": each.changes,
            "first_published_on": each.first_published_on,
            "published_on": each.published_on,
            "themes": each.themes,
            "is_withheld": each.is_withheld,
            "summary": each.summary,
            "findings": each.findings,
            "recommendations": [
                {name: str(given.get(name) or "") for name in ("ref", "text", "response")}
                for given in each.recommendations
            ],
            "response": each.response,
            "elsewhere": each.address or None,
            "page": whole_address("reviews:public-review", partnership.slug, each.pk),
            "files": [
                file_data(getattr(each, field)) | {"address": settings.SITE_URL + url_of(partnership, each, what)}
                for what, field in FILES.items()
                if getattr(each, field)
            ],
        }
        for each in rows
    ]


reviews = Resource(
    "reviews",
    "Practice reviews",
    "Reviews that are public today, the newest first. Nothing of a case is in them but what was published.",
    REVIEW,
    review_rows,
    review_data,
)


# Briefings

PARTS = {
    "background": "Why it matters",
    "happened": "What happened",
    "learning": "What we learned",
    "practice": "What to do",
    "reflection": "To think about",
    "resources": "Where to find more",
}
BRIEFING = thing(
    "A seven-minute briefing.",
    key=text("Its key; an edition that corrects it has another", **KEY),
    title=text("What it is called"),
    edition=number("Which edition"),
    published_at=a_moment("When it was published"),
    **{name: text(f"{words}, or empty") for name, words in PARTS.items()},
    questions=some(text("A question"), "Questions for a team"),
    page=address("Its public page"),
    file=perhaps(FILE),
)


def briefing_rows(partnership, *, on):
    return briefings_of(partnership).order_by("-published_at", "pk")


def briefing_data(rows, partnership, *, on):
    return [
        {
            "key": str(each.pk),
            "title": each.title,
            "edition": each.edition,
            "published_at": moment(each.published_at),
            **{name: getattr(each, name) for name in PARTS},
            "questions": [getattr(each, name) for name in Briefing.QUESTIONS if getattr(each, name).strip()],
            "page": whole_address("reviews:public-briefing", partnership.slug, each.pk),
            "file": file_data(each.pdf),
        }
        for each in rows
    ]


briefings = Resource(
    "briefings", "Briefings", "What teams can learn in seven minutes, the newest first.", BRIEFING,
    briefing_rows, briefing_data,
)  # fmt: skip
