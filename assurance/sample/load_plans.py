"""Rows of the plans and of their cycle."""

from datetime import timedelta

from assurance.sample import joint_plan, last_plan, next_plan, this_plan, this_year
from assurance.sample.dates import last_day_of_year, month_after, name_of_period
from assurance.sample.load_answers import load_answers
from assurance.sample.load_carrying import begin_carrying, trace
from assurance.sample.load_deputies import load_deputies
from assurance.sample.load_drift import load_drift
from assurance.sample.load_front import load_front
from assurance.sample.load_highlights import load_highlights
from assurance.sample.load_judgements import load_judgements
from assurance.sample.load_rounds import load_rounds
from assurance.sample.load_versions import (
    load_joint_versions,
    load_last_versions,
    load_next_versions,
    load_this_versions,
)
from assurance.sample.people import EXECUTIVE, SCRUTINY, chair_of
from plans.models import (
    Activity,
    Deliverable,
    DeliverableLead,
    Milestone,
    OutcomeStatement,
    Plan,
    Priority,
    PriorityReview,
    Rating,
    RatingKey,
    RationaleItem,
    Update,
    UpdateRound,
)
from plans.rounds import close_round
from plans.timescale import read_timescale

QUARTER = 3
DAYS_TO_ANSWER = 18
# What the ratings of both keys say of the work, which their colours say too.
OUTLOOKS = {"green": "well", "blue": "well", "amber": "worry", "red": "worry"}


def load_plans(cast):
    """Last year's plan, this year's and the next, each started from the one before; gives this year's.

    Beside this year's runs the joint one, which is older: where one plan is shown first it is the children's.
    """
    key = make_key(this_plan)  # the first key there is is the usual one
    last = load_last_plan(cast)
    load_joint_plan(cast)
    plan = load_this_plan(cast, key=key, last=last)
    load_next_plan(cast, key=key, after=plan)
    return plan


def load_this_plan(cast, *, key, last):
    """The running plan with three rounds behind it and one that is open today."""
    calendar = cast.calendar
    plan = make_plan(
        cast,
        content=this_plan,
        starts_on=calendar.plan_starts_on,
        ends_on=calendar.plan_ends_on,
        key=key,
    )
    trace(cast, last, plan)
    rounds = make_rounds(plan, calendar.rounds())
    load_cycle(cast, plan, rounds, updates=this_year.UPDATES, reviews=this_year.REVIEWS)
    load_judgements(cast, plan, rounds)
    load_drift(cast, plan, rounds)
    load_this_versions(cast, plan)
    load_deputies(cast, plan)
    load_answers(cast, plan, rounds)
    load_highlights(cast, plan)
    load_rounds(cast, plan)
    return plan


def load_last_plan(cast):
    """The closed plan of the year that the published report is about."""
    starts_on = cast.calendar.reported_year
    plan = make_plan(
        cast,
        content=last_plan,
        starts_on=starts_on,
        ends_on=last_day_of_year(starts_on),
        key=make_key(last_plan),
    )
    rounds = make_rounds(plan, quarters_of(starts_on))
    load_cycle(cast, plan, rounds, updates=last_plan.UPDATES, reviews=last_plan.REVIEWS)
    load_last_versions(cast, plan)
    return plan


def load_joint_plan(cast):
    """A smaller plan of the same year, with one round behind it and one that is open, by a rating key of its own."""
    calendar = cast.calendar
    plan = make_plan(
        cast,
        content=joint_plan,
        starts_on=calendar.plan_starts_on,
        ends_on=calendar.plan_ends_on,
        key=make_key(joint_plan),
        title=joint_plan.TITLE,
        audience=Plan.Audience.BOTH,
        scrutiny_group=cast.groups[joint_plan.SCRUTINISED_BY],
    )
    over, now = make_rounds(plan, calendar.half_years())
    load_cycle(cast, plan, [over, now], updates=joint_plan.UPDATES, reviews=joint_plan.REVIEWS)
    load_joint_versions(cast, plan)
    close_round(over, by=cast.holders["manager"], at=calendar.moment(over.closes_on + timedelta(days=9), hour=9))


def load_next_plan(cast, *, key, after):
    """A draft that is out for comment, into which this year's promises are being carried."""
    starts_on = month_after(cast.calendar.year_starts_on, 12)
    plan = make_plan(
        cast,
        content=next_plan,
        starts_on=starts_on,
        ends_on=last_day_of_year(starts_on),
        key=key,
    )
    load_next_versions(cast, plan)
    begin_carrying(cast, after, plan)
    return plan


