"""The competency framework: what each role has to know, in one table; its roles and its competencies."""

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from tablib import Dataset

from partnership.access import get_permitted, may
from partnership.downloads import EXCEL, as_attachment
from partnership.lists import as_workbook
from partnership.models import Partnership
from partnership.refusals import NotNow
from partnership.standing import standing_of
from training.competence import framework
from training.competence.forms import CompetencyForm, MonthsForm, RoleForm
from training.competence.marks import uses_of
from training.models import Competency, Course, RoleRequirement, WorkRole
from training.views.competence import chosen_partnership, runs_training_of
from training.views.pages import GET_OR_POST

TABLE = "training:framework"
FORM = "training/framework_form.html"
KINDS = {"role": (WorkRole, RoleForm, "role"), "competency": (Competency, CompetencyForm, "competency")}


def crumbs(partnership=None, *here):
    """From the programme on; the framework is a link where something stands below it."""
    address = f"{reverse(TABLE)}?partnership={partnership.pk}" if partnership and here else None
    ways = [each if isinstance(each, tuple) else (each, None) for each in here]
    return [("Training", reverse("training:event-list")), ("Framework", address), *ways]


def back_to(partnership):
    return f"{reverse(TABLE)}?partnership={partnership.pk}"


def own_partnership(user, pk):
    """One whose training ``user`` runs; a member may know of it, and may not change it."""
    standing = standing_of(user)
    partnership = Partnership.objects.filter(pk=pk, pk__in=standing.partnership_ids).first()
    if partnership is None:
        raise Http404
    if not runs_training_of(user, partnership):
        raise PermissionDenied
    return partnership


@require_safe
def table(request):
    """Roles by competencies, for every member to read."""
    partnership, own = chosen_partnership(request)
    roles, competencies, asked = framework.framework_of(partnership) if partnership else ([], [], {})
    if partnership and request.GET.get("export") == "xlsx":
        content = as_workbook(sheet_of(roles, competencies, asked))
        return as_attachment(content, f"competency-framework-{partnership.slug}.xlsx", EXCEL)
    context = {
        "partnership": partnership,
        "partnerships": own,
        "competencies": competencies,
        "rows": [(role, [(each, asked.get((role.pk, each.pk))) for each in competencies]) for role in roles],
        "may_change": runs_training_of(request.user, partnership),
        "crumbs": crumbs(),
    }
    return render(request, "training/framework.html", context)


def sheet_of(roles, competencies, asked):
    """A row for each role; a cell says within how many months it is needed."""
    rows = Dataset(headers=["Role", *map(str, competencies)], title="Framework")
    for role in roles:
        cells = [asked.get((role.pk, each.pk)) for each in competencies]
        rows.append([role.title, *[f"within {cell.within_months} months" if cell else "" for cell in cells]])
    refreshed = [f"every {each.valid_months} months" if each.valid_months else "once" for each in competencies]
    rows.append(["Refreshed", *refreshed])
    return rows


@require_http_methods(GET_OR_POST)
def change(request, pk):
    """Tick in the table what each role needs. What somebody else ticks meanwhile stays ticked."""
    partnership = own_partnership(request.user, pk)
    if request.method == "POST":
        try:
            shown = {tuple(pair) for pair in signing.loads(request.POST.get("shown", ""), salt="training.framework")}
        except signing.BadSignature:
            messages.error(request, "This page was out of date. Tick again what you want to change")
            return redirect("training:framework-change", partnership.pk)
        changed = framework.tick(partnership, shown=shown, ticked=ticked_in(request.POST.getlist("ask")))
        words = "1 requirement changed" if changed == 1 else f"{changed} requirements changed"
        messages.success(request, words if changed else "Nothing was changed")
        return redirect(back_to(partnership))
    roles, competencies, asked = framework.framework_of(partnership)
    context = {
        "partnership": partnership,
        "competencies": competencies,
        "rows": [(role, [(each, asked.get((role.pk, each.pk))) for each in competencies]) for role in roles],
        "shown": signing.dumps(sorted(asked), salt="training.framework", compress=True),
        "crumbs": crumbs(partnership, "Change"),
    }
    return render(request, "training/framework_change.html", context)


def ticked_in(values):
    """{(role's key, competency's key)} of "3-7"; what is no such pair is passed over."""
    pairs = (value.split("-") for value in values)
    return {(int(pair[0]), int(pair[1])) for pair in pairs if len(pair) == 2 and all(map(str.isdecimal, pair))}


# A role, a competency


@require_safe
def role_detail(request, pk):
    """What one role has to know, by when, how often again, and where it is learned."""
    role = get_permitted(request.user, WorkRole, "view", pk=pk)
    courses = Course.objects.visible_to(request.user).offered().order_by("title")
    requirements = requirements_of(role).prefetch_related(Prefetch("competency__courses", courses, to_attr="given_by"))
    context = {
        "role": role,
        "requirements": [(each, each.competency.given_by) for each in requirements],
        "may_change": may(request.user, "change", role),
        "people_count": role.practitioners.visible_to(request.user).here().count(),
        "uses": uses_of(role),
        "crumbs": crumbs(role.partnership, role.title),
    }
    return render(request, "training/role_detail.html", context)


