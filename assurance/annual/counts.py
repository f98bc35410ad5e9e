"""What a year counts for the text of its report: one function a stream, each a fixed number of queries.

A function takes a ``year.Year`` and gives ``Count`` after ``Count``. Where nothing at all was recorded in a stream its
counts have no value: nought would say that somebody looked.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count as CountOf
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.text import slugify

from assurance.annual.money import budgets_of
from assurance.annual.training import events_of
from assurance.indicators.small_numbers import figures_of
from assurance.indicators.words import number
from assurance.models import (
    Indicator,
    PractitionerReply,
    ReportContribution,
    SchoolReturn,
    VoiceEntry,
)
from assurance.practitioners import FEWEST_REPLIES
from partnership.attendance import heat_maps
from partnership.models import Contribution, Meeting, SpendingLine
from partnership.templatetags.components import long_date
from plans.models import Rating
from reviews.models import Briefing, ReCheck
from training.models import Place

COUNT, POUNDS, PER_CENT, WORDS = "count", "pounds", "per cent", "words"
TOO_SMALL = "a number too small to be told"

People = VoiceEntry.People


@dataclass(frozen=True)
class Count:
    """One named figure of a year. ``value`` is None where nothing is recorded; ``words``: as it is printed if not by
    its unit."""

    name: str
    label: str
    value: Decimal | int | None
    unit: str = COUNT
    url: str = ""
    words: str = ""


def counts(pairs, url, *, base=None):
    """A Count for each (name, label, value), without values where ``base`` is nought."""
    is_recorded = base is None or bool(base)
    for name, label, value in pairs:
        yield Count(name, label, value if is_recorded else None, url=url)


def per_cent(part, whole):
    return round(100 * part / whole) if whole else None


# The plan


def of_plan(year):
    updates = year.updates().order_by()
    told = updates.aggregate(
        deliverables=CountOf("deliverable", distinct=True),
        different=CountOf("deliverable", distinct=True, filter=~Q(difference_made="")),
        updates=CountOf("pk", distinct=True),
    )
    pairs = [
        ("deliverables", "deliverables that leads reported on", told["deliverables"]),
        ("deliverables-with-difference", "deliverables with a difference that leads can name", told["different"]),
        ("updates", "updates of leads", told["updates"]),
    ]
    yield from counts(pairs, reverse("plans:plan-list"), base=told["updates"])


def of_ratings(year):
    """How many priorities stand at each word of the plans' keys at their last decided rating."""
    last, reviews = {}, list(year.decided_reviews())
    for review in reviews:
        last[review.priority_id] = review.decided_rating
    words = dict.fromkeys(rating.word for rating in last.values())
    keys = Rating.objects.filter(key__in=year.plans().order_by().values("rating_key")).order_by("key", "-position")
    words |= dict.fromkeys(rating.word for rating in keys)
    found = [rating.word for rating in last.values()]
    pairs = [
        (f"rated-{slugify(word)}", f"priorities rated {word} when last decided", found.count(word)) for word in words
    ]
    pairs += [
        ("ratings-decided", "ratings decided in the year", len(reviews)),
        ("ratings-changed", "ratings decided otherwise than proposed", sum(review.differs for review in reviews)),
    ]
    yield from counts(pairs, reverse("plans:plan-list"), base=reviews)


# Who was heard, what was answered


HEARD = {
    "children": (People.CHILDREN, "children and young people heard"),
    "adults": (People.ADULTS, "adults with care and support needs heard"),
    "families": (People.FAMILIES, "parents, carers and family members heard"),
    "practitioners": (People.PRACTITIONERS, "practitioners heard"),
    "community": (People.COMMUNITY, "people of neighbourhoods and communities heard"),
}


def of_voices(year):
    of_each = {name: Sum("people_count", filter=Q(people=people)) for name, (people, _) in HEARD.items()}
    told = (
        year.voices()
        .order_by()
        .aggregate(
            all=Sum("people_count"),
            entries=CountOf("pk"),
            acted=CountOf("pk", filter=~Q(did="")),
            changed_count=CountOf("pk", filter=~Q(changed="")),
            **of_each,
        )
    )
    pairs = [
        ("people-heard", "people heard", told["all"]),
        *[(f"{name}-heard", label, told[name] or 0) for name, (_, label) in HEARD.items()],
        ("voices", "times that people were heard", told["entries"]),
        ("voices-acted-on", "times that something was done about what people said", told["acted"]),
        ("voices-with-change", "times that something changed after people said it", told["changed_count"]),
    ]
    yield from counts(pairs, reverse("assurance:voice-list"), base=told["entries"])


