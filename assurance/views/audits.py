"""Audits by several agencies: planned, asked, graded, agreed at a meeting, told to members, looked at again."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.audits import planning, telling
from assurance.audits.lists import AuditFilter, AuditTable
from assurance.audits.planning_forms import AuditForm, CaseRows, ToolRows, agencies_of, groups_chaired, partnerships_of
from assurance.models import Audit, AuditGrading, TimetableEntry
from partnership.access import get_permitted, may
from partnership.lists import RecordList
from partnership.rules import is_office
from partnership.standing import standing_of
from partnership.whole_numbers import whole_number
from reviews.models import Recommendation

GET_OR_POST = ["GET", "HEAD", "POST"]
ASKED = "Agencies were asked, so the tool stands as it is"
STANDS = "Members were told, or the audit is closed, so this stands as it is"
SPARE_CASES = 4


def crumbs(*more):
    return [("Audits", reverse("assurance:audit-list") if more else None), *more]


def crumbs_of(audit, *more):
    if not more:
        return crumbs((audit.title, None))
    return crumbs((audit.title, audit.get_absolute_url()), *[(words, None) for words in more])


class AuditList(RecordList):
    """The audits that this person may know of, and first the cases that their own organisation is asked to grade."""

    table_class, filterset_class = AuditTable, AuditFilter
    template_name = "assurance/audit_list.html"
    export_name = "audits"

    def get_queryset(self):
        audits = Audit.objects.visible_to(self.request.user).select_related("group")
        return audits.order_by("-asked_on", "-pk")

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        return super().get_context_data(
            crumbs=crumbs(),
            mine=own_gradings(self.request.user).filter(
                submitted_at=None, case__audit__in=Audit.objects.grading(on=today)
            ),
            may_add=may_plan(self.request.user),
            is_inside=bool(self.request.user.standing.wide_ids),
            today=today,
            **kwargs,
        )


def own_gradings(user):
    """What this person's organisations are asked to grade, with its case, audit and organisation."""
    mine = AuditGrading.objects.visible_to(user).filter(organisation__in=standing_of(user).organisation_ids)
    return mine.order_by("case__audit__grades_due_on", "case__audit", "case__position", "pk")


def may_plan(user):
    return bool(standing_of(user).office_ids) or groups_chaired(user).exists()


@require_safe
def audit_detail(request, pk):
    return show_audit(request, get_permitted(request.user, Audit, "view", pk=pk))


def show_audit(request, audit, *, problems=(), status=HTTPStatus.OK):
    """The page of an audit: what each reader may know of it."""
    user, today = request.user, timezone.localdate()
    reads_all = may(user, "read", audit)
    of_office = is_office(user, audit)
    before = audit.re_audit_of if audit.re_audit_of_id else None
    before = Audit.objects.visible_to(user).released().filter(pk=audit.re_audit_of_id).first() if before else None
    figures = audit.figures
    if reads_all and audit.moderated_on and not audit.released_on:
        figures = telling.figures_of(audit)
    findings, needs = [], []
    if reads_all or audit.released_on:
        recommendations = Recommendation.objects.visible_to(user).order_by("made_on", "ref", "pk")
        findings = list(audit.findings.prefetch_related(Prefetch("recommendations", recommendations)))
        needs = [finding for finding in findings if finding.training_need]
    knows_all = of_office or audit.asked_on is None  # who is silent is for the office alone
    gradings = AuditGrading.objects.all() if knows_all else AuditGrading.objects.submitted()
    gradings = gradings.select_related("organisation").order_by("organisation__name")
    cases = list(audit.cases.prefetch_related(Prefetch("gradings", gradings, "shown"))) if reads_all else []
    context = {
        "audit": audit,
        "crumbs": crumbs_of(audit),
        "reads_all": reads_all,
        "is_office": of_office,
        "may_change": may(user, "change", audit) and not audit.closed_on,
        "may_release": may(user, "release", audit) and not audit.closed_on,
        "partnerships": list(audit.partnerships.all()),
        "themes": list(audit.themes.all()),
        "priorities": list(audit.priorities.select_related("plan")),
        "tool": planning.tool_of(audit) if reads_all or own_gradings(user).filter(case__audit=audit).exists() else [],
        "cases": cases,
        "agencies_words": "Agencies that know it" if knows_all else "Agencies that graded it",
        "silent": silent_in(cases) if of_office and audit.state == Audit.State.GRADING else [],
        "mine": list(own_gradings(user).filter(case__audit=audit)) if audit.asked_on else [],
        "before": before,
        "again": Audit.objects.visible_to(user).filter(re_audit_of=audit).order_by("pk"),
        "parts": telling.shown_figures(figures, before.figures if before else None) if figures else [],
        "figures": figures,
        "findings": findings,
        "needs": needs,
        "is_open_to_findings": audit.asked_on and not audit.released_on and not audit.closed_on,
        "problems": [(words, "") for words in problems],
        "today": today,
    }
    return render(request, "assurance/audit_detail.html", context, status=status)


