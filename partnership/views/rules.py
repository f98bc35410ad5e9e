"""Rule sets: what law and guidance ask, by edition, and what a partnership asks of its own report.

Everybody reads law and guidance, the administrator changes them; its own a partnership reads, its office changes.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partnership.access import get_permitted, may
from partnership.forms import lock_and_refresh
from partnership.lists import RecordList
from partnership.models import Rule, RuleSet
from partnership.own_rule_forms import OwnRuleForm, OwnSetForm
from partnership.rule_changes import WouldMove, add_rule_set, change, place_rule
from partnership.rule_forms import RuleForm, RuleSetAddForm, RuleSetForm
from partnership.rule_lists import (
    TO_BE_VERIFIED,
    RuleFilter,
    RuleSetFilter,
    RuleSetTable,
    RuleTable,
    in_words,
    rule_sets_for_list,
    rules_for_list,
)
from partnership.rules import is_administrator
from partnership.templatetags.components import long_date

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])


class RuleSetList(RecordList):
    table_class, filterset_class = RuleSetTable, RuleSetFilter
    template_name = "partnership/rule_set_list.html"
    export_name = "rule-sets"

    def get_queryset(self):
        return rule_sets_for_list(self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            may_change=is_administrator(self.request.user),
            may_make_own=bool(self.request.user.standing.office_ids),
            crumbs=crumbs(),
            **kwargs,
        )


class RuleSetDetail(RecordList):
    """One edition with its rules."""

    table_class, filterset_class = RuleTable, RuleFilter
    template_name = "partnership/rule_set_detail.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.rule_set = get_permitted(request.user, RuleSet, "view", pk=kwargs["pk"])
        self.may_change = may(request.user, "change", self.rule_set)

    @property
    def export_name(self):
        return f"rules-{self.rule_set.code}"

    def get_table_kwargs(self):
        return {"may_change": self.may_change, "is_own": self.rule_set.is_own}

    def get_queryset(self):
        return rules_for_list(self.rule_set)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            rule_set=self.rule_set,
            published=long_date(self.rule_set.published_on) or TO_BE_VERIFIED,
            counts=counts_when(self.rule_set),
            unread=unread_words(self.rule_set.rules.filter(verified_on=None).count()),
            may_change=self.may_change,
            crumbs=crumbs(self.rule_set.title),
            **kwargs,
        )


def counts_when(rule_set):
    if rule_set.is_own:
        return "For reports that are started with it; no date is counted by it"
    first, last = rule_set.in_force_from, rule_set.in_force_until
    if first is None:
        return "Not yet: no date follows it until the administrator says from when"
    until = f" to {long_date(last)}" if last else " on"
    return f"For dates counted from {long_date(first)}{until}"


def unread_words(count):
    if count == 0:
        return "Nothing: each rule was read in the text"
    return f"{count} rule{'' if count == 1 else 's'} that nobody has read in the text yet"


@asks_and_answers
def add_set(request):
    if not is_administrator(request.user):
        raise PermissionDenied
    form = RuleSetAddForm(request.POST or None, cancel_url=reverse("partnership:rule-set-list"))
    taken_from = form.cleaned_data.get("taken_from") if form.is_valid() else None
    return answer(
        request, form, lambda rule_set: add_rule_set(rule_set, taken_from=taken_from), crumbs("Add a rule set")
    )


@asks_and_answers
def change_set(request, pk):
    rule_set = get_permitted(request.user, RuleSet, "change", pk=pk)
    cancel_url = rule_set.get_absolute_url()
    if rule_set.is_own:
        form = OwnSetForm(request.POST or None, instance=rule_set, user=request.user, cancel_url=cancel_url)
        return answer_own(request, form, crumbs(of(rule_set), "Change our headings"))
    form = RuleSetForm(request.POST or None, instance=rule_set, cancel_url=cancel_url)
    return answer(request, form, RuleSet.save, crumbs(of(rule_set), "Change the rule set"))


@asks_and_answers
def add_rule(request, pk):
    rule_set = get_permitted(request.user, RuleSet, "change", pk=pk)
    if rule_set.is_own:
        raise PermissionDenied  # it has headings and recipients alone: ``own_rules``
    if request.method == "POST":
        lock_and_refresh(rule_set)  # or two new rules could get one place
    form = RuleForm(
        request.POST or None,
        instance=Rule(rule_set=rule_set, source=rule_set.title),
        on=timezone.localdate(),
        cancel_url=rule_set.get_absolute_url(),
    )
    if form.is_valid():
        place_rule(form.instance)
    return answer(request, form, Rule.save, crumbs(of(rule_set), "Add a rule"))


@asks_and_answers
def change_rule(request, pk):
    rule = get_permitted(request.user, Rule, "change", pk=pk)
    if rule.rule_set.is_own:
        cancel_url = rule.rule_set.get_absolute_url()
        form = OwnRuleForm(request.POST or None, instance=rule, on=timezone.localdate(), cancel_url=cancel_url)
        return answer_own(request, form, crumbs(of(rule.rule_set), "Change it"))
    form = RuleForm(
        request.POST or None, instance=rule, on=timezone.localdate(), cancel_url=rule.rule_set.get_absolute_url()
    )
    return answer(request, form, Rule.save, crumbs(of(rule.rule_set), "Change a rule"))


def answer(request, form, keep, trail):
    """The page that asks; or the rule set, once what was answered is kept by ``keep``.

    What would move open dates is kept only when it comes a second time, with their number.
    """
    record, moves = form.instance, None
    has_history = not record._state.adding
    if form.is_valid():
        try:
            count = change(lambda: keep(record), agreed=form.agreed, on=timezone.localdate())
        except WouldMove as would_move:
            moves = would_move.count
            form.tell(moves)
        else:
            moved = f" {in_words(count)} moved." if count else ""
            messages.success(request, f"“{record.title}” is saved.{moved}")
            return redirect(record)
    context = {
        "form": form,
        "record": record if has_history else None,
        "heading": trail[-1][0],
        "crumbs": trail,
        "moves": None if moves is None else in_words(moves),
    }
    return render(request, "partnership/rule_form.html", context, status=form.status)


def answer_own(request, form, trail):
    """The same of a partnership's own: no date is counted by it, so none can move."""
    record = form.instance
    if form.is_valid():
        form.save()
        messages.success(request, f"“{record.title}” is saved")
        return redirect(record)
    context = {"form": form, "record": record, "heading": trail[-1][0], "crumbs": trail, "moves": None}
    return render(request, "partnership/rule_form.html", context, status=form.status)


def of(rule_set):
    return rule_set.title, rule_set.get_absolute_url()


def crumbs(*last):
    """The way here; the last is this page."""
    trail = [("Rule sets", reverse("partnership:rule-set-list")), *last] if last else ["Rule sets"]
    return [*trail[:-1], (trail[-1], None)]


patterns = [
    path("rule-sets/", RuleSetList.as_view(), name="rule-set-list"),
    path("rule-sets/add/", add_set, name="rule-set-add"),
    path("rule-sets/<int:pk>/", RuleSetDetail.as_view(), name="rule-set-detail"),
    path("rule-sets/<int:pk>/change/", change_set, name="rule-set-change"),
    path("rule-sets/<int:pk>/rules/add/", add_rule, name="rule-add"),
    path("rules/<int:pk>/change/", change_rule, name="rule-change"),
]
