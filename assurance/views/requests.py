"""The pages of requests: built, looked at as an organisation will see it, sent, followed, closed."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance import requests, returns
from assurance.models import AssuranceRequest, QuestionSet, Return
from assurance.question_forms import QuestionRows
from assurance.request_forms import (
    CloseForm,
    ExtendForm,
    HandBackForm,
    OrganisationsForm,
    RequestForm,
    WithdrawAllForm,
    WithdrawForm,
    as_rows,
    members_by_role,
)
from assurance.request_lists import (
    AnsweredFilter,
    AnsweredTable,
    AskedFilter,
    AskedTable,
    RequestFilter,
    RequestTable,
    in_order,
    requests_of,
    tally,
)
from assurance.return_forms import shown
from assurance.return_sheet import read_sheet
from assurance.schools.figures import figures_beside
from assurance.scrutiny import section_of
from assurance.tasks import tell_of_withdrawals_soon
from assurance.withdrawing import withdraw_request
from partnership.access import get_permitted, may, may_or_refuse
from partnership.lists import RecordList
from partnership.models import Organisation, Reminder
from partnership.tasks import send_reminders
from partnership.templatetags.components import long_date
from partnership.whole_numbers import whole_number
from plans.round_page import words_of, words_of_reminder

GET_OR_POST = ["GET", "HEAD", "POST"]
SENT = "The organisations have these questions already, so they stay as they are"


def crumbs(*more):
    here = ("Requests", reverse("assurance:request-list") if more else None)
    return [("Returns", reverse("assurance:return-list")), here, *more]


def crumbs_of(request_record, *more):
    return crumbs((str(request_record), request_record.get_absolute_url() if more else None), *more)


class RequestList(RecordList):
    """What one's partnerships ask: all for office and advisor, what it scrutinises for a group."""

    table_class, filterset_class = RequestTable, RequestFilter
    template_name = "assurance/request_list.html"
    export_name = "requests"

    def get_queryset(self):
        return requests_of(self.request.user)

    def get_context_data(self, **kwargs):
        is_office = bool(self.request.user.standing.office_ids)
        return super().get_context_data(crumbs=crumbs(), is_office=is_office, **kwargs)


# Building


