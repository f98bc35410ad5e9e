"""The evidence of an annual report, section by section: taken, quoted or left out with one press."""

from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from assurance.annual.deciding import (
    NotAPart,
    decide,
    decide_all,
    file_under,
    gone_from,
    what_changed,
    words_when_taken,
)
from assurance.annual.evidence_page import (
    A_PAGE,
    EVERYTHING,
    EvidenceFilter,
    counts_of,
    groups_of,
    in_order,
    left_of,
    state_of,
)
from assurance.annual.filing import fills_itself
from assurance.models import AnnualReport, ReportEvidence
from partnership.access import get_permitted, may, may_or_refuse
from partnership.refusals import ChangedMeanwhile, NotNow
from partnership.whole_numbers import whole_number

Use = ReportEvidence.Use
BY_NAME = {"take": Use.ACCEPTED, "quote": Use.QUOTED, "leave": Use.LEFT_OUT, "undo": Use.OFFERED}
SAID_OF_ALL = {Use.ACCEPTED: "in the report", Use.LEFT_OUT: "left out"}
NOT_A_PART = "Choose words that stand in the evidence, as they stand there"


@require_safe
def section_evidence(request, pk, section_pk):
    """Everything filed under one heading, what is undecided first; whoever reads the report's drafts may look."""
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    section = section_of(report, section_pk)
    return answer(request, report, section)


