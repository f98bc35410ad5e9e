"""What an office and an administrator do for a person's account: end its sessions, switch it off and on."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from partnership.access import get_permitted, may
from partnership.account_lists import AccountEventFilter, AccountEventTable
from partnership.accounts.events import Kind, note
from partnership.accounts.freshness import asks_again
from partnership.accounts.invitations import cannot_be_invited
from partnership.accounts.leaving import switch_off, switch_on
from partnership.accounts.parting import joined_to
from partnership.accounts.sessions import end_sessions, sessions_of
from partnership.accounts.ways_in import way_in_words, with_ways_in
from partnership.forms import PlannerForm
from partnership.lists import RecordList
from partnership.models import AccountEvent, User
from partnership.refusals import NotNow

PEOPLE = "partnership:person-list"


def panel_of(request, person):
    """What ``person_account.html`` shows of a person’s account; None for who does not administer it."""
    if not may(request.user, "invite", person):
        return None
    now = timezone.now()
    person = with_ways_in(User.objects.filter(pk=person.pk)).get()
    return {
        "person": person,
        "way_in": way_in_words(person, at=now),
        "joined": joined_to(person),
        "session_count": sessions_of(person, at=now).count(),
        "may_switch": may(request.user, "switch", person),
        "may_be_invited": not cannot_be_invited(person, on=timezone.localdate(now)),
    }


@require_POST
def end_persons_sessions(request, pk):
    """For a lost telephone, or a browser left open somewhere."""
    person = get_permitted(request.user, User, "invite", pk=pk)
    if end_sessions([person.pk]):
        note(Kind.SESSION_ENDED, person, request, by=request.user, detail="All of them")
    messages.success(request, f"{person} is signed in nowhere now, and has to sign in again")
    return redirect(person)


class SwitchOffForm(PlannerForm):
    submit_label = "Switch it off"
    submit_kind = "warning"

    because = forms.CharField(
        label="Why?",
        max_length=200,
        help_text="It stands with what happened to the account, which the person can read.",
        error_messages={"required": "Enter why the account is switched off"},
    )


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def switch(request, pk):
    """Off with a reason, on by a press. Posts stay as they are: whoever leaves is said to leave on their page."""
    person = get_permitted(request.user, User, "view", pk=pk)
    if not may(request.user, "switch", person):
        context = {"person": person, "crumbs": crumbs_to(person)}
        return render(request, "partnership/person_refused.html", context, status=403)
    form = SwitchOffForm(request.POST or None, cancel_url=person.get_absolute_url()) if person.is_active else None
    if form is None and "because" in request.POST:
        messages.info(request, f"{person}’s account is switched off already")  # pressed twice
        return redirect(person)
    if form is None and request.method == "POST":
        switch_on(person, at=timezone.now(), by=request.user)
        messages.success(request, f"{person} can sign in again")
        return redirect(person)
    if form and form.is_valid():
        try:
            switch_off(person, at=timezone.now(), by=request.user, because=form.cleaned_data["because"])
        except NotNow as problem:
            messages.warning(request, str(problem))
        else:
            messages.success(request, f"{person} can’t sign in any more, and is signed out everywhere")
        return redirect(person)
    context = {"person": person, "form": form, "crumbs": crumbs_to(person)}
    return render(request, "partnership/person_switch.html", context, status=form.status if form else 200)


def crumbs_to(person):
    return [("People", reverse(PEOPLE)), (person.name, person.get_absolute_url()), ("Account", None)]


class AccountEventList(RecordList):
    """What happened to one's own account; to an office's people's; to everybody's for an administrator."""

    table_class, filterset_class = AccountEventTable, AccountEventFilter
    template_name = "partnership/account_event_list.html"
    export_name = "account-events"

    def get_queryset(self):
        events = AccountEvent.objects.visible_to(self.request.user)
        return events.select_related("user", "by").order_by("-at", "-pk")

    def get_context_data(self, **kwargs):
        standing = self.request.user.standing
        is_wide = bool(standing.office_ids) or standing.is_administrator
        return super().get_context_data(is_wide=is_wide, **kwargs)


patterns = [
    path("people/<int:pk>/sessions/end/", end_persons_sessions, name="person-sessions-end"),
    path("people/<int:pk>/switch/", switch, name="person-switch"),
    path("account/events/", AccountEventList.as_view(), name="account-event-list"),
]
