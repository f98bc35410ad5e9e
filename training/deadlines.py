"""What training has that comes up: events, and registers to close, for whoever coordinates training."""

from django.db.models import F, FilteredRelation, Q, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, ExtractYear, TruncDate

from partnership.deadlines import OFFICE, as_deadlines
from partnership.models import Post
from training.models import AgencyTrainingReturn, Event, NeedsInvitation


def events(on):
    """Events still to come and not called off, for the training coordinator of each of the course's partnerships."""
    coming = (
        Event.objects.not_cancelled()
        .annotate(
            coordinator=FilteredRelation(
                "course__partnerships__posts",
                condition=Q(course__partnerships__posts__duty=Post.Duty.TRAINING),
            ),
            day=TruncDate("starts_at"),
        )
        .filter(day__gte=on)
    )
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


def registers(on):
    """Registers still open the working day after an event, for the training coordinator and the office.

    Only those that somebody keeps here.
    """
    held = (
        Event.objects.with_register()
        .annotate(
            coordinator=FilteredRelation(
                "course__partnerships__posts",
                condition=Q(course__partnerships__posts__duty=Post.Duty.TRAINING),
            )
        )
        .filter(last_day__lte=on)
    )
    return as_deadlines(
        held,
        key="register",
        kind="Close the register",
        due_on="register_due_on",
        title=F("course__title"),
        url_name="training:register",
        partnership="course__partnerships",
        post="coordinator",
        audience=OFFICE,
        look_name="training:event-detail",
        look_pk="pk",
    )


def own_returns(on):
    """Single-agency training returns that were asked for and are not submitted, owed by the organisation."""
    asked = AgencyTrainingReturn.objects.owed().filter(asked_on__lte=on)
    return as_deadlines(
        asked,
        key="own-training",
        kind="Own training",
        due_on="due_on",
        title=Concat(
            Value("Own training, year from "), Cast(ExtractYear("starts_on"), TextField()), output_field=TextField()
        ),
        url_name="training:own-return-answer",
        partnership="partnership",
        owner_text="organisation__name",
        organisation="organisation",
        audience=OFFICE,
        look_name="training:own-return-list",
    )


def needs(on):
    """What an organisation or a group has not said yet while the questions of a learning needs analysis are open."""
    asked = NeedsInvitation.objects.exclude(kind=NeedsInvitation.Kind.PRACTITIONERS).filter(
        analysis__settled_on=None,
        analysis__opens_on__lte=on,
        analysis__closes_on__gte=on,
        replies=None,
    )
    return as_deadlines(
        asked,
        key="needs",
        kind="Learning needs",
        due_on="analysis__closes_on",
        title=Concat(Value("Say what there is to learn: "), F("analysis__title"), output_field=TextField()),
        url_name="training:needs-answer",
        partnership="analysis__partnership",
        owner_text=Coalesce("organisation__name", "group__name"),
        organisation="organisation",
        group="group",
        audience=OFFICE,
        look_name="training:needs-list",
    )
