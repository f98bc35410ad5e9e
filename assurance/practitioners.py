"""The practitioner survey: made from a request's standards, answered by a signed link, told from five replies on.

A link names its invitation and a generation; a new generation ends the links before it. Of a reply nothing is kept that
says whose it is. Figures are shown once the survey is closed, so that nobody can watch one reply arrive; totals add up
only what is shown by itself, so that nothing follows from them by subtraction.
"""

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Count, F, Q
from django.urls import reverse

from assurance.models import (
    PractitionerMark,
    PractitionerReply,
    PractitionerSurvey,
    Return,
    SurveyInvitation,
    SurveyStatement,
)
from assurance.self_scores import SelfScores, SetFamily
from partnership.models import Membership, Partnership
from partnership.standing import standing_of

FEWEST_REPLIES = 5
AGREES = 4  # and 5, of 5
HALF = Decimal("0.5")
MOST_STATEMENTS = 20  # whoever answers has a minute

LINKS = signing.Signer(salt="assurance.practitioner-survey")
PRESSES = signing.Signer(salt="assurance.practitioner-reply")


# Making one


@transaction.atomic
def make_survey(request, *, partnership, statements, **fields):
    """A survey of ``request``'s organisations in ``partnership``, and whether it is new.

    ``statements``: (standard, words). A second press with the same title is answered with the first's.
    """
    Partnership.objects.select_for_update(of=["self"], no_key=True).get(pk=partnership.pk)
    there = PractitionerSurvey.objects.filter(request=request, partnership=partnership, title=fields["title"]).first()
    if there:
        return there, False
    survey = PractitionerSurvey.objects.create(request=request, partnership=partnership, **fields)
    SurveyStatement.objects.bulk_create(
        SurveyStatement(survey=survey, position=position, text=text, standard=standard)
        for position, (standard, text) in enumerate(statements, start=1)
    )
    members = Membership.objects.filter(partnership=partnership).values("organisation")
    SurveyInvitation.objects.bulk_create(
        SurveyInvitation(survey=survey, organisation=organisation)
        for organisation in request.organisations.filter(pk__in=members)
    )
    return survey, True


def is_open(survey, *, on):
    return survey.opens_on <= on <= survey.closes_on


def is_closed(survey, *, on):
    return on > survey.closes_on


# Links


def address_of(invitation):
    """The link to hand on. It is the same each time it is shown."""
    token = LINKS.sign(f"{invitation.pk.hex}.{invitation.generation}")
    return settings.SITE_URL + reverse("assurance:survey-answer", args=[token])


def invitation_of(token, *, on):
    """The invitation that ``token`` proves, of a survey that is open; None for a wrong, old or closed one."""
    try:
        key, _dot, generation = LINKS.unsign(token).partition(".")
        found = SurveyInvitation.objects.select_related("survey__partnership", "organisation")
        invitation = found.get(pk=uuid.UUID(key), generation=int(generation))
    except (signing.BadSignature, ValueError, SurveyInvitation.DoesNotExist):
        return None
    return invitation if is_open(invitation.survey, on=on) else None


def end_links(invitation):
    """From now on only the link that is shown next works, which nobody was given yet."""
    SurveyInvitation.objects.filter(pk=invitation.pk).update(generation=F("generation") + 1, sent_on=None)


def mark_given(invitation, *, on):
    """The organisation was given its link that day; a second press keeps the first day."""
    SurveyInvitation.objects.filter(pk=invitation.pk, sent_on=None).update(sent_on=on)


# Replies


def new_press():
    """A number for one filled-in page: pressing twice makes one reply. It says nothing of whoever presses."""
    return PRESSES.sign(uuid.uuid4().hex)


def press_of(token):
    """The number that ``new_press`` gave; another where it was lost on the way."""
    try:
        return uuid.UUID(PRESSES.unsign(token))
    except (signing.BadSignature, ValueError):
        return uuid.uuid4()


@transaction.atomic
def keep_reply(invitation, *, press, marks, comment, on):
    """Keep ``marks`` ({statement: 1 to 5}) and the comment; gives whether this was new."""
    reply, is_new = PractitionerReply.objects.get_or_create(
        pk=press, defaults={"invitation": invitation, "replied_on": on, "comment": comment}
    )
    if is_new:
        PractitionerMark.objects.bulk_create(
            PractitionerMark(reply=reply, statement=statement, value=value) for statement, value in marks.items()
        )
    return is_new


