"""A group's highlight report: begun, written, filled again, submitted, corrected, printed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import slugify
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from partnership.access import get_permitted, may
from partnership.downloads import as_attachment
from partnership.lists import RecordList
from partnership.models import Group
from partnership.pdf import PdfProblem
from partnership.templatetags.components import long_date
from partnership.whole_numbers import whole_number
from plans.documents import WORD
from plans.highlight_content import content_of, deliverables_of, differences, offers_for
from plans.highlight_forms import CorrectForm, HighlightForm, SubmitForm, TakeForm
from plans.highlight_lists import HighlightFilter, HighlightTable, RoundHighlightTable, in_order
from plans.highlight_pdf import make_pdf
from plans.highlight_progress import progress_of, to_write, writes_for
from plans.highlight_word import make_word
from plans.highlights import (
    begin_report,
    correct_report,
    discard_report,
    due_on,
    move_line,
    submit_report,
    take_updates,
    updates_of,
    use_words,
    write_report,
)
from plans.models import HighlightReport, UpdateRound
from plans.views import asks_and_answers

# Lists


class GroupHighlights(RecordList):
    """A group's reports over the rounds, and those that it was sent."""

    table_class, filterset_class = HighlightTable, HighlightFilter
    template_name = "plans/highlight_list.html"
    export_name = "highlight-reports"

    @cached_property
    def group(self):
        return get_permitted(self.request.user, Group, "view", pk=self.kwargs["pk"])

    def get_queryset(self):
        seen = HighlightReport.objects.visible_to(self.request.user)
        return in_order(seen.filter(Q(group=self.group) | Q(submitted_to=self.group)))

    def get_context_data(self, **kwargs):
        group = self.group
        return super().get_context_data(**kwargs) | {
            "group": group,
            "to_write": to_write(group, self.request.user, on=timezone.localdate()),
            "crumbs": [*crumbs_of(group), ("Highlight reports", None)],
        }


class RoundHighlights(RecordList):
    """What groups reported on one round, and who has not."""

    table_class, filterset_class = RoundHighlightTable, HighlightFilter
    template_name = "plans/highlight_round.html"
    export_name = "highlight-reports"

    @cached_property
    def round(self):
        return get_permitted(self.request.user, UpdateRound, "view", pk=self.kwargs["pk"])

    def get_queryset(self):
        return in_order(HighlightReport.objects.visible_to(self.request.user).filter(round=self.round))

    def get_context_data(self, **kwargs):
        round = self.round
        return super().get_context_data(**kwargs) | {
            "round": round,
            "progress": progress_of(round, self.request.user, on=timezone.localdate()),
            "crumbs": [
                (str(round.plan), round.plan.get_absolute_url()),
                (str(round), round.get_absolute_url()),
                ("Highlight reports", None),
            ],
        }


def crumbs_of(group, *here):
    top = [("Groups", reverse("partnership:group-list")), (group.name, group.get_absolute_url())]
    if here:
        top.append(("Highlight reports", reverse("plans:highlight-list", args=[group.pk])))
    return [*top, *here]


def page_crumbs(report, *here):
    """From the group to this page of the report, the last of ``here``."""
    if not here:
        return crumbs_of(report.group, (str(report.round), None))
    pages = [(str(report.round), report.get_absolute_url())]
    return crumbs_of(report.group, *pages, *[(label, None) for label in here])


# Begin


@require_POST
def begin(request, pk, round_pk):
    """Begin the group's report on a round; one that is begun is opened."""
    group = get_permitted(request.user, Group, "view", pk=pk)
    round = get_object_or_404(UpdateRound.objects.visible_to(request.user).select_related("plan"), pk=round_pk)
    now = timezone.now()
    if not group.partnership_ids & round.partnership_ids or round.opens_on > timezone.localdate(now):
        raise Http404
    if not writes_for(group, request.user):
        raise PermissionDenied
    report = begin_report(group, round, by=request.user, at=now)
    if report.submitted_at or not may(request.user, "change", report):
        return redirect(report)
    return redirect("plans:highlight-change", report.pk)


# Read


def report_to(request, verb, pk):
    return get_permitted(request.user, HighlightReport, verb, pk=pk)


def draft_to_change(request, pk):
    """(the report, None), or (the report, where to go instead) once it is submitted."""
    report = report_to(request, "change", pk)
    if report.submitted_at:
        messages.info(request, f"It was submitted on {long_date(report.submitted_at)}, so it stands as it was sent.")
        return report, redirect(report)
    return report, None


