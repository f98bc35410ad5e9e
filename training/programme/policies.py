"""By whose rules events of training go."""

from django.db.models import BigIntegerField, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce

from partnership.models import Partnership
from training.models import Course, TrainingPolicy
from training.models.courses import CoursePartnership


def policies_of(events):
    """``{pk of an event: TrainingPolicy}`` of the partnership whose rules count there. Three queries at most."""
    by_name = Prefetch("partnerships", Partnership.objects.order_by("name", "pk"), to_attr="by_name")
    courses = Course.objects.filter(pk__in={event.course_id for event in events}).prefetch_related(by_name)
    homes = {}
    for course in courses:
        first = course.by_name[0].pk if course.by_name else None
        homes[course.pk] = course.run_by_id or first
    written = TrainingPolicy.objects.filter(partnership__in=filter(None, homes.values()))
    policies = {policy.partnership_id: policy for policy in written}
    usual = TrainingPolicy()
    return {event.pk: policies.get(homes.get(event.course_id), usual) for event in events}


def home_of(course):
    """For a query: the key of ``Course.home`` of the course in the column ``course``."""
    linked = CoursePartnership.objects.filter(course=OuterRef(course)).order_by("partnership__name", "partnership")
    first = Subquery(linked.values("partnership")[:1])
    return Coalesce(f"{course}__run_by", first, output_field=BigIntegerField())
