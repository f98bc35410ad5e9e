"""Which priorities of plans a record of another room may be linked to, and which of those somebody sees."""

from django import forms
from django.db.models import Q

from plans.models import Plan, Priority


def priorities_for(partnerships, user, *, besides=()):
    """The priorities that a record of ``partnerships`` may be linked to: of their plans that this person may see.

    Of closed plans, and taken off a plan, only those that it is linked to already (keys in ``besides``).
    """
    plans = Plan.objects.visible_to(user).filter(partnerships__in=partnerships)
    is_offered = Q(plan__in=plans.exclude(status=Plan.Status.CLOSED).values("pk"), retired_on=None)
    found = Priority.objects.filter(is_offered | Q(pk__in=besides)).select_related("plan")
    return found.order_by("-plan__starts_on", "plan", "position")


def shown_priorities(record, user):
    """Those it is linked to, of plans that this person may see."""
    found = record.priorities.filter(plan__in=Plan.objects.visible_to(user).values("pk"))
    return found.select_related("plan").order_by("-plan__starts_on", "plan", "position")


class LinkedPriorities(forms.ModelMultipleChoiceField):
    """Priorities of plans, by the plan's name."""

    def __init__(self, **kwargs):
        kwargs = {
            "label": "Which priorities of a plan is it about?",
            "required": False,
            "widget": forms.CheckboxSelectMultiple,
            "error_messages": {"invalid_choice": "Choose priorities of a plan of this partnership"},
        } | kwargs
        super().__init__(Priority.objects.none(), **kwargs)

    def label_from_instance(self, priority):
        return f"{priority.plan}: {priority}"
