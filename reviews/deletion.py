"""A case whose time is up is deleted for good: one member of its case review group asks, a second confirms.

With it goes all that hangs on it, in the history too, and the practice reviews that are of no other case. What
everybody may read stays, without the link to the case: published reports, and what the group released of what was
recommended and learned. Nobody outside the group learns that anything was asked or done: no run of retention is kept
of it, and the office's page has no count.

Each deletion is written down outside the database as well, by the key of the case alone: a backup that is put back
would bring it back, and ``delete_again`` deletes it once more.
"""

import hashlib
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db import connection, transaction
from django.db.models import F, Q

from partnership.data_protection.erasing import note_outside
from partnership.data_protection.guards import unguarded
from partnership.data_protection.keeping import lock, unused
from partnership.data_protection.map import event_models, kinds
from partnership.data_protection.periods import in_months, older_than
from partnership.data_protection.schedule import Schedule
from partnership.models import Document, Partnership
from partnership.refusals import NotNow
from partnership.row_security import all_rows
from partnership.templatetags.components import long_date
from reviews.models import (
    Advice,
    AgencySummary,
    Appointment,
    Briefing,
    Case,
    CaseDeletion,
    CaseDispute,
    CaseHold,
    CaseReading,
    DisseminationStep,
    FamilyStep,
    LearningPoint,
    PanelLetter,
    PanelPoint,
    PartnerDecision,
    PracticeReview,
    PublicationStep,
    RapidReview,
    Receipt,
    ReCheck,
    Recommendation,
    RecommendationAction,
    RecommendationEvidence,
    ReviewDraft,
    ReviewPublication,
    Stage,
)
from reviews.models.cases import CaseTheme
from reviews.models.learning import BriefingLearningPoint, LearningPointTheme
from reviews.models.practice import PracticeReviewCase, PracticeReviewTheme
from reviews.models.recommendations import RecommendationOrganisation, RecommendationTheme

KIND = "cases"


# Whether its time is up


class Keeping:
    """How long each partnership keeps its cases, and what holds them. Read once, in three queries."""

    def __init__(self, *, on):
        self.on, self.schedule = on, Schedule()

    def months(self, partnership_id):
        return self.schedule.months(partnership_id, kinds()[KIND])

    def under(self, partnership_id):
        """ "75 years after it was closed"."""
        months = self.months(partnership_id)
        return f"{in_months(months)} after it was closed" if months else "for good"

    def until(self, case):
        """The last day of its time; None while it is open, or where cases are kept for good."""
        months = self.months(case.partnership_id)
        return case.closed_on + relativedelta(months=months) if case.closed_on and months else None

    def over(self, partnership_id):
        """The cases whose time is up, held or not."""
        months = self.months(partnership_id)
        if months is None:
            return Case.objects.none()
        return Case.objects.filter(partnership=partnership_id, closed_on__lt=older_than(months, on=self.on))

    def obstacle(self, case, hold):
        """Why it can't be deleted now, in words; empty where it can. ``hold``: the CaseHold that stands, or None."""
        until, general = self.until(case), self.schedule.hold(case.partnership_id, kinds()[KIND])
        if not case.closed_on:
            return "The case is open. Its time begins when it is closed."
        if until is None:
            return "Your partnership keeps its cases for good."
        if until >= self.on:
            return f"It is kept until {long_date(until)}."
        if hold:
            return f"It is held: {hold.because}"
        if general:
            return f"Everything of this kind is held by your partnership: {general.because}"
        return ""


def hold_of(case):
    return case.holds.filter(lifted_at=None).select_related("placed_by").first()


def deletion_of(case):
    """The CaseDeletion of it that waits for a second person, or None."""
    waiting = CaseDeletion.objects.filter(case=case.pk, confirmed_at=None, withdrawn_at=None)
    return waiting.select_related("asked_by").first()


# Two people


@transaction.atomic
def ask(case, *, because, by, on, at):
    """Keep that ``by`` asks for it. Pressing twice asks once. Raises NotNow while something stands against it."""
    held, under = free_to_go(case, on=on)
    return deletion_of(held) or CaseDeletion.objects.create(
        partnership_id=held.partnership_id, case=held.pk, under=under, because=because, asked_by=by, asked_at=at
    )


