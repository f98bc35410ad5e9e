"""What training has that comes up: events, and registers to close, for whoever coordinates training."""

from datetime import datetime, time

from django.db.models import Exists, F, OuterRef, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, ExtractYear, TruncDate
from django.utils import timezone

from partnership.deadlines import OFFICE, as_deadlines
from partnership.models import Post
from training.models import AgencyTrainingReturn, Event, NeedsInvitation


def events(on):
    """Events still to come and not called off, for the training coordinator of each of the course's partnerships."""
    return _of_coordinator(_coming(on), **OF_EVENTS)


def events_of_nobody(on):
    """The same where a partnership has no such post: it knows of them, and nobody owes them."""
    return as_deadlines(_coming(on).filter(HAS_NO_COORDINATOR), **OF_EVENTS)


def registers(on):
    """Registers still open the working day after an event, for the training coordinator and the office.

    Only those that somebody keeps here.
    """
    return _of_coordinator(_held(on), **OF_REGISTERS)


def registers_of_nobody(on):
    """The same where a partnership has no training coordinator's post: for the office to see."""
    return as_deadlines(_held(on).filter(HAS_NO_COORDINATOR), **OF_REGISTERS)


def _coming(on):
    """From that midnight, as PostgreSQL knows how many moments come after one, and of their days it would guess."""
    midnight = timezone.make_aware(datetime.combine(on, time.min))
    return Event.objects.not_cancelled().filter(starts_at__gte=midnight).annotate(day=TruncDate("starts_at"))


def _held(on):
    return Event.objects.with_register().filter(last_day__lte=on)


def _of_coordinator(rows, **columns):
    """``rows`` as deadlines of the coordinator. With those of no coordinator in the same rows, PostgreSQL would put
    the whole nation's together before it looks whose they are.
    """
    coordinator = "course__partnerships__posts"
    return as_deadlines(rows.filter(**{f"{coordinator}__duty": Post.Duty.TRAINING}), post=coordinator, **columns)


HAS_NO_COORDINATOR = ~Exists(
    Post.objects.filter(duty=Post.Duty.TRAINING, partnerships=OuterRef("course__partnerships"))
)
OF_EVENTS = {
    "key": "event",
    "kind": "Training event",
    "due_on": "day",
    "title": F("course__title"),
    "url_name": "training:event-detail",
    "partnership": "course__partnerships",
}
OF_REGISTERS = {
    "key": "register",
    "kind": "Close the register",
    "due_on": "register_due_on",
    "title": F("course__title"),
    "url_name": "training:register",
    "partnership": "course__partnerships",
    "audience": OFFICE,
    "look_name": "training:event-detail",
    "look_pk": "pk",
}


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
