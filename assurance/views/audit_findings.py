"""What the meeting agrees, what was found and recommended, what members are told, and the audit again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assurance.audits import moderating, planning, telling
from assurance.audits.meeting_forms import AgreedForm, ModeratedForm
from assurance.audits.telling_forms import CloseForm, FindingForm, RecommendForm, TellForm
from assurance.models import Audit, AuditCase, AuditFinding, AuditGrading
from assurance.views.audits import crumbs, crumbs_of, stands
from partnership.access import get_permitted, may
from partnership.models import Organisation, Partnership
from partnership.rules import is_office

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
def moderate(request, pk):
    """Cases by sections, each agency's grade beside the others'; ended when the grades are agreed."""
    audit = get_permitted(request.user, Audit, "read", pk=pk)
    if audit.asked_on is None:
        raise Http404
    may_moderate = may(request.user, "moderate", audit)
    if request.method == "POST" and not may_moderate:
        raise PermissionDenied
    form = ModeratedForm(
        request.POST if request.method == "POST" else None,
        audit=audit,
        today=timezone.localdate(),
        initial={"meeting": audit.meeting_id, "on": audit.moderated_on},
    )
    if form.is_valid():
        try:
            moderating.end_moderation(audit, meeting=form.cleaned_data["meeting"], on=form.cleaned_data["on"])
        except moderating.HasNoAgreement as missing:
            named = ", ".join(str(case) for case in missing.cases)
            form.add_error(None, f"Agree a grade for the whole of these cases first: {named}")
        except moderating.GradesStand:
            return stands(request, audit)
        else:
            messages.success(request, "The grades are agreed. Write down what you found, then tell members")
            return redirect(audit)
    rows = moderating.read_matrix(audit)
    context = {
        "audit": audit,
        "form": form,
        "rows": rows,
        "sections": [cell.title for cell in rows[0].cells] if rows else [],
        "differing_count": sum(row.differing_count for row in rows),
        "may_moderate": may_moderate and not audit.released_on and not audit.closed_on,
        "silent_count": silent_count(request.user, audit),
        "crumbs": crumbs_of(audit, "Agree the grades"),
    }
    return render(request, "assurance/audit_moderate.html", context, status=form.status)


def silent_count(user, audit):
    """How many gradings are still drafts: the office alone learns of it."""
    if not is_office(user, audit) or audit.moderated_on:
        return 0
    return AuditGrading.objects.filter(case__audit=audit, submitted_at=None).count()


@require_http_methods(GET_OR_POST)
def moderate_case(request, pk, case_pk):
    """What the meeting agrees of one case, with what each agency gave and why."""
    audit = get_permitted(request.user, Audit, "moderate", pk=pk)
    if audit.asked_on is None:
        raise Http404
    case = get_object_or_404(AuditCase.objects.select_related("audit__scale"), audit=audit, pk=case_pk)
    if audit.released_on or audit.closed_on:
        return stands(request, audit)
    [row] = moderating.read_matrix(audit, case=case)
    points = {point.value: point for point in audit.scale.points.all()}
    form = AgreedForm(
        request.POST or None,
        row=row,
        scale=audit.scale,
        points=points,
        cancel_url=reverse("assurance:audit-moderate", args=[audit.pk]),
    )
    if form.is_valid():
        try:
            moderating.agree_grades(case, form.grades, by=request.user, at=timezone.now())
        except moderating.GradesStand:
            return stands(request, audit)
        messages.success(request, f"{case}: saved what was agreed")
        after = audit.cases.filter(position__gt=case.position).first()
        if after and "next" in request.POST:
            return redirect("assurance:audit-moderate-case", audit.pk, after.pk)
        return redirect("assurance:audit-moderate", audit.pk)
    context = {
        "audit": audit,
        "case": case,
        "row": row,
        "form": form,
        "after": audit.cases.filter(position__gt=case.position).first(),
        "crumbs": [
            *crumbs((audit.title, audit.get_absolute_url())),
            ("Agree the grades", reverse("assurance:audit-moderate", args=[audit.pk])),
            (str(case), None),
        ],
    }
    return render(request, "assurance/audit_moderate_case.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def finding_add(request, pk):
    audit = get_permitted(request.user, Audit, "change", pk=pk)
    if audit.asked_on is None:
        raise Http404
    return keep_finding(request, AuditFinding(audit=audit), "Add a finding")


@require_http_methods(GET_OR_POST)
def finding_change(request, pk):
    return keep_finding(request, get_permitted(request.user, AuditFinding, "change", pk=pk), "Change the finding")


def keep_finding(request, finding, title):
    audit = finding.audit
    if audit.released_on or audit.closed_on:
        return stands(request, audit)
    if "remove" in request.POST and finding.pk and not finding.recommendations.exists():
        finding.delete()
        messages.success(request, "The finding is taken out")
        return redirect(audit)
    form = FindingForm(
        request.POST or None,
        instance=finding,
        case_count=audit.cases.count(),
        cancel_url=audit.get_absolute_url(),
    )
    if form.is_valid():
        moderating.keep_finding(audit, finding, **form.cleaned_data)
        messages.success(request, "Saved the finding")
        return redirect(audit)
    context = {"form": form, "title": title, "finding": finding, "audit": audit, "crumbs": crumbs_of(audit, title)}
    return render(request, "assurance/audit_finding_form.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def finding_recommend(request, pk):
    """Make a recommendation of a finding: it stands in the register, where it is answered and put on a plan."""
    finding = get_permitted(request.user, AuditFinding, "change", pk=pk)
    audit = finding.audit
    offices = Partnership.objects.of_office(request.user).filter(pk__in=audit.partnership_ids)
    if not offices:
        raise PermissionDenied
    form = RecommendForm(
        request.POST or None,
        partnerships=offices,
        organisations=Organisation.objects.members_of(audit.partnership_ids, on=timezone.localdate()).order_by("name"),
        cancel_url=audit.get_absolute_url(),
    )
    if form.is_valid():
        recommendation, is_new = moderating.recommend(
            finding, on=timezone.localdate(), **{name: form.cleaned_data[name] for name in RECOMMENDED}
        )
        words = "It stands in the register of recommendations" if is_new else "It is recommended already"
        messages.success(request, f"{words}. Answer it there, and put it on the plan")
        return redirect(audit)
    context = {
        "form": form,
        "finding": finding,
        "audit": audit,
        "title": "Recommend something",
        "crumbs": crumbs_of(audit, "Recommend something"),
    }
    return render(request, "assurance/audit_recommend.html", context, status=form.status)


RECOMMENDED = ("partnership", "text", "measure", "organisations")


@require_http_methods(GET_OR_POST)
def release(request, pk):
    """What members will read, looked at before it is told."""
    audit = get_permitted(request.user, Audit, "release", pk=pk)
    if audit.released_on or audit.closed_on:
        return stands(request, audit)
    if audit.moderated_on is None:
        messages.info(request, "Agree the grades first, then tell members")
        return redirect(audit)
    form = TellForm(
        request.POST or None,
        today=timezone.localdate(),
        initial={"summary": audit.summary, "re_audit_on": audit.re_audit_on},
        cancel_url=audit.get_absolute_url(),
    )
    if form.is_valid():
        telling.tell_members(
            audit,
            summary=form.cleaned_data["summary"],
            re_audit_on=form.cleaned_data["re_audit_on"],
            by=request.user,
            on=timezone.localdate(),
        )
        messages.success(request, "Members can read it from now on. Its figures are of today")
        return redirect(audit)
    figures = telling.figures_of(audit)
    context = {
        "audit": audit,
        "form": form,
        "figures": figures,
        "parts": telling.shown_figures(figures),
        "findings": audit.findings.all(),
        "crumbs": crumbs_of(audit, "Tell members"),
    }
    return render(request, "assurance/audit_release.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def close(request, pk):
    audit = get_permitted(request.user, Audit, "change", pk=pk)
    if audit.closed_on:
        return stands(request, audit)
    form = CloseForm(request.POST or None, cancel_url=audit.get_absolute_url())
    if form.is_valid():
        telling.close_audit(audit, because=form.cleaned_data["because"], on=timezone.localdate())
        messages.success(request, f"“{audit}” is closed")
        return redirect(audit)
    context = {"form": form, "title": f"Close “{audit}”", "crumbs": crumbs_of(audit, "Close it")}
    return render(request, "assurance/audit_small_form.html", context, status=form.status)


@require_POST
def again(request, pk):
    """Plan to look at it again, with the same tool. Pressed twice, it is planned once."""
    audit = get_permitted(request.user, Audit, "change", pk=pk)
    if audit.moderated_on is None:
        return stands(request, audit, "Agree the grades first: then there is something to compare with")
    new = planning.look_again(audit)
    messages.success(request, "Planned again with the same tool. List its cases and say by when they are graded")
    return redirect(new)


patterns = [
    path("audits/<int:pk>/moderate/", moderate, name="audit-moderate"),
    path("audits/<int:pk>/moderate/<int:case_pk>/", moderate_case, name="audit-moderate-case"),
    path("audits/<int:pk>/findings/add/", finding_add, name="audit-finding-add"),
    path("audits/findings/<int:pk>/", finding_change, name="audit-finding-change"),
    path("audits/findings/<int:pk>/recommend/", finding_recommend, name="audit-finding-recommend"),
    path("audits/<int:pk>/tell/", release, name="audit-release"),
    path("audits/<int:pk>/close/", close, name="audit-close"),
    path("audits/<int:pk>/again/", again, name="audit-again"),
]