def requirements_of(role):
    found = RoleRequirement.objects.filter(role=role).select_related("competency")
    return found.order_by("competency__position", "competency__title", "pk")


@require_safe
def competency_detail(request, pk):
    competency = get_permitted(request.user, Competency, "view", pk=pk)
    context = {
        "competency": competency,
        "requirements": competency.requirements.select_related("role").order_by("role__position", "role__title"),
        "courses": competency.courses.visible_to(request.user).offered().order_by("title"),
        "may_change": may(request.user, "change", competency),
        "uses": uses_of(competency),
        "crumbs": crumbs(competency.partnership, str(competency)),
    }
    return render(request, "training/competency_detail.html", context)


@require_http_methods(GET_OR_POST)
def months(request, pk):
    """Within how many months a role needs each of what it needs."""
    role = get_permitted(request.user, WorkRole, "change", pk=pk)
    if request.method == "POST":
        framework.lock_framework(role.partnership)
    form = MonthsForm(
        request.POST or None, requirements=list(requirements_of(role)), cancel_url=role.get_absolute_url()
    )
    if form.is_valid():
        form.keep()
        messages.success(request, "The months are saved")
        return redirect(role)
    title = f"By when {role} needs what"
    lede = "So many months after they began in the role. 0 is from their first day."
    return form_page(request, form, title=title, lede=lede, crumbs=crumbs(role.partnership, link(role), "Months"))


def link(record):
    return (str(record), record.get_absolute_url())


def form_page(request, form, *, title, crumbs, lede=""):
    context = {"form": form, "title": title, "lede": lede, "crumbs": crumbs}
    return render(request, FORM, context, status=form.status)


@require_http_methods(GET_OR_POST)
def add(request, pk, kind):
    model, form_class, word = KINDS[kind]
    partnership = own_partnership(request.user, pk)
    if request.method == "POST":
        framework.lock_framework(partnership)
    record = model(partnership=partnership, position=framework.next_position(model, partnership))
    form = form_class(request.POST or None, instance=record, cancel_url=back_to(partnership))
    if form.is_valid():
        form.save()
        messages.success(request, f"{record} is in the framework")
        return redirect(record)
    title = f"Add a {word}"
    return form_page(request, form, title=title, lede=f"For {partnership}.", crumbs=crumbs(partnership, title))


@require_http_methods(GET_OR_POST)
def change_record(request, pk, kind):
    model, form_class, word = KINDS[kind]
    record = get_permitted(request.user, model, "change", pk=pk)
    if request.method == "POST":
        framework.lock_framework(record.partnership)
    form = form_class(request.POST or None, instance=record, cancel_url=record.get_absolute_url())
    if form.is_valid():
        form.save()
        messages.success(request, f"{record} is saved")
        return redirect(record)
    title = f"Change the {word}"
    return form_page(request, form, title=title, crumbs=crumbs(record.partnership, link(record), "Change"))


@require_POST
def move(request, pk, kind):
    record = get_permitted(request.user, KINDS[kind][0], "change", pk=pk)
    framework.move(record, framework.UP if request.POST.get("way") == framework.UP else framework.DOWN)
    return redirect(f"{reverse('training:framework-order', args=[record.partnership_id])}#{kind}-{record.pk}")


@require_safe
def order(request, pk):
    """In which order roles and competencies stand, everywhere."""
    partnership = own_partnership(request.user, pk)
    roles, competencies, _asked = framework.framework_of(partnership)
    lists = [("role", "Roles", roles), ("competency", "Competencies", competencies)]
    context = {"partnership": partnership, "lists": lists, "crumbs": crumbs(partnership, "Order")}
    return render(request, "training/framework_order.html", context)


@require_POST
def take_away(request, pk, kind):
    """Only what nothing uses; else said what does."""
    record = get_permitted(request.user, KINDS[kind][0], "change", pk=pk)
    partnership = record.partnership
    try:
        framework.take_away(record)
    except NotNow as why:
        messages.error(request, str(why))
        return redirect(record)
    messages.success(request, f"{record} is taken away. The history keeps it")
    return redirect(back_to(partnership))


def patterns_of(kind):
    """The addresses of roles, or of competencies."""
    place, given = f"training/framework/{'roles' if kind == 'role' else 'competencies'}/", {"kind": kind}
    return [
        path(f"training/framework/<int:pk>/{kind}/", add, given, name=f"{kind}-add-for"),
        path(f"{place}<int:pk>/change/", change_record, given, name=f"{kind}-change"),
        path(f"{place}<int:pk>/move/", move, given, name=f"{kind}-move"),
        path(f"{place}<int:pk>/remove/", take_away, given, name=f"{kind}-remove"),
    ]


patterns = [
    path("training/framework/", table, name="framework"),
    path("training/framework/<int:pk>/change/", change, name="framework-change"),
    path("training/framework/<int:pk>/order/", order, name="framework-order"),
    path("training/framework/roles/<int:pk>/", role_detail, name="role-detail"),
    path("training/framework/roles/<int:pk>/months/", months, name="role-months"),
    path("training/framework/competencies/<int:pk>/", competency_detail, name="competency-detail"),
    *patterns_of("role"),
    *patterns_of("competency"),
]
