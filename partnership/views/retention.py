"""How long each kind of record is kept, what is over, and what went."""

from django.contrib import messages
from django.contrib.auth.mixins import UserPassesTestMixin
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted
from partnership.data_protection import keeping
from partnership.data_protection.doors import crumbs, looks_after_it, office_or_administrator
from partnership.data_protection.map import kinds
from partnership.data_protection.retention_forms import HoldForm, LiftForm, PeriodForm
from partnership.data_protection.retention_lists import RunFilter, RunTable
from partnership.data_protection.schedule import INSTALLATION, Schedule, may_see_counts
from partnership.lists import RecordList
from partnership.models import LegalHold, RetentionRun
from partnership.refusals import NotNow
from partnership.standing import standing_of
from partnership.whole_numbers import whole_number

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])
EVERYTHING = "everything"


@require_safe
def retention_list(request):
    """Of each of one's partnerships every kind of record: how long, what happens then, and how many are over."""
    office_or_administrator(request.user)
    standing, today, schedule = standing_of(request.user), timezone.localdate(), Schedule()
    ids = schedule.partnerships if standing.is_administrator else standing.office_ids
    found = {}
    for line in schedule.lines(ids, with_installation=standing.is_administrator):
        found.setdefault(line.whose, []).append((line, count_for(request.user, schedule, line, on=today)))
    sections = [{"partnership": rows[0][0].partnership, "whose": whose, "rows": rows} for whose, rows in found.items()]
    for section in sections:
        section["waiting"] = sum(1 for line, count in section["rows"] if count and line.can_be_done)
    context = {
        "sections": sections,
        "holds": LegalHold.objects.visible_to(request.user).filter(lifted_at=None).select_related("partnership"),
        "kinds": kinds(),
        "crumbs": crumbs(("How long it is kept", None)),
    }
    return render(request, "partnership/retention_list.html", context)


def count_for(user, schedule, line, *, on):
    """How many are over; None where it is not for this person to know, or there is no such day."""
    if not may_see_counts(user, line) or line.months is None:
        return None
    return keeping.count_over(schedule, line, on=on)


@require_safe
def retention_kind(request, whose, kind):
    """One kind: its dry run with some records to look at, and what can be done."""
    schedule, line = find_line(request.user, whose, kind)
    today = timezone.localdate()
    count = count_for(request.user, schedule, line, on=today)
    context = {
        "line": line,
        "count": count,
        "samples": samples_for(request.user, schedule, line, on=today) if count else [],
        "runs": RetentionRun.objects.filter(partnership=line.partnership, kind=kind).select_related("by")[:5],
        "crumbs": kind_crumbs(line),
    }
    return render(request, "partnership/retention_kind.html", context)


def samples_for(user, schedule, line, *, on):
    """An administrator looks after the machine and sees no record: a sample is for the office."""
    if line.partnership is None or line.partnership.pk not in standing_of(user).office_ids:
        return []
    return keeping.samples_over(schedule, line, on=on)


@asks_and_answers
def retention_change(request, whose, kind):
    _schedule, line = find_line(request.user, whose, kind)
    if line.kind.is_fixed:
        raise Http404
    form = PeriodForm(request.POST if request.method == "POST" else None, line=line, cancel_url=address(line))
    if form.is_valid():
        keeping.set_period(key_of(line), kind, by=request.user, at=timezone.now(), **form.decided)
        messages.success(request, "How long it is kept was saved.")
        return redirect(address(line))
    return form_page(request, form, f"How long are they kept: {line.kind.name}", line, "Change", lede=line.kind.source)


@require_POST
def retention_apply(request, whose, kind):
    """Do it now. What the page showed comes with the yes: where more is over since, it is shown again."""
    schedule, line = find_line(request.user, whose, kind)
    today = timezone.localdate()
    seen = whole_number(request.POST.get("seen"))
    if not line.can_be_done or not may_see_counts(request.user, line):
        messages.warning(request, "Nothing can be done with this kind by a press.")
    elif seen is None or keeping.count_over(schedule, line, on=today) > seen:
        messages.warning(request, "More records are over than you saw. Look again before you say yes.")
    else:
        do_it(request, line, today)
    return redirect(address(line))


