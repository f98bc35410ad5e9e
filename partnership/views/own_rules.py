"""A partnership's own rule set: made, changed, its headings and recipients added, moved and removed by its office."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from partnership.access import get_permitted
from partnership.forms import lock_and_refresh
from partnership.models import Rule, RuleSet
from partnership.own_rule_forms import OwnRuleForm, OwnSetAddForm
from partnership.own_rules import OWN_UNITS, add_own_set, move_rule, remove_rule
from partnership.refusals import NotNow

UP, DOWN = "up", "down"
TITLES = {Rule.Unit.HEADING: "Add a heading", Rule.Unit.RECIPIENT: "Add a recipient"}


@require_http_methods(["GET", "HEAD", "POST"])
def add_set(request):
    """A rule set of one's own: a copy of an edition's headings and recipients, or empty."""
    if not request.user.standing.office_ids:
        raise PermissionDenied
    form = OwnSetAddForm(request.POST or None, user=request.user, cancel_url=reverse("partnership:rule-set-list"))
    if form.is_valid():
        rule_set = add_own_set(form.instance, taken_from=form.cleaned_data["taken_from"])
        messages.success(request, f"“{rule_set.title}” is made. Change its headings to yours")
        return redirect(rule_set)
    return ask(request, form, None, "Make our own headings")


@require_http_methods(["GET", "HEAD", "POST"])
def add_rule(request, pk, unit):
    """A heading, or a recipient."""
    rule_set = own_set(request, pk)
    if unit not in OWN_UNITS:
        raise Http404
    if request.method == "POST":
        lock_and_refresh(rule_set)  # or two new ones could get one place
    form = OwnRuleForm(
        request.POST or None,
        instance=Rule(rule_set=rule_set, unit=unit, source=rule_set.title[:200]),
        on=timezone.localdate(),
        cancel_url=rule_set.get_absolute_url(),
    )
    if form.is_valid():
        rule = form.save()
        messages.success(request, f"“{rule.title}” is added")
        return redirect(rule_set)
    return ask(request, form, rule_set, TITLES[unit])


@require_POST
def move(request, pk):
    rule = own_rule(request, pk)
    if request.POST.get("do") not in (UP, DOWN):
        return HttpResponseBadRequest("Say whether it goes up or down")
    move_rule(rule, up=request.POST["do"] == UP)
    return redirect(f"{rule.rule_set.get_absolute_url()}#rule-{rule.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request, pk):
    """Ask once, then remove it, unless a report has it."""
    rule = own_rule(request, pk)
    if request.method == "POST":
        try:
            remove_rule(rule)
        except NotNow as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"“{rule.title}” is removed")
        return redirect(rule.rule_set)
    context = {"rule": rule, "crumbs": crumbs(rule.rule_set, "Remove")}
    return render(request, "partnership/rule_remove.html", context)


# What they have in common


def own_set(request, pk):
    """A partnership's own one, which this person's office changes. Of law and guidance none is changed here."""
    rule_set = get_permitted(request.user, RuleSet, "change", pk=pk)
    if not rule_set.is_own:
        raise PermissionDenied
    return rule_set


def own_rule(request, pk):
    rule = get_permitted(request.user, Rule, "change", pk=pk)
    if not rule.rule_set.is_own:
        raise PermissionDenied
    return rule


def ask(request, form, rule_set, title):
    context = {"form": form, "record": None, "heading": title, "crumbs": crumbs(rule_set, title), "moves": None}
    return render(request, "partnership/rule_form.html", context, status=form.status)


def crumbs(rule_set, here):
    trail = [("Rule sets", reverse("partnership:rule-set-list"))]
    return [*trail, *([(rule_set.title, rule_set.get_absolute_url())] if rule_set else []), (here, None)]


patterns = [
    path("rule-sets/own/add/", add_set, name="own-rule-set-add"),
    path("rule-sets/<int:pk>/own/<slug:unit>/add/", add_rule, name="own-rule-add"),
    path("rules/<int:pk>/move/", move, name="rule-move"),
    path("rules/<int:pk>/remove/", remove, name="rule-remove"),
]
