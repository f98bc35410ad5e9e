"""What whoever coordinates training sees first, and what of training is late for the office."""

from assurance.figures import ask, counted
from partnership.panels import Panel
from partnership.standing import standing_of
from training.evaluation.lists import A_YEAR, TO_SUM_UP
from training.evaluation.words import to_sum_up
from training.mails.lists import TO_MEND
from training.models import Event, NeedsAnalysis, Place, PlaceStatus, TrainingMail
from training.needs.lists import LATE
from training.programme.event_lists import EMPTY, FEW, SOON, WAITING
from training.programme.event_lists import LATE as NOT_CLOSED

EVENTS = "training:event-list"


def training_panel(user, *, at, on):
    """The next four weeks, and what waits for somebody. Of who coordinates; the office has its desk. Two queries."""
    if not standing_of(user).training_ids:
        return None
    coming = counted(coming_soon(user, on=on))
    waiting = counted([*who_waits(user, at=at), *late(user, on=on), *words_to_sum_up(user, at=at, on=on)])
    values = {"coming": coming, "waiting": waiting, "figures": [*coming, *waiting]}
    return Panel("assurance/panel_training.html", values)


def figures_of_training(user, *, on):
    """What of training is late, for the desk."""
    return counted(late(user, on=on))


def programme_of(user):
    """Counted by keys: a course of two partnerships would count each place twice."""
    visible = Event.objects.visible_to(user)
    return Event.objects.filter(pk__in=visible.order_by().values("pk")).with_place_counts()


def coming_soon(user, *, on):
    soon = programme_of(user).soon(on=on).not_cancelled()
    return [
        ask(soon, "event in the next four weeks|events in the next four weeks", EVENTS, when=SOON),
        ask(
            soon.hardly_booked(),
            "with fewer than half of its places taken|with fewer than half of their places taken",
            EVENTS,
            when=SOON,
            places=EMPTY,
        ),
        ask(soon.nearly_full(), "full or nearly full|full or nearly full", EVENTS, when=SOON, places=FEW),
    ]


def who_waits(user, *, at):
    agreement = PlaceStatus.AGREEMENT
    return [
        ask(
            programme_of(user).to_come(at=at).with_waiting_list(),
            "event with a waiting list|events with a waiting list",
            EVENTS,
            places=WAITING,
        ),
        ask(
            Place.objects.visible_to(user).to_come(at=at).filter(status=agreement),
            "place that waits for a manager’s agreement|places that wait for a manager’s agreement",
            "training:place-list",
            status=agreement.value,
        ),
    ]


def late(user, *, on):
    return [
        ask(
            Event.objects.run_by(user).with_late_register(on=on),
            "register not closed in time|registers not closed in time",
            EVENTS,
            when=NOT_CLOSED,
        ),
        ask(
            TrainingMail.objects.visible_to(user).undelivered().still_of_use(on=on),
            "mail that did not arrive|mails that did not arrive",
            "training:mail-list",
            state=TO_MEND,
        ),
        ask(
            NeedsAnalysis.objects.visible_to(user).to_settle(on=on),
            "learning needs analysis to settle|learning needs analyses to settle",
            "training:needs-list",
            settled=LATE,
        ),
    ]


def words_to_sum_up(user, *, at, on):
    held = Event.objects.run_by(user).filter(starts_at__gte=at - A_YEAR)
    words = "event whose answers nobody has summed up|events whose answers nobody has summed up"
    return [ask(to_sum_up(held, on=on), words, "training:evaluation-list", answers=TO_SUM_UP)]
