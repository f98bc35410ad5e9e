"""The risk register: the list and its picture, one risk, and what the office and whoever answers for it do with it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance import risks
from assurance.follow_ups import lines_of
from assurance.models import Risk
from assurance.risk_forms import MatrixForm, RiskChangeForm, RiskCloseForm, RiskForm, RiskReviewForm
from assurance.risk_lists import CLOSED, RiskExport, RiskFilter, RiskTable, register
from assurance.views.registers import action_page, for_whom, form_page, own_partnership, sharing_page
from partnership.access import get_permitted, may
from partnership.lists import RecordList
from partnership.models import Partnership
from plans.priority_links import shown_priorities

GET_OR_POST = ["GET", "HEAD", "POST"]
LIST, STEPS = "assurance:risk-list", "assurance:risk-steps"


def crumbs(*here):
    """From the register on. ``here``: (label, url) or the label of this page."""
    ways = [each if isinstance(each, tuple) else (each, None) for each in here]
    return [("Risks", reverse(LIST) if here else None), *ways]


def crumbs_of(risk, here=None):
    return crumbs((risk.ref, risk.get_absolute_url() if here else None), *([here] if here else []))


class RiskList(RecordList):
    """The register, the highest score first, under its picture of five by five."""

    table_class, filterset_class = RiskTable, RiskFilter
    template_name = "assurance/risk_list.html"
    export_name = "risks"

    def get_queryset(self):
        return register(self.request.user)

    def get_table_class(self):
        return RiskExport if self.request.GET.get(self.export_trigger_param) else RiskTable

    def get_table(self, **kwargs):
        table = super().get_table(**kwargs)
        table.matrices = self.filterset.matrices
        return table

    def get_context_data(self, **kwargs):
        user, shown = self.request.user, self.object_list
        is_closed = self.filterset.state_asked == CLOSED
        return super().get_context_data(
            pictures=[] if is_closed else risks.pictures_of(shown.open(), self.filterset.matrices),
            may_add=bool(user.standing.office_ids),
            has_closed=Risk.objects.visible_to(user).exclude(closed_on=None).exists(),
            crumbs=crumbs(),
            **kwargs,
        )


@require_safe
def detail(request, pk):
    """One risk: what it is, how it stood at every look, what is done about it."""
    risk = get_permitted(request.user, Risk, "view", pk=pk)
    matrix = risks.matrix_of(risk.partnership)
    looks = list(risk.reviews.select_related("reviewed_by"))
    for look in looks:
        look.band = matrix.band(look.score)
        look.likelihood_step = matrix.likelihoods.get(look.likelihood)
        look.impact_step = matrix.impacts.get(look.impact)
    target = (risk.target_likelihood or 0) * (risk.target_impact or 0)
    today = timezone.localdate()
    context = {
        "risk": risk,
        "looks": looks,
        "now": looks[0] if looks else None,
        "strip": [risks.Point(f"{look.reviewed_on:%b %Y}", look.band) for look in reversed(looks[:8])],
        "trend": risks.trend_of(looks),
        "target": target,
        "target_band": matrix.band(target),
        "actions": lines_of(risk),
        "priorities": shown_priorities(risk, request.user),
        "may_change": may(request.user, "change", risk),
        "may_look_back": may(request.user, "look_back", risk),
        "may_review": may(request.user, "review", risk),
        "is_overdue": risk.closed_on is None and risk.next_review_on < today,
        "today": today,
        "crumbs": crumbs_of(risk),
    }
    return render(request, "assurance/risk_detail.html", context)


@require_http_methods(GET_OR_POST)
def add(request):
    return for_whom(
        request,
        name="assurance:risk-add-for",
        title="Add a risk",
        crumbs=crumbs("Add a risk"),
        cancel_url=reverse(LIST),
    )


@require_http_methods(GET_OR_POST)
def add_for(request, pk):
    partnership = own_partnership(request.user, pk)
    form = RiskForm(
        request.POST or None, instance=Risk(partnership=partnership), user=request.user, cancel_url=reverse(LIST)
    )
    if form.is_valid():
        risk, is_new = risks.add_risk(partnership, by=request.user, at=timezone.now(), **form.answers)
        messages.success(request, f"{risk.ref} is in the register" if is_new else f"It is there already, as {risk.ref}")
        return redirect(risk)
    lede = f"For {partnership}. Its office, its advisor, its lead partners and whoever answers for it read it."
    return form_page(request, form, title="Add a risk", crumbs=crumbs("Add a risk"), lede=lede)


@require_http_methods(GET_OR_POST)
def change(request, pk):
    risk = get_permitted(request.user, Risk, "change", pk=pk)
    form = RiskChangeForm(request.POST or None, instance=risk, user=request.user, cancel_url=risk.get_absolute_url())
    if form.is_valid():
        form.save()
        messages.success(request, f"{risk.ref} is saved")
        return redirect(risk)
    lede = "How likely and how bad it is changes when it is looked at again."
    return form_page(request, form, title=f"Change {risk.ref}", crumbs=crumbs_of(risk, "Change"), lede=lede)


@require_http_methods(GET_OR_POST)
def review(request, pk):
    """Look at it again."""
    risk = get_permitted(request.user, Risk, "review", pk=pk)
    if request.method == "POST":
        risk = risks.locked(risk)
    form = RiskReviewForm(
        request.POST or None,
        instance=risk,
        last=risk.reviews.first(),
        on=timezone.localdate(),
        cancel_url=risk.get_absolute_url(),
    )
    if form.is_valid():
        try:
            risks.review_risk(risk, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"Kept what you found of {risk.ref}")
            return redirect(risk)
    title = f"Look at {risk.ref} again"
    return form_page(request, form, title=title, crumbs=crumbs_of(risk, "Look at it again"), lede=risk.title)


@require_http_methods(GET_OR_POST)
def action(request, pk):
    risk = get_permitted(request.user, Risk, "change", pk=pk)
    return action_page(request, risk, crumbs=crumbs_of(risk, "Add an action"), what="the risk")


@require_http_methods(GET_OR_POST)
def share(request, pk):
    risk = get_permitted(request.user, Risk, "change", pk=pk)
    return sharing_page(
        request, risk, crumbs=crumbs_of(risk, "Share with members"), template="assurance/risk_share.html"
    )


@require_http_methods(GET_OR_POST)
def close(request, pk):
    """Close it with the reason, or open it again."""
    risk = get_permitted(request.user, Risk, "change", pk=pk)
    if request.method == "POST" and request.POST.get("action") == "reopen":
        risks.reopen_risk(risk, on=timezone.localdate())
        messages.success(request, f"{risk.ref} is open again. Look at it now")
        return redirect(risk)
    if risk.closed_on:
        return redirect(risk)
    form = RiskCloseForm(request.POST or None, cancel_url=risk.get_absolute_url())
    if form.is_valid():
        risks.close_risk(risk, because=form.cleaned_data["because"], on=timezone.localdate())
        messages.success(request, f"{risk.ref} is closed")
        return redirect(risk)
    lede = "It stays in the register among those that are closed, and can be opened again."
    return form_page(request, form, title=f"Close {risk.ref}", crumbs=crumbs_of(risk, "Close"), lede=lede)


# The words of the matrix


@require_safe
def steps(request):
    """In which words risks are called: each partnership's own, or those that everybody begins with."""
    user = request.user
    partnerships = Partnership.objects.filter(pk__in=user.standing.partnership_ids).order_by("name")
    matrices = risks.matrices_of([each.pk for each in partnerships])
    sets = [
        {"partnership": each, "matrix": matrices[each.pk], "may_change": each.pk in user.standing.office_ids}
        for each in partnerships
    ]
    context = {"sets": sets, "crumbs": crumbs("Words of likelihood and impact")}
    return render(request, "assurance/risk_steps.html", context)


