"""The tracker of a round: taken away to be answered in, read when it comes back, and put in by a yes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from partnership.access import get_permitted
from partnership.downloads import as_attachment
from partnership.lists import SafeExport
from partnership.uploads import UnreadableFile
from plans.models import UpdateImport, UpdateRound
from plans.responders import Responders, rows_of
from plans.round_views import plan_crumbs
from plans.rounds import RoundClosed
from plans.tracker_excel import make_tracker
from plans.tracker_forms import TrackerForm, forms_of, last_words
from plans.tracker_importing import CannotTake, confirm_updates, stage_updates, with_activities
from plans.views import asks_and_answers

CLOSED = "This round takes no answers, so nothing was put in. Reopen it first."


@require_safe
def download(request, pk):
    """The plan's rows with empty columns for this round; ``?who=group-5`` those of one group or person."""
    round = get_permitted(request.user, UpdateRound, "view", pk=pk)
    today = timezone.localdate()
    rows = list(with_activities(rows_of(round, on=today)))
    who = request.GET.get("who", "all")
    if who != "all":
        lines = Responders(round, on=today).lines
        keys = {line.key for line in lines if who in line.circles or who in line.person_keys}
        rows = [row for row in rows if row.pk in keys]
        if not rows:
            raise Http404
    last = last_words(round)
    content = make_tracker(round, [(row, last.get(row.pk)) for row in rows], ratings=round.plan.ratings)
    return as_attachment(content, f"tracker-{slugify(round.name)[:60]}.xlsx", SafeExport.FORMATS["xlsx"])


@asks_and_answers
def upload(request, pk):
    """Step 1: the file that came back."""
    round = get_permitted(request.user, UpdateRound, "change", pk=pk)
    if not round.is_answerable(on=timezone.localdate()):
        messages.info(request, "This round takes no answers now.")
        return redirect(round)
    form = TrackerForm(request.POST or None, request.FILES or None, cancel_url=round.get_absolute_url())
    if form.is_valid():
        try:
            staged = stage_updates(form.cleaned_data["document"], round=round, by=request.user)
        except UnreadableFile as problem:
            form.add_error("document", str(problem))
        else:
            return redirect(staged)
    context = {"round": round, "form": form, "crumbs": crumbs_of(round, "Read a tracker")}
    return render(request, "plans/tracker_upload.html", context, status=form.status)


@require_safe
def preview(request, pk):
    """Step 2: each row, what it is believed to be of, and every doubt; after the yes what came of it."""
    staged = get_permitted(request.user, UpdateImport, "view", pk=pk)
    if staged.confirmed_at:
        context = {"staged": staged, "round": staged.round, "made": staged.understood["made"]}
        return render(request, "plans/tracker_done.html", context | {"crumbs": crumbs_of(staged.round, "Tracker read")})
    return show(request, staged, forms_of(staged, on=timezone.localdate()))


def show(request, staged, forms, status=200):
    context = {
        "staged": staged,
        "round": staged.round,
        "forms": forms,
        "known": [form for form in forms if form.believed],
        "unknown": [form for form in forms if not form.believed],
        "doubt_count": sum(bool(form.row["doubts"]) for form in forms),
        "has_errors": any(form.is_bound and form.errors for form in forms),
        "crumbs": crumbs_of(staged.round, "What we read"),
    }
    return render(request, "plans/tracker_preview.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, pk):
    """Step 3: yes. The second yes of a double click sends nothing again."""
    staged = get_permitted(request.user, UpdateImport, "confirm", pk=pk)
    if request.method != "POST" or staged.confirmed_at:
        return redirect(staged)
    forms = forms_of(staged, request.POST, on=timezone.localdate())
    if not all([form.is_valid() for form in forms]):
        return show(request, staged, forms, status=422)
    answers = [answer for answer in (form.answer() for form in forms) if answer]
    if not answers:
        messages.error(request, "Every row is left out. Say of at least one which deliverable it is.")
        return redirect(staged)
    try:
        confirm_updates(staged, answers, by=request.user, at=timezone.now())
    except CannotTake as problem:
        for number, found in problem.problems.items():
            forms[number].say(found)
        return show(request, staged, forms, status=422)
    except RoundClosed:
        messages.error(request, CLOSED)
    else:
        messages.success(request, "The answers are in the round.")
    return redirect(staged)


def crumbs_of(round, last):
    return [*plan_crumbs(round.plan), (str(round), round.get_absolute_url()), (last, None)]


patterns = [
    path("rounds/<int:pk>/tracker.xlsx", download, name="round-tracker"),
    path("rounds/<int:pk>/tracker/", upload, name="update-import"),
    path("trackers/<uuid:pk>/", preview, name="update-import-preview"),
    path("trackers/<uuid:pk>/confirm/", confirm, name="update-import-confirm"),
]