@require_POST
def use_evidence(request, pk, evidence_pk):
    """One press: take, quote (a part, in words), leave out, undo."""
    report, evidence = to_decide(request, pk, evidence_pk)
    use = BY_NAME.get(request.POST.get("do"))
    if use is None:
        return answer(request, report, evidence.section, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    quote = request.POST.get("quote", "") if use == Use.QUOTED else ""
    try:
        evidence = decide(evidence, use=use, quote=quote, by=request.user, seen=seen_by(request))
    except NotAPart:
        evidence.problem, evidence.typed = NOT_A_PART, quote
        return one(request, report, evidence, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except ChangedMeanwhile as change:
        return changed(request, report, change.there, typed=quote)
    except NotNow as refusal:
        messages.error(request, str(refusal))
        return redirect(report)
    if request.htmx:
        return one(request, report, evidence)
    return redirect(f"{address_of(report, evidence.section_id, request, shown=evidence.pk)}#evidence-{evidence.pk}")


@require_POST
def use_all(request, pk, section_pk):
    """Everything undecided of one kind that stood on the page, at once."""
    report = report_to_change(request, pk)
    section = section_of(report, section_pk)
    use = BY_NAME.get(request.POST.get("do"))
    kind, shows = (request.POST.get(name, "") for name in ("kind", "shows"))
    last = whole_number(request.POST.get("last"))
    if use not in SAID_OF_ALL or not kind or shows not in ReportEvidence.Shows or last is None:
        return answer(request, report, section, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        count = decide_all(section, kind=kind, shows=shows, last=last, use=use, by=request.user)
    except NotNow as refusal:
        messages.error(request, str(refusal))
        return redirect(report)
    pieces = "piece of evidence is" if count == 1 else "pieces of evidence are"
    messages.success(request, f"{count} {pieces} {SAID_OF_ALL[use]}: {kind}")
    return redirect(address_of(report, section.pk, request))


@require_POST
def file_elsewhere(request, pk, evidence_pk):
    """Take it into the report under another heading of it."""
    report, evidence = to_decide(request, pk, evidence_pk)
    section = report.sections.filter(pk=whole_number(request.POST.get("section"))).first()
    if section is None or section.pk == evidence.section_id:
        evidence.file_problem = "Choose the heading under which it belongs"
        return one(request, report, evidence, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        file_under(evidence, section, by=request.user, seen=seen_by(request))
    except ChangedMeanwhile as change:
        return changed(request, report, change.there, file_to=section.pk)
    except NotNow as refusal:
        messages.error(request, str(refusal))
        return redirect(report)
    messages.success(request, f"It is in the report under section {section.position}, {section.title}")
    return redirect(address_of(report, evidence.section_id, request))


# What they have in common


def report_to_change(request, pk):
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    may_or_refuse(request.user, "change", report)
    return report


def section_of(report, pk):
    return get_object_or_404(report.sections.select_related("rule__rule_set"), pk=pk)


def to_decide(request, pk, evidence_pk):
    report = report_to_change(request, pk)
    evidence = ReportEvidence.objects.select_related("section__rule__rule_set", "priority", "used_by")
    evidence = get_object_or_404(evidence, section__report=report, pk=evidence_pk)
    evidence.section.report = report
    return report, evidence


def seen_by(request):
    """The mark of the piece as it stood on the page from which somebody pressed."""
    return request.POST.get("seen", "")[:40]


def changed(request, report, evidence, **typed):
    """The piece as it stands now, what happened to it, and what this person typed: nothing of theirs was done."""
    evidence.section.report = report
    evidence.meanwhile = what_changed(evidence, seen=seen_by(request))
    for name, value in typed.items():
        setattr(evidence, name, value)
    return one(request, report, evidence, status=HTTPStatus.CONFLICT)


def asked_for(request):
    """What the list was narrowed to: of the address, or as a form sent it on."""
    return request.GET if request.method in ("GET", "HEAD") else QueryDict(request.POST.get("back", "")[:2000])


def address_of(report, section_pk, request, **more):
    """The page that somebody came from, narrowed as it was."""
    query = {name: value for name, value in asked_for(request).items() if value and name != "shown"} | more
    address = reverse("assurance:report-evidence", args=[report.pk, section_pk])
    return f"{address}?{urlencode(query)}" if query else address


def around(request, report, section):
    """What a page and a single piece of it both need."""
    query = {name: value for name, value in asked_for(request).items() if value and name != "shown"}
    return {
        "report": report,
        "section": section,
        "back": urlencode(query),
        "counts": counts_of(section),
        "may_decide": may(request.user, "change", report),
        "others": [each for each in report.sections.all() if each.pk != section.pk],
    }


def answer(request, report, section, *, status=HTTPStatus.OK, wrong=None):
    """The page. ``wrong`` is a piece whose form came back; it is shown whatever the list is narrowed to."""
    asked, everything = asked_for(request), in_order(section.evidence)
    context = around(request, report, section)
    state = state_of(asked.get("use"), context["counts"])
    in_state = everything if state == EVERYTHING else everything.filter(use=state)
    found = EvidenceFilter(asked, section=section, queryset=in_state, request=request)
    shown = wrong.pk if wrong else whole_number(asked.get("shown"))
    keys = [*found.qs.order_by().values_list("pk", flat=True), *([shown] if shown else [])]
    page = Paginator(everything.filter(pk__in=keys), A_PAGE).get_page(asked.get("page"))
    items = list(page.object_list)
    before = words_when_taken(items)
    for each in items:
        each.words_before = before.get(each.pk, "")
        if wrong and each.pk == wrong.pk:
            for name in ("problem", "typed", "file_problem", "file_to", "meanwhile"):
                setattr(each, name, getattr(wrong, name, ""))
    context |= {
        "filter": found,
        "state": state,
        "groups": groups_of(items, left_of(section)),
        "last": section.evidence.order_by("-pk").values_list("pk", flat=True).first() or 0,
        "page_obj": page,
        "row_count": page.paginator.count,
        "gone": gone_from(section),
        "fills_itself": fills_itself(section),
        "crumbs": [
            ("Reports", reverse("assurance:report-list")),
            (str(report), report.get_absolute_url()),
            (f"Evidence, section {section.position}", None),
        ],
    }
    return render(request, "assurance/report_evidence.html", context, status=status)


def one(request, report, evidence, *, status=HTTPStatus.OK):
    """One piece for htmx; without it the page on which it stands."""
    if not request.htmx:
        return answer(request, report, evidence.section, status=status, wrong=evidence)
    evidence.words_before = words_when_taken([evidence]).get(evidence.pk, "")
    context = around(request, report, evidence.section) | {"each": evidence}
    return render(request, "assurance/report_evidence_pressed.html", context, status=status)


patterns = [
    path("reports/<int:pk>/sections/<int:section_pk>/evidence/", section_evidence, name="report-evidence"),
    path("reports/<int:pk>/sections/<int:section_pk>/evidence/all/", use_all, name="evidence-use-all"),
    path("reports/<int:pk>/evidence/<int:evidence_pk>/use/", use_evidence, name="evidence-use"),
    path("reports/<int:pk>/evidence/<int:evidence_pk>/file/", file_elsewhere, name="evidence-file"),
]
