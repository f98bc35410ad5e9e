"""Money: the budgets of one's partnerships, each year's statement, and what the office does with them."""

from datetime import timedelta
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partnership import money
from partnership.access import get_permitted, may, may_or_refuse
from partnership.changes import names_of_people, person
from partnership.downloads import as_attachment
from partnership.forms import lock_and_refresh
from partnership.lists import RecordList, SafeExport
from partnership.models import BudgetYear, Contribution, Partnership, SpendingLine
from partnership.money_forms import (
    NO_WHY,
    AgreeForm,
    BudgetChangeForm,
    BudgetForm,
    CloseForm,
    ContributionForm,
    ContributionFormSet,
    OutcomeFormSet,
    SpendingForm,
    WhyForm,
)
from partnership.money_lists import (
    CONTRIBUTIONS,
    SPENDING,
    BudgetFilter,
    BudgetTable,
    as_csv,
    as_xlsx,
    bars_of_contributions,
    bars_of_spending,
    total_share,
)

GET_OR_POST = ["GET", "HEAD", "POST"]


# Reading


class BudgetList(RecordList):
    table_class, filterset_class = BudgetTable, BudgetFilter
    template_name = "partnership/budget_list.html"
    export_name = "budgets"

    def get_queryset(self):
        visible = BudgetYear.objects.visible_to(self.request.user)
        return visible.with_totals().prefetch_related("partnerships")

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_add=bool(self.request.user.standing.office_ids), **kwargs)


@require_safe
def budget_detail(request, pk):
    """The statement; ``?export=xlsx``, ``csv`` or ``csv-spending`` gives its tables away."""
    budget = get_permitted(request.user, BudgetYear, "view", pk=pk)
    prefetch_related_objects([budget], "partnerships")
    told = money.statement(budget, among=BudgetYear.objects.visible_to(request.user))
    if request.GET.get("export") in EXPORTS:
        return exported(budget, told, request.GET["export"])
    may_change = may(request.user, "change", budget)
    today = timezone.localdate()
    context = {
        "budget": budget,
        "crumbs": crumbs((str(budget), None)),
        "told": told,
        "total_share": total_share(told),
        "wider": money.shares_in_words(told),
        "contribution_bars": bars_of_contributions(told),
        "spending_bars": bars_of_spending(told),
        "lacks": money.lacks(told, on=today),
        "may_change": may_change,
        "may_agree": may(request.user, "agree", budget),
        "may_close": may(request.user, "close", budget),
        "following": BudgetYear.objects.visible_to(request.user).year_after(budget).first(),
        "recorded_by": recorded_by(budget) if budget.agreed_on else "",
        "today": today,
    }
    return render(request, "partnership/budget_detail.html", context)


EXPORTS = {"xlsx": "xlsx", f"csv-{CONTRIBUTIONS}": "csv", f"csv-{SPENDING}": "csv"}


def exported(budget, told, wanted):
    ending = EXPORTS[wanted]
    name = f"budget-{budget.starts_on.year}-{budget.ends_on.year}"
    if ending == "xlsx":
        content = as_xlsx(told)
    else:
        table = wanted.removeprefix("csv-")
        content, name = as_csv(told, table), f"{name}-{table}"
    return as_attachment(content, f"{name}.{ending}", SafeExport.FORMATS[ending])


def recorded_by(budget):
    """Whoever entered that it is agreed, from the history."""
    agreed = budget.events.filter(status=BudgetYear.Status.AGREED).select_related("pgh_context")
    event = agreed.order_by("pgh_id").first()
    return person(event, names_of_people([event])) if event and event.pgh_context else ""


# A budget


@require_http_methods(GET_OR_POST)
def add_budget(request):
    """A draft of one partnership's year or of several together, empty or from last year's."""
    user = request.user
    if not user.standing.office_ids:
        raise PermissionDenied
    today = timezone.localdate()
    form = BudgetForm(
        request.POST or None,
        user=user,
        on=today,
        initial=suggested(user, wanted=request.GET.get("from", ""), on=today),
        cancel_url=reverse("partnership:budget-list"),
    )
    if form.is_valid():
        try:
            budget = money.start_budget(**form.cleaned_data)
        except money.CannotDo as problem:
            form.add_error("starts_on", str(problem))
        else:
            messages.success(
                request, "Budget started as a draft. Only the office and the advisor see it until it is agreed"
            )
            return redirect(budget)
    return form_page(request, form, "Start a budget", crumbs(("Start a budget", None)))