@transaction.atomic
def confirm(deletion, *, seen, by, on, at):
    """Delete the case. ``seen``: the ``digest`` of what its page said would go.

    Raises NotNow where it was answered, something stands against it by now, more hangs on it than was seen, or ``by``
    is who asked.
    """
    case = Case.objects.filter(pk=deletion.case).first()
    if case is None:
        raise NotNow("This has been answered already.")
    case, under = free_to_go(case, on=on)
    deletion = still_waiting(deletion)
    if deletion.asked_by_id == by.pk:
        raise NotNow("A second person confirms it.")
    if digest(what_goes(case)) != seen:
        raise NotNow("More hangs on this case than you saw. Look again before you say yes.")
    deletion.under, deletion.confirmed_by, deletion.confirmed_at = under, by, at
    deletion.save()
    delete(case, reason=f"retention {KIND}")
    note_outside({"kind": KIND, "key": str(deletion.case), "at": at.isoformat()})


@transaction.atomic
def withdraw(deletion, *, because, by, at):
    deletion = still_waiting(deletion)
    deletion.withdrawn_because, deletion.withdrawn_by, deletion.withdrawn_at = because, by, at
    deletion.save()


def still_waiting(deletion):
    deletion = CaseDeletion.objects.select_for_update().get(pk=deletion.pk)
    if not deletion.is_open:
        raise NotNow("This has been answered already.")
    return deletion


def free_to_go(case, *, on):
    """(the case, locked; the period that is over in words). Raises NotNow while something stands against it."""
    lock()
    held = Case.objects.select_for_update(of=["self"]).get(pk=case.pk)
    keeping = Keeping(on=on)
    if obstacle := keeping.obstacle(held, hold_of(held)):
        raise NotNow(obstacle)
    return held, keeping.under(held.partnership_id)


@transaction.atomic
def place_hold(case, *, because, by, at):
    """From now on it does not go. One that stands already stays as it is."""
    held = Case.objects.select_for_update(of=["self"]).get(pk=case.pk)
    return hold_of(held) or CaseHold.objects.create(
        partnership_id=held.partnership_id, case=held, because=because, placed_by=by, placed_at=at
    )


@transaction.atomic
def lift_hold(hold, *, because, by, at):
    hold = CaseHold.objects.select_for_update(of=["self"]).get(pk=hold.pk)
    if hold.lifted_at:
        raise NotNow("It was lifted already.")
    hold.lifted_because, hold.lifted_by, hold.lifted_at = because, by, at
    hold.save()


# What goes, and what stays


@dataclass(frozen=True)
class Extent:
    """Keys of what comes of a case. ``reviews`` are of it alone, ``drafts`` briefings of those that are not out."""

    case: Case
    reviews: list
    recommendations: list
    points: list
    drafts: list


def extent_of(case):
    others = Case.objects.exclude(pk=case.pk)
    reviews = keys(PracticeReview.objects.filter(cases=case).exclude(cases__in=others))
    own = Q(review__in=reviews) | Q(case=case, review=None)
    return Extent(
        case=case,
        reviews=reviews,
        recommendations=keys(Recommendation.objects.filter(own, released_on=None)),
        points=keys(LearningPoint.objects.filter(own, released_on=None)),
        drafts=keys(Briefing.objects.filter(review__in=reviews, published_at=None)),
    )


def keys(rows):
    return list(rows.order_by("pk").values_list("pk", flat=True))