@require_safe
def detail(request, pk):
    """The report as it stands, or stood when it was submitted."""
    report = report_to(request, "view", pk)
    content = content_of(report, on=timezone.localdate())
    editions = HighlightReport.objects.visible_to(request.user).filter(group=report.group, round=report.round)
    context = {
        "report": report,
        "content": content,
        "editions": editions.exclude(pk=report.pk).order_by("edition"),
        "may_change": may(request.user, "change", report),
        "due_on": due_on(report.round),
        "crumbs": page_crumbs(report),
    }
    return render(request, "plans/highlight_detail.html", context)


# Write


@asks_and_answers
def change(request, pk):
    """Everything on one page. A script sends it while it is written; a press puts offered words in or moves a line."""
    report, elsewhere = draft_to_change(request, pk)
    if elsewhere:
        return saved_elsewhere(request, elsewhere)
    form = HighlightForm(request.POST or None, instance=report, cancel_url=report.get_absolute_url())
    if form.is_valid():
        report = HighlightReport.objects.get(pk=report.pk)  # the form has put its answers into its own
        written = form.written
        if request.htmx:
            del written["left_out"]  # not before somebody presses Save
        write_report(report, **written)
        return after_saving(request, report, form)
    if request.htmx and request.method == "POST":
        return render(request, "plans/highlight_saved.html", {"form": form}, status=form.status)
    return render(request, "plans/highlight_change.html", page_to_write(report, form), status=form.status)


def saved_elsewhere(request, elsewhere):
    """Words sent by the script come too late: say so where the page says what was saved."""
    if request.htmx:
        list(messages.get_messages(request))
        return render(request, "plans/highlight_saved.html", {"is_submitted": True}, status=409)
    return elsewhere


def after_saving(request, report, form):
    page = reverse("plans:highlight-change", args=[report.pk])
    if request.htmx:
        fresh = HighlightForm(instance=HighlightReport.objects.get(pk=report.pk))
        context = {"form": fresh, "saved_at": timezone.localtime(), "merged": form.merged}
        return render(request, "plans/highlight_saved.html", context)
    if "use" in request.POST:
        return use_offer(request, report, page)
    for name, by in (("up", -1), ("down", 1)):
        if name in request.POST:
            return move(report, request.POST[name], by=by, page=page)
    kept = f" Somebody else’s change was kept: {', '.join(form.merged)}." if form.merged else ""
    messages.success(request, f"Saved.{kept}")
    if "go" in request.POST:
        return redirect("plans:highlight-submit", report.pk)
    return redirect(page)


def use_offer(request, report, page):
    """Put the words of the offer that was pressed into their section. What was typed is saved already."""
    key = request.POST["use"]
    offers = {each.key: each for found in offers_of(report)[0].values() for each in found}
    if key not in offers:
        messages.warning(request, "Those words have changed since the page was opened. All you wrote is saved.")
        return redirect(page)
    section = key.partition(":")[0]
    use_words(report, section, offers[key].words)
    return redirect(f"{page}#section-{section}")


def move(report, key, *, by, page):
    """One place up or down, and on to where the line stands now. What was typed is saved already."""
    if (number := whole_number(key)) is not None:
        move_line(report, number, by=by)
        page = f"{page}#line-{key}"
    return redirect(page)


def offers_of(report):
    """(the offers by section, the deliverables of the group, their updates in the round)."""
    deliverables = list(deliverables_of(report.group, report.round.plan, on=timezone.localdate()))
    updates = updates_of(report.round, deliverables)
    return offers_for(report, deliverables, updates), deliverables, updates


def page_to_write(report, form):
    saved = HighlightReport.objects.select_related("group", "round__plan").get(pk=report.pk)
    offers, deliverables, updates = offers_of(saved)
    return {
        "report": saved,
        "form": form,
        "sections": [(field, offers.get(field.name, [])) for field in form.section_fields],
        "content": content_of(saved, on=timezone.localdate()),
        "differences": differences(saved, deliverables, updates),
        "due_on": due_on(saved.round),
        "today": timezone.localdate(),
        "crumbs": page_crumbs(saved, "Write"),
    }


@asks_and_answers
def fill_again(request, pk):
    """What the updates say otherwise than the lines do; the report takes what is ticked and no more."""
    report, elsewhere = draft_to_change(request, pk)
    if elsewhere:
        return elsewhere
    _offers, deliverables, updates = offers_of(report)
    found = differences(report, deliverables, updates)
    page = reverse("plans:highlight-change", args=[report.pk])
    form = TakeForm(request.POST or None, found=found, cancel_url=page)
    if form.is_valid():
        keys = {int(key) for key in form.cleaned_data["take"]}
        count = take_updates(report, keys, on=timezone.localdate())
        messages.success(request, f"Filled {count} line{'' if count == 1 else 's'} from the updates.")
        return redirect(page)
    context = {"report": report, "form": form, "found": found, "crumbs": page_crumbs(report, "Fill again")}
    return render(request, "plans/highlight_fill.html", context, status=form.status)


