"""What a partnership makes of the returns it was given: judged, commented on, followed up, answered."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from assurance.models import (
    AssuranceLevel,
    AssuranceRequest,
    Return,
    ReturnCopy,
    Scrutiny,
    ScrutinyAction,
    ScrutinyComment,
    ScrutinyResponse,
)
from assurance.moderation import told_scores
from partnership.access import may
from partnership.actions import add_action
from partnership.models import Partnership
from partnership.panels import Panel
from partnership.whole_numbers import whole_number

# What a list of returns can be narrowed to, beside the key of a level.
LEFT, JUDGED, NEW_EDITION, UNANSWERED = "left", "judged", "again", "unanswered"
NARROWED = {
    LEFT: Q(level=None),
    JUDGED: Q(level__isnull=False),
    NEW_EDITION: Q(is_given_again=True),
    UNANSWERED: Q(level__isnull=False, responded_at=None),
}


# Finding


def returns_given(request_record, partnership):
    """The returns that this partnership was given, by name, each with what was made of it.

    Annotated: ``edition_given``, ``given_at``, ``level`` (a key), ``judged_at``, ``responded_at``, ``read_at``,
    ``is_given_again`` (since it was judged), ``comment_count``, ``action_count``, ``open_action_count``.
    """
    copies = ReturnCopy.objects.filter(record=OuterRef("pk"), partnership=partnership)
    own = Scrutiny.objects.filter(record=OuterRef("pk"), partnership=partnership)
    latest = copies.order_by("-edition")
    told = ScrutinyResponse.objects.filter(scrutiny__record=OuterRef("pk"), scrutiny__partnership=partnership)
    return (
        Return.objects.filter(request=request_record, pk__in=given_to(request_record, partnership).values("record"))
        .annotate(
            edition_given=Subquery(latest.values("edition")[:1]),
            given_at=Subquery(latest.values("taken_at")[:1]),
            level=Subquery(own.values("level")),
            judged_at=Subquery(own.values("judged_at")),
            responded_at=Subquery(own.values("responded_at")),
            read_at=Subquery(told.order_by("-sent_at").values("read_at")[:1]),
            is_given_again=Exists(own.filter(judged_at__lt=OuterRef("given_at"))),
            comment_count=counted(ScrutinyComment.objects.all(), partnership),
            action_count=counted(ScrutinyAction.objects.all(), partnership),
            open_action_count=counted(ScrutinyAction.objects.filter(action__closed_on=None), partnership),
        )
        .select_related("organisation")
        .order_by("organisation__name", "pk")
    )


def given_to(request_record, partnership):
    return ReturnCopy.objects.filter(record__request=request_record, partnership=partnership)


def counted(rows, partnership):
    """How many of ``rows`` belong to the scrutiny of each return."""
    own = rows.filter(scrutiny__record=OuterRef("pk"), scrutiny__partnership=partnership).order_by()
    count = own.values("scrutiny__record").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)


def narrowed(returns, *, state="", level=""):
    """``returns`` of ``returns_given`` by one of NARROWED and by a level's key; what is neither narrows nothing."""
    if state in NARROWED:
        returns = returns.filter(NARROWED[state])
    return returns if (key := whole_number(level)) is None else returns.filter(level=key)


def scrutiny_of(record, partnership):
    """What this partnership made of the return; where nobody began, one that is not saved."""
    found = Scrutiny.objects.filter(record=record, partnership=partnership)
    return found.select_related("level", "meeting", "judged_by", "responded_by").first() or Scrutiny(
        record=record, partnership=partnership
    )


def last_judgement(scrutiny):
    """What the same partnership judged of the organisation's return before this one, or None."""
    return (
        Scrutiny.objects.filter(
            record__organisation=scrutiny.record.organisation_id,
            partnership=scrutiny.partnership_id,
            record__request__due_on__lt=scrutiny.record.request.due_on,
        )
        .exclude(level=None)
        .select_related("level", "record__request")
        .order_by("-record__request__due_on", "-judged_at")
        .first()
    )