def rows_of(extent):
    """Querysets of all that goes, what hangs on something before that on which it hangs."""
    case, reviews = extent.case, extent.reviews
    of_either = Q(case=case) | Q(review__in=reviews)
    of_going = {"recommendation__in": extent.recommendations}
    return [
        CaseDispute.objects.filter(case=case),
        PanelPoint.objects.filter(letter__case=case),
        PanelLetter.objects.filter(case=case),
        PartnerDecision.objects.filter(case=case),
        Advice.objects.filter(case=case),
        AgencySummary.objects.filter(case=case),
        RapidReview.objects.filter(case=case),
        ReCheck.objects.filter(**of_going),
        RecommendationEvidence.objects.filter(**of_going),
        RecommendationAction.objects.filter(**of_going),
        Receipt.objects.filter(briefing__in=extent.drafts),
        DisseminationStep.objects.filter(briefing__in=extent.drafts),
        Briefing.objects.filter(pk__in=extent.drafts),
        LearningPoint.objects.filter(pk__in=extent.points),
        Recommendation.objects.filter(pk__in=extent.recommendations),
        PublicationStep.objects.filter(review__in=reviews),
        ReviewDraft.objects.filter(review__in=reviews),
        FamilyStep.objects.filter(review__in=reviews),
        Appointment.objects.filter(review__in=reviews),
        CaseReading.objects.filter(of_either),
        Stage.objects.filter(of_either),
        CaseHold.objects.filter(case=case),
        PracticeReview.objects.filter(pk__in=reviews),
        Case.objects.filter(pk=case.pk),
    ]


def links_of(extent):
    """[(the proxy of a table of links, which of its rows go)], first of all."""
    return [
        (CaseTheme, Q(case=extent.case)),
        (PracticeReviewCase, Q(case=extent.case) | Q(practicereview__in=extent.reviews)),
        (PracticeReviewTheme, Q(practicereview__in=extent.reviews)),
        (RecommendationTheme, Q(recommendation__in=extent.recommendations)),
        (RecommendationOrganisation, Q(recommendation__in=extent.recommendations)),
        (LearningPointTheme, Q(learningpoint__in=extent.points)),
        (BriefingLearningPoint, Q(learningpoint__in=extent.points) | Q(briefing__in=extent.drafts)),
    ]


def files_of(extent):
    """Keys of the files that hang on it."""
    drafts = ReviewDraft.objects.filter(review__in=extent.reviews).values_list("document", flat=True)
    reports = PracticeReview.objects.filter(pk__in=extent.reviews).values_list("final_report", flat=True)
    evidence = RecommendationEvidence.objects.filter(recommendation__in=extent.recommendations)
    return {*drafts, *reports, *evidence.values_list("document", flat=True)} - {None}


def what_goes(case):
    """[(kind of record in words, how many)]; not who looked at it, which to look at this changes."""
    extent = extent_of(case)
    found = []
    for rows in rows_of(extent):
        count = 0 if rows.model is CaseReading else rows.order_by().count()
        if count:
            name = rows.model._meta.verbose_name if count == 1 else rows.model._meta.verbose_name_plural
            found.append((str(name).capitalize(), count))
    if files := len(files_of(extent)):
        found.append(("File" if files == 1 else "Files", files))
    return sorted(found)


def digest(goes):
    return hashlib.sha256(repr(goes).encode()).hexdigest()


def what_stays(case):
    """[(what, how many, why)]: of these the first three lose their link to the case."""
    extent = extent_of(case)
    of_it = Q(review__in=extent.reviews) | Q(case=case)
    released = "Every member may read it. What it came from is not said any more."
    found = [
        (
            "What was released of what was recommended",
            Recommendation.objects.filter(of_it, released_on__isnull=False).count(),
            released,
        ),
        (
            "What was released of what was learned",
            LearningPoint.objects.filter(of_it, released_on__isnull=False).count(),
            released,
        ),
        (
            "Briefings that are out",
            Briefing.objects.filter(review__in=extent.reviews, published_at__isnull=False).count(),
            "They were published.",
        ),
        (
            "Published reports and their corrections",
            ReviewPublication.objects.filter(review__in=extent.reviews).count(),
            "A published review stays as it was published.",
        ),
        (
            "Practice reviews that are of other cases too",
            PracticeReview.objects.filter(cases=case).exclude(pk__in=extent.reviews).count(),
            "They go with the last of their cases.",
        ),
        (
            "Disputes that the case was taken to",
            CaseDispute.objects.filter(case=case).count(),
            "A dispute has people and a record of its own.",
        ),
    ]
    return [each for each in found if each[1]]


# The deletion itself


