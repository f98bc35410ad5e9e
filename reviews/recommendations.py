"""What is made of a recommendation: an answer, a row of a plan, evidence, a later look at whether it is embedded.

One that comes from a case or a review exists for its group alone until the group releases it: see ``releasing``.
"""

import re

from django.db import transaction
from django.db.models import Count, DateField, Exists, F, IntegerField, Max, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Cast, Coalesce, JSONObject

from partnership.access import may
from partnership.models import Document, Partnership
from partnership.refusals import NotNow
from partnership.standing import standing_of
from plans.models import Activity, Deliverable, Evidence, Milestone, Plan, Update
from plans.panels import Panel
from plans.writing import add_rows
from reviews.models import ReCheck, Recommendation, RecommendationAction, RecommendationEvidence
from reviews.releasing import note_released

YEARS_FOLLOWED = 5  # plans into which a row was carried since


def lock(recommendation):
    """The recommendation as it stands now, so that nobody else changes it before this transaction ends."""
    return Recommendation.objects.select_for_update(of=["self"], no_key=True).get(pk=recommendation.pk)


# Keeping


@transaction.atomic
def add_recommendations(lines, *, partnership, themes=(), organisations=(), **fields):
    """Keep one for each (ref, text) of ``lines``: (all of them, how many are new).

    One that says the same of the same source is there already, so a second press adds nothing.
    """
    Partnership.objects.select_for_update(of=["self"], no_key=True).get(pk=partnership.pk)
    source = {name: fields.pop(name, None) for name in ("source", "case", "review")}
    source["source_title"] = fields.pop("source_title", "")
    kept, new_count = [], 0
    for ref, text in lines:
        recommendation, is_new = Recommendation.objects.get_or_create(
            partnership=partnership, ref=ref, text=text, **source, defaults=fields
        )
        if is_new:
            recommendation.themes.set(themes)
            recommendation.organisations.set(organisations)
            new_count += 1
        kept.append(recommendation)
    return kept, new_count


LINE = re.compile(
    r"(?:(?P<ref>[A-Za-z]{0,3}\d{1,3}(?:\.\d{1,3})*[a-z]?)(?:[.):]+\s+|\s*\t+\s*)|[-*•·–]\s+)?(?P<text>.+)"
)


def read_lines(text):
    """(ref, text) of each line that somebody pasted: "R3. Ask about fathers" is ("R3", "Ask about fathers")."""
    found = (LINE.fullmatch(line.strip()) for line in text.splitlines() if line.strip())
    return [(match["ref"] or "", " ".join(match["text"].split())) for match in found]


@transaction.atomic
def remove_recommendation(recommendation, *, on):
    """Delete one that was entered by mistake. Raises NotNow where anything was made of it already."""
    held = lock(recommendation)
    if held.answer != Recommendation.Answer.WAITING or held.released_on or _hangs_on(held):
        raise NotNow("Something was made of it already, so it stays. Answer it instead, with the reason.")
    held.delete()
    note_released(held.review_id, on=on)


def _hangs_on(recommendation):
    return any(
        related.exists() for related in (recommendation.actions, recommendation.evidence, recommendation.rechecks)
    )


# Answering


@transaction.atomic
def answer_recommendation(recommendation, *, answer, because, on, by):
    """What the partnership says to it. One that is not to be done is ended with that, and asked about no more."""
    held = lock(recommendation)
    was_declined = held.is_declined
    held.answer, held.answer_because, held.answered_on, held.answered_by = answer, because, on, by
    if held.is_declined:
        held.closed_on = on
    elif was_declined:
        held.closed_on = None
    held.save()
    return held


# On a plan


def plans_for(recommendation, user):
    """The plans of its partnership that this person may edit, the newest first."""
    offices = standing_of(user).office_ids
    return (
        Plan.objects.visible_to(user)
        .filter(partnerships=recommendation.partnership_id)
        .filter(pk__in=Plan.partnerships.through.objects.filter(partnership__in=offices).values("plan"))
        .exclude(status=Plan.Status.CLOSED)
        .order_by("-starts_on", "-pk")
    )


def obstacle_of(recommendation):
    """Why it can't be put on a plan now, as a sentence; empty where it can."""
    if recommendation.is_restricted:
        return "Only what the case review group has released can stand on a plan, which many people read."
    if recommendation.is_declined:
        return "It was decided not to do this. Change the answer first."
    if not recommendation.is_agreed:
        return "Answer it first: accepted, or accepted in part."
    return ""