def quarters_of(starts_on):
    """The periods of a financial year's quarters, each with the days on which its round is open."""
    periods = []
    for quarter in range(4):
        first = month_after(starts_on, QUARTER * quarter)
        last = month_after(first, QUARTER) - timedelta(days=1)
        opens_on = last - timedelta(days=24)  # the year's last answers are in before the year ends
        periods.append((first, last, opens_on, opens_on + timedelta(days=DAYS_TO_ANSWER)))
    return periods


# The table


def make_plan(cast, *, content, starts_on, ends_on, key, **others):
    """A draft with all its rows; its stages come after (``load_versions``). ``others``: where it is unlike the rest."""
    usual = {"title": f"Business plan {starts_on.year} to {ends_on.year}", "scrutiny_group": cast.groups[SCRUTINY]}
    plan = Plan.objects.create(
        starts_on=starts_on,
        ends_on=ends_on,
        introduction=content.INTRODUCTION,
        rating_key=key,
        deciding_group=cast.groups[EXECUTIVE],
        **usual | others,
    )
    plan.partnerships.set(cast.both)
    for position, aim in enumerate(content.AIMS, start=1):
        make_priority(cast, plan, aim, position)
    load_front(plan, content)
    return plan


def make_key(content):
    key = RatingKey.objects.create(name=content.KEY_NAME)
    Rating.objects.bulk_create(
        Rating(
            key=key,
            position=position,
            code=code,
            word=word,
            meaning=meaning,
            token=token,
            shape=shape,
            is_done=is_done,
            needs_evidence=is_done,
            outlook=OUTLOOKS.get(token, Rating.Outlook.NEITHER),
        )
        for position, (code, word, meaning, token, shape, is_done) in enumerate(content.KEY, start=1)
    )
    return key


def make_priority(cast, plan, aim, position):
    priority = Priority.objects.create(
        plan=plan,
        position=position,
        ref=aim.ref,
        title=aim.title,
        note=aim.note,
        is_cross_cutting=aim.is_cross_cutting,
    )
    RationaleItem.objects.bulk_create(
        RationaleItem(priority=priority, position=number, text=text)
        for number, text in enumerate(aim.rationale, start=1)
    )
    OutcomeStatement.objects.bulk_create(
        OutcomeStatement(priority=priority, position=number, text=text)
        for number, text in enumerate(aim.outcomes, start=1)
    )
    for number, promise in enumerate(aim.promises, start=1):
        make_deliverable(cast, priority, promise, number)


def make_deliverable(cast, priority, promise, number):
    deliverable = Deliverable.objects.create(
        priority=priority,
        position=number,
        ref=str(number) if priority.ref else f"C.{number}",
        title=promise.title,
        description=promise.description,
        other_partnerships="\n".join(promise.others),
        evidence_measures="\n".join(promise.measures),
    )
    DeliverableLead.objects.bulk_create(
        DeliverableLead(
            deliverable=deliverable,
            position=position,
            partnership=cast.partnerships.get(lead.of),
            text=lead.text,
            post=cast.posts.get(lead.post),
            group=cast.groups.get(lead.group),
            organisation=cast.agencies.get(lead.agency),
        )
        for position, lead in enumerate(promise.leads, start=1)
    )
    for position, work in enumerate(promise.work, start=1):
        make_activity(cast, priority.plan, deliverable, work, position)


def make_activity(cast, plan, deliverable, work, position):
    """The timescale is read as the office's own words would be."""
    written = cast.calendar.words(work.timescale, years=(plan.starts_on.year, plan.ends_on.year))
    reading = read_timescale(written, starts_on=plan.starts_on, ends_on=plan.ends_on)
    activity = Activity.objects.create(
        deliverable=deliverable,
        position=position,
        text=work.text,
        timescale_text=written,
        timescale_kind=reading.kind,
    )
    met = (*work.met, *[None] * len(reading.milestones))
    Milestone.objects.bulk_create(
        Milestone(
            activity=activity,
            position=number,
            label=milestone.label or "",
            due_on=milestone.due_on,
            precision=milestone.precision,
            met_on=met_on(milestone.due_on, days_before, today=cast.calendar.today),
        )
        for number, (milestone, days_before) in enumerate(zip(reading.milestones, met, strict=False), start=1)
    )