@transaction.atomic
def delete(case, *, reason):
    """Delete ``case`` with all that hangs on it, and its history, for ``reason`` (see ``guards.unguarded``)."""
    extent = extent_of(case)
    files, rows, links = files_of(extent), rows_of(extent), links_of(extent)
    touched = {each.model for each in rows} | {model for model, _which in links}
    with all_rows(), unguarded(*touched, Document, reason=reason):
        let_go(extent)
        for model, which in links:
            gone = event_models()[model].objects.filter(which)
            delete_rows(model.objects.filter(which))
            gone.delete()
        for each in rows:
            delete_with_history(each)
        delete_with_history(unused(files))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what still hangs on it is found here, and nothing goes


def let_go(extent):
    """What every member may read stays without its link, and with the history since they may."""
    case, reviews = extent.case, extent.reviews
    for model in (Recommendation, LearningPoint):
        history = event_models()[model]
        stays = keys(model.objects.filter(Q(review__in=reviews) | Q(case=case, review=None), released_on__isnull=False))
        history.objects.filter(pgh_obj_id__in=stays, released_on=None).delete()
        nowhere = {"case": None, "review": None, "source_title": F("label")}
        model.objects.filter(pk__in=stays).update(**nowhere)
        history.objects.filter(pgh_obj_id__in=stays).update(**nowhere)
        of_another_too = keys(model.objects.filter(case=case).exclude(review=None).exclude(review__in=reviews))
        model.objects.filter(pk__in=of_another_too).update(case=None)
        history.objects.filter(case_id=case.pk, pgh_obj_id__in=of_another_too).update(case=None)
    history = event_models()[Briefing]
    out = keys(Briefing.objects.filter(review__in=reviews, published_at__isnull=False))
    history.objects.filter(pgh_obj_id__in=out, published_at=None).delete()
    Briefing.objects.filter(pk__in=out).update(review=None)
    history.objects.filter(pgh_obj_id__in=out).update(review=None)


def delete_with_history(rows):
    gone = keys(rows)
    delete_rows(rows.model._base_manager.filter(pk__in=gone))
    event_models()[rows.model].objects.filter(pgh_obj_id__in=gone).delete()


def delete_rows(rows):
    """All of them at once, decisions that point to one another too; no model says what may go with what: we do."""
    rows._raw_delete(rows.db)


# After a backup was put back


def delete_again(key):
    """Delete the case of that key, which a backup brought back. Gives whether it was there."""
    with all_rows(), transaction.atomic():
        case = Case.objects.select_for_update(of=["self"]).filter(pk=key).exclude(closed_on=None).first()
        if case is None:
            return False
        delete(case, reason=f"replay {KIND}")
        return True


def was_ever_deleted():
    """Whether any case was: the seal over the history asks whether its reason is known."""
    with all_rows():
        return CaseDeletion.objects.filter(confirmed_at__isnull=False).exists()


# Its page


def kept_by(partnership_ids, *, on):
    """Of each of these partnerships: how long it keeps cases, those whose time is up, and what was deleted."""
    keeping = Keeping(on=on)
    found = []
    for partnership in Partnership.objects.filter(pk__in=partnership_ids).order_by("name"):
        over = list(keeping.over(partnership.pk).order_by("closed_on", "reference").prefetch_related("holds"))
        asked = CaseDeletion.objects.filter(case__in=[case.pk for case in over], confirmed_at=None, withdrawn_at=None)
        asked = {each.case: each for each in asked.select_related("asked_by")}
        found.append(
            {
                "partnership": partnership,
                "under": keeping.under(partnership.pk),
                "general": keeping.schedule.hold(partnership.pk, kinds()[KIND]),
                "over": [(case, standing_hold(case), asked.get(case.pk)) for case in over],
                "gone": CaseDeletion.objects.filter(partnership=partnership, confirmed_at__isnull=False)
                .select_related("asked_by", "confirmed_by")
                .order_by("-confirmed_at"),
            }
        )
    return found


def standing_hold(case):
    """Of the holds read with it the one that stands."""
    return next((hold for hold in case.holds.all() if not hold.lifted_at), None)