def silent_in(cases):
    """[(organisation, its cases that it has not submitted)] by name."""
    waiting = {}
    for case in cases:
        for each in case.shown:
            if each.submitted_at is None:
                waiting.setdefault(each.organisation, []).append(case)
    return sorted(waiting.items(), key=lambda item: item[0].name)


@require_http_methods(GET_OR_POST)
def add(request):
    """Plan an audit, from an entry of the timetable (``?entry=``) or from nothing."""
    if not may_plan(request.user):
        raise PermissionDenied
    form = AuditForm(
        request.POST or None,
        user=request.user,
        initial=from_entry(request.user, request.GET.get("entry", "")),
        cancel_url=reverse("assurance:audit-list"),
    )
    form.submit_label = "Plan the audit"
    if form.is_valid():
        audit, is_new = planning.plan_audit(**form.cleaned_data)
        words = "is planned. Build its tool and list its cases" if is_new else "is planned already"
        messages.success(request, f"“{audit}” {words}")
        return redirect(audit)
    context = {"form": form, "crumbs": crumbs(("Plan an audit", None))}
    return render(request, "assurance/audit_form.html", context, status=form.status)


def from_entry(user, key):
    """What an entry of the timetable says already of the audit."""
    number = whole_number(key)
    ids = {partnership.pk for partnership in partnerships_of(user)} if number is not None else set()
    entry = TimetableEntry.objects.of_partnerships(ids).filter(pk=number).first() if ids else None
    if entry is None:
        return {}
    return {
        "title": entry.title,
        "partnerships": [pk for pk in entry.partnership_ids if pk in ids],
        "group": entry.group_id,
        "timetable_entry": entry.pk,
        "priorities": [entry.priority_id] if entry.priority_id else [],
    }


@require_http_methods(GET_OR_POST)
def change(request, pk):
    audit = get_permitted(request.user, Audit, "change", pk=pk)
    if audit.released_on or audit.closed_on:
        return stands(request, audit)
    form = AuditForm(request.POST or None, instance=audit, user=request.user, cancel_url=audit.get_absolute_url())
    if form.is_valid():
        audit = form.save()
        messages.success(request, f"Saved “{audit}”")
        return redirect(audit)
    context = {"form": form, "audit": audit, "crumbs": crumbs_of(audit, "Change it")}
    return render(request, "assurance/audit_form.html", context, status=form.status)


def stands(request, audit, words=STANDS):
    messages.info(request, words)
    return redirect(audit)


