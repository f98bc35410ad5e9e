"""What members brought: voices, returns and what they say together, surveys of schools and practitioners, their words.

Of one organisation's return nothing is told; of practitioners only figures with enough of them behind each.
"""

from dataclasses import replace

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from assurance.annual.filing import (
    DIFFERENCE,
    EDUCATION,
    FEEDBACK,
    HOW_MUCH,
    HOW_WELL,
    LITTLE_PROGRESS,
    MEMBERS,
    PEOPLE,
    SCRUTINY,
    Offer,
    in_sentences,
    only_priority,
)
from assurance.models import (
    ModeratedScore,
    PractitionerMark,
    PractitionerSurvey,
    ReportContribution,
    SchoolReturn,
    SurveyInvitation,
)
from assurance.practitioners import AGREES, FEWEST_REPLIES
from assurance.printed import counted
from assurance.schools.results import NO_PHASE, phase_order
from partnership.models import GroupMember, Organisation
from partnership.templatetags.components import long_date

FEWEST_MODERATED = 3  # organisations: of fewer, a count would say what the panel made of one
MOST_SEATS = 12


def voice_offers(year):
    """Voices as the public reads them."""
    for entry in year.voices().published().prefetch_related("priorities"):
        yield Offer(
            headings=FEEDBACK,
            source_key=f"voice:{entry.pk}",
            reference=f"V-{entry.pk:04}",
            kind="voice",
            text=f"{entry.public_who}: {entry.public_said.strip()}",
            shows=DIFFERENCE if entry.public_changed else HOW_WELL if entry.public_did else HOW_MUCH,
            dated_on=entry.heard_on,
            address=entry.get_absolute_url(),
            priority_id=only_priority(entry.priorities.all()),
        )


def return_offers(year):
    """How many organisations answered each request. Counts alone: their words are theirs."""
    for request in year.requests():
        yield Offer(
            headings=MEMBERS,
            source_key=f"request:{request.pk}",
            reference=f"RET-{request.pk}",
            kind="returns",
            text=f"{request.title}: {request.submitted_count} of {request.asked_count} organisations answered.",
            shows=HOW_MUCH,
            dated_on=request.due_on,
            address=request.get_absolute_url(),
        )


def summary_offers(year):
    """What the returns to a request say together, once members read it. No organisation's judgement is in it."""
    for summary in year.summaries():
        counts = [f"{level['word'].lower()} {level['count']}" for level in summary.figures["levels"] if level["count"]]
        judged = f" Of {summary.figures['judged']} judged returns: {', '.join(counts)}." if counts else ""
        yield Offer(
            headings=MEMBERS,
            source_key=f"returns:{summary.pk}",
            reference=f"SUM-{summary.pk}",
            kind="summary of returns",
            text=f"{summary.request.title}: {summary.introduction.strip()}{judged}",
            shows=HOW_WELL,
            dated_on=summary.released_on,
            address=summary.get_absolute_url(),
        )


def moderation_offers(year):
    """How many scores that organisations gave themselves stood when a panel looked at them; of no organisation."""
    lower, higher = Q(score__lt=F("assessment__score")), Q(score__gt=F("assessment__score"))
    of_panels = (
        ModeratedScore.objects.filter(
            panel__partnership__in=year.partnership_ids,
            panel__closed_at__isnull=False,
            panel__held_on__range=(year.starts_on, year.ends_on),
            score__isnull=False,
            assessment__score__isnull=False,
        )
        .order_by()
        .values("panel", "panel__held_on", "panel__request__title")
        .annotate(
            count=Count("pk"),
            lowered=Count("pk", filter=lower),
            raised=Count("pk", filter=higher),
            organisations=Count("assessment__record__organisation", distinct=True),
        )
        .filter(organisations__gte=FEWEST_MODERATED)
        .order_by("panel__held_on", "panel")
    )
    for row in of_panels:
        stood = row["count"] - row["lowered"] - row["raised"]
        yield Offer(
            headings=SCRUTINY,
            source_key=f"moderation:{row['panel']}",
            reference=f"MOD-{row['panel']}",
            kind="moderated scores",
            text=f"{row['panel__request__title']}: on {long_date(row['panel__held_on'])} a panel of partners "
            f"looked at {counted(row['count'], 'score')} that {row['organisations']} organisations gave themselves. "
            f"{stood} stood, {row['lowered']} became lower and {row['raised']} higher.",
            shows=HOW_WELL,
            dated_on=row["panel__held_on"],
        )


