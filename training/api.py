"""The training programme as data: what is held when and where, and never who comes."""

from partnership.api import Resource, moment, whole_address
from partnership.api_schema import address, number, perhaps, text, thing, truth, word
from partnership.api_schema import day as a_day
from partnership.api_schema import moment as a_moment
from training.models import Course
from training.public import shown_events

EVENT = thing(
    "A course held on a day to come.",
    key=number("Its key"),
    course=text("What it is called"),
    mode=word("How it is held", Course.Mode.values),
    level=text("At what level, or empty"),
    audience=text("Whom it is for, or empty"),
    purpose=text("What it is for, or empty"),
    afterwards=text("What people can do afterwards, or empty"),
    starts_at=a_moment("When it begins"),
    ends_at=perhaps(a_moment("When it ends")),
    venue=text("Where, or “online”"),
    is_cancelled=truth("Whether it is called off"),
    cancelled_because=text("Why, or empty"),
    places_left=number("How many places are left"),
    books_until=perhaps(a_day("The last day to book")),
    page=address("Its public page, where one books"),
)


def event_rows(partnership, *, on):
    return shown_events(partnership).filter(starts_at__date__gte=on)


def event_data(rows, partnership, *, on):
    return [
        {
            "key": each.pk,
            "course": each.course.title,
            "mode": each.course.mode,
            "level": each.course.level,
            "audience": each.course.audience,
            "purpose": each.course.purpose,
            "afterwards": each.course.afterwards,
            "starts_at": moment(each.starts_at),
            "ends_at": moment(each.ends_at),
            "venue": each.venue,
            "is_cancelled": each.is_cancelled,
            "cancelled_because": each.cancelled_because,
            "places_left": 0 if each.is_cancelled else each.left_count,
            "books_until": each.books_until_on,
            "page": whole_address("training:public-event", partnership.slug, each.pk),
        }
        for each in rows
    ]


training = Resource(
    "training",
    "Training programme",
    "Courses to come, the next first; those that are called off say so.",
    EVENT,
    event_rows,
    event_data,
)