def suggested(user, *, wanted, on):
    """The year after the budget asked for, or after the latest one of this office; else this financial year."""
    budgets = BudgetYear.objects.visible_to(user).filter(partnerships__in=user.standing.office_ids).distinct()
    asked = budgets.filter(pk=wanted).first() if wanted.isascii() and wanted.isdecimal() and len(wanted) < 10 else None
    last = asked or budgets.first()
    if last is None:
        own = list(Partnership.objects.of_office(user))
        starts_on = money.first_day(own[0].financial_year_starts_month, on=on)
        chosen = own if len(own) == 1 else []
        return {"partnerships": chosen, "starts_on": starts_on, "ends_on": money.last_day(starts_on)}
    starts_on = last.ends_on + timedelta(days=1)
    own = last.partnership_ids & user.standing.office_ids
    return {"partnerships": own, "starts_on": starts_on, "ends_on": money.last_day(starts_on), "copied": last.pk}


@require_http_methods(GET_OR_POST)
def change_budget(request, pk):
    budget = get_permitted(request.user, BudgetYear, "change", pk=pk)
    form = BudgetChangeForm(
        request.POST or None,
        instance=budget,
        budget=budget,
        on=timezone.localdate(),
        cancel_url=budget.get_absolute_url(),
    )
    if form.is_valid():
        form.save()
        messages.success(request, "Budget saved")
        return redirect(budget)
    return form_page(request, form, "Change the budget", crumbs_of(budget, "Change"))


@require_http_methods(GET_OR_POST)
def agree_budget(request, pk):
    budget = get_permitted(request.user, BudgetYear, "agree", pk=pk)
    today = timezone.localdate()
    form = AgreeForm(request.POST or None, on=today, initial={"agreed_on": today}, cancel_url=budget.get_absolute_url())
    if form.is_valid():
        try:
            money.agree_budget(budget, **form.cleaned_data)
        except money.CannotDo as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Recorded as agreed. Everybody in the partnership can read it now")
            return redirect(budget)
    lede = "From then on everybody in the partnership reads it, and an amount is changed only with a reason."
    return form_page(request, form, "Record that the budget is agreed", crumbs_of(budget, "Agree"), lede=lede)


@require_http_methods(GET_OR_POST)
def close_budget(request, pk):
    """What was spent on every line, on one page, and the end of the year."""
    budget = get_permitted(request.user, BudgetYear, "close", pk=pk)
    hold(request, budget)
    following = money.next_draft(budget)
    lines = OutcomeFormSet(request.POST or None, queryset=budget.spending.all(), prefix="lines")
    form = CloseForm(request.POST or None, following=following)
    if request.method == "POST" and lines.is_valid() and form.is_valid():
        lines.save()
        try:
            left = money.close_budget(budget, is_carried=form.cleaned_data.get("is_carried", False))
        except money.CannotDo as problem:
            form.add_error(None, f"{problem}. What you typed for each line is saved")
        else:
            messages.success(request, f"The year is closed. {money.in_pounds(left, short=True)} is left in reserve")
            return redirect(budget)
    context = {
        "budget": budget,
        "crumbs": crumbs_of(budget, "Close the year"),
        "lines": lines,
        "form": form,
        "following": following,
    }
    return render(request, "partnership/budget_close.html", context, status=status_of(request, lines))


# Contributions


@require_http_methods(GET_OR_POST)
def change_contributions(request, pk):
    """All contributions on one page: an error keeps everything that was typed."""
    budget = get_permitted(request.user, BudgetYear, "change", pk=pk)
    hold(request, budget)
    prefetch_related_objects([budget], "partnerships")
    why = None if is_draft(budget) else WhyForm(request.POST or None)
    told = money.statement(budget, among=BudgetYear.objects.visible_to(request.user))
    rows = ContributionFormSet(
        request.POST or None,
        budget=budget,
        on=timezone.localdate(),
        has_last=told.last is not None,
        why=why["why"].value() or "" if why else "",
        absent=money.absent_from(told),
        prefix="rows",
    )
    if request.method == "POST" and all([rows.is_valid(), why is None or why.is_valid()]):
        if why and rows.needs_why:
            why.add_error("why", NO_WHY)
        else:
            rows.save()
            messages.success(request, "Contributions saved")
            return redirect(budget)
    before = {each.contribution and each.contribution.pk: each.before for each in told.given}
    context = {
        "budget": budget,
        "crumbs": crumbs_of(budget, "Contributions"),
        "rows": rows,
        "rows_and_before": [(row, before.get(row.instance.pk)) for row in rows],
        "why": why,
        "form": why,
    }
    return render(request, "partnership/contributions_change.html", context, status=status_of(request, rows))