def _to_be_put_on_a_plan(recommendation):
    held = lock(recommendation)
    obstacle = obstacle_of(held)
    if obstacle:
        raise NotNow(obstacle)
    return held


@transaction.atomic
def add_to_plan(recommendation, *, plan, kind, parent, words, timescale="", by):
    """A new row of ``plan`` that carries it out; a second press gives the row that is there. Raises NotNow.

    ``kind`` is "deliverable" (of the priority ``parent``) or "activity" (of the deliverable ``parent``).
    """
    held = _to_be_put_on_a_plan(recommendation)
    words = " ".join(words.split())
    if kind == "activity":
        again = held.actions.filter(deliverable=parent, activity__text=words)
    else:
        again = held.actions.filter(deliverable__priority=parent, deliverable__title=words, activity=None)
    if again.exists():
        return again.first()
    [row] = add_rows(plan, kind, parent, [f"{words}\t{timescale}" if timescale else words])
    return link_row(held, row, by=by)


@transaction.atomic
def link_row(recommendation, row, *, by):
    """That a deliverable or an activity which is there carries it out. Raises NotNow."""
    held = _to_be_put_on_a_plan(recommendation)
    is_activity = isinstance(row, Activity)
    deliverable = row.deliverable if is_activity else row
    followed = held.actions.filter(deliverable__in=_years_before(deliverable)).first()
    if followed and not is_activity:
        return followed
    action, _is_new = held.actions.get_or_create(
        deliverable=deliverable,
        activity=row if is_activity else None,
        defaults={"linked_by": by},
    )
    return action


def _years_before(deliverable):
    """The keys of the rows that it was carried from."""
    return Deliverable.objects.keys_before(deliverable) if deliverable.carried_from_id else []


# Evidence


@transaction.atomic
def add_evidence(recommendation, *, words, upload=None, address="", by):
    """Words, with a file or a link where there is one; the same twice is one."""
    held = lock(recommendation)
    document = Document.keep(filename=upload.name, content=upload.read(), by=by) if upload else None
    same = Q(document__sha256=document.sha256) if document else Q(document=None)
    there = held.evidence.shown().filter(same, words=words, address=address).first()
    if there:
        if document:
            document.delete()
        return there
    return RecommendationEvidence.objects.create(
        recommendation=held, words=words, document=document, address=address, added_by=by
    )


def take_evidence_away(evidence, *, at):
    """Out of sight; the history keeps it."""
    evidence.removed_at = at
    evidence.save(update_fields=["removed_at"])


# Re-checks


@transaction.atomic
def plan_recheck(recommendation, *, planned_on, method):
    """Look again on a day. What was ended goes on with that; one that is planned for the same day is the answer."""
    held = lock(recommendation)
    if held.is_declined:
        raise NotNow("It was decided not to do this, so there is nothing to look at again.")
    recheck, _is_new = held.rechecks.get_or_create(planned_on=planned_on, method=method, done_on=None)
    if held.closed_on:
        held.closed_on = None
        held.save(update_fields=["closed_on"])
    return recheck


@transaction.atomic
def judge(recheck, *, judgement, evidence, on, by, next_on=None, next_method=""):
    """What was found and what that rests on; then the next look, where there is to be one. Raises NotNow.

    A judgement stands: another is made by looking again. One that is embedded and has no next look is ended.
    """
    held = lock(recheck.recommendation)
    recheck = ReCheck.objects.select_for_update(of=["self"], no_key=True).get(pk=recheck.pk)
    if recheck.done_on:
        raise NotNow(f"This was judged already: {recheck.get_judgement_display().lower()}. Plan another look instead.")
    recheck.judgement, recheck.evidence, recheck.done_on, recheck.judged_by = judgement, evidence, on, by
    recheck.save()
    if next_on:
        plan_recheck(held, planned_on=next_on, method=next_method or recheck.method)
    elif judgement == ReCheck.Judgement.EMBEDDED and not held.rechecks.filter(done_on=None).exists():
        held.closed_on = on
        held.save(update_fields=["closed_on"])
    return recheck


# Asking


def register_of(user):
    """Every recommendation that ``user`` may know of, as the register shows it; without what hangs on its rows.

    Annotated: ``known_on``, ``origin``, ``judgement``, ``recheck_on``, ``evidence_count``, ``is_planned``.
    """
    own = RecommendationEvidence.objects.shown().filter(recommendation=OuterRef("pk")).order_by()
    actions = _actions_seen_by(user).filter(recommendation=OuterRef("pk"))
    return (
        Recommendation.objects.visible_to(user)
        .with_source(user)
        .with_standing()
        .annotate(
            evidence_count=sum(_evidence_of_rows(user), _count(own, "recommendation")),
            is_planned=Exists(actions),
        )
        .order_by(F("known_on").desc(), "source_title", "ref", "pk")
    )