@dataclass
class Glance:
    """How far one partnership is with the returns to one request. ``counts``: (level, how many) worst first."""

    partnership: Partnership
    given: int = 0
    judged: int = 0
    unanswered: int = 0
    first_left: object = None
    counts: list = field(default_factory=list)
    summary: object = None
    panels: list = field(default_factory=list)
    may_judge: bool = False
    may_answer: bool = False

    @property
    def left(self):
        return self.given - self.judged


def glance_at(request_record, partnership, levels):
    """``levels``: what this partnership judges by, worst first."""
    given = given_to(request_record, partnership).values("record").distinct()
    own = Scrutiny.objects.filter(record__request=request_record, partnership=partnership).exclude(level=None)
    by_level = dict(own.order_by().values_list("level").annotate(n=Count("pk")))
    known = {level.pk for level in levels}
    others = AssuranceLevel.objects.filter(pk__in=set(by_level) - known) if set(by_level) - known else []
    return Glance(
        partnership=partnership,
        given=given.count(),
        judged=sum(by_level.values()),
        unanswered=own.filter(responded_at=None).count(),
        first_left=returns_given(request_record, partnership).filter(level=None).values_list("pk", flat=True).first(),
        counts=[(level, by_level.get(level.pk, 0)) for level in [*levels, *others]],
    )


# Judging


@transaction.atomic
def judge(scrutiny, *, level, reasons, meeting, by, at):
    """Say how assured the partnership is by the return, and why. The same again changes nothing.

    ``scrutiny`` may be new. Who judges meanwhile is the form's to notice: it holds what was shown.
    """
    scrutiny = begun(scrutiny.record, scrutiny.partnership)
    if (scrutiny.level_id, scrutiny.reasons, scrutiny.meeting_id) == (level.pk, reasons, meeting and meeting.pk):
        return scrutiny
    scrutiny.level, scrutiny.reasons, scrutiny.meeting = level, reasons, meeting
    scrutiny.judged_by, scrutiny.judged_at = by, at
    scrutiny.save()
    return scrutiny


def begun(record, partnership):
    """The one scrutiny of this return by this partnership, locked."""
    Scrutiny.objects.get_or_create(record=record, partnership=partnership)
    locked = Scrutiny.objects.select_for_update(of=["self"], no_key=True)
    return locked.get(record=record, partnership=partnership)


@transaction.atomic
def comment(record, partnership, *, text, question_id=None, standard_id=None, by, at):
    """A remark on one answer, one standard or on all. The same, sent twice, is one."""
    scrutiny = begun(record, partnership)
    said = {"text": text, "question_id": question_id, "standard_id": standard_id, "said_by": by}
    last = scrutiny.comments.filter(**said).order_by("-said_at").first()
    return last or scrutiny.comments.create(said_at=at, **said)


@transaction.atomic
def follow_up(record, partnership, *, text, due_on, meeting=None):
    """A line in the action log of the group that scrutinises, led by the organisation whose return it is.

    Raises ValidationError where the minutes of ``meeting`` are agreed.
    """
    scrutiny = begun(record, partnership)
    action = add_action(
        record.request.group, text=text, due_on=due_on, meeting=meeting, lead_organisation=record.organisation
    )
    link, _ = ScrutinyAction.objects.get_or_create(action=action, defaults={"scrutiny": scrutiny})
    return link


# Answering the organisation


@transaction.atomic
def draft_response(scrutiny, *, text):
    scrutiny = begun(scrutiny.record, scrutiny.partnership)
    scrutiny.response = text
    scrutiny.save(update_fields=["response"])
    return scrutiny


@transaction.atomic
def send_response(scrutiny, *, text, by, at):
    """Tell the organisation what was judged and what follows. Told the same twice, it is told once.

    What it was told before stays; raises ValidationError where nothing is judged yet.
    """
    scrutiny = draft_response(scrutiny, text=text)
    if scrutiny.level_id is None:
        raise ValidationError("Judge the return first: the organisation is told the judgement with your words")
    last = scrutiny.responses.first()
    if last and (last.text, last.level_id) == (text, scrutiny.level_id):
        return last
    sent = scrutiny.responses.create(level=scrutiny.level, text=text, sent_by=by, sent_at=at)
    scrutiny.responded_by, scrutiny.responded_at = by, at
    scrutiny.save(update_fields=["responded_by", "responded_at"])
    return sent


