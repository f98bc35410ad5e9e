"""What other rooms offer as learning needs: taken with one press, or left out."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assurance.learning_needs import chosen_of, streams_of
from partnership.access import get_permitted
from partnership.refusals import NotNow
from training.models import NeedsAnalysis
from training.needs import deciding as needs

PAGE = "assurance:needs-offers"
NOTHING_CHOSEN = "Tick what you want to take as a need, or to leave out"


def find(user, pk):
    analysis = get_permitted(user, NeedsAnalysis, "change", pk=pk)
    return NeedsAnalysis.objects.select_related("partnership").get(pk=analysis.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def offers(request, pk):
    """Every stream with what it shows; ticked, it becomes a need or is offered no more."""
    analysis, today = find(request.user, pk), timezone.localdate()
    if analysis.settled_on:
        messages.info(request, "This analysis is settled, so it stands. Open it again to change it.")
        return redirect(analysis)
    streams = streams_of(analysis, request.user, on=today)
    problem = ""
    if request.method == "POST":
        keys = set(request.POST.getlist("offers"))
        chosen = chosen_of(streams, keys)
        problem = act(request, analysis, chosen, len(keys), on=today) if keys else NOTHING_CHOSEN
        if not problem:
            return redirect(PAGE, analysis.pk)
    context = {
        "analysis": analysis,
        "streams": streams,
        "count": sum(len(stream.offers) for stream in streams),
        "problem": problem,
        "left_out": analysis.left_out.all(),
        "crumbs": [
            ("Training", reverse("training:event-list")),
            ("Learning needs", reverse("training:needs-list")),
            (analysis.title, analysis.get_absolute_url()),
            ("What is offered", None),
        ],
    }
    return render(request, "assurance/needs_offers.html", context, status=422 if problem else 200)


def act(request, analysis, chosen, asked_count, *, on):
    """Take or leave out what was ticked; why not, in words, or ""."""
    gone = asked_count - len(chosen)
    try:
        if request.POST.get("do") == "leave":
            needs.leave_out(analysis, chosen, on=on)
            said = f"{len(chosen)} left out. Nothing of it is offered to this analysis again"
        else:
            count = needs.take_offers(analysis, chosen)
            said = f"{count} taken as {'a need' if count == 1 else 'needs'}, at the end of the ranks"
    except NotNow as refusal:
        return str(refusal)
    messages.success(request, f"{said}. {gone} had gone meanwhile" if gone else said)
    return ""


@require_POST
def offer_again(request, pk, left_pk):
    """Undo that something was left out."""
    analysis = find(request.user, pk)
    try:
        if needs.offer_again(analysis, left_pk):
            messages.success(request, "It is offered again")
        else:
            messages.info(request, "It is offered already")
    except NotNow as refusal:
        messages.error(request, str(refusal))
        return redirect(analysis)
    return redirect(PAGE, analysis.pk)


patterns = [
    path("training/needs/<int:pk>/offers/", offers, name="needs-offers"),
    path("training/needs/<int:pk>/offers/<int:left_pk>/again/", offer_again, name="needs-offer-again"),
]
