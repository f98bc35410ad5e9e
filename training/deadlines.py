"""What training has that comes up: events, for whoever coordinates training."""

from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import TruncDate

from partnership.deadlines import as_deadlines
from partnership.models import Post
from training.models import Event


def events(on):
    """Events still to come, for the training coordinator of each of the course's partnerships."""
    coming = Event.objects.annotate(
        coordinator=FilteredRelation(
            "course__partnerships__posts",
            condition=Q(course__partnerships__posts__duty=Post.Duty.TRAINING),
        ),
        day=TruncDate("starts_at"),
    ).filter(day__gte=on)
    return as_deadlines(
        coming,
        key="event",
        kind="Training event",
        due_on="day",
        title=F("course__title"),
        url_name="training:event-detail",
        partnership="course__partnerships",
        post="coordinator",
    )