@transaction.atomic
def mark_read(response, *, by, at):
    """The organisation says that it has read it. Said once."""
    response = ScrutinyResponse.objects.select_for_update(of=["self"], no_key=True).get(pk=response.pk)
    if response.read_at is None:
        response.read_by, response.read_at = by, at
        response.save(update_fields=["read_by", "read_at"])
    return response


# What other pages show


def section_of(request_record, user):
    """On the page of a request: how far each partnership is with judging it. {} for who may not know."""
    if request_record.sent_on is None:
        return {}
    glances = []
    levels = AssuranceLevel.objects.filter(retired_on=None).order_by("position", "pk")
    by_owner = {}
    for level in levels:
        by_owner.setdefault(level.partnership_id, []).append(level)
    panels = list(request_record.panels.order_by("held_on", "pk"))
    summaries = {each.partnership_id: each for each in request_record.summaries.all()}
    for partnership in request_record.partnerships.all():
        if not may(user, "read", shell(request_record, partnership)):
            continue
        glance = glance_at(request_record, partnership, by_owner.get(partnership.pk) or by_owner.get(None, []))
        glance.summary = summaries.get(partnership.pk)
        glance.panels = [each for each in panels if each.partnership_id == partnership.pk]
        glance.may_judge = may(user, "judge", shell(request_record, partnership))
        glance.may_answer = may(user, "respond", shell(request_record, partnership))
        glances.append(glance)
    return {"request": request_record, "glances": glances}


def shell(request_record, partnership):
    """What permissions are asked of where no return is meant."""
    return Scrutiny(record=Return(request=request_record), partnership=partnership)


def responses_of(record, user):
    """What the organisation was told of its return, the latest of each partnership first, with moderated scores."""
    found = list(
        ScrutinyResponse.objects.visible_to(user)
        .filter(scrutiny__record=record)
        .select_related("scrutiny__partnership", "level", "sent_by", "read_by")
    )
    scores = told_scores(record, {each.scrutiny.partnership_id for each in found}) if found else {}
    told = {}
    for each in found:
        told.setdefault(each.scrutiny.partnership_id, []).append(each)
    return [
        {
            "response": own[0],
            "earlier": own[1:],
            "scores": scores.get(key, []),
            "may_read": own[0].read_at is None and may(user, "read", own[0]),
        }
        for key, own in told.items()
    ]


def group_panel(group, user, *, on):
    """On a group's page: the returns that wait for its judgement. None for who may not read them."""
    requests = AssuranceRequest.objects.filter(group=group, closed_on=None, sent_on__lte=on).order_by("due_on", "pk")
    judged = Scrutiny.objects.filter(record=OuterRef("record"), partnership=OuterRef("partnership"))
    found = (
        ReturnCopy.objects.visible_to(user)
        .filter(record__request__in=requests)
        .exclude(record__organisation__in=user.standing.organisation_ids)
        .annotate(is_judged=Exists(judged.exclude(level=None)))
        .order_by("record__request__due_on", "record__request", "partnership__name")
        .values_list("record__request", "record__request__title", "partnership__slug", "partnership__name", "is_judged")
        .annotate(n=Count("record", distinct=True))
    )
    lines = {}
    for request_pk, title, slug, name, is_judged, n in found:
        line = lines.setdefault((request_pk, slug), {"title": title, "partnership": name, "given": 0, "judged": 0})
        line["url"] = reverse("assurance:scrutiny-list", args=[request_pk, slug])
        line["given"] += n
        line["judged"] += n if is_judged else 0
    waiting = [line for line in lines.values() if line["judged"] < line["given"]]
    return Panel("assurance/scrutiny_panel.html", {"waiting": waiting}) if waiting else None


def words_of_conflict(record):
    return (
        f"You represent {record.organisation}, so you take no part in judging its return. "
        "What the group says of it is not shown to you before the organisation is told."
    )