@require_POST
def discard(request, pk):
    """Throw a draft away. Its history stays."""
    report, elsewhere = draft_to_change(request, pk)
    if elsewhere:
        return elsewhere
    discard_report(report)
    messages.success(request, f"The draft of {report} is thrown away.")
    return redirect("plans:highlight-list", report.group_id)


# Submit and correct


@asks_and_answers
def submit(request, pk):
    """Look at it once more, say to whom it goes, send it."""
    report, elsewhere = draft_to_change(request, pk)
    if elsewhere:
        return elsewhere
    page = reverse("plans:highlight-change", args=[report.pk])
    form = SubmitForm(request.POST or None, instance=report, cancel_url=page)
    if form.is_valid():
        answers = form.cleaned_data
        report = HighlightReport.objects.get(pk=report.pk)
        try:
            report, item = submit_report(
                report, to=answers["submitted_to"], voice=answers["voice"], by=request.user, at=timezone.now()
            )
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            where = f"the agenda of {long_date(item.meeting.meets_on)}" if item.meeting else "its forward plan"
            messages.success(request, f"The report has gone to the {report.submitted_to} and stands on {where}.")
            return redirect(report)
    saved = HighlightReport.objects.select_related("group", "round__plan").get(pk=report.pk)
    content = content_of(saved, on=timezone.localdate())
    context = {
        "report": saved,
        "form": form,
        "content": content,
        "empty": [each["heading"] for each in content.sections if not each["text"] and each["name"] != "voice"],
        "without_words": [line for line in content.lines if not line["progress"]],
        "crumbs": page_crumbs(saved, "Submit"),
    }
    return render(request, "plans/highlight_submit.html", context, status=form.status)


@asks_and_answers
def correct(request, pk):
    """Begin a new edition of what was submitted, with the reason."""
    report = report_to(request, "change", pk)
    if report.submitted_at is None:
        return redirect("plans:highlight-change", report.pk)
    form = CorrectForm(request.POST or None, cancel_url=report.get_absolute_url())
    if form.is_valid():
        try:
            again = correct_report(report, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return redirect("plans:highlight-change", again.pk)
    context = {"report": report, "form": form, "crumbs": page_crumbs(report, "Correct")}
    return render(request, "plans/highlight_correct.html", context, status=form.status)


# On paper


@require_safe
def download_pdf(request, pk):
    """One page at the usual length, tagged; a longer report runs on."""
    report = report_to(request, "view", pk)
    content = content_of(report, on=timezone.localdate())
    try:
        pdf = make_pdf(content)
    except PdfProblem as problem:
        messages.error(request, f"The PDF could not be made. {problem} The Word document says the same.")
        return redirect(report)
    return as_attachment(pdf.content, filename_of(report, "pdf"))


@require_safe
def download_word(request, pk):
    report = report_to(request, "view", pk)
    content = content_of(report, on=timezone.localdate())
    return as_attachment(make_word(content), filename_of(report, "docx"), WORD)


def filename_of(report, ending):
    """ "highlight-report-learning-subgroup-october-to-december-2026-edition-2.pdf"."""
    edition = f"-edition-{report.edition}" if report.edition > 1 else ""
    state = "-draft" if report.submitted_at is None else ""
    return f"highlight-report-{slugify(report)[:90]}{edition}{state}.{ending}"


patterns = [
    path("groups/<int:pk>/highlights/", GroupHighlights.as_view(), name="highlight-list"),
    path("groups/<int:pk>/highlights/<int:round_pk>/begin/", begin, name="highlight-begin"),
    path("rounds/<int:pk>/highlights/", RoundHighlights.as_view(), name="highlight-round"),
    path("highlights/<int:pk>/", detail, name="highlight-detail"),
    path("highlights/<int:pk>/change/", change, name="highlight-change"),
    path("highlights/<int:pk>/fill/", fill_again, name="highlight-fill"),
    path("highlights/<int:pk>/discard/", discard, name="highlight-discard"),
    path("highlights/<int:pk>/submit/", submit, name="highlight-submit"),
    path("highlights/<int:pk>/correct/", correct, name="highlight-correct"),
    path("highlights/<int:pk>/pdf/", download_pdf, name="highlight-pdf"),
    path("highlights/<int:pk>/word/", download_word, name="highlight-word"),
]