def _evidence_of_rows(user):
    """How many pieces the updates of its rows brought, for each number of years that a row was carried on."""
    for years in range(YEARS_FOLLOWED + 1):
        of = f"deliverable{'__carried_from' * years}__recommendation_actions__recommendation"
        found = Evidence.objects.visible_to(user).filter(**{of: OuterRef("pk")}).order_by()
        yield _count(found.annotate(of=F(of)), "of")


def _count(rows, by):
    counted = rows.values(by).annotate(count=Count("pk", distinct=True)).values("count")
    return Coalesce(Subquery(counted[:1]), 0, output_field=IntegerField())


def _actions_seen_by(user):
    return RecommendationAction.objects.filter(deliverable__in=Deliverable.objects.visible_to(user).values("pk"))


def with_rows(recommendations, user):
    """Prefetch ``rows``: the rows of plans that carry each out, of plans that ``user`` may see. Three queries.

    Each knows its ``years``: what it was carried into since.
    """
    return recommendations.prefetch_related(Prefetch("actions", rows_seen_by(user), to_attr="rows"))


def rows_seen_by(user, *more):
    """``more`` is fetched of each deliverable beside it. A query more for each year that one was carried on."""
    updates = Update.objects.current().filter(deliverable=OuterRef("pk"))
    latest = updates.order_by("-round__closes_on", "-submitted_at").values(
        said=JSONObject(
            code="rating__code",
            word="rating__word",
            token="rating__token",  # noqa: S106 (a colour)
            shape="rating__shape",
            progress="progress",
            difference_made="difference_made",
            round="round__name",
            by="submitted_by__name",
            on=Cast("submitted_at", DateField()),
        )
    )
    seen = (
        Deliverable.objects.visible_to(user)
        .select_related("priority__plan")
        .annotate(latest=Subquery(latest[:1]), last_day=_last_day(deliverable=OuterRef("pk")))
        .prefetch_related(*more)
        .order_by("-priority__plan__starts_on", "position", "pk")
    )
    one_activity = Coalesce(OuterRef("activity"), F("activity"))
    return (
        _actions_seen_by(user)
        .select_related("activity")
        .annotate(own_last_day=_last_day(deliverable=OuterRef("deliverable"), activity=one_activity))
        .prefetch_related(
            Prefetch("deliverable", seen),
            *[
                Prefetch(f"deliverable{'__goes_on' * years}__carried_to", seen, to_attr="goes_on")
                for years in range(YEARS_FOLLOWED)
            ],
        )
        .order_by("linked_at", "pk")
    )


def _last_day(*, deliverable, **activity):
    days = Milestone.objects.that_can_be_missed().filter(activity__deliverable=deliverable, **activity)
    days = days.filter(activity__retired_on=None).order_by().values("activity__deliverable")
    return Subquery(days.annotate(last=Max("due_on")).values("last")[:1])


def rows_of(recommendation, user):
    """The same rows of one recommendation, with leads and what its updates brought as evidence. Two queries more."""
    evidence = Evidence.objects.visible_to(user).select_related("document", "added_by").defer("document__content")
    evidence = Prefetch("evidence", evidence, to_attr="evidence_of_updates")
    return rows_seen_by(user, "leads", evidence).filter(recommendation=recommendation)


def section_of(record, user):
    """What the page of a case or a review shows its group of recommendations. Two queries."""
    name = record._meta.model_name
    field = "case" if name == "case" else "review"
    found = Recommendation.objects.filter(**{field: record}).visible_to(user).with_standing()
    return {
        "recommendations": list(with_rows(found, user).order_by("made_on", "ref", "pk")),
        "may_add": may(user, "change", record),
    }


def deliverable_panel(deliverable, user, *, on):
    """Why a row is on the plan: the recommendations that it carries out, or a row that it was carried from.

    Those of which this person may know. One query, or two.
    """
    found = list(
        Recommendation.objects.visible_to(user)
        .filter(actions__deliverable__in=[deliverable.pk, *_years_before(deliverable)])
        .distinct()
        .order_by("ref", "pk")
    )
    return Panel("reviews/recommendation_panel.html", {"recommendations": found}) if found else None