@require_http_methods(GET_OR_POST)
def tool(request, pk):
    """Write the tool: begin from a former audit's or from the starter, then question by question."""
    audit = get_permitted(request.user, Audit, "change", pk=pk)
    if audit.asked_on or audit.closed_on:
        return stands(request, audit, ASKED)
    former = former_audits(request.user, audit)
    if "begin" in request.POST:
        return begin_tool(request, audit, former)
    data = request.POST if request.method == "POST" else None
    rows = ToolRows(data, questions=planning.rows_of_tool(audit))
    problems, status = [], HTTPStatus.OK
    if data is not None:
        if rows.is_valid():
            try:
                planning.keep_tool(audit, rows.values())
            except planning.AlreadyAsked:
                return stands(request, audit, ASKED)
            messages.success(request, "The tool is saved")
            return redirect("assurance:audit-tool", audit.pk) if "more" in data else redirect(audit)
        problems = problems_of(rows)
        status = HTTPStatus.CONFLICT if rows.has_conflict else HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "audit": audit,
        "rows": rows,
        "former": former,
        "problems": problems,
        "crumbs": crumbs_of(audit, "Tool"),
    }
    return render(request, "assurance/audit_tool.html", context, status=status)


def former_audits(user, audit):
    """Audits with a tool that this person may copy from: those of which they read everything."""
    seen = Audit.objects.visible_to(user).exclude(pk=audit.pk).exclude(sections=None)
    return [each for each in seen.distinct().select_related("group") if may(user, "read", each)]


def begin_tool(request, audit, former):
    chosen = request.POST["begin"]
    source = next((each for each in former if str(each.pk) == request.POST.get("former", "")), None)
    if chosen == "former" and source is None:
        messages.error(request, "Choose the audit whose tool you copy")
        return redirect("assurance:audit-tool", audit.pk)
    try:
        planning.begin_tool(audit, source if chosen == "former" else None)
    except planning.AlreadyAsked:
        return stands(request, audit, ASKED)
    messages.success(request, "The questions are copied. Change them as you like")
    return redirect("assurance:audit-tool", audit.pk)


def problems_of(rows):
    """[(sentence, where it leads)] of rows of a form, for the summary of errors."""
    found = [(said[0], f"id_{form.add_prefix(name)}") for form in rows for name, said in form.errors.items()]
    return found or [(rows.problem, "")]


@require_http_methods(GET_OR_POST)
def cases(request, pk):
    """List the anonymous cases and which agencies know each."""
    audit = get_permitted(request.user, Audit, "change", pk=pk)
    if audit.moderated_on or audit.closed_on:
        return stands(request, audit)
    there = planning.rows_of_cases(audit)
    data = request.POST if request.method == "POST" else None
    rows = CaseRows(
        data,
        cases=there,
        organisations=agencies_of(audit, on=timezone.localdate()),
        may_remove=not audit.asked_on,
        spare=SPARE_CASES if not there else 1,
    )
    problems, status = [], HTTPStatus.OK
    if data is not None:
        if rows.is_valid():
            try:
                planning.keep_cases(audit, rows.values())
            except planning.AlreadyAsked:
                return stands(request, audit)
            messages.success(request, "The cases are saved")
            return redirect("assurance:audit-cases", audit.pk) if "more" in data else redirect(audit)
        problems = problems_of(rows)
        status = HTTPStatus.CONFLICT if rows.has_conflict else HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"audit": audit, "rows": rows, "problems": problems, "crumbs": crumbs_of(audit, "Cases")}
    return render(request, "assurance/audit_cases.html", context, status=status)


@require_POST
def ask(request, pk):
    """Ask every agency that knows a case. Each is told with its work; the day it is due goes to its reminders."""
    audit = get_permitted(request.user, Audit, "change", pk=pk)
    if audit.closed_on:
        return stands(request, audit)
    try:
        planning.ask_agencies(audit, on=timezone.localdate())
    except planning.CannotAsk as missing:
        return show_audit(request, audit, problems=missing.problems, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, "The agencies are asked. What each has to grade stands among its work")
    return redirect(audit)


patterns = [
    path("audits/", AuditList.as_view(), name="audit-list"),
    path("audits/add/", add, name="audit-add"),
    path("audits/<int:pk>/", audit_detail, name="audit-detail"),
    path("audits/<int:pk>/change/", change, name="audit-change"),
    path("audits/<int:pk>/tool/", tool, name="audit-tool"),
    path("audits/<int:pk>/cases/", cases, name="audit-cases"),
    path("audits/<int:pk>/ask/", ask, name="audit-ask"),
]
