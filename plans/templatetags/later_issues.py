"""On the page that shows what was understood: the offer to bring it into a plan that is here already."""

from django import template

from partnership.standing import standing_of
from plans.models import Plan
from plans.reimporting import issues_like

register = template.Library()


@register.inclusion_tag("plans/reimport_offer.html", takes_context=True)
def later_issue_offer(context, staged):
    """The plan that this office edits and in which most of the document's promises stand already, if there is one."""
    office_ids = standing_of(context["request"].user).office_ids & staged.partnership_ids
    plans = Plan.objects.filter(partnerships__in=office_ids).exclude(status=Plan.Status.CLOSED).distinct()
    plan, shared, count = issues_like(context["draft"].read, plans) or (None, 0, 0)
    return {"staged": staged, "plan": plan, "shared": shared, "count": count}
