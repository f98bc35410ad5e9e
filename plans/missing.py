"""What a plan still lacks before it is published, each with the place where it is mended.

What blocks is what nobody could carry out or be asked about: a priority without a promise, a promise
that nobody leads, with nothing to do or without any time. The rest is said and left to the office: a
published plan may name a post that is vacant today.
"""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.text import Truncator

from plans.models import Activity, Deliverable, DeliverableLead
from plans.timescale import is_to_be_confirmed

WORDS_OF_A_TITLE = 10
MOST_NAMED = 3


@dataclass(frozen=True)
class Missing:
    """``words`` say what is missing, ``url`` is where it is mended; without ``is_blocking`` it is only said."""

    words: str
    url: str
    is_blocking: bool = False


def missing_of(plan, *, on):
    """Everything ``plan`` lacks on a day, what blocks first, each in the order of the table. Seven queries at most."""
    priorities = list(_priorities(plan, on))
    found = [] if priorities else [Missing("It has no priorities yet", _add(plan, "priority", plan), True)]
    for priority in priorities:
        found += _of_priority(plan, priority)
        for row in priority.deliverables.all():
            row.priority = priority
            found += _of_deliverable(plan, row)
    found += _of_leads(plan, priorities)
    unanswered = plan.comments.unanswered().count()
    if unanswered:
        words = "1 comment is not answered" if unanswered == 1 else f"{unanswered} comments are not answered"
        found.append(Missing(words, f"{reverse('plans:comment-list', args=[plan.pk])}?answered=no"))
    return sorted(found, key=lambda each: not each.is_blocking)


def blocking(missing):
    return [each for each in missing if each.is_blocking]


def _priorities(plan, on):
    leads = DeliverableLead.objects.select_related("post", "group").with_holders(on=on).order_by("position", "pk")
    activities = Activity.objects.in_plan().order_by("position", "pk")
    deliverables = (
        Deliverable.objects.in_plan()
        .prefetch_related(Prefetch("leads", leads), Prefetch("activities", activities))
        .order_by("position", "pk")
    )
    return (
        plan.priorities.in_plan()
        .prefetch_related("outcomes", Prefetch("deliverables", deliverables))
        .order_by("position", "pk")
    )


def _of_priority(plan, priority):
    if priority.is_cross_cutting:
        return
    name = _named(f"Priority {priority}" if priority.ref else str(priority))
    if not priority.deliverables.all():
        yield Missing(f"{name} has no deliverables", _add(plan, "deliverable", priority), True)
    if not priority.outcomes.all():
        yield Missing(f"{name} does not say what will be different", _cell(plan, priority, "outcomes"))


def _of_deliverable(plan, row):
    name = _named(row)
    if not row.leads.all():
        yield Missing(f"{name} has no lead", _cell(plan, row, "leads"), True)
    activities = list(row.activities.all())
    if not activities:
        yield Missing(f"{name} has no activity", _add(plan, "activity", row), True)
        return
    without = [each for each in activities if not each.timescale_text.strip() and not each.timescale_by_hand]
    if len(without) == len(activities):
        yield Missing(f"{name} has no timescale", _cell(plan, activities[0], "timescale"), True)
        without = []
    for each in without:
        yield Missing(f"{_activity_of(row, each)} has no timescale", _cell(plan, each, "timescale"))
    for each in activities:
        if each.is_by_hand_in_question:
            words = (
                f"{_activity_of(row, each)}: its timescale has new words. Does “{_short(each.timescale_by_hand)}” hold?"
            )
            yield Missing(words, _cell(plan, each, "timescale"))
            continue
        if each.timescale_by_hand:
            continue
        is_read = each.timescale_kind != Activity.Kind.UNSET or is_to_be_confirmed(each.timescale_text)
        if each.timescale_text.strip() and not is_read:
            words = f"{_activity_of(row, each)}: we find no time in “{_short(each.timescale_text)}”"
            yield Missing(words, _cell(plan, each, "timescale"))


def _of_leads(plan, priorities):
    """One line for each wording, for the same words often lead a dozen rows; one for all that mean nobody."""
    leads = [lead for each in priorities for row in each.deliverables.all() for lead in row.leads.all()]
    unlinked = list(dict.fromkeys(_short(lead.text) for lead in leads if not lead.is_linked))
    if unlinked:
        rest = f" and {len(unlinked) - MOST_NAMED} others" if len(unlinked) > MOST_NAMED else ""
        names = ", ".join(f"“{name}”" for name in unlinked[:MOST_NAMED])
        words = f"Nobody can be asked for an update where the lead is no post or group yet: {names}{rest}"
        yield Missing(words, reverse("plans:plan-leads", args=[plan.pk]))
    linked = [_of_lead(plan, lead) for lead in leads if lead.is_linked]
    yield from dict.fromkeys(each for each in linked if each)


def _of_lead(plan, lead):
    """What is amiss with a post or group that leads; None where somebody can be asked."""
    name = f"“{_short(lead.text)}”"
    if lead.group and lead.group.closed_on:
        link = reverse("plans:plan-leads", args=[plan.pk])
        return Missing(f"{lead.group} is closed: say who leads in place of {name}", link)
    if lead.holder_names or lead.organisation_id:
        return None
    if lead.post:
        return Missing(f"Nobody holds the post of {name}", lead.post.get_absolute_url())
    return Missing(f"{lead.group} has no chair who could be asked", lead.group.get_absolute_url())


def _cell(plan, row, cell):
    return reverse("plans:cell-change", args=[plan.pk, row._meta.model_name, row.pk, cell])


def _add(plan, kind, parent):
    return reverse("plans:row-add", args=[plan.pk, kind, parent.pk])


def _activity_of(row, activity):
    return f"{row.full_ref} “{_short(activity.text)}”".strip()


def _named(row):
    return Truncator(str(row)).words(WORDS_OF_A_TITLE, truncate=" …")


def _short(text):
    return Truncator(text).words(WORDS_OF_A_TITLE, truncate=" …")