def met_on(due_on, days_before, *, today):
    """The day on which a milestone was met, ``days_before`` it was due; not in the future."""
    if due_on is None or days_before is None:
        return None
    day = due_on - timedelta(days=days_before)
    return day if day <= today else None


# The cycle


def make_rounds(plan, periods):
    return [
        UpdateRound.objects.create(
            plan=plan,
            name=name_of_period(starts_on, ends_on),
            starts_on=starts_on,
            ends_on=ends_on,
            opens_on=opens_on,
            closes_on=closes_on,
            proposals_due_on=closes_on + timedelta(days=14),
            decisions_due_on=closes_on + timedelta(days=28),
        )
        for starts_on, ends_on, opens_on, closes_on in periods
    ]


def load_cycle(cast, plan, rounds, *, updates, reviews):
    ratings = {rating.code: rating for rating in plan.rating_key.ratings.all()}
    promises = {}
    for priority in plan.priorities.all():
        for deliverable in priority.deliverables.prefetch_related("leads"):
            promises[deliverable.full_ref] = deliverable
        load_reviews(cast, priority, rounds, reviews[priority.ref], ratings)
    for order, (ref, entries) in enumerate(updates.items()):
        load_updates(cast, promises[ref], rounds, entries, ratings, order=order)


def load_updates(cast, deliverable, rounds, entries, ratings, *, order):
    """One deliverable's words in each round; ``order`` spreads the answers over the days."""
    last = None
    for round, said in zip(rounds, entries, strict=True):
        if said is None:
            continue
        is_unchanged = said == this_year.SAME
        said = last if is_unchanged else said
        days_open = (min(round.closes_on, cast.calendar.today) - round.opens_on).days
        answered_on = round.opens_on + timedelta(days=2 + order % max(days_open - 2, 1))
        update = make_update(cast, deliverable, round, said, ratings, answered_on, is_unchanged)
        if said.earlier and not is_unchanged:
            day_before = answered_on - timedelta(days=1)
            earlier = make_update(cast, deliverable, round, said.earlier, ratings, day_before, False)
            earlier.superseded_by = update
            earlier.save()
        last = said


def make_update(cast, deliverable, round, said, ratings, answered_on, is_unchanged):
    words = cast.calendar.words
    return Update.objects.create(
        deliverable=deliverable,
        round=round,
        rating=ratings[said.rating],
        progress=words(said.progress),
        risk=words(said.risk),
        difference_made=words(said.difference),
        voice=words(said.voice),
        is_unchanged=is_unchanged,
        submitted_by=speaker(cast, deliverable, said),
        submitted_at=cast.calendar.moment(answered_on, hour=14, minute=20),
    )


def speaker(cast, deliverable, said):
    """Whoever the update is by: the post it names, else the deliverable's first lead."""
    if said.by:
        return cast.holders[said.by]
    lead = deliverable.leads.all()[0]
    if lead.post_id:
        return next(cast.holders[key] for key, post in cast.posts.items() if post.pk == lead.post_id)
    return cast.holders[chair_of(lead.group.name)]


def load_reviews(cast, priority, rounds, judgements, ratings):
    """The scrutiny group meets two days after a round has closed, the deciding group two days later."""
    for round, judged in zip(rounds, judgements, strict=True):
        if judged is None:
            continue
        words = cast.calendar.words
        review = PriorityReview(
            priority=priority,
            round=round,
            proposed_rating=ratings[judged.proposed],
            scrutiny_comments=words(judged.comments),
            scrutiny_recommendations=words(judged.recommendations),
            scrutiny_risks=words(judged.risks),
            worsening_reason=judged.worsening,
            proposed_by=cast.holders["scrutiny-chair"],
            proposed_at=cast.calendar.moment(round.closes_on + timedelta(days=2), hour=15),
        )
        if judged.decided:
            review.decided_rating = ratings[judged.decided]
            review.decision_comments = words(judged.decision)
            review.decision_risks = words(judged.decision_risks)
            review.decision_reason = words(judged.reason)
            review.decided_by = cast.holders["executive-chair"]
            review.decided_at = cast.calendar.moment(round.closes_on + timedelta(days=4), hour=16)
        review.save()