@require_http_methods(GET_OR_POST)
def add(request):
    """Who asks, for what, by when, and with which sets of questions."""
    if not request.user.standing.office_ids:
        raise PermissionDenied
    form = RequestForm(
        request.POST or None,
        user=request.user,
        initial={"entry": request.GET.get("entry"), "question_sets": request.GET.getlist("set")},
        cancel_url=reverse("assurance:request-list"),
    )
    form.submit_label = "Go on to its questions"
    if form.is_valid():
        fields = form.cleaned_data | {"partnerships": list(form.cleaned_data["partnerships"])}
        made, is_new = requests.make_request(on=timezone.localdate(), **fields)
        if is_new:
            messages.success(request, "The request is begun. Nobody is asked before you send it")
        return redirect("assurance:request-questions", made.pk)
    context = {"form": form, "crumbs": crumbs(("Ask organisations", None))}
    return render(request, "assurance/request_form.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def change(request, pk):
    record = get_permitted(request.user, AssuranceRequest, "change", pk=pk)
    form = RequestForm(request.POST or None, instance=record, user=request.user, cancel_url=record.get_absolute_url())
    if form.is_valid():
        record = form.save()
        messages.success(request, f"Saved “{record}”")
        return redirect(record)
    context = {"form": form, "record": record, "crumbs": crumbs_of(record, ("Change", None))}
    return render(request, "assurance/request_form.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def questions(request, pk):
    """Write, order and take out its questions, and copy in those of another set."""
    record = get_permitted(request.user, AssuranceRequest, "change", pk=pk)
    if record.sent_on:
        return stays(request, record)
    data = request.POST if request.method == "POST" else None
    rows = QuestionRows(data, questions=as_rows(record), has_sections=True, is_wanted=False)
    offered = QuestionSet.objects.offered_to(record.partnership_ids)
    if data is not None and rows.is_valid():
        asked = data.get("question_set", "")
        question_set = get_object_or_404(offered, pk=whole_number(asked)) if asked.isdecimal() else None
        try:
            requests.write_questions(record, rows.values())
            copied = requests.copy_questions(record, question_set) if question_set else []
        except requests.AlreadySent:
            return stays(request, record)
        if question_set:
            messages.success(request, copied_words(copied, question_set))
            return redirect("assurance:request-questions", record.pk)
        messages.success(request, "Saved the questions")
        return redirect("assurance:request-questions", record.pk) if "more" in data else redirect(record)
    context = {
        "record": record,
        "rows": rows,
        "offered": offered,
        "crumbs": crumbs_of(record, ("Questions", None)),
    }
    status = 200 if data is None else 409 if rows.has_conflict else 422
    return render(request, "assurance/request_questions.html", context, status=status)


def copied_words(copied, question_set):
    if not copied:
        return f"Saved. Everything in “{question_set}” is asked already"
    return f"Saved, and copied {len(copied)} question{'' if len(copied) == 1 else 's'} of “{question_set}”"


def stays(request, record):
    messages.info(request, SENT)
    return redirect(record)


@require_http_methods(GET_OR_POST)
def organisations(request, pk):
    """Whom it asks, of all members of the partnerships that ask; once it is sent, whom it asks too."""
    record = get_permitted(request.user, AssuranceRequest, "change", pk=pk)
    today, is_sent = timezone.localdate(), record.sent_on is not None
    if is_sent:
        asked = set(record.returns.filter(withdrawn_at=None).values_list("organisation", flat=True))
    else:
        asked = set(record.organisations.values_list("pk", flat=True))
    members = members_by_role(record.partnership_ids, on=today)
    form = OrganisationsForm(
        request.POST if request.method == "POST" else None, members=members, asked=asked, is_sent=is_sent
    )
    if form.is_valid():
        return keep_organisations(request, record, form)
    cannot = requests.unanswerable([each for _role, rows in members for each in rows], on=today)
    context = {
        "record": record,
        "form": form,
        "cannot": cannot,
        "is_sent": is_sent,
        "crumbs": crumbs_of(record, ("Whom it asks", None)),
    }
    return render(request, "assurance/request_organisations.html", context, status=form.status)


def keep_organisations(request, record, form):
    chosen = form.chosen
    if record.sent_on:
        new = requests.ask_also(record, chosen)
        tell(request, record, only=new)
        return redirect(record)
    try:
        requests.choose_organisations(record, chosen)
    except requests.AlreadySent:
        return stays(request, record)
    count = len(form.cleaned_data["organisations"])
    messages.success(request, f"The request asks {count} organisation{'' if count == 1 else 's'}")
    return redirect(record)


@require_safe
def preview(request, pk):
    """As an organisation will see it."""
    record = get_permitted(request.user, AssuranceRequest, "view", pk=pk)
    anybody = Return(pk=UUID(int=0), request=record, organisation=Organisation(name="The organisation’s name"))
    sheet = read_sheet(anybody, with_joined=False, with_last=False)
    context = {
        "record": record,
        "sheet": sheet,
        "sections": [(section, [shown(line) for line in section.lines]) for section in sheet.sections],
        "crumbs": crumbs_of(record, ("As an organisation sees it", None)),
    }
    return render(request, "assurance/request_preview.html", context)


@require_http_methods(GET_OR_POST)
def send(request, pk):
    """Name who cannot be reached, then ask everybody. Pressed twice, it asks once."""
    record = get_permitted(request.user, AssuranceRequest, "change", pk=pk)
    today = timezone.localdate()
    if record.sent_on:
        messages.info(request, f"It was sent on {long_date(record.sent_on)}")
        return redirect(record)
    problems = requests.what_is_missing(record, on=today)
    if request.method == "POST":
        try:
            is_new = requests.send_request(record, by=request.user, on=today)
        except requests.CannotSend as refusal:
            problems = refusal.problems
        else:
            if is_new:
                messages.success(request, f"“{record}” is sent")
                tell(request, record)
            return redirect(record)
    asked = list(record.organisations.all())
    context = {
        "record": record,
        "problems": problems,
        "asked": asked,
        "question_count": record.questions.count(),
        "cannot": with_words(asked, on=today),
        "crumbs": crumbs_of(record, ("Send it", None)),
    }
    return render(request, "assurance/request_send.html", context, status=422 if request.method == "POST" else 200)


def with_words(organisations, *, on):
    """[(organisation, why nobody there could answer)]"""
    cannot = requests.unanswerable(organisations, on=on)
    return [(each, cannot[each.pk]) for each in organisations if each.pk in cannot]


@require_POST
def start_next(request, pk):
    """Next year's request, made from this one."""
    record = get_permitted(request.user, AssuranceRequest, "change", pk=pk)
    made, is_new = requests.next_request(record, on=timezone.localdate())
    words = (
        "Here is next year’s, with the same questions. Look at its title and day" if is_new else "It is begun already"
    )
    messages.success(request, words)
    return redirect(made)


@require_POST
def remove(request, pk):
    """Take away a request that was never sent."""
    record = get_permitted(request.user, AssuranceRequest, "change", pk=pk)
    if record.sent_on:
        return stays(request, record)
    record.delete()
    messages.success(request, f"“{record}” is taken away. Nobody had been asked")
    return redirect("assurance:request-list")


# Following


class RequestPage(RecordList):
    """One request. For its office everybody who was asked and how they stand; for others what was submitted."""

    template_name = "assurance/request_detail.html"

    def get(self, request, *args, **kwargs):
        self.today = timezone.localdate()
        self.record = get_permitted(request.user, AssuranceRequest, "view", pk=kwargs["pk"])
        self.is_office = may(request.user, "change", self.record)
        self.table_class = AskedTable if self.is_office else AnsweredTable
        self.filterset_class = AskedFilter if self.is_office else AnsweredFilter
        return super().get(request, *args, **kwargs)

    @property
    def export_name(self):
        return slugify(self.record.title)[:80] or "request"

    def get_queryset(self):
        rows = in_order(self.record.returns.select_related("request", "organisation", "answered_in__request"))
        return rows if self.is_office else rows.exclude(submitted_at=None)

    def get_table(self, **kwargs):
        table = super().get_table(**kwargs)
        if self.is_office and self.export_trigger_param in self.request.GET:
            with_told(table.data.data, on=self.today)
        return table

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        record = self.record
        if self.is_office:
            with_told(context["page_obj"].object_list.data, on=self.today)
        questions = list(record.questions.all())
        counts = tally(record.returns, on=self.today) if self.is_office else {}
        return context | {
            "record": record,
            "is_office": self.is_office,
            "counts": counts,
            "progress_words": f"{counts['submitted']} of {counts['asked']} submitted" if counts else "",
            "problems": requests.what_is_missing(record, on=self.today) if not record.sent_on else [],
            "questions": questions,
            "asked": record.organisations.all() if self.is_office and not record.sent_on else [],
            "next_one": record.next_ones.first() if self.is_office else None,
            "today": self.today,
            "crumbs": crumbs_of(record),
            "scrutiny": section_of(record, self.request.user),
            "figures": figures_beside(record, questions),
        }


def with_told(rows, *, on):
    """Say beside each return when its organisation was last reminded. One query."""
    rows = list(rows)
    keys = [f"return:{record.pk}" for record in rows]
    told = {}
    reminders = Reminder.objects.filter(deadline_key__in=keys).exclude(state=Reminder.State.SUPPRESSED)
    for reminder in reminders.select_related("message", "asked_by").order_by("planned_at", "pk"):
        told[reminder.deadline_key] = words_of_reminder(reminder, on=on)
    for record, key in zip(rows, keys, strict=True):
        record.told = "" if record.submitted_at or record.withdrawn_at else told.get(key, "Not yet")


def tell(request, record, only=None):
    """Ask through the ledger of reminders, and say whom that reaches."""
    now = timezone.now()
    came_to = requests.ask(record, by=request.user, now=now, only=only)
    transaction.on_commit(send_reminders.delay, robust=True)  # without a broker, beat sends it
    for add_message, words in words_of(came_to, on=timezone.localdate(now)):
        add_message(request, words)


@require_POST
def chase(request, pk):
    """Ask everybody who has not answered once more, or one organisation."""
    record = get_permitted(request.user, AssuranceRequest, "change", pk=pk)
    one = request.POST.get("who", "")
    only = None
    if one:
        only = [each for each in record.returns.all() if str(each.pk) == one]
        if not only:
            raise Http404
    tell(request, record, only=only)
    return redirect(record)


@require_http_methods(GET_OR_POST)
def close(request, pk):
    """Ask nobody any more, and say who never answered."""
    record = get_permitted(request.user, AssuranceRequest, "change", pk=pk)
    if record.closed_on or not record.sent_on:
        return redirect(record)
    today = timezone.localdate()
    form = CloseForm(
        request.POST if request.method == "POST" else None,
        entry=record.entry,
        initial={"is_entry_done": True},
        cancel_url=record.get_absolute_url(),
    )
    if form.is_valid():
        is_done = form.cleaned_data.get("is_entry_done", False)
        if requests.close_request(record, on=today, is_entry_done=is_done):
            messages.success(request, "The request is closed. Nobody is asked any more")
        return redirect(record)
    context = {
        "record": record,
        "form": form,
        "waiting": record.returns.waiting(on=today).select_related("organisation").order_by("organisation__name"),
        "crumbs": crumbs_of(record, ("Close it", None)),
    }
    return render(request, "assurance/request_close.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def withdraw_all(request, pk):
    """Take a request that was sent back from everybody; what was submitted is kept."""
    record = get_permitted(request.user, AssuranceRequest, "change", pk=pk)
    if record.withdrawn_at or not record.sent_on:
        return redirect(record)
    form = WithdrawAllForm(request.POST if request.method == "POST" else None, cancel_url=record.get_absolute_url())
    if form.is_valid():
        if withdraw_request(record, **form.cleaned_data, by=request.user, at=timezone.now()):
            tell_of_withdrawals_soon()
            messages.success(request, "The request is withdrawn. Those who had not submitted are told why")
        return redirect(record)
    context = {
        "record": record,
        "form": form,
        "counts": tally(record.returns, on=timezone.localdate()),
        "crumbs": crumbs_of(record, ("Withdraw it", None)),
    }
    return render(request, "assurance/request_withdraw.html", context, status=form.status)


@require_POST
def reopen(request, pk):
    record = get_permitted(request.user, AssuranceRequest, "change", pk=pk)
    if requests.reopen_request(record):
        messages.success(request, "The request is open again: who has not submitted can answer")
    return redirect(record)


# One organisation


def return_of_office(request, pk):
    """A return whose request is of this person's office. Of a draft it says no word, only how it stands."""
    found = Return.objects.followed_by(request.user).with_due().select_related("request", "organisation")
    record = get_object_or_404(found, pk=pk)
    may_or_refuse(request.user, "office", record)
    return record


def one_organisation(request, record, form, *, heading, lede):
    context = {
        "record": record,
        "form": form,
        "heading": heading,
        "lede": lede,
        "crumbs": crumbs_of(record.request, (record.organisation.name, None)),
    }
    return render(request, "assurance/request_one.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def extend(request, pk):
    """More time for one organisation, or the usual time again."""
    record = return_of_office(request, pk)
    if record.submitted_at or record.withdrawn_at:
        messages.info(request, f"{record.organisation} is not asked any more, so it needs no more time")
        return redirect(record.request)
    if request.POST.get("usual"):
        requests.extend(record, to=None, because="", by=request.user)
        messages.success(request, f"{record.organisation} has the same time as everybody")
        return redirect(record.request)
    form = ExtendForm(
        request.POST if request.method == "POST" else None,
        usual=record.request.due_on,
        on=timezone.localdate(),
        initial={"to": record.extended_to, "because": record.extended_because},
        cancel_url=record.request.get_absolute_url(),
    )
    if form.is_valid():
        try:
            record = requests.extend(record, **form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"{record.organisation} has until {long_date(record.extended_to)}")
        return redirect(record.request)
    return one_organisation(
        request,
        record,
        form,
        heading=f"More time for {record.organisation}",
        lede=f"Everybody else is asked by {long_date(record.request.due_on)}. Its reminders follow the new day.",
    )


@require_http_methods(GET_OR_POST)
def withdraw(request, pk):
    """One organisation need not answer."""
    record = return_of_office(request, pk)
    form = WithdrawForm(
        request.POST if request.method == "POST" else None, cancel_url=record.request.get_absolute_url()
    )
    if form.is_valid():
        try:
            requests.withdraw(record, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            tell_of_withdrawals_soon()
            messages.success(
                request, f"{record.organisation} is told that it need not answer. What it wrote stays its own"
            )
        return redirect(record.request)
    return one_organisation(
        request,
        record,
        form,
        heading=f"{record.organisation} need not answer",
        lede="It is reminded no more and counts no more. You can ask it again.",
    )


@require_http_methods(GET_OR_POST)
def hand_back(request, pk):
    """A submitted return is a draft again; the organisation is told why and by when it should come back."""
    record = return_of_office(request, pk)
    if record.submitted_at is None:
        messages.info(request, f"{record.organisation} has it already")
        return redirect(record.request)
    today = timezone.localdate()
    form = HandBackForm(
        request.POST if request.method == "POST" else None, on=today, cancel_url=record.get_absolute_url()
    )
    if form.is_valid():
        return give_back(request, record, **form.cleaned_data)
    return one_organisation(
        request,
        record,
        form,
        heading=f"Hand the return back to {record.organisation}",
        lede="It becomes a draft again, which only the organisation reads, changes and submits anew. The copy that "
        "you were given stays.",
    )


def give_back(request, record, *, because, to):
    try:
        record = returns.hand_back(record, because=because, by=request.user, at=timezone.now())
    except returns.NotSubmitted:
        messages.info(request, f"{record.organisation} has it already")
        return redirect(record.request)
    if to != record.due_on:
        requests.extend(record, to=to, because="Handed back", by=request.user)
    messages.success(request, f"{record.organisation} has its return back, until {long_date(to)}")
    tell(request, record.request, only=[record])
    return redirect(record.request)


patterns = [
    path("requests/", RequestList.as_view(), name="request-list"),
    path("requests/add/", add, name="request-add"),
    path("requests/<int:pk>/", RequestPage.as_view(), name="request-detail"),
    path("requests/<int:pk>/change/", change, name="request-change"),
    path("requests/<int:pk>/questions/", questions, name="request-questions"),
    path("requests/<int:pk>/organisations/", organisations, name="request-organisations"),
    path("requests/<int:pk>/preview/", preview, name="request-preview"),
    path("requests/<int:pk>/send/", send, name="request-send"),
    path("requests/<int:pk>/next/", start_next, name="request-next"),
    path("requests/<int:pk>/remove/", remove, name="request-remove"),
    path("requests/<int:pk>/chase/", chase, name="request-chase"),
    path("requests/<int:pk>/close/", close, name="request-close"),
    path("requests/<int:pk>/withdraw/", withdraw_all, name="request-withdraw"),
    path("requests/<int:pk>/reopen/", reopen, name="request-reopen"),
    path("returns/<uuid:pk>/extend/", extend, name="return-extend"),
    path("returns/<uuid:pk>/withdraw/", withdraw, name="return-withdraw"),
    path("returns/<uuid:pk>/hand-back/", hand_back, name="return-hand-back"),
]
