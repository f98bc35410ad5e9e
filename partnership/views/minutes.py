"""Writing a meeting up: who was there, and on one page what was said, decided and agreed."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partnership.access import get_permitted
from partnership.attendance import answers_for, record_attendance
from partnership.meeting_forms import (
    AnswerFormSet,
    DecisionForm,
    DiscussionForm,
    GuestsForm,
    Leads,
    NewActionForm,
)
from partnership.meetings import Agreed, Decided, record_minutes
from partnership.models import Meeting, MeetingAction, TermsOfReference
from partnership.views.meetings import LEADS, crumbs_to, refuse_where_it_stands
from partnership.whole_numbers import whole_number

# Attendance


@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request, pk):
    """One row for each organisation that is expected: there, by a deputy, with apologies, or silent."""
    meeting = get_permitted(request.user, Meeting, "change", pk=pk)
    refused = refuse_where_it_stands(request, meeting)
    if refused:
        return refused
    today = timezone.localdate()
    answers = answers_for(meeting)
    forms = AnswerFormSet(
        request.POST or None,
        prefix="answer",
        initial=[{"organisation_id": each.organisation_id, "status": each.status, "who": each.who} for each in answers],
        expected={each.organisation_id for each in answers},
        is_before=meeting.meets_on > today,
    )
    if request.POST and forms.is_valid():
        try:
            record_attendance(meeting, on=today, answers=forms.answers)
        except ValidationError as problem:
            messages.error(request, problem.message)
        else:
            messages.success(request, "Attendance saved")
        return redirect(meeting)
    names = {each.organisation_id: each for each in answers}
    terms = TermsOfReference.objects.agreed().filter(group=meeting.group).order_by("-version").first()
    context = {
        "meeting": meeting,
        "group": meeting.group,
        "crumbs": crumbs_to(meeting, ("Attendance", None)),
        "forms": forms,
        "rows": [(form, names.get(whole_number(str(form["organisation_id"].value())))) for form in forms],
        "quorum": terms.quorum if terms else "",
        "is_before": meeting.meets_on > today,
    }
    return render(request, "partnership/attendance_change.html", context, status=422 if forms.is_bound else 200)


# Minutes


@dataclass
class ItemForms:
    """The forms of one item; ``item`` is None for what the meeting did beside its agenda."""

    item: object
    discussion: object
    decisions: list
    actions_agreed: list
    new_action: object

    @property
    def all(self):
        return [form for form in (self.discussion, *self.decisions, self.new_action) if form]

    @property
    def heading(self):
        return str(self.item) if self.item else "Anything else"


@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request, pk):
    """Saved as often as one likes; each save leaves room for one more decision and action on each item."""
    meeting = get_permitted(request.user, Meeting, "change", pk=pk)
    refused = refuse_where_it_stands(request, meeting)
    if refused:
        return refused
    today = timezone.localdate()
    if meeting.meets_on > today:
        messages.info(
            request, f"The meeting is on {meeting.meets_on:%-d %B %Y}. Its minutes can be written from then on"
        )
        return redirect(meeting)
    data = request.POST or None
    guests = GuestsForm(data, instance=meeting, prefix="guests")
    parts = parts_of(meeting, data, on=today)
    forms = [guests, *(form for part in parts for form in part.all)]
    if data and all([form.is_valid() for form in forms if form.is_bound]):
        try:
            keep(meeting, parts, guests, on=today)
        except ValidationError as problem:
            messages.error(request, problem.message)
            return redirect(meeting)
        now = timezone.localtime()
        messages.success(request, f"Saved at {now:%H:%M}. You can close this page and come back")
        if request.POST.get("action") == "finish":
            return redirect(meeting)
        return redirect(reverse("partnership:meeting-minutes", args=[meeting.pk]))
    context = {
        "meeting": meeting,
        "group": meeting.group,
        "crumbs": crumbs_to(meeting, ("Minutes", None)),
        "guests": guests,
        "parts": parts,
        "forms": forms,
        "open_actions": meeting.group.actions.open().exclude(meeting=meeting).count(),
    }
    return render(request, "partnership/meeting_minutes.html", context, status=max(form.status for form in forms))


def parts_of(meeting, data, *, on):
    """The forms of every item, then of what has no item."""
    items = list(meeting.items.order_by("position", "pk").select_related("lead_post__organisation"))
    decisions = list(meeting.decisions.all())
    actions = list(MeetingAction.objects.filter(meeting=meeting).select_related(*LEADS))
    leads = Leads(meeting.group, on=on)
    return [
        ItemForms(
            item=item,
            discussion=about(DiscussionForm, item, data, f"item-{item.pk}") if item else None,
            decisions=[
                *(
                    about(DecisionForm, decision, data, f"decision-{decision.pk}")
                    for decision in decisions
                    if decision.item_id == (item and item.pk)
                ),
                DecisionForm(data, prefix=f"new-decision-{item.pk if item else 0}"),
            ],
            actions_agreed=[action for action in actions if action.item_id == (item and item.pk)],
            new_action=NewActionForm(data, leads=leads, on=on, prefix=f"new-action-{item.pk if item else 0}"),
        )
        for item in [*items, None]
    ]


def about(form_class, record, data, prefix):
    """The form about ``record``. What was not on the page that was sent back (it is newer) is left alone."""
    is_sent = data is not None and any(name.startswith(f"{prefix}-") for name in data)
    return form_class(data if is_sent else None, instance=record, prefix=prefix)


def keep(meeting, parts, guests, *, on):
    decisions, actions, discussions = [], [], {}
    for part in parts:
        if part.item and part.discussion.is_bound:
            discussions[part.item] = part.discussion.cleaned_data["discussion"]
        for form in filter(lambda form: form.is_bound, part.decisions):
            decision = form.instance if form.instance.pk else None
            if decision or form.cleaned_data["text"]:
                decisions.append(
                    Decided(form.cleaned_data["text"], form.cleaned_data["reason"], decision=decision, item=part.item)
                )
        agreed = part.new_action.cleaned_data
        if agreed.get("text"):
            actions.append(Agreed(agreed["text"], agreed["lead"], agreed["due_on"], item=part.item))
    record_minutes(
        meeting,
        on=on,
        discussions=discussions,
        decisions=decisions,
        actions=actions,
        also_there=guests.cleaned_data["also_there"],
    )
