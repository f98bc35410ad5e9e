"""Independent scrutiny: what the advisor looked at, said and asked, what was answered, and the difference it made."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance import advice
from assurance.advice_forms import AdvisorNoteForm, AnswerForm, CloseForm
from assurance.advice_lists import AdvisorNoteFilter, AdvisorNoteTable
from assurance.models import AdvisorNote
from partnership.access import get_permitted, may
from partnership.lists import RecordList

GET_OR_POST = ["GET", "HEAD", "POST"]


class IndependentScrutiny(RecordList):
    """The notes that one may see, and below them what the advisor said elsewhere."""

    table_class, filterset_class = AdvisorNoteTable, AdvisorNoteFilter
    template_name = "assurance/independent_scrutiny.html"
    export_name = "independent-scrutiny"

    def get_queryset(self):
        return AdvisorNote.objects.visible_to(self.request.user).for_pages()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user, today = self.request.user, timezone.localdate()
        notes = AdvisorNote.objects.visible_to(user)
        first, last = context["filter"].days
        return {
            **context,
            "waiting_count": notes.waiting().count(),
            "late_count": notes.unanswered(on=today).count(),
            "answered_count": notes.answered().count(),
            "is_of_a_year": first is not None,
            "traces": advice.traces(user, first=first, last=last),
            "may_write": bool(user.standing.wide_ids),
            "is_office": bool(user.standing.office_ids),
            "crumbs": crumbs(),
        }


@require_http_methods(GET_OR_POST)
def add(request):
    """The advisor writes; the office may for them."""
    if not request.user.standing.wide_ids:
        raise PermissionDenied
    today = timezone.localdate()
    form = AdvisorNoteForm(
        request.POST or None,
        instance=AdvisorNote(written_by=request.user),
        user=request.user,
        on=today,
        initial={"looked_on": today, "source_key": request.GET.get("about", "")},
        cancel_url=reverse("assurance:independent-scrutiny"),
    )
    if form.is_valid():
        note = form.save()
        messages.success(request, f"“{note}” is kept. {who_sees(note)}")
        return redirect(note)
    return form_page(request, form, "Write what was looked at", for_advisor=not request.user.standing.advisor_ids)


def who_sees(note):
    """Who may read it now, in a sentence."""
    party = f", and {note.put_to}, who is asked to answer" if note.put_to else ""
    return f"The office and the safeguarding partners can read it{party}"


@require_safe
def detail(request, pk):
    user = request.user
    notes = AdvisorNote.objects.for_pages()
    note = notes.get(pk=get_permitted(user, AdvisorNote, "view", pk=pk).pk)
    may_change = may(user, "change", note)
    context = {
        "note": note,
        "source": advice.sources_of([note], user).get(note.source_key),
        "priorities": note.priorities.select_related("plan"),
        "may_change": may_change,
        "may_answer": bool(note.asked) and not note.challenge_id and may(user, "answer", note),
        "may_challenge": bool(note.asked) and not note.challenge_id and not note.closed_on,
        "sees_challenge": bool(note.challenge_id) and may(user, "view", note.challenge),
        "today": timezone.localdate(),
        "crumbs": crumbs((note.looked_at, None)),
    }
    return render(request, "assurance/advisor_note_detail.html", context)


@require_http_methods(GET_OR_POST)
def change(request, pk):
    note = get_permitted(request.user, AdvisorNote, "change", pk=pk)
    form = AdvisorNoteForm(
        request.POST or None,
        instance=note,
        user=request.user,
        on=timezone.localdate(),
        cancel_url=note.get_absolute_url(),
    )
    if form.is_valid():
        note = form.save()
        messages.success(request, "Saved")
        return redirect(note)
    return form_page(request, form, "Change what was looked at", note=note)


@require_http_methods(GET_OR_POST)
def answer(request, pk):
    """Whoever is asked answers, or the office what it was told."""
    note = get_permitted(request.user, AdvisorNote, "answer", pk=pk)
    if not note.asked or note.challenge_id:
        words = "It is a challenge now, and is answered there" if note.asked else "Nothing is asked here"
        messages.info(request, words)
        return redirect(note)
    form = AnswerForm(request.POST or None, instance=note, cancel_url=note.get_absolute_url())
    if form.is_valid():
        advice.answer_note(note, by=request.user, on=timezone.localdate(), **form.cleaned_data)
        messages.success(request, "Your answer is kept. The advisor sees it")
        return redirect(note)
    return form_page(request, form, "Answer the independent advisor", note=note, shows_note=True)


@require_POST
def share(request, pk):
    """Every member may read it, or no longer."""
    note = get_permitted(request.user, AdvisorNote, "change", pk=pk)
    shares = request.POST.get("do") != "take-back"
    advice.share_note(note, on=(note.shared_on or timezone.localdate()) if shares else None)
    messages.success(request, "Every member can read it" if shares else "Members can no longer read it")
    return redirect(note)


@require_POST
def challenge(request, pk):
    """Make a challenge of what is asked."""
    note = get_permitted(request.user, AdvisorNote, "change", pk=pk)
    if note.closed_on or not note.asked:
        messages.info(request, "It is closed" if note.closed_on else "Say first what you ask, of whom and by when")
        return redirect(note)
    raised = advice.make_challenge(note, on=timezone.localdate())
    messages.success(request, f"It is challenge {raised.ref} now, to {raised.put_to}")
    return redirect(raised)


@require_http_methods(GET_OR_POST)
def close(request, pk):
    """Say what came of it; or open again what was closed."""
    note = get_permitted(request.user, AdvisorNote, "change", pk=pk)
    if request.POST.get("do") == "open":
        advice.close_note(note, difference=note.difference, on=None)
        messages.success(request, "It is open again")
        return redirect(note)
    form = CloseForm(request.POST or None, instance=note, cancel_url=note.get_absolute_url())
    if form.is_valid():
        advice.close_note(note, on=note.closed_on or timezone.localdate(), **form.cleaned_data)
        messages.success(request, "Closed. What came of it stands in the list")
        return redirect(note)
    return form_page(request, form, "Close it", note=note, shows_note=True)


def form_page(request, form, heading, *, note=None, **more):
    above = [(note.looked_at, note.get_absolute_url())] if note else []
    context = {"form": form, "heading": heading, "note": note, "crumbs": crumbs(*above, (heading, None)), **more}
    return render(request, "assurance/advisor_note_form.html", context, status=form.status)


def crumbs(*more):
    here = ("Independent scrutiny", reverse("assurance:independent-scrutiny") if more else None)
    return [("Returns", reverse("assurance:return-list")), here, *more]


patterns = [
    path("independent-scrutiny/", IndependentScrutiny.as_view(), name="independent-scrutiny"),
    path("independent-scrutiny/add/", add, name="advisor-note-add"),
    path("independent-scrutiny/<int:pk>/", detail, name="advisor-note-detail"),
    path("independent-scrutiny/<int:pk>/change/", change, name="advisor-note-change"),
    path("independent-scrutiny/<int:pk>/answer/", answer, name="advisor-note-answer"),
    path("independent-scrutiny/<int:pk>/share/", share, name="advisor-note-share"),
    path("independent-scrutiny/<int:pk>/challenge/", challenge, name="advisor-note-challenge"),
    path("independent-scrutiny/<int:pk>/close/", close, name="advisor-note-close"),
]
