"""The page that tells what changed between two versions of a plan, or between two years' plans."""

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from partnership.access import may
from partnership.forms import PlannerForm
from partnership.whole_numbers import whole_number
from plans.comparable import NOW, Stands, choices_of, is_related
from plans.comparing import tell
from plans.differences import KINDS, RATED
from plans.models import PlanVersion
from plans.views import get_plan

ANY = ""
UNRELATED = "This is of a plan of other partnerships. Choose one of the list"
UNKNOWN = "Choose one of the list"
THE_PLAN = "plan"


class CompareForm(PlannerForm):
    """What beside what. Its fields are called as the address says them: ``from`` and ``to``."""

    def __init__(self, *args, stands, **kwargs):
        super().__init__(*args, **kwargs)
        choices = choices_of(stands.groups, own=stands.plan)
        for name, label in (("from", "Before"), ("to", "After")):
            field = forms.ChoiceField(label=label, choices=choices, error_messages={"invalid_choice": UNKNOWN})
            field.widget.attrs["class"] = "govuk-select"
            self.fields[name] = field


@require_safe
def compare_versions(request, pk):
    """Two versions side by side; by default the newest and the one before it."""
    plan = get_plan(request.user, pk)
    stands = Stands(request.user, plan)
    before, after = stands.usual()
    crumbs = [("Plans", reverse("plans:plan-list")), (plan.title, plan.get_absolute_url()), ("What changed", None)]
    if before is None and not request.GET:
        return render(request, "plans/version_compare.html", {"plan": plan, "crumbs": crumbs, "nothing": True})
    asked = {"from": before.code if before else "", "to": after.code if after else ""}
    asked |= {name: request.GET[name] for name in asked if name in request.GET}
    form = CompareForm(asked, stands=stands)
    is_known = form.is_valid()
    for name, code in asked.items():
        if name in form.errors:
            unseen_or_unrelated(request.user, form, name, code)
    context = {"plan": plan, "crumbs": crumbs, "form": form}
    if not is_known:
        return render(request, "plans/version_compare.html", context, status=form.status)
    before, after = stands.by_code[asked["from"]], stands.by_code[asked["to"]]
    if not is_related(before.plan, after.plan):
        form.add_error("to", UNRELATED)
        return render(request, "plans/version_compare.html", context, status=form.status)
    context |= compared(request, plan, before, after)
    return render(request, "plans/version_compare.html", context)


def unseen_or_unrelated(user, form, name, code):
    """Say at the field that a version is of other partnerships; 404 for what this person may not see."""
    if code.startswith(NOW):
        raise Http404
    if code.isdecimal():
        if not PlanVersion.objects.visible_to(user).filter(pk=whole_number(code)).exists():
            raise Http404
        form.errors[name] = form.error_class([UNRELATED], renderer=form.renderer)


def compared(request, plan, before, after):
    """The context of a comparison, narrowed to the kind of change and the priority that the address asks for."""
    context = tell(before, after, is_inside=may(request.user, "view", before.plan))
    comparison = context["comparison"]
    kind, part = request.GET.get("kind", ANY), request.GET.get("part", ANY)
    kinds = [(ANY, "Every kind of change"), (RATED, "What bears on a rating"), *KINDS.items()]
    parts = [(ANY, "The whole plan"), (THE_PLAN, "The plan itself")]
    parts += [(row.id, row.heading) for row in comparison.priorities]
    kind = kind if kind in dict(kinds) else ANY
    part = part if part in dict(parts) else ANY
    shown = comparison.narrowed(kind) if kind else comparison
    is_backwards = before.plan.pk == after.plan.pk and (
        before.version is None or (after.version is not None and before.made_at > after.made_at)
    )
    return context | {
        "plan_rows": [row for row in shown.plan if row.is_changed] if part in {ANY, THE_PLAN} else [],
        "priorities": [row for row in shown.priorities if row.is_changed_within and part in {ANY, row.id}],
        "same_priorities": [row for row in shown.priorities if not row.is_changed_within and part in {ANY, row.id}],
        "kinds": kinds,
        "parts": parts,
        "kind": kind,
        "part": part,
        "is_narrowed": bool(kind or part),
        "is_backwards": is_backwards,
        "may_make": bool(after.version) and may(request.user, "change", after.version),
        "may_write": not after.version and may(request.user, "edit", after.plan),
    }


patterns = [path("plans/<int:pk>/compare/", compare_versions, name="version-compare")]
