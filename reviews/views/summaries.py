"""Agencies of a case and their summaries: the group asks, each agency's contact answers on a page of their own."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from partnership.access import get_permitted, may
from partnership.refusals import NotNow
from partnership.tasks import send_reminders
from plans.round_page import words_of
from reviews import summaries as process
from reviews.cases import LateNeedsReason
from reviews.forms.summaries import (
    HEADINGS,
    LABELS,
    AgenciesForm,
    AskForm,
    ContactForm,
    PaperForm,
    SendBackForm,
    SummaryForm,
)
from reviews.models import AgencySummary, Case

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])
FORM_PAGE = "reviews/of_case_form.html"
IS_SENT = "This summary has been sent, so it stands as it was written."
NOBODY_REPRESENTS = (
    "Nobody here represents this agency. Give somebody of it a post first, or ask by letter and type in what comes."
)
IS_OVER = "Nothing more is asked: the case is closed."


# For the group


@asks_and_answers
def add_agencies(request, pk):
    case = get_permitted(request.user, Case, "change", pk=pk)
    form = AgenciesForm(data_of(request), case=case, on=timezone.localdate(), cancel_url=place_of(case))
    if form.is_valid():
        agencies = form.cleaned_data["agencies"]
        if done(request, form, lambda: process.add_agencies(case, agencies)):
            messages.success(request, f"{count_words(len(agencies))} added. Name who answers for each, then ask them")
            return redirect(place_of(case))
    return form_page(request, case, form, "Add agencies")


@require_POST
def remove_agency(request, pk):
    summary = get_permitted(request.user, AgencySummary, "change", pk=pk)
    case = summary.case
    try:
        process.remove_agency(summary)
    except NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{summary.organisation} is no longer among the agencies")
    return redirect(place_of(case))


@asks_and_answers
def name_contact(request, pk):
    summary = get_permitted(request.user, AgencySummary, "change", pk=pk)
    today, case = timezone.localdate(), summary.case
    form = ContactForm(data_of(request), summary=summary, on=today, cancel_url=place_of(case))
    if form.is_valid():
        contact = form.cleaned_data["contact"]
        if done(request, form, lambda: process.name_contact(summary, contact, on=today), "contact"):
            messages.success(request, f"{contact} answers for {summary.organisation}")
            return redirect(place_of(case))
    lede = "" if form.fields["contact"].queryset.exists() else NOBODY_REPRESENTS
    return form_page(request, case, form, f"Contact of {summary.organisation}", lede)


@asks_and_answers
def ask_one(request, pk):
    """Ask one agency, or change what it was asked and by when."""
    summary = get_permitted(request.user, AgencySummary, "change", pk=pk)
    if summary.submitted_at:
        messages.info(request, "This summary is back. Send it back to ask for more.")
        return redirect(place_of(summary.case))
    heading = "Change what is asked of" if summary.asked_on else "Ask"
    return ask(request, summary.case, [summary], f"{heading} {summary.organisation}")


@asks_and_answers
def ask_all(request, pk):
    """Ask every agency that has a contact and was not asked yet."""
    case = get_permitted(request.user, Case, "change", pk=pk)
    summaries = process.section_of(case, request.user, on=timezone.localdate())["to_ask"]
    if not summaries:
        messages.info(request, "No agency waits to be asked. Add agencies and name who answers for each.")
        return redirect(place_of(case))
    return ask(request, case, summaries, f"Ask {count_words(len(summaries))}")


def ask(request, case, summaries, heading):
    today = timezone.localdate()
    first = summaries[0]
    before = first if first.asked_on else case.summaries.exclude(asked_on=None).order_by("-asked_on").first()
    initial = {
        "words": before.asked_with if before else "",
        "due_on": first.due_on or process.due_by_rule(case, on=today),
    }
    form = AskForm(
        data_of(request),
        initial=initial,
        on=today,
        late_since=process.late_since(case, on=today),
        cancel_url=place_of(case),
    )
    if form.is_valid():
        asked = {"late_because": "", **{name: form.cleaned_data.get(name, "") for name in AskForm.base_fields}}
        try:
            count = process.ask(case, summaries, on=today, **asked)
        except LateNeedsReason as late:
            form.add_error("late_because" if "late_because" in form.fields else None, str(late))
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            said = f"{count_words(count)} asked" if count else "Saved. The agency sees it at once"
            messages.success(request, said)
            return redirect(place_of(case))
    lede = ", ".join(f"{each.organisation} ({each.contact})" for each in summaries)
    return form_page(request, case, form, heading, lede)


@require_POST
def chase(request, pk):
    """Ask again those who are silent: all, or the one whose key is ``who``."""
    case = get_permitted(request.user, Case, "change", pk=pk)
    only = None
    if who := request.POST.get("who"):
        only = next((each for each in case.summaries.all() if str(each.pk) == who), None)
        if only is None:
            raise Http404
    now = timezone.now()
    came_to = process.chase_agencies(case, only=only, by=request.user, now=now)
    transaction.on_commit(send_reminders.delay, robust=True)  # without a broker, beat sends it
    for add, words in words_of(came_to, on=timezone.localdate(now)):
        add(request, words)
    return redirect(place_of(case))


@asks_and_answers
def send_back(request, pk):
    summary = get_permitted(request.user, AgencySummary, "change", pk=pk)
    today, case = timezone.localdate(), summary.case
    form = SendBackForm(
        data_of(request),
        on=today,
        initial={"due_on": process.due_by_rule(case, on=today)},
        cancel_url=place_of(case),
    )
    if form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("because", "due_on")}
        if done(request, form, lambda: process.send_back(summary, **wanted)):
            messages.success(request, f"Sent back. {summary.organisation} can change it again")
            return redirect(place_of(case))
    return form_page(request, case, form, f"Send back: {summary.organisation}")


@asks_and_answers
def type_in(request, pk):
    """An answer that came on paper, kept by the group."""
    summary = get_permitted(request.user, AgencySummary, "change", pk=pk)
    case, now = summary.case, timezone.now()
    today = timezone.localdate(now)
    form = PaperForm(data_of(request), on=today, initial={"received_on": today}, cancel_url=place_of(case))
    if form.is_valid():
        kept = {"words": form.words, "received_on": form.cleaned_data["received_on"]}
        if done(request, form, lambda: process.record_paper(summary, by=request.user, at=now, **kept)):
            messages.success(request, f"The summary of {summary.organisation} is kept, as typed in by you")
            return redirect(place_of(case))
    lede = "Type in what came on paper. The page and the pack say that the group did so."
    return form_page(request, case, form, f"Summary on paper: {summary.organisation}", lede)


def data_of(request):
    """What was sent, an empty form too; None where the page is only asked for."""
    return request.POST if request.method == "POST" else None


def done(request, form, act, field=None):
    """Carry out ``act``; what it refuses stands in the form. Gives whether it was done."""
    try:
        act()
    except NotNow as refusal:
        form.add_error(field, str(refusal))
        return False
    return True


def form_page(request, case, form, heading, lede=""):
    """A form about ``case``, which shows what stands there: so opening it is to read it."""
    case.note_reading(by=request.user, what=heading)
    context = {
        "case": case,
        "form": form,
        "heading": heading,
        "lede": lede,
        "crumbs": [("Cases", reverse("reviews:case-list")), (case.reference, case.get_absolute_url()), (heading, None)],
    }
    return render(request, FORM_PAGE, context, status=form.status)


def place_of(case):
    return f"{case.get_absolute_url()}#agencies"


def count_words(count):
    return f"{count} agenc{'y' if count == 1 else 'ies'}"


# For the agency's contact, and for the group once it was sent


@asks_and_answers
def summary_detail(request, pk):
    """The contact writes here, and sees nothing else of the case; once sent it stands."""
    summary = get_permitted(request.user, AgencySummary, "view", pk=pk)
    if not may(request.user, "write", summary):
        return read_by_group(request, summary)
    if not is_writable(summary):
        return as_sent(request, summary)
    is_submitting = request.POST.get("action") == "submit"
    form = SummaryForm(data_of(request), instance=summary, is_submitting=is_submitting)
    if request.method == "POST" and not is_writable(summary):  # it was read again, locked, as the form came back
        return as_sent(request, summary)
    if form.is_valid():
        form.save()
        if is_submitting:
            process.submit(summary, by=request.user, at=timezone.now())
            messages.success(request, "Sent. You can read it here until the case review group has no more need of it")
            return redirect(summary)
        if not request.htmx:
            messages.success(request, "Kept as a draft. Nobody outside your agency reads it until you send it")
            return redirect(summary)
        fresh = SummaryForm(instance=summary, is_submitting=False)
        return render(request, "reviews/words_saved.html", {"form": fresh, "saved_at": timezone.now()})
    if request.htmx and request.method == "POST":
        return render(request, "reviews/words_saved.html", {"form": form}, status=form.status)
    return render(request, "reviews/summary_write.html", page_of(summary, form=form), status=form.status)


def is_writable(summary):
    return bool(summary.asked_on) and not summary.submitted_at and not summary.case.closed_on


def as_sent(request, summary):
    """What was sent, to be read. Words that come after it are told so."""
    said = IS_SENT if summary.submitted_at else IS_OVER
    if request.htmx:
        return render(request, "reviews/words_saved.html", {"refused": said}, status=409)
    if request.method == "POST":
        messages.info(request, said)
        return redirect(summary)
    return render(request, "reviews/summary_read.html", page_of(summary, said=said))


def read_by_group(request, summary):
    if request.method == "POST":
        return redirect(summary)
    summary.case.note_reading(by=request.user, what="An agency’s summary")
    crumbs = [
        ("Cases", reverse("reviews:case-list")),
        (summary.case.reference, summary.case.get_absolute_url()),
        (str(summary.organisation), None),
    ]
    return render(
        request,
        "reviews/summary_read.html",
        page_of(summary, labels=HEADINGS, crumbs=crumbs, may_send_back=may(request.user, "change", summary)),
    )


def page_of(summary, *, labels=LABELS, **context):
    return {
        "summary": summary,
        "reference": summary.case.reference,
        "answers": [(labels[name], getattr(summary, name)) for name in process.WORDS],
        "today": timezone.localdate(),
        "crumbs": [("My work", reverse("assurance:my-work")), (f"Summary on {summary.case.reference}", None)],
        **context,
    }


OF_CASE, ONE = "reviews/<uuid:pk>/agencies/", "agency-summaries/<uuid:pk>/"

patterns = [
    path(OF_CASE + "add/", add_agencies, name="summary-add"),
    path(OF_CASE + "ask/", ask_all, name="summaries-ask"),
    path(OF_CASE + "chase/", chase, name="summaries-chase"),
    path(ONE, summary_detail, name="summary-detail"),
    path(ONE + "remove/", remove_agency, name="summary-remove"),
    path(ONE + "contact/", name_contact, name="summary-contact"),
    path(ONE + "ask/", ask_one, name="summary-ask"),
    path(ONE + "send-back/", send_back, name="summary-send-back"),
    path(ONE + "paper/", type_in, name="summary-paper"),
]
