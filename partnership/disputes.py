"""Disputes between partners: raised, talked over stage by stage, advised on, settled, learned from.

Only those involved know that there is one. So a reference is drawn by lot: a running number would
say how many there are, and one that is typed would be refused where a dispute that nobody may know
of has it already.
"""

import secrets

from django.db import transaction
from django.db.models import Max

from partnership.closures import working_days_for
from partnership.models import Dispute, DisputeStage, DisputeStep, Partnership, Post, PostHolding
from partnership.refusals import NotNow

LETTERS = "ACDEFHJKLMNPRTUVWXY347"  # none that is taken for another
LENGTH_OF_REF = 5

# What a partnership that has said nothing yet is offered: (name, who talks to whom, working days).
USUAL_STEPS = [
    ("Those who do the work talk", "The two practitioners", 2),
    ("Their managers talk", "The line managers of both", 3),
    ("Heads of service meet", "The designated leads of both organisations", 5),
    ("The safeguarding partners decide", "The lead safeguarding partners, with independent advice", 10),
]


KEEP_AN_OFFICE_POST = "Keep a post of the business office that somebody holds, or nobody could go on with it"


# The partnership's own way


@transaction.atomic
def save_steps(partnership, *, steps):
    """Replace the stages by ``steps``: (name, who, working days) in their order. Those under way keep theirs."""
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    known = {step.position: step for step in DisputeStep.objects.filter(partnership=partnership)}
    for position, (name, who, working_days) in enumerate(steps, start=1):
        step = known.pop(position, None) or DisputeStep(partnership=partnership, position=position)
        step.name, step.who, step.working_days = name, who, working_days
        step.save()
    for step in known.values():
        step.delete()


def steps_offered(partnership):
    """Its own steps as (name, who, working days), or the usual ones where it has none."""
    own = DisputeStep.objects.filter(partnership=partnership).values_list("name", "who", "working_days")
    return list(own) or USUAL_STEPS


# Who is involved


def office_posts(partnership, *, on):
    """The posts of the partnership's business office that somebody holds on a day."""
    held = PostHolding.objects.current(on=on).values("post")
    return Post.objects.filter(duty=Post.Duty.OFFICE, partnerships=partnership, pk__in=held)


@transaction.atomic
def raise_dispute(*, partnership, raised_with, by, on, **fields):
    """Keep a new dispute. At first only the office posts that ``by`` holds are involved."""
    dispute = Dispute.objects.create(partnership=partnership, ref=new_ref(partnership), **fields)
    dispute.raised_with.set(raised_with)
    dispute.people.set(office_posts(partnership, on=on).filter(pk__in=by.standing.post_ids))
    return dispute


def new_ref(partnership):
    lot = "".join(secrets.choice(LETTERS) for _ in range(LENGTH_OF_REF))
    return f"{partnership.short_name}-{lot}"


@transaction.atomic
def change_dispute(dispute, *, raised_with):
    """Keep what was written about an open dispute, and with whom it was raised."""
    in_hand(dispute)
    dispute.save()
    dispute.raised_with.set(raised_with)


@transaction.atomic
def set_people(dispute, *, posts, on):
    """Who is involved from now on: adding a post gives its holder sight, leaving one out takes it."""
    posts = set(posts)
    locked(dispute)
    if not office_posts(dispute.partnership_id, on=on).filter(pk__in=[post.pk for post in posts]).exists():
        raise NotNow(KEEP_AN_OFFICE_POST)
    owing = Post.objects.filter(pk__in=open_stages(dispute).values("owed_by")).exclude(
        pk__in=[post.pk for post in posts]
    )
    if owing:
        raise NotNow(f"{owing[0]} owes an answer, so keep this post until it has come.")
    dispute.people.set(posts)


# Stage by stage


def open_stages(dispute):
    return DisputeStage.objects.filter(dispute=dispute, answered_on=None)


def next_step(dispute):
    """The step of the partnership's own way that comes next, or None after the last."""
    begun = dispute.stages.aggregate(last=Max("position"))["last"] or 0
    return DisputeStep.objects.filter(partnership=dispute.partnership_id, position__gt=begun).first()


def why_not_begin(dispute, *, on):
    """Why the next stage can't begin on a day, in a sentence; "" where it can.

    A stage without an answer ends by the next one only after its time is over.
    """
    if dispute.settled_on:
        return "It is settled."
    waiting = open_stages(dispute).filter(answer_due_on__gte=on).first()
    if waiting:
        return f"“{waiting}” has time to be answered until {waiting.answer_due_on:%-d %B %Y}."
    if not next_step(dispute):
        return "There is no further stage in this partnership’s way of settling disputes."
    return ""


def earliest_beginning(dispute):
    """The first day on which the next stage can begin: when the one before was answered, or its time was over."""
    last = dispute.stages.order_by("-position").first()
    return (last.answered_on or last.answer_due_on) if last else dispute.raised_on


def answer_due(step, begun_on, *, dispute):
    """Our own time, so it rests while the office is closed."""
    return working_days_for({dispute.partnership_id}).add(begun_on, step.working_days)


@transaction.atomic
def begin_stage(dispute, *, step, begun_on, owed_by, answer_due_on=None, due_reason="", on):
    """Begin ``step``, the next of the partnership's way; the answer is due in its working days or on a day chosen.

    A stage before it whose time is over is closed as not answered. Raises NotNow where it can't begin,
    or where ``step`` is no longer the next: somebody else has just begun it.
    """
    dispute = in_hand(dispute)
    problem = why_not_begin(dispute, on=on)
    if problem or next_step(dispute) != step:
        raise NotNow(problem or "This stage has just been begun.")
    for stage in open_stages(dispute):
        stage.answer = f"No answer came by {stage.answer_due_on:%-d %B %Y}."
        stage.answered_on = max(begun_on, stage.begun_on)
        stage.save()
    return dispute.stages.create(
        position=step.position,
        name=step.name,
        begun_on=begun_on,
        answer_due_on=answer_due_on or answer_due(step, begun_on, dispute=dispute),
        due_reason=due_reason if answer_due_on else "",
        owed_by=owed_by,
    )


@transaction.atomic
def answer_stage(stage, *, answer, answered_on, settles):
    """Keep the answer, once; with ``settles`` it is also how the dispute was settled."""
    dispute = in_hand(stage.dispute)
    stage = DisputeStage.objects.select_for_update().get(pk=stage.pk)
    if stage.answered_on:
        raise NotNow("This stage is answered already.")
    stage.answer, stage.answered_on = answer, answered_on
    stage.save()
    if settles:
        dispute.outcome, dispute.settled_on = answer, answered_on
        dispute.save()


# Advice and end


@transaction.atomic
def keep_advice(dispute):
    """Keep the independent advice as it was given; once it is answered it stands."""
    if in_hand(dispute).advice_answer:
        raise NotNow("The advice has been answered, so it stands as it was given.")
    dispute.save()


@transaction.atomic
def answer_advice(dispute):
    """Keep what the partners say to the advice."""
    if not in_hand(dispute).advice:
        raise NotNow("Keep the advice first.")
    dispute.save()


@transaction.atomic
def settle_dispute(dispute):
    """Keep how it was settled and what was learned; the lesson may be added to later."""
    locked(dispute)
    dispute.save()


def locked(dispute):
    """The dispute as it is now, changed by nobody else until the end of this transaction."""
    return Dispute.objects.select_for_update().get(pk=dispute.pk)


def in_hand(dispute):
    dispute = locked(dispute)
    if dispute.settled_on:
        raise NotNow("This dispute is settled, so what was said stands.")
    return dispute