def of_returns(year):
    told = year.requests().order_by().aggregate(asked=Sum("asked_count"), submitted=Sum("submitted_count"))
    pairs = [
        ("returns-asked", "assurance returns asked for", told["asked"]),
        ("returns-answered", "assurance returns answered", told["submitted"]),
    ]
    yield from counts(pairs, reverse("assurance:request-list"), base=told["asked"])


def of_contributions(year):
    """Agencies' own parts of the reports about the year."""
    asked = ReportContribution.objects.asked().filter(
        report__partnerships__in=year.partnership_ids, report__starts_on=year.starts_on, report__ends_on=year.ends_on
    )
    told = asked.order_by().aggregate(
        asked=CountOf("organisation", distinct=True),
        returned=CountOf("organisation", distinct=True, filter=~Q(submitted_at=None)),
    )
    pairs = [
        ("contributions-asked", "agencies asked for their part of this report", told["asked"]),
        ("contributions-returned", "agencies that wrote their part of this report", told["returned"]),
    ]
    yield from counts(pairs, reverse("assurance:report-list"), base=told["asked"])


def of_schools(year):
    asked = SchoolReturn.objects.filter(
        survey__partnership__in=year.partnership_ids,
        survey__due_on__range=(year.starts_on, year.ends_on),
        survey__sent_on__isnull=False,
        excused_on=None,
    )
    told = asked.order_by().aggregate(asked=CountOf("pk"), answered=CountOf("pk", filter=~Q(submitted_at=None)))
    pairs = [
        ("schools-asked", "schools and colleges asked", told["asked"]),
        ("schools-answered", "schools and colleges that answered", told["answered"]),
    ]
    yield from counts(pairs, reverse("assurance:school-survey-list"), base=told["asked"])


def of_practitioners(year):
    """Answers to surveys that closed in the year; of few the number is not told."""
    replies = PractitionerReply.objects.filter(
        invitation__survey__partnership__in=year.partnership_ids,
        invitation__survey__closes_on__range=(year.starts_on, year.ends_on),
    )
    count = replies.count()
    yield Count(
        "practitioners-answered",
        "practitioners who answered a survey",
        count or None,
        url=reverse("assurance:practitioner-survey-list"),
        words=TOO_SMALL if 0 < count < FEWEST_REPLIES else "",
    )


# Training


def of_training(year):
    events = events_of(year).order_by().values("pk")
    places = year.places().aggregate(
        booked=CountOf("pk"),
        taken=CountOf("pk", filter=Q(status=Place.Status.ATTENDED)),
        events=CountOf("event", distinct=True, filter=Q(event__in=events)),
        courses=CountOf("event__course", distinct=True, filter=Q(event__in=events)),
    )
    url = reverse("training:place-list")
    pairs = [
        ("places-booked", "training places booked", places["booked"]),
        ("places-taken-up", "training places taken up", places["taken"]),
        ("training-events", "training events held", places["events"]),
        ("courses", "courses held", places["courses"]),
    ]
    yield from counts(pairs, url, base=places["booked"])
    share = per_cent(places["taken"], places["booked"])
    yield Count("take-up", "training places taken up, of those booked", share, PER_CENT, url)


def of_trainers(year):
    given = Sum("people__days", filter=Q(people__organisation__isnull=False))
    told = events_of(year).order_by().aggregate(events=CountOf("pk", distinct=True), days=given)
    pairs = [("trainer-days", "days of trainers that agencies gave", told["days"] or 0)]
    yield from counts(pairs, reverse("training:place-list"), base=told["events"])


# How we met


def of_meetings(year):
    status = Meeting.Status
    told = (
        year.meetings()
        .order_by()
        .aggregate(
            held=CountOf("pk", filter=Q(status=status.HELD)), cancelled=CountOf("pk", filter=Q(status=status.CANCELLED))
        )
    )
    pairs = [
        ("meetings-held", "meetings held", told["held"]),
        ("meetings-cancelled", "meetings cancelled", told["cancelled"]),
        ("meeting-decisions", "decisions of meetings", year.meeting_decisions().order_by().count()),
        ("actions-closed", "actions closed in the year", year.closed_actions().order_by().count()),
    ]
    yield from counts(pairs, reverse("partnership:meeting-list"), base=told["held"] + told["cancelled"])