def do_it(request, line, today):
    try:
        run = keeping.apply_kind(key_of(line), line.kind.code, on=today, by=request.user, at=timezone.now())
    except NotNow as problem:
        messages.warning(request, str(problem))
    else:
        count = run.count if run else 0
        messages.success(request, f"Done with {count} record{'' if count == 1 else 's'}. It stands in the log.")


@asks_and_answers
def retention_hold(request, whose, kind):
    """Hold one kind, or everything of a partnership."""
    line = None
    if kind == EVERYTHING:
        partnership_id, name = find_whose(request.user, Schedule(), whose), "everything"
    else:
        _schedule, line = find_line(request.user, whose, kind)
        partnership_id, name = key_of(line), line.kind.name
    back = address(line) if line else reverse("partnership:retention-list")
    form = HoldForm(request.POST if request.method == "POST" else None, cancel_url=back)
    if form.is_valid():
        code = line.kind.code if line else ""
        keeping.place_hold(partnership_id, code, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "It is held. Nothing of it goes until somebody lifts the hold.")
        return redirect(back)
    return form_page(request, form, f"Hold {name}", line, "Hold")


@asks_and_answers
def hold_lift(request, pk):
    hold = get_permitted(request.user, LegalHold, "lift", pk=pk)
    back = reverse("partnership:retention-list")
    form = LiftForm(request.POST if request.method == "POST" else None, cancel_url=back)
    if form.is_valid():
        try:
            keeping.lift_hold(hold, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, "The hold is lifted.")
        except NotNow as problem:
            messages.warning(request, str(problem))
        return redirect(back)
    return form_page(request, form, "Lift the hold", None, "Lift the hold", lede=hold.because)


class RunList(UserPassesTestMixin, RecordList):
    table_class, filterset_class = RunTable, RunFilter
    template_name = "partnership/retention_run_list.html"
    export_name = "what-went"
    raise_exception = True

    def test_func(self):
        return looks_after_it(self.request.user)

    def get_queryset(self):
        return RetentionRun.objects.visible_to(self.request.user).select_related("partnership", "by")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "crumbs": crumbs(("How long it is kept", reverse("partnership:retention-list")), ("What went", None))
        }


# Which line an address means


def find_line(user, whose, code):
    """(the Schedule, its Line). 404 where there is none, or it is not this person's to look after."""
    schedule, kind = Schedule(), kinds().get(code)
    if kind is None or kind.is_of_installation != (whose == "installation"):
        raise Http404
    return schedule, schedule.line(find_whose(user, schedule, whose), kind)


def find_whose(user, schedule, whose):
    standing = standing_of(user)
    if whose == "installation":
        if not standing.is_administrator:
            raise Http404
        return INSTALLATION
    for pk, partnership in schedule.partnerships.items():
        if partnership.slug == whose and (standing.is_administrator or pk in standing.office_ids):
            return pk
    raise Http404


def key_of(line):
    return line.partnership.pk if line.partnership else INSTALLATION


def address(line):
    return reverse("partnership:retention-kind", args=[line.whose, line.kind.code])


def kind_crumbs(line, *last):
    own = address(line) if last else None
    return crumbs(
        ("How long it is kept", reverse("partnership:retention-list")),
        (line.kind.name, own),
        *[(each, None) for each in last],
    )


def form_page(request, form, title, line, last, lede=""):
    trail = (
        kind_crumbs(line, last)
        if line
        else crumbs(("How long it is kept", reverse("partnership:retention-list")), (last, None))
    )
    context = {"form": form, "title": title, "lede": lede, "crumbs": trail}
    return render(request, "partnership/data_protection_form.html", context, status=form.status)


patterns = [
    path("data-protection/retention/", retention_list, name="retention-list"),
    path("data-protection/retention/log/", require_safe(RunList.as_view()), name="retention-run-list"),
    path("data-protection/retention/holds/<int:pk>/lift/", hold_lift, name="hold-lift"),
    path("data-protection/retention/<slug:whose>/<slug:kind>/", retention_kind, name="retention-kind"),
    path("data-protection/retention/<slug:whose>/<slug:kind>/change/", retention_change, name="retention-change"),
    path("data-protection/retention/<slug:whose>/<slug:kind>/apply/", retention_apply, name="retention-apply"),
    path("data-protection/retention/<slug:whose>/<slug:kind>/hold/", retention_hold, name="retention-hold"),
]
