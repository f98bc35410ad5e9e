"""What the office sees of reminders, what it does to one by hand, when they come; and the demo's mails."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted
from partnership.closures import working_days_for
from partnership.forms import lock_and_refresh
from partnership.lists import RecordList, SafeExport
from partnership.models import (
    Bounce,
    GroupMember,
    Message,
    OutboxMail,
    Partnership,
    PostHolding,
    Reminder,
    ReminderPause,
    ReminderPolicy,
    ReminderPreference,
    User,
)
from partnership.reminder_forms import ClearBounceForm, DayForm, PauseForm, PolicyForm, SendNowForm, SkipForm
from partnership.reminder_lists import (
    BounceFilter,
    BounceTable,
    ChoiceFilter,
    ChoiceTable,
    DayTable,
    OutboxFilter,
    OutboxTable,
    SentFilter,
    SentTable,
)
from partnership.reminder_words import RESTRICTED, days_in_words, example, kind_name, ladder_in_words
from partnership.reminders.bounces import clear
from partnership.reminders.day import deadline_at, line_at, lines_on, send_now, sending_days, told_again_on
from partnership.reminders.hours import ROUND_THE_CLOCK, is_sending_time
from partnership.reminders.pauses import CannotPause, CannotSkip, lift, pause, skip, take_turns
from partnership.reminders.policies import usual_policy
from partnership.standing import standing_of
from partnership.tasks import send_reminders
from partnership.templatetags.components import long_date

GET_OR_POST = ["GET", "HEAD", "POST"]
TROUBLE_IS_SHOWN_FOR = timedelta(days=14)
EXAMPLE_AHEAD = timedelta(days=28)


def office_only(user):
    if not standing_of(user).office_ids:
        raise PermissionDenied


# A day


@require_http_methods(GET_OR_POST)
def reminder_list(request):
    """Who will be told on a day, of what, why and why not; and a button to send at once what is due."""
    office_only(request.user)
    if request.method == "POST":
        return wake_worker(request)
    now, user = timezone.now(), request.user
    today = timezone.localdate(now)
    form = DayForm(request.GET, days=list(sending_days(now)), user=user)
    day, words, kind, group = form.chosen
    every = lines_on(user, on=day, after=days_before(day, form.days.values()))
    lines = narrowed(every, words=words, kind=kind, group=group, on=day)
    if request.GET.get("export") in SafeExport.FORMATS:
        ending = request.GET["export"]
        return SafeExport(ending, DayTable(lines)).response(f"reminders-{day.isoformat()}.{ending}")
    paused = ReminderPause.objects.visible_to(user).in_force(on=today).select_related("made_by", "recipient")
    context = {
        "form": form,
        "day": day,
        "today": today,
        "is_next": day == next(iter(form.days.values())),
        "people": by_person(lines),
        "heading": heading_of(len({line.person for line in every if line.is_told}), day, today=today),
        "line_count": len(lines),
        "is_narrowed": bool(words or kind or group),
        "paused": paused,
        "trouble_count": troubled(user, on=today).count(),
        "hours": hours_in_words(),
        "asked": urlencode({"day": day.isoformat()}),
        "parts": parts(request),
    }
    return render(request, "partnership/reminder_list.html", context)


def days_before(day, days):
    return [each for each in days if each < day]


def narrowed(lines, *, words, kind, group, on):
    """Those of a person with ``words`` in name or address, of a kind, of people who sit in a group."""
    if group:
        posts = GroupMember.objects.current(on=on).filter(group=group).values("post")
        seated = set(PostHolding.objects.current(on=on).filter(post__in=posts).values_list("user", flat=True))
        lines = [line for line in lines if line.person and line.person.pk in seated]
    wanted = words.casefold().split()
    if wanted:
        lines = [line for line in lines if line.person and all(word in named(line.person) for word in wanted)]
    return [line for line in lines if kind in ("", line.kind)]


def named(person):
    return f"{person.name} {person.email}".casefold()


def by_person(lines):
    """(person or None, their lines) pairs, in the order of the lines."""
    people = {}
    for line in lines:
        people.setdefault(line.person, []).append(line)
    return list(people.items())


def heading_of(count, day, *, today):
    """ "Tomorrow 14 people will be reminded", "14 people will be reminded on Friday 15 January 2027"."""
    who = "nobody" if not count else "1 person" if count == 1 else f"{count} people"
    words = f"{who} will be reminded"
    if day <= today + timedelta(days=1):
        return f"{'Today' if day == today else 'Tomorrow'} {words}"
    return f"{words[0].upper()}{words[1:]} on {day:%A} {long_date(day)}"


def wake_worker(request):
    """It sends what is due and not yet sent, so a second press changes nothing."""
    if is_sending_time(timezone.now()):
        transaction.on_commit(send_reminders.delay, robust=True)
        messages.success(request, "Whoever has not had today’s reminder is told within a minute. See “Sent”.")
    else:
        messages.info(request, "Nothing goes out at this hour. It is sent on the next working day.")
    return redirect("partnership:reminder-list")


def hours_in_words():
    """ "from 8am to 6pm", or nothing where mails go out round the clock."""
    if settings.REMINDER_HOURS == ROUND_THE_CLOCK:
        return ""
    first, last = (f"{hour}am" if hour < 12 else f"{(hour - 1) % 12 + 1}pm" for hour in settings.REMINDER_HOURS)
    return f"from {first} to {last}"


PARTS = [
    ("Who is told next", "partnership:reminder-list"),
    ("Sent", "partnership:reminder-sent"),
    ("Not delivered", "partnership:bounce-list"),
    ("People’s own choices", "partnership:preference-list"),
    ("When they come", "partnership:reminder-policies"),
]


def parts(request):
    """The pages about reminders, as links; (label, address, whether it is this one)."""
    return [(label, reverse(name), request.path == reverse(name)) for label, name in PARTS]


# One reminder, by hand


@dataclass(frozen=True)
class Place:
    """What an office does something to. ``deadline`` is None once it is done or has moved."""

    line: object
    person: object
    deadline: object
    title: str
    due_on: date


def place_of(request, key, due_on, person):
    """404 unless this office sees that person's reminder of it: planned for the day, or in the ledger."""
    user, today = office_or_gone(request), timezone.localdate()
    due_on = day_of(due_on)
    deadline = deadline_at(user, key, due_on, on=today)
    known = Reminder.objects.visible_to(user).filter(deadline_key=key, due_on=due_on, recipient=person)
    row = known.select_related("recipient").first()
    day, days_till_then = day_asked(request)
    line = line_at(user, key, due_on, person, on=day, after=days_till_then) if deadline else None
    if line:
        return Place(line, line.person, deadline, line.title, due_on)
    if row:
        return Place(None, row.recipient, deadline, row.title or RESTRICTED, due_on)
    raise Http404