def of_attendance(year):
    """Of all times that an organisation was expected at a meeting, how often it or its deputy came."""
    maps = heat_maps(list(year.groups()), first=year.starts_on, last=year.ends_on)
    lines = [line for each in maps.values() for line in each.lines]
    share = per_cent(sum(line.there_count for line in lines), sum(line.asked_count for line in lines))
    url = reverse("partnership:meeting-list")
    yield Count("attendance", "attendance of organisations at meetings", share, PER_CENT, url)


# Money


def of_money(year):
    """Of agreed budgets. What was spent is known once it is entered on every line."""
    budgets = budgets_of(year).agreed().order_by().values("pk")
    given = Contribution.objects.filter(budget__in=budgets).aggregate(
        sum=Sum("amount"), givers=CountOf("organisation", distinct=True, filter=Q(amount__gt=0))
    )
    lines = SpendingLine.objects.filter(budget__in=budgets).aggregate(
        unknown=CountOf("pk", filter=Q(spent=None)), to_spend=Sum("planned"), all_spent=Sum("spent")
    )
    url = reverse("partnership:budget-list")
    yield Count("contributions", "pounds that organisations gave", given["sum"], POUNDS, url)
    yield Count("contributors", "organisations that gave money", given["givers"] or None, url=url)
    yield Count("planned", "pounds that were to be spent", lines["to_spend"], POUNDS, url)
    yield Count("spent", "pounds spent", None if lines["unknown"] else lines["all_spent"], POUNDS, url)


# Learning


def of_learning(year):
    answered = year.answered_recommendations().order_by().count()
    rechecks = (
        year.judged_rechecks()
        .order_by()
        .aggregate(all=CountOf("pk"), embedded=CountOf("pk", filter=Q(judgement=ReCheck.Judgement.EMBEDDED)))
    )
    url = reverse("reviews:recommendation-list")
    pairs = [("recommendations-answered", "recommendations answered", answered)]
    yield from counts(pairs, url, base=answered)
    pairs = [
        ("rechecks", "recommendations looked at again", rechecks["all"]),
        ("rechecks-embedded", "recommendations found embedded when looked at again", rechecks["embedded"]),
    ]
    yield from counts(pairs, url, base=rechecks["all"])
    audits = year.audits().order_by().count()
    pairs = [("audits", "audits whose findings were shared", audits)]
    yield from counts(pairs, reverse("assurance:audit-list"), base=audits)
    out = Briefing.objects.published().filter(
        partnership__in=year.partnership_ids, published_at__date__range=(year.starts_on, year.ends_on)
    )
    briefings = out.order_by().count()
    yield from counts(
        [("briefings", "briefings published", briefings)], reverse("reviews:briefing-list"), base=briefings
    )


# Indicators


def of_indicators(year):
    """The last figure of the year of each that may be told in public, small numbers hidden as from the public."""
    indicators = list(
        Indicator.objects.filter(partnership__in=year.partnership_ids, is_public=True)
        .exclude(retired_on__lt=year.starts_on)
        .select_related("partnership")
        .in_order()
    )
    is_shared = len(year.partnership_ids) > 1
    figures = figures_of(indicators, None)
    for indicator in indicators:
        within = [
            each
            for each in figures[indicator.pk]
            if each.area is None
            and year.starts_on <= each.ends_on <= year.ends_on
            and (each.is_hidden or each.value is not None)
        ]
        yield of_indicator(indicator, within[-1] if within else None, whose=is_shared)


def of_indicator(indicator, figure, *, whose):
    """The Count of one. Of several partnerships each says ``whose``: two may have an indicator of one reference."""
    name = f"indicator-{slugify(indicator.ref) or indicator.pk}"
    label = f"{indicator}, {indicator.partnership.short_name}" if whose else str(indicator)
    if figure:
        label = f"{label}, to {long_date(figure.ends_on)}"
    value = words = None
    if figure and figure.is_hidden:
        value, words = Decimal(0), TOO_SMALL
    elif figure:
        value, words = figure.value, number(indicator, figure.value)
    return Count(
        f"{name}-{indicator.partnership.slug}" if whose else name,
        label,
        value,
        WORDS,
        indicator.get_absolute_url(),
        words or "",
    )
