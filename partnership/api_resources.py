"""What this app publishes as data: arrangements, groups and the days on which they meet."""

from datetime import timedelta

from django.db.models import Prefetch

from partnership.api import Resource, file_data, moment, whole_address
from partnership.api_schema import FILE, address, day, number, perhaps, some, text, thing, truth, word
from partnership.api_schema import moment as a_moment
from partnership.models import Arrangements, Group, Meeting, TermsOfReference
from partnership.public import public_groups

A_YEAR = timedelta(days=365)


# Arrangements

ARRANGEMENTS = thing(
    "One version of how the partners say they work together.",
    key=number("Its key"),
    version=number("Which version it is"),
    title=text("What it is called"),
    is_in_force=truth("Whether it counts today"),
    in_force_from=perhaps(day("The day from which it counts; null: from its publication")),
    review_on=perhaps(day("When it is looked at again")),
    summary=text("In plain words"),
    published_at=a_moment("When it was published"),
    page=address("The public page"),
    file=FILE,
    changes=some(
        thing(
            "One thing that this version changed.",
            what=text("What changes"),
            reason=text("Why"),
            timescale=text("By when"),
        )
    ),
    endorsements=some(
        thing(
            "Somebody who stands behind it for an organisation.",
            organisation=text("The organisation"),
            name=text("Who endorsed it"),
            post=text("Their post"),
            endorsed_on=day("The day"),
        )
    ),
    published_without=text("Why it was published before everyone had endorsed it, or empty"),
)


def arrangements_rows(partnership, *, on):
    published = Arrangements.objects.published().filter(partnership=partnership).without_bytes()
    endorsed = Prefetch("endorsements__organisation")
    return published.with_standing(on=on).newest_first().prefetch_related("changes", endorsed)


def arrangements_data(rows, partnership, *, on):
    page = whole_address("partnership:public-arrangements", partnership.slug)
    return [
        {
            "key": each.pk,
            "version": each.version,
            "title": each.title,
            "is_in_force": each.version == each.in_force_version,
            "in_force_from": each.in_force_from,
            "review_on": each.review_on,
            "summary": each.summary,
            "published_at": moment(each.published_at),
            "page": page,
            "file": file_data(each.published_file),
            "changes": [
                {"what": change.what, "reason": change.reason, "timescale": change.timescale}
                for change in each.changes.all()
            ],
            "endorsements": [
                {
                    "organisation": given.organisation.name,
                    "name": given.name,
                    "post": given.post_title,
                    "endorsed_on": given.endorsed_on,
                }
                for given in each.endorsements.all()
            ],
            "published_without": each.published_without,
        }
        for each in rows
    ]


arrangements = Resource(
    "arrangements",
    "Arrangements",
    "Every version of the published arrangements, the newest first.",
    ARRANGEMENTS,
    arrangements_rows,
    arrangements_data,
)


# Groups

GROUP = thing(
    "A group on the public page.",
    key=number("Its key"),
    name=text("What it is called"),
    kind=word("What kind of group", Group.Kind.values),
    purpose=text("What it is for, or empty"),
    reports_to=perhaps(number("Key of the group above it, where that is public")),
    partnerships=some(text("The name of a partnership"), "The public partnerships whose group it is"),
    page=address("Its public page"),
    terms=perhaps(
        thing(
            "Its terms of reference in force; null while none are agreed.",
            version=number("Which version"),
            agreed_on=day("When they were agreed"),
            remit=text("What it does"),
            membership=text("Who sits there"),
            quorum=text("How many must be there"),
            frequency=text("How often it meets"),
        )
    ),
)


def group_rows(partnership, *, on):
    agreed = Prefetch("terms", TermsOfReference.objects.agreed(), to_attr="agreed_terms")
    return public_groups(partnership).order_by("pk").prefetch_related(agreed)


def group_data(rows, partnership, *, on):
    public = set(public_groups(partnership).order_by().values_list("pk", flat=True))
    return [
        {
            "key": each.pk,
            "name": each.name,
            "kind": each.kind,
            "purpose": each.purpose,
            "reports_to": each.parent_id if each.parent_id in public else None,
            "partnerships": [own.name for own in each.partnerships.all()],
            "page": whole_address("partnership:public-group", partnership.slug, each.pk),
            "terms": terms_data(each.agreed_terms[0]) if each.agreed_terms else None,
        }
        for each in rows
    ]


def terms_data(terms):
    return {
        "version": terms.version,
        "agreed_on": terms.agreed_on,
        "remit": terms.remit,
        "membership": terms.membership,
        "quorum": terms.quorum,
        "frequency": terms.get_frequency_display(),
    }


groups = Resource(
    "groups",
    "Groups",
    "Boards, the executive and their subgroups, with their terms of reference.",
    GROUP,
    group_rows,
    group_data,
)


# Meetings

MEETING = thing(
    "A day on which a public group meets or met, within the last year.",
    key=number("Its key"),
    group=number("Key of the group"),
    group_name=text("Its name"),
    title=text("What the meeting is called, or empty"),
    day=day("The day"),
    is_cancelled=truth("Whether it was called off"),
    cancelled_because=text("Why, or empty"),
    moves=some(thing("It was moved.", was_on=day("The day it was on before"), reason=text("Why"))),
    page=address("The public page of meetings"),
)


def meeting_rows(partnership, *, on):
    meetings = Meeting.objects.published().filter(group__partnerships=partnership, meets_on__gte=on - A_YEAR)
    shown = meetings.select_related("group").prefetch_related("moves").defer("link", "venue", "also_there")
    return shown.order_by("meets_on", "pk")


def meeting_data(rows, partnership, *, on):
    return [
        {
            "key": each.pk,
            "group": each.group_id,
            "group_name": each.group.name,
            "title": each.title,
            "day": each.meets_on,
            "is_cancelled": each.is_cancelled,
            "cancelled_because": each.cancelled_reason if each.is_cancelled else "",
            "moves": [{"was_on": move.was_on, "reason": move.reason} for move in each.moves.all()],
            "page": whole_address("partnership:public-meetings", partnership.slug),
        }
        for each in rows
    ]


meetings = Resource(
    "meetings",
    "Meetings",
    "When public groups meet, from a year ago, the earliest first. Where is told to members alone.",
    MEETING,
    meeting_rows,
    meeting_data,
)