def practitioner_offers(year, *, on):
    """How many practitioners agree with each statement, of surveys that closed in the year.

    As ``assurance.practitioners`` tells it: an organisation's replies count where there are enough of them to a
    statement, so that nothing follows from a total by subtraction.
    """
    closed = PractitionerSurvey.objects.filter(
        partnership__in=year.partnership_ids, closes_on__range=(year.starts_on, year.ends_on), closes_on__lt=on
    )
    enough = SurveyInvitation.objects.filter(survey__in=closed.order_by().values("pk"))
    enough = enough.annotate(count=Count("replies")).filter(count__gte=FEWEST_REPLIES)
    marks = (
        PractitionerMark.objects.filter(reply__invitation__in=enough.order_by().values("pk"))
        .order_by()
        .values("statement", "statement__text", "statement__survey", "statement__position", "reply__invitation")
        .annotate(count=Count("pk"), agree=Count("pk", filter=Q(value__gte=AGREES)))
        .filter(count__gte=FEWEST_REPLIES)
    )
    told = {}
    for row in marks:
        place = told.setdefault(row["statement__survey"], {})
        key = row["statement__position"], row["statement__text"]
        agree, count = place.get(key, (0, 0))
        place[key] = agree + row["agree"], count + row["count"]
    for survey in closed.order_by("closes_on", "pk"):
        said = told.get(survey.pk)
        if said:
            lines = [f"“{text}” {agree} of {count} agree" for (_at, text), (agree, count) in sorted(said.items())]
            yield Offer(
                headings=PEOPLE,
                source_key=f"practitioners:{survey.pk}",
                reference=f"PS-{survey.pk}",
                kind="practitioner survey",
                text=f"{survey.title}: {'; '.join(lines)}.",
                shows=HOW_WELL,
                dated_on=survey.closes_on,
                address=survey.get_absolute_url(),
            )


# Education


def school_offers(year):
    """How many schools answered each survey of the year, by phase: those that were excused are not counted."""
    rows = (
        SchoolReturn.objects.filter(
            survey__partnership__in=year.partnership_ids,
            survey__sent_on__isnull=False,
            survey__due_on__range=(year.starts_on, year.ends_on),
        )
        .exclude(excused_on__isnull=False, submitted_at=None)
        .order_by()
        .values("survey", "survey__title", "survey__due_on", "school__phase")
        .annotate(asked=Count("pk"), answered=Count("pk", filter=Q(submitted_at__isnull=False)))
    )
    by_survey = {}
    for row in rows:
        by_survey.setdefault((row["survey__due_on"], row["survey"], row["survey__title"]), []).append(row)
    for (due_on, key, title), phases in sorted(by_survey.items()):
        phases.sort(key=lambda row: phase_order(row["school__phase"]))
        lines = [f"{row['school__phase'] or NO_PHASE} {row['answered']} of {row['asked']}" for row in phases]
        answered, asked = sum(row["answered"] for row in phases), sum(row["asked"] for row in phases)
        yield Offer(
            headings=EDUCATION,
            source_key=f"schools:{key}",
            reference=f"SCH-{key}",
            kind="survey of schools",
            text=f"{title}: {answered:,} of {counted(asked, 'school')} answered. By phase: {', '.join(lines)}.",
            shows=HOW_WELL,
            dated_on=due_on,
            address=reverse("assurance:school-survey", args=[key]),
        )


def seat_offers(year):
    """Who speaks for education in which group at the end of the year: posts, never people."""
    seats = (
        GroupMember.objects.current(on=year.ends_on)
        .filter(group__in=year.groups().values("pk"), post__organisation__kind=Organisation.Kind.EDUCATION)
        .select_related("group", "post__organisation")
        .order_by("group__name", "post__title", "pk")
    )
    by_group = {}
    for seat in seats:
        by_group.setdefault(seat.group, []).append(f"{seat.post.title}, {seat.post.organisation}")
    for group, posts in by_group.items():
        others = f" and {len(posts) - MOST_SEATS} more" if len(posts) > MOST_SEATS else ""
        yield Offer(
            headings=EDUCATION,
            source_key=f"education:{group.pk}",
            reference=f"ED-{group.pk}",
            kind="education in groups",
            text=f"{group.name}: {'; '.join(posts[:MOST_SEATS])}{others}.",
            shows=HOW_MUCH,
            dated_on=year.ends_on,
            address=group.get_absolute_url(),
        )


# What organisations wrote for this report


def contribution_offers(report):
    """What submitted contributions say of the difference made and of what is still hard; the rest prints as a whole."""
    for each in (
        ReportContribution.objects.submitted()
        .filter(report=report)
        .select_related("organisation")
        .order_by("organisation__name", "pk")
    ):
        offer = Offer(
            headings=PEOPLE,
            source_key=f"contribution:{each.pk}:difference",
            reference=f"C-{each.pk}",
            kind="contribution",
            text=f"{each.organisation}: {in_sentences(each.difference)}",
            shows=DIFFERENCE,
            dated_on=timezone.localdate(each.submitted_at),
            address=each.get_absolute_url(),
        )
        if each.difference.strip():
            yield offer
        if each.ahead.strip():
            yield replace(
                offer,
                headings=LITTLE_PROGRESS,
                source_key=f"contribution:{each.pk}:ahead",
                text=f"{each.organisation}: {in_sentences(each.ahead)}",
                shows=HOW_WELL,
            )
