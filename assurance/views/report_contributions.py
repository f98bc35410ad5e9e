"""Contributions to the annual report: asked, followed, read, given back, shortened; one's own organisation's read."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.annual import contributions
from assurance.annual.contribution_forms import (
    USUAL_WORDS,
    AskForm,
    DayForm,
    GiveBackForm,
    ShortenForm,
    WithdrawForm,
)
from assurance.annual.contribution_lists import (
    ContributionFilter,
    ContributionTable,
    OfficeTable,
    state_of,
    state_words,
    tally,
    with_told,
)
from assurance.models import AnnualReport, ReportContribution
from assurance.printed import as_objects, paragraphs
from assurance.request_forms import members_by_role
from assurance.requests import unanswerable
from assurance.views.registers import form_page
from partnership.access import get_permitted, may, may_or_refuse
from partnership.lists import RecordList
from partnership.standing import standing_of
from partnership.tasks import send_reminders
from partnership.templatetags.components import long_date
from plans.round_page import words_of

GET_OR_POST = ["GET", "HEAD", "POST"]


def crumbs_of(report, *here):
    return [
        ("Reports", reverse("assurance:report-list")),
        (str(report), report.get_absolute_url()),
        ("Contributions", reverse("assurance:contribution-list", args=[report.pk]) if here else None),
        *here,
    ]


def crumbs(user, contribution, *here):
    """From the list of reports; through the report for whoever reads its drafts."""
    own = (str(contribution.organisation), contribution.get_absolute_url() if here else None)
    if may(user, "view", contribution.report):
        return crumbs_of(contribution.report, own, *here)
    return [("Reports", reverse("assurance:report-list")), own, *here]


def is_own(user, contribution):
    return contribution.organisation_id in standing_of(user).organisation_ids


class ContributionList(RecordList):
    """Everybody who was asked for one report and how they stand; for the office with what it can do."""

    filterset_class = ContributionFilter
    template_name = "assurance/contribution_list.html"

    def get(self, request, *args, **kwargs):
        self.today = timezone.localdate()
        self.report = get_permitted(request.user, AnnualReport, "view", pk=kwargs["pk"])
        rows = ReportContribution.objects.visible_to(request.user).filter(report=self.report)
        self.rows = rows.select_related("organisation", "report")
        self.may_change = may(request.user, "change", self.report)
        self.table_class = OfficeTable if self.may_change else ContributionTable
        return super().get(request, *args, **kwargs)

    @property
    def export_name(self):
        return slugify(f"contributions {self.report}")[:80]

    def get_queryset(self):
        """Those who owe something first, the longest late first."""
        return self.rows.order_by(
            F("withdrawn_at").asc(nulls_first=True),
            F("submitted_at").asc(nulls_first=True),
            "due_on",
            "organisation__name",
            "pk",
        )

    def get_table(self, **kwargs):
        table = super().get_table(**kwargs)
        if self.may_change and self.export_trigger_param in self.request.GET:
            with_told(table.data.data, on=self.today)
        return table

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if self.may_change:
            with_told(context["page_obj"].object_list.data, on=self.today)
        counts = tally(self.rows, on=self.today)
        return context | {
            "report": self.report,
            "counts": counts,
            "progress_words": f"{counts['submitted']} of {counts['asked']} answered",
            "may_change": self.may_change,
            "crumbs": crumbs_of(self.report),
        }


# Asking


def report_of_office(request, pk):
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    may_or_refuse(request.user, "change", report)
    return report


@require_http_methods(GET_OR_POST)
def ask(request, pk):
    """Whom the report asks: at first every statutory partner and relevant agency, in one press; others by choice."""
    report = report_of_office(request, pk)
    now = timezone.now()
    today = timezone.localdate(now)
    last = report.contributions.order_by("-asked_at", "-pk").first()
    members = members_by_role(report.partnership_ids, on=today)
    form = AskForm(
        request.POST if request.method == "POST" else None,
        members=members,
        asked=set(report.contributions.asked().values_list("organisation", flat=True)),
        asks=last.asks if last else USUAL_WORDS,
        due_on=last.due_on if last and last.due_on >= today else None,
        on=today,
    )
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("asks", "due_on")}
        asked = contributions.ask_organisations(report, form.chosen, **given, by=request.user, at=now)
        count = len(asked)
        messages.success(request, f"{count} organisation{' is' if count == 1 else 's are'} asked")
        tell(request, report, now, only=asked)
        return redirect("assurance:contribution-list", report.pk)
    context = {
        "report": report,
        "form": form,
        "questions": contributions.QUESTIONS,
        "cannot": unanswerable([each for _role, rows in members for each in rows], on=today),
        "crumbs": crumbs_of(report, ("Ask organisations", None)),
    }
    return render(request, "assurance/contribution_ask.html", context, status=form.status)


@require_POST
def chase(request, pk):
    """Ask everybody who has not answered once more, or one organisation."""
    report = report_of_office(request, pk)
    one = request.POST.get("who", "")
    only = None
    if one:
        only = [each for each in report.contributions.all() if str(each.pk) == one]
        if not only:
            raise Http404
    tell(request, report, timezone.now(), only=only)
    return redirect("assurance:contribution-list", report.pk)


def tell(request, report, now, *, only):
    """Ask through the ledger of reminders, and say whom that reaches."""
    today = timezone.localdate(now)
    if only == []:
        return
    came_to = contributions.chase_contributions(report, by=request.user, now=now, on=today, only=only)
    transaction.on_commit(send_reminders.delay, robust=True)  # without a broker, beat sends it
    for add_message, words in words_of(came_to, on=today):
        add_message(request, words)


# One of them


@require_safe
def contribution_detail(request, pk):
    """What was submitted and how it is printed; for its own organisation the draft, and the way to submit it."""
    contribution = get_permitted(request.user, ReportContribution, "view", pk=pk)
    return show(request, contribution)


def show(request, contribution, *, status=200, changed=None):
    """``changed``: the draft, where a colleague changed it after this person looked."""
    user, today = request.user, timezone.localdate()
    own = is_own(user, contribution)
    draft = contributions.draft_of(contribution) if own and not contribution.submitted_at else None
    said = draft.answers if draft else {name: getattr(contribution, name) for name in contributions.NAMES}
    context = {
        "contribution": contribution,
        "report": contribution.report,
        "is_own": own,
        "draft": draft,
        "changed": changed,
        "takes_words": contributions.takes_words(contribution),
        "answers": [
            (question, as_objects(paragraphs(said.get(question.name, ""))), len(said.get(question.name, "").split()))
            for question in contributions.QUESTIONS
        ],
        "gaps": contributions.gaps_of(draft) if draft else [],
        "shortened": as_objects(paragraphs(contribution.printed)),
        "why": contributions.why_this_day(contribution),
        "state": state_of(contribution, on=today),
        "state_words": state_words(contribution, on=today),
        "may": {verb: may(user, verb, contribution) for verb in ("answer", "give_back", "shorten", "withdraw")},
        "today": today,
        "crumbs": crumbs(user, contribution),
    }
    return render(request, "assurance/contribution_detail.html", context, status=status)


@require_http_methods(GET_OR_POST)
def give_back(request, pk):
    contribution = get_permitted(request.user, ReportContribution, "give_back", pk=pk)
    form = GiveBackForm(request.POST or None, cancel_url=contribution.get_absolute_url())
    if form.is_valid():
        try:
            contributions.give_back(contribution, **form.cleaned_data, at=timezone.now())
        except ValidationError as refusal:
            messages.info(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"{contribution.organisation} has it back, and reads why")
            tell(request, contribution.report, timezone.now(), only=[contribution])
        return redirect(contribution)
    return form_page(
        request,
        form,
        title=f"Give it back to {contribution.organisation}",
        crumbs=crumbs(request.user, contribution, ("Give back", None)),
        lede="It becomes a draft again, which only the organisation reads, changes and submits anew. Until then the "
        "report prints nothing of it.",
        warning="Your shortened text goes too, because it was of these words." if contribution.printed else "",
    )


@require_http_methods(GET_OR_POST)
def shorten(request, pk):
    contribution = get_permitted(request.user, ReportContribution, "shorten", pk=pk)
    form = ShortenForm(
        request.POST or None,
        instance=contribution,
        written=contributions.written(contribution),
        cancel_url=contribution.get_absolute_url(),
    )
    if form.is_valid():
        form.save()
        messages.success(request, "The text for print is saved. The organisation sees it")
        return redirect(contribution)
    context = {
        "form": form,
        "contribution": contribution,
        "answers": [
            (question, as_objects(paragraphs(getattr(contribution, question.name))))
            for question in contributions.QUESTIONS
        ],
        "word_count": len(form.written.split()),
        "crumbs": crumbs(request.user, contribution, ("Text for print", None)),
    }
    return render(request, "assurance/contribution_shorten.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def change_day(request, pk):
    """Another day for one organisation; its reminders follow."""
    contribution = get_permitted(request.user, ReportContribution, "withdraw", pk=pk)
    form = DayForm(
        request.POST or None,
        now_due=contribution.due_on,
        on=timezone.localdate(),
        cancel_url=contribution.get_absolute_url(),
    )
    if form.is_valid():
        try:
            contributions.move_day(contribution, **form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"{contribution.organisation} has until {long_date(form.cleaned_data['due_on'])}")
        return redirect(contribution)
    return form_page(
        request,
        form,
        title=f"Another day for {contribution.organisation}",
        crumbs=crumbs(request.user, contribution, ("Another day", None)),
        lede=f"It is due on {long_date(contribution.due_on)}. Its reminders follow the new day.",
    )


@require_http_methods(GET_OR_POST)
def withdraw(request, pk):
    contribution = get_permitted(request.user, ReportContribution, "withdraw", pk=pk)
    form = WithdrawForm(request.POST or None, cancel_url=contribution.get_absolute_url())
    if form.is_valid():
        try:
            contributions.withdraw_contribution(contribution, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"{contribution.organisation} is not asked any more")
        return redirect("assurance:contribution-list", contribution.report_id)
    return form_page(
        request,
        form,
        title=f"Do not ask {contribution.organisation} any more",
        crumbs=crumbs(request.user, contribution, ("Do not ask", None)),
        lede="Its reminders end. What it may have written stays its own, and is there if you ask it again.",
    )


patterns = [
    path("reports/<int:pk>/contributions/", ContributionList.as_view(), name="contribution-list"),
    path("reports/<int:pk>/contributions/ask/", ask, name="contribution-ask"),
    path("reports/<int:pk>/contributions/chase/", chase, name="contribution-chase"),
    path("report-contributions/<int:pk>/", contribution_detail, name="contribution-detail"),
    path("report-contributions/<int:pk>/give-back/", give_back, name="contribution-give-back"),
    path("report-contributions/<int:pk>/print/", shorten, name="contribution-shorten"),
    path("report-contributions/<int:pk>/day/", change_day, name="contribution-day"),
    path("report-contributions/<int:pk>/withdraw/", withdraw, name="contribution-withdraw"),
]