@require_http_methods(GET_OR_POST)
def add_contribution(request, pk):
    budget = get_permitted(request.user, BudgetYear, "change", pk=pk)
    return contribution_page(request, budget, None, "Add a contribution")


@require_http_methods(GET_OR_POST)
def change_contribution(request, pk):
    contribution = get_permitted(request.user, Contribution, "change", pk=pk)
    return contribution_page(request, contribution.budget, contribution, f"What {contribution.organisation} gives")


def contribution_page(request, budget, contribution, title):
    hold(request, budget)
    form = ContributionForm(
        request.POST or None,
        instance=contribution,
        budget=budget,
        on=timezone.localdate(),
        has_last=money.has_last(budget, among=BudgetYear.objects.visible_to(request.user)),
        cancel_url=budget.get_absolute_url(),
    )
    if form.is_valid():
        form.save()
        messages.success(request, "Contribution saved")
        return redirect(budget)
    removal = contribution and reverse("partnership:contribution-remove", args=[contribution.pk])
    return form_page(request, form, title, crumbs_of(budget, title), removal=removal if is_draft(budget) else "")


@require_http_methods(GET_OR_POST)
def remove_contribution(request, pk):
    contribution = get_permitted(request.user, Contribution, "remove", pk=pk)
    return removal_page(request, contribution, contribution.organisation)


# Spending


@require_http_methods(GET_OR_POST)
def add_spending(request, pk):
    budget = get_permitted(request.user, BudgetYear, "change", pk=pk)
    return spending_page(request, budget, None, "Add a line of spending")


@require_http_methods(GET_OR_POST)
def change_spending(request, pk):
    line = get_permitted(request.user, SpendingLine, "change", pk=pk)
    return spending_page(request, line.budget, line, f"Spending on {line}")


def spending_page(request, budget, line, title):
    hold(request, budget)
    form = SpendingForm(
        request.POST or None,
        instance=line or SpendingLine(budget=budget, position=budget.spending.count() + 1),
        budget=budget,
        on=timezone.localdate(),
        cancel_url=budget.get_absolute_url(),
    )
    if form.is_valid():
        form.save()
        messages.success(request, "Line of spending saved")
        return redirect(budget)
    removal = line and reverse("partnership:spending-remove", args=[line.pk])
    return form_page(request, form, title, crumbs_of(budget, title), removal=removal if is_draft(budget) else "")


@require_http_methods(GET_OR_POST)
def remove_spending(request, pk):
    line = get_permitted(request.user, SpendingLine, "remove", pk=pk)
    return removal_page(request, line, line.title)


# What these pages share


def removal_page(request, record, name):
    """Ask first; then take ``record`` out of its budget, which is a draft."""
    budget = record.budget
    if request.method == "POST":
        hold(request, budget)
        may_or_refuse(request.user, "remove", record)
        record.delete()
        messages.success(request, f"{name} is taken out of the budget. The history keeps it")
        return redirect(budget)
    context = {"record": record, "name": name, "budget": budget, "crumbs": crumbs_of(budget, f"Take out {name}")}
    return render(request, "partnership/budget_remove.html", context)


def form_page(request, form, title, trail, *, lede="", removal=""):
    kept = form.instance if hasattr(form, "instance") and form.instance.pk else None
    context = {"form": form, "title": title, "crumbs": trail, "lede": lede, "removal": removal, "kept": kept}
    return render(request, "partnership/budget_form.html", context, status=form.status)


def hold(request, budget):
    """While something is written nobody else agrees this budget or writes into it."""
    if request.method == "POST":
        lock_and_refresh(budget)


def status_of(request, rows):
    """Of a page with many forms, which is only shown again if something is to be mended."""
    if any(form.has_conflict for form in rows):
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK


def is_draft(budget):
    return budget.status == BudgetYear.Status.DRAFT


def crumbs(*pairs):
    return [("Money", reverse("partnership:budget-list")), *pairs]


def crumbs_of(budget, here):
    return crumbs((str(budget), budget.get_absolute_url()), (here, None))