@require_http_methods(GET_OR_POST)
def change_steps(request, pk):
    """Make them a partnership's own, beginning from what it uses now."""
    partnership = own_partnership(request.user, pk)
    if request.method == "POST":
        risks.lock_partnership(partnership)
    form = MatrixForm(request.POST or None, matrix=risks.matrix_of(partnership), cancel_url=reverse(STEPS))
    if form.is_valid():
        risks.keep_matrix(partnership, steps=form.steps, bands=form.bands)
        messages.success(request, f"{partnership} calls its risks so from now on")
        return redirect(STEPS)
    context = {
        "form": form,
        "partnership": partnership,
        "crumbs": crumbs(("Words of likelihood and impact", reverse(STEPS)), "Change"),
    }
    return render(request, "assurance/risk_steps_form.html", context, status=form.status)


@require_POST
def usual_steps(request, pk):
    """Back to the words that everybody begins with."""
    partnership = own_partnership(request.user, pk)
    risks.use_usual_matrix(partnership)
    messages.success(request, f"{partnership} uses the usual words again. Its own stay in the history")
    return redirect(STEPS)


patterns = [
    path("risks/", RiskList.as_view(), name="risk-list"),
    path("risks/add/", add, name="risk-add"),
    path("risks/add/<int:pk>/", add_for, name="risk-add-for"),
    path("risks/steps/", steps, name="risk-steps"),
    path("risks/steps/<int:pk>/", change_steps, name="risk-steps-change"),
    path("risks/steps/<int:pk>/usual/", usual_steps, name="risk-steps-usual"),
    path("risks/<int:pk>/", detail, name="risk-detail"),
    path("risks/<int:pk>/change/", change, name="risk-change"),
    path("risks/<int:pk>/look/", review, name="risk-review"),
    path("risks/<int:pk>/action/", action, name="risk-action"),
    path("risks/<int:pk>/share/", share, name="risk-share"),
    path("risks/<int:pk>/close/", close, name="risk-close"),
]