def office_or_gone(request):
    """Whoever asks, if in an office. To others no reminder exists."""
    if not standing_of(request.user).office_ids:
        raise Http404
    return request.user


def day_of(words):
    """The day that an address names; where it names none, one on which nothing is due."""
    try:
        return date.fromisoformat(words)
    except ValueError:
        return date.min


def day_asked(request):
    """The day in the address (or the next, where it makes no sense), and the sending days before it."""
    days = list(sending_days(timezone.now()))
    day = next((each for each in days if each.isoformat() == request.GET.get("day")), days[0])
    return day, days_before(day, days)


def next_day():
    return next(sending_days(timezone.now()))


def day_address(request):
    day, _before = day_asked(request)
    return f"{reverse('partnership:reminder-list')}?{urlencode({'day': day.isoformat()})}"


def is_over(request, place):
    """Say so where it is done or has moved meanwhile: then there is nothing left to pause, skip or send."""
    if place.deadline is None:
        messages.info(request, f"“{place.title}” is done, or its date has moved. Nobody is reminded of it any more.")
    return place.deadline is None


def act(request, place, form, heading, lede, **more):
    context = {
        "form": form,
        "place": place,
        "heading": heading,
        "lede": lede,
        "crumbs": [("Reminders", day_address(request)), (heading, None)],
        **more,
    }
    return render(request, "partnership/reminder_act.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def pause_reminder(request, key, due_on, person):
    """Nobody, or this one person, is told of it for a while."""
    place = place_of(request, key, due_on, person)
    if is_over(request, place):
        return redirect(day_address(request))
    now = timezone.now()
    today = timezone.localdate(now)
    form = PauseForm(request.POST or None, person=place.person, on=today, cancel_url=day_address(request))
    if form.is_valid():
        recipient = None if form.is_for_all else place.person
        until, reason = form.cleaned_data["until"], form.cleaned_data["reason"]
        try:
            pause(place.deadline, recipient=recipient, until=until, reason=reason, by=request.user, at=now)
        except CannotPause as problem:
            form.refuse(problem)
        else:
            who = "Nobody is" if form.is_for_all else f"{place.person} is not"
            ending = f"until {long_date(until)}" if until else "until somebody lifts the pause"
            messages.success(request, f"Paused. {who} told of “{place.title}” {ending}.")
            return redirect(day_address(request))
    lede = "No reminder of this goes out while it is paused. The date stands, and it is still due."
    return act(request, place, form, "Pause a reminder", lede)


@require_POST
def lift_pause(request, pk):
    """The undo of a pause. A second press changes nothing."""
    found = get_object_or_404(ReminderPause.objects.visible_to(office_or_gone(request)), pk=pk)
    lift(found, by=request.user, at=timezone.now())
    messages.success(request, f"The pause is lifted. “{found.title or RESTRICTED}” is told of again on its usual days.")
    return redirect("partnership:reminder-list")


@require_http_methods(GET_OR_POST)
def skip_reminder(request, key, due_on, person):
    """The next step is left out; the one after it comes as usual. One further off is not left out before its turn."""
    place = place_of(request, key, due_on, person)
    if is_over(request, place):
        return redirect(day_address(request))
    day = next_day()
    form = SkipForm(request.POST or None, cancel_url=day_address(request))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            skip(key, place.due_on, place.person, reason=reason, by=request.user, on=day)
        except CannotSkip as problem:
            form.refuse(problem)
        else:
            words = f"Left out: {place.person} is not told of “{place.title}” on {day:%A} {long_date(day)}."
            messages.success(request, words)
            return redirect(day_address(request))
    again = told_again_on(key, on=day)
    lede = skipped_in_words(place.person, day, again)
    pause_url = reverse("partnership:reminder-pause", args=[key, due_on, person])
    return act(request, place, form, "Skip a reminder", lede, pause_url=pause_url if again else "")


def skipped_in_words(person, day, again):
    """Which one reminder is left out, and whether another comes by itself."""
    words = f"{person} is not told of this on {day:%A} {long_date(day)}. Only that one reminder is left out: "
    if again is None:
        return f"{words}it would have been the last that goes to them by itself."
    return f"{words}the next comes on {again:%A} {long_date(again)}, unless it is done by then."


@require_http_methods(GET_OR_POST)
def send_reminder_now(request, key, due_on, person):
    """Ask this person for it today, whatever its days are. Whoever was told today is not told again."""
    place = place_of(request, key, due_on, person)
    if is_over(request, place):
        return redirect(day_address(request))
    form = SendNowForm(request.POST or None, cancel_url=day_address(request))
    if form.is_valid():
        now = timezone.now()
        came_to = send_now(place.deadline, place.person, reason=form.cleaned_data["reason"], by=request.user, now=now)
        transaction.on_commit(send_reminders.delay, robust=True)
        level, words = sent_in_words(came_to, place.person, today=timezone.localdate(now))
        messages.add_message(request, level, words)
        return redirect(day_address(request))
    lede = "Nobody gets two reminder e-mails on one day: if today’s has left already, this goes with the next."
    return act(request, place, form, "Send a reminder now", lede)


def sent_in_words(came_to, person, *, today):
    """(level of message, what one press came to)."""
    if came_to.told:
        on = "within a minute" if came_to.day == today else f"on {came_to.day:%A} {came_to.day.day} {came_to.day:%B}"
        return messages.SUCCESS, f"{person} is told {on}."
    if came_to.later:
        [(_person, day, why)] = came_to.later
        return messages.INFO, f"{person} {why}, and is told of this on {day:%A} {day.day} {day:%B}."
    if came_to.already:
        [(_person, words)] = came_to.already
        return messages.INFO, f"{person} {words}."
    return messages.WARNING, f"Nothing can be sent to {person}: it is not asked of them, or no e-mail reaches them."


# What was sent, and what came back


class OfficeList(RecordList):
    """A list for offices, among the pages about reminders."""

    def get(self, request, *args, **kwargs):
        office_only(request.user)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(parts=parts(self.request), **kwargs)


class SentList(OfficeList):
    """Each message that was taken: when, to whom, about what, and what became of it."""

    table_class, filterset_class = SentTable, SentFilter
    template_name = "partnership/reminder_sent.html"
    export_name = "reminders-sent"

    def get_queryset(self):
        return Message.objects.visible_to(self.request.user).sent()


def troubled(user, *, on):
    return Message.objects.visible_to(user).troubled(since=on - TROUBLE_IS_SHOWN_FOR)


class BounceList(OfficeList):
    """What could not be delivered, and addresses that send mail back; each with the one thing to do."""

    table_class, filterset_class = BounceTable, BounceFilter
    template_name = "partnership/bounce_list.html"
    export_name = "bounces"

    def get_queryset(self):
        return Bounce.objects.visible_to(self.request.user).select_related("cleared_by")

    def get_context_data(self, **kwargs):
        found = troubled(self.request.user, on=timezone.localdate()).prefetch_related(
            Prefetch("attempts", to_attr="tries")
        )
        return super().get_context_data(troubled=found, **kwargs)


@require_http_methods(GET_OR_POST)
def clear_bounce(request, pk):
    """Somebody has asked: the address is right, so reminders go there again."""
    bounce = get_object_or_404(Bounce.objects.visible_to(office_or_gone(request)), pk=pk)
    listed = reverse("partnership:bounce-list")
    if request.method == "POST":
        lock_and_refresh(bounce)
    if bounce.cleared_at:
        messages.info(request, f"Reminders go to {bounce.email} again already.")
        return redirect(listed)
    form = ClearBounceForm(request.POST if request.method == "POST" else None, cancel_url=listed)
    if form.is_valid():
        clear(bounce, by=request.user, at=timezone.now())
        messages.success(request, f"Reminders go to {bounce.email} again, from the next one on.")
        return redirect(listed)
    crumbs = [("Reminders", reverse("partnership:reminder-list")), ("Not delivered", listed), (bounce.email, None)]
    context = {
        "form": form,
        "bounce": bounce,
        "person": User.objects.visible_to(request.user).filter(email__iexact=bounce.email).first(),
        "crumbs": crumbs,
    }
    return render(request, "partnership/bounce_clear.html", context, status=form.status)


class ChoiceList(OfficeList):
    """How often people want to hear, and what they have turned off."""

    table_class, filterset_class = ChoiceTable, ChoiceFilter
    template_name = "partnership/preference_list.html"
    export_name = "reminder-choices"

    def get_queryset(self):
        chosen = ReminderPreference.objects.visible_to(self.request.user)
        return chosen.select_related("user").order_by("user__name", "user", "kind")


# When they come


@dataclass(frozen=True)
class PolicyLine:
    """One kind as it stands for a partnership, or (None) for the whole installation."""

    kind: str
    policy: object
    whose: str
    own: object

    @property
    def name(self):
        return kind_name(self.kind)

    @property
    def days(self):
        return days_in_words(self.policy.steps)

    @property
    def ladder(self):
        return ladder_in_words(self.policy)


def policy_lines(partnership):
    """Every kind: the partnership's own, else the installation's, else the usual days."""
    rows = ReminderPolicy.objects.filter(partnership=None)
    if partnership:
        rows = rows | ReminderPolicy.objects.filter(partnership=partnership)
    found = {(row.kind, row.partnership_id): row for row in rows}
    return [policy_line(kind, partnership, found) for kind in settings.DEADLINE_KINDS]


def policy_line(kind, partnership, found):
    own = found.get((kind, partnership.pk if partnership else None))
    shared = found.get((kind, None))
    whose = "Our own" if own and partnership else "This installation’s" if shared else "Usual"
    return PolicyLine(kind, own or shared or usual_policy(kind), whose, own)


@require_safe
def policies(request):
    """On which days people are told of each kind; of a partnership's office, and of the installation."""
    standing = standing_of(request.user)
    if not standing.office_ids and not standing.is_administrator:
        raise PermissionDenied
    offices = list(Partnership.objects.filter(pk__in=standing.office_ids).order_by("name"))
    chosen = next((each for each in offices if str(each.pk) == request.GET.get("of")), None)
    if chosen is None and not (standing.is_administrator and request.GET.get("of") == "all"):
        chosen = offices[0] if offices else None
    context = {
        "offices": offices,
        "partnership": chosen,
        "may_see_installation": standing.is_administrator,
        "lines": policy_lines(chosen),
        "parts": parts(request) if standing.office_ids else [],
    }
    return render(request, "partnership/reminder_policies.html", context)


@require_http_methods(GET_OR_POST)
def change_policy(request, kind, pk=None):
    """Other days for one kind, or back to the usual ones."""
    if kind not in settings.DEADLINE_KINDS:
        raise Http404
    owner = policy_owner(request.user, pk)
    if request.method == "POST":
        take_turns(f"{kind} of {pk}")
    [line] = [each for each in policy_lines(owner) if each.kind == kind]
    back = reverse("partnership:reminder-policies") + (f"?of={owner.pk}" if owner else "?of=all")
    if request.method == "POST" and "usual" in request.POST:
        if line.own:
            line.own.delete()
        messages.success(request, f"{line.name}: the usual days stand again.")
        return redirect(back)
    is_duty = settings.DEADLINE_KINDS[kind][1]
    form = PolicyForm(request.POST or None, policy=line.policy, own=line.own, is_duty=is_duty, cancel_url=back)
    is_example = request.POST.get("do") == "show"
    if form.is_valid() and not is_example:
        ReminderPolicy.objects.update_or_create(kind=kind, partnership=owner, defaults=form.policy_fields())
        messages.success(request, f"Saved. {line.name}: {days_in_words(form.policy_fields()['steps'])}.")
        return redirect(back)
    shown = line.policy if form.errors or not form.is_bound else ReminderPolicy(**form.policy_fields())
    days = working_days_for([owner.pk] if owner else [])
    due_on = days.this_or_next(timezone.localdate() + EXAMPLE_AHEAD)
    context = {
        "form": form,
        "line": line,
        "partnership": owner,
        "due_on": due_on,
        "example": example(shown, due_on, days=days),
        "crumbs": [("Reminders", reverse("partnership:reminder-list")), ("When they come", back), (line.name, None)],
    }
    return render(request, "partnership/reminder_policy_change.html", context, status=form.status)


def policy_owner(user, pk):
    """The partnership whose office ``user`` is in; None (for the installation) for its administrator."""
    if pk is not None:
        return get_permitted(user, Partnership, "office", pk=pk)
    if not standing_of(user).is_administrator:
        raise PermissionDenied
    return None


# The demo's mails


class Outbox(RecordList):
    """Every mail the demo would have sent, the newest first."""

    table_class, filterset_class = OutboxTable, OutboxFilter
    template_name = "partnership/outbox.html"
    export_name = "outbox"
    queryset = OutboxMail.objects.all()


@require_safe
def outbox_mail(request, pk):
    """One mail, word for word."""
    mail = get_object_or_404(OutboxMail, pk=pk)
    crumbs = [("Outbox", reverse("partnership:outbox")), (mail.subject, None)]
    return render(request, "partnership/outbox_mail.html", {"mail": mail, "crumbs": crumbs})


ONE = "reminders/<str:key>/<str:due_on>/<int:person>/"
patterns = [
    path("reminders/", reminder_list, name="reminder-list"),
    path("reminders/sent/", SentList.as_view(), name="reminder-sent"),
    path("reminders/not-delivered/", BounceList.as_view(), name="bounce-list"),
    path("reminders/not-delivered/<int:pk>/", clear_bounce, name="bounce-clear"),
    path("reminders/choices/", ChoiceList.as_view(), name="preference-list"),
    path("reminders/when/", policies, name="reminder-policies"),
    path("reminders/when/<slug:kind>/", change_policy, name="reminder-policy-change"),
    path("partnerships/<int:pk>/reminders/<slug:kind>/", change_policy, name="reminder-policy-change"),
    path("reminders/pauses/<int:pk>/lift/", lift_pause, name="reminder-pause-lift"),
    path(f"{ONE}pause/", pause_reminder, name="reminder-pause"),
    path(f"{ONE}skip/", skip_reminder, name="reminder-skip"),
    path(f"{ONE}send-now/", send_reminder_now, name="reminder-send-now"),
]
