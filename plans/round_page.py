"""The page of a round: who has answered and who has not, by group and by person; and one press to ask again."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from partnership.access import get_permitted, may
from partnership.lists import RecordList
from partnership.models import Reminder
from partnership.tasks import send_reminders
from partnership.templatetags.components import long_date
from plans.chasing import chase_round
from plans.highlight_progress import progress_of
from plans.models import Deliverable, Priority, UpdateRound
from plans.responders import Responders
from plans.review_views import give_stages
from plans.round_lists import AnswerFilter, AnswerTable, with_answers


class RoundPage(RecordList):
    """Who has answered and who has not; what they said; each priority's review."""

    table_class, filterset_class = AnswerTable, AnswerFilter
    template_name = "plans/round_detail.html"

    def dispatch(self, request, *args, **kwargs):
        self.today = timezone.localdate()
        self.round = get_permitted(request.user, UpdateRound, "view", pk=kwargs["pk"])
        self.who = Responders(self.round, on=self.today)
        return super().dispatch(request, *args, **kwargs)

    @property
    def export_name(self):
        return f"answers-{slugify(self.round.name)}"[:80]

    def get_queryset(self):
        rows = Deliverable.objects.filter(pk__in=[line.key for line in self.who.lines])
        in_order = rows.select_related("priority__plan").order_by("priority__position", "position", "pk")
        return with_answers(in_order, self.round)

    def get_filterset(self, filterset_class):
        return filterset_class(**self.get_filterset_kwargs(filterset_class), who=self.who)

    def get_table(self, **kwargs):
        asked_later = ("answered_at", "rating") if self.today < self.round.opens_on else ()
        return super().get_table(who=self.who, exclude=asked_later, **kwargs)

    def get_context_data(self, **kwargs):
        round, who = self.round, self.who
        told = who.told()
        people = who.by_person()
        for tally in people:
            tally.told = told_words(tally, told, on=self.today)
        state = round.state(on=self.today)
        State = UpdateRound.State
        is_asked = state in (State.OPEN, State.LATE)
        priorities = list(Priority.objects.filter(plan=round.plan).with_review_in(round))
        return super().get_context_data(
            round=round,
            plan=round.plan,
            state=state,
            state_words=state_words(round, state),
            is_open=state == State.OPEN,
            is_asked=is_asked,
            is_planned=state == State.PLANNED,
            who=who,
            progress_words=f"{len(who.answered)} of {len(who.lines)} deliverables answered",
            circles=parted(who.by_circle(), by_silence=is_asked),
            people=parted(people, by_silence=is_asked),
            unreached=[line for line in who.silent if line.missing],
            priorities=priorities,
            is_to_rate=state != State.PLANNED and give_stages(priorities, round, user=self.request.user),
            highlights=progress_of(round, self.request.user, on=self.today),
            may_change=may(self.request.user, "change", round),
            **kwargs,
        )


def parted(tallies, *, by_silence):
    """(those who are waited for, those who have answered everything); all in the first unless ``by_silence``."""
    if not by_silence:
        return tallies, []
    return [each for each in tallies if each.silent], [each for each in tallies if not each.silent]


def state_words(round, state):
    """One sentence under the heading."""
    State = UpdateRound.State
    asked = f"from {long_date(round.opens_on)} to {long_date(round.closes_on)}"
    return {
        State.PLANNED: f"Leads answer {asked}. It opens by itself.",
        State.OPEN: f"Leads answer until {long_date(round.closes_on)}.",
        State.LATE: f"The last day to answer was {long_date(round.closes_on)}. Late answers are taken, and marked.",
        State.CLOSED: f"Answers were asked {asked}."
        + (f" Closed on {long_date(round.closed_at)}" if round.closed_at else "")
        + (f" by {round.closed_by}." if round.closed_by else ""),
    }[state]


def told_words(tally, told, *, on):
    """When this person last heard of what they are silent about: "Told today at 9:05"."""
    person = int(tally.key.partition("-")[2])
    rows = [told[line.key, person] for line in tally.silent if (line.key, person) in told]
    if not rows:
        return ""
    return words_of_reminder(max(rows, key=lambda each: (each.planned_at, each.pk)), on=on)


def words_of_reminder(row, *, on):
    """What became of one Reminder: "Told today at 9:05", "Waits to be sent, Nadia Fenwick asked"."""
    asked = f", {row.asked_by} asked" if row.asked_by else ""
    message = row.message
    if row.state == Reminder.State.DONE and message and message.accepted_at:
        at = timezone.localtime(message.accepted_at)
        day = "today" if at.date() == on else f"on {long_date(at)}"
        return f"Told {day} at {at.hour}:{at:%M}{asked}"
    if row.state in (Reminder.State.PLANNED, Reminder.State.BUNDLED):
        return f"Waits to be sent{asked}"
    return f"{row.get_state_display()}{asked}"


def who_never_answered(round, *, on):
    """The silent lines of the round, each with who would have answered."""
    return Responders(round, on=on).silent


@require_POST
def chase_view(request, pk):
    """Ask everybody who is silent, one group or one person; says who is mailed, who is not, and why."""
    round = get_permitted(request.user, UpdateRound, "chase", pk=pk)
    now = timezone.now()
    try:
        came_to = chase_round(round, who=request.POST.get("who", "all"), by=request.user, now=now)
    except LookupError as nobody:
        raise Http404 from nobody
    transaction.on_commit(send_reminders.delay, robust=True)  # without a broker, beat sends it
    for add, words in words_of(came_to, on=timezone.localdate(now)):
        add(request, words)
    return redirect(round)


def words_of(came_to, *, on):
    """What one press came to, as (how it is said, the sentence)."""
    if came_to is None:
        yield messages.info, "This round is not asking anybody, so nobody is mailed."
        return
    if came_to.told:
        names = short_list([str(person) for person in came_to.told])
        count = len(came_to.told)
        when = "within a minute or two" if came_to.day == on else f"on {long_date(came_to.day)}"
        hours = "" if came_to.day == on else " Nothing goes out at this hour."
        yield messages.success, f"{count} {'person is' if count == 1 else 'people are'} mailed {when}: {names}.{hours}"
    if came_to.later:
        said = short_list([f"{person} {why}" for person, _day, why in came_to.later])
        day = long_date(came_to.later[0][1])
        yield messages.info, f"One mail a day: {said}. They hear of this on {day}."
    if came_to.already:
        said = short_list([f"{person} {why}" for person, why in came_to.already])
        yield messages.info, f"Not mailed again: {said}."
    if came_to.unreached:
        said = short_list(sorted({words.rstrip(".") for reach in came_to.unreached for words in reach.missing}))
        yield messages.warning, f"Cannot be mailed: {said}."
    if not (came_to.told or came_to.later or came_to.already or came_to.unreached):
        yield messages.info, "Everybody has answered, so nobody is mailed."


MOST_NAMES = 12


def short_list(words):
    """Joined, the first dozen of many."""
    shown = "; ".join(words[:MOST_NAMES])
    more = len(words) - MOST_NAMES
    return f"{shown}; and {more} more" if more > 0 else shown