# What they say


@dataclass(frozen=True)
class Finding:
    """One statement in one organisation: ``agree_count`` of ``count`` agree; both None below five."""

    statement: SurveyStatement
    count: int | None
    agree_count: int | None
    own: object = None  # Said of the standard, by the organisation
    gap: str = ""

    @property
    def is_shown(self):
        return self.count is not None


@dataclass(frozen=True)
class OrganisationFindings:
    invitation: SurveyInvitation
    reply_count: int | None  # None: fewer than five
    findings: list
    comments: list


def findings_of(survey, user, *, on, organisation_ids=None):
    """An OrganisationFindings for each organisation, by name; counts alone until the survey is closed.

    The same number of queries for however many. ``organisation_ids`` narrows them.
    """
    closed = is_closed(survey, on=on)
    statements = list(survey.statements.select_related("standard"))
    invitations = survey.invitations.select_related("organisation").annotate(count=Count("replies"))
    if organisation_ids is not None:
        invitations = invitations.filter(organisation__in=organisation_ids)
    invitations = list(invitations.order_by("organisation__name"))
    told = [each for each in invitations if closed and each.count >= FEWEST_REPLIES]
    marks = marks_of(told)
    own, scale = self_scores_of(survey, user) if told else ({}, None)
    comments = comments_of(told)
    found = []
    for invitation in invitations:
        count = invitation.count if invitation.count >= FEWEST_REPLIES else None
        findings = []
        if invitation in told:
            said = own.get(invitation.organisation_id, {})
            findings = [
                finding_of(statement, marks.get((invitation.pk, statement.pk)), said.get(statement.standard_id), scale)
                for statement in statements
            ]
        found.append(OrganisationFindings(invitation, count, findings, comments.get(invitation.pk, [])))
    return found


def marks_of(invitations):
    """{(invitation, statement): (how many marks, how many agree)}."""
    rows = PractitionerMark.objects.filter(reply__invitation__in=invitations).order_by()
    rows = rows.values_list("reply__invitation", "statement").annotate(
        count=Count("pk"), agree=Count("pk", filter=Q(value__gte=AGREES))
    )
    return {(invitation, statement): (count, agree) for invitation, statement, count, agree in rows}


def comments_of(invitations):
    """{invitation: its comments}, in no order that says when or by whom."""
    comments = {}
    replies = PractitionerReply.objects.filter(invitation__in=invitations).exclude(comment="").order_by("pk")
    for invitation, comment in replies.values_list("invitation", "comment"):
        comments.setdefault(invitation, []).append(comment)
    return comments


def self_scores_of(survey, user):
    """({organisation: {standard: Said}} as far as this person may see them, the scale)."""
    if survey.request is None or survey.request.standards is None:
        return {}, None
    family = SetFamily(user, survey.request.standards)
    returns = Return.objects.visible_to(user).filter(request=survey.request).exclude(submitted_at=None)
    returns = list(returns.select_related("request"))
    scores = SelfScores(returns, family, partnership_ids=standing_of(user).partnership_ids)
    by_root = {record.organisation_id: scores.of(record) for record in returns}
    standards = family.of_set[survey.request.standards_id]
    return {
        organisation: {each.pk: said[family.roots[each.pk]] for each in standards if family.roots[each.pk] in said}
        for organisation, said in by_root.items()
    }, survey.request.standards.scale


def finding_of(statement, marks, own, scale):
    count, agree = marks or (0, 0)
    if count < FEWEST_REPLIES:
        return Finding(statement, None, None, own)
    return Finding(statement, count, agree, own, gap_of(own, scale, Decimal(agree) / count))


def gap_of(own, scale, share):
    """Whether leaders and practitioners stand on different sides of the middle, in words."""
    if own is None or own.score is None or scale is None:
        return ""
    led = scale.share(own.score)
    if led > HALF > share:
        return "Leaders say more"
    return "Practitioners say more" if led < HALF < share else ""


def totals_of(statements, found):
    """[(statement, how many agree, of how many, of how many organisations)] of what is shown by itself."""
    totals = []
    for at, statement in enumerate(statements):
        shown = [each.findings[at] for each in found if each.findings and each.findings[at].is_shown]
        agree, count = sum(each.agree_count for each in shown), sum(each.count for each in shown)
        totals.append((statement, agree, count, len(shown)))
    return totals
