"""The register of voices: heard, answered, told to the public; what reports offer to it; and where nobody was heard."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assurance import voice_gaps as gaps
from assurance.models import VoiceEntry, VoiceSetAside
from assurance.voice_forms import NO_NAMES, SetAsideForm, VoiceDidForm, VoiceForm, VoicePublishForm
from assurance.voice_lists import VoiceFilter, VoiceTable
from assurance.voice_offers import doubts_of, find_offer, offer_again, offers_for, set_aside, source_url, take_over
from assurance.voices import entries_of, how_it_grew, may_tell, take_back, tell_voice
from partnership.access import get_permitted, may
from partnership.lists import RecordList

asks_and_answers = require_http_methods(["GET", "HEAD", "POST"])
OFFERS_A_PAGE = 25
GONE = "It is not offered any more: somebody took it over, or set it aside"


class VoiceList(RecordList):
    """Said, done, changed."""

    table_class, filterset_class = VoiceTable, VoiceFilter
    template_name = "assurance/voice_list.html"
    export_name = "who-was-heard"

    def get_queryset(self):
        return entries_of(self.request.user)

    def get_context_data(self, **kwargs):
        user = self.request.user
        is_office = bool(user.standing.office_ids)
        return super().get_context_data(may_tell=may_tell(user), is_office=is_office, crumbs=crumbs(), **kwargs)


@asks_and_answers
def add(request):
    """Tell who was heard. ``?from=`` begins with what a report said, for the office."""
    if not may_tell(request.user):
        raise PermissionDenied
    today = timezone.localdate()
    offer, initial = None, {"people": None, "how": None}
    if request.GET.get("from"):
        offer = find_offer(request.user, request.GET["from"], on=today)
        if offer is None:
            messages.info(request, GONE)
            return redirect("assurance:voice-offers")
        initial = initial_of(offer)
    form = VoiceForm(
        request.POST or None, user=request.user, on=today, initial=initial, cancel_url=reverse("assurance:voice-list")
    )
    form.submit_label = "Add it to the register"
    if form.is_valid():
        source = {"source_key": offer.key} if offer else {}
        entry, is_new = tell_voice(**form.answers, **source)
        messages.success(request, "It is in the register" if is_new else "That is in the register already")
        return redirect(entry)
    context = {"form": form, "offer": offer, "crumbs": crumbs(("Who was heard", None)), "no_names": NO_NAMES}
    return render(request, "assurance/voice_form.html", context, status=form.status)


def initial_of(offer):
    words = {name.removesuffix("_id"): value for name, value in offer.words.items()}
    return words | {"partnerships": list(offer.partnership_ids), "priorities": list(offer.priority_ids)}


@require_safe
def detail(request, pk):
    """One voice: what they said, what was done, what changed, how that grew, and what the public reads of it."""
    entry = get_permitted(request.user, VoiceEntry, "view", pk=pk)
    entry = entries_of(request.user).get(pk=entry.pk)
    context = {
        "entry": entry,
        "grown": how_it_grew(entry),
        "source_url": source_url(entry, request.user),
        "is_late": VoiceEntry.objects.filter(pk=pk).unanswered(on=timezone.localdate()).exists(),
        "may_change": may(request.user, "change", entry),
        "may_answer": may(request.user, "tell", entry),
        "may_publish": may(request.user, "publish", entry),
        "crumbs": crumbs((entry.who, None)),
    }
    return render(request, "assurance/voice_detail.html", context)


@asks_and_answers
def change(request, pk):
    entry = get_permitted(request.user, VoiceEntry, "change", pk=pk)
    form = VoiceForm(
        request.POST or None,
        instance=entry,
        user=request.user,
        on=timezone.localdate(),
        cancel_url=entry.get_absolute_url(),
    )
    if form.is_valid():
        entry = form.save()
        messages.success(request, "Saved")
        return redirect(entry)
    context = {"form": form, "entry": entry, "crumbs": crumbs_of(entry, "Change"), "no_names": NO_NAMES}
    return render(request, "assurance/voice_form.html", context, status=form.status)


@asks_and_answers
def did(request, pk):
    """What was done, or why nothing was; later what changed."""
    entry = get_permitted(request.user, VoiceEntry, "tell", pk=pk)
    form = VoiceDidForm(
        request.POST or None, instance=entry, on=timezone.localdate(), cancel_url=entry.get_absolute_url()
    )
    if form.is_valid():
        entry = form.save()
        messages.success(request, "Saved. What stood here before is in the history")
        return redirect(entry)
    context = {"form": form, "entry": entry, "crumbs": crumbs_of(entry, "What we did")}
    return render(request, "assurance/voice_did.html", context, status=form.status)


@asks_and_answers
def publish(request, pk):
    """Show it to the public in words of its own, change these, or take it back."""
    entry = get_permitted(request.user, VoiceEntry, "publish", pk=pk)
    if request.POST.get("action") == "back":
        take_back(entry)
        messages.success(request, "The public no longer reads it")
        return redirect(entry)
    if not entry.is_answered:
        messages.info(request, "Say first what was done, or why nothing was. Then it can be shown to the public")
        return redirect("assurance:voice-did", entry.pk)
    form = VoicePublishForm(request.POST or None, instance=entry, cancel_url=entry.get_absolute_url())
    if form.is_valid():
        form.instance.is_public = True
        form.instance.published_on = form.instance.published_on or timezone.localdate()
        form.save()
        messages.success(request, "The public can read it now")
        return redirect(entry)
    context = {"form": form, "entry": entry, "crumbs": crumbs_of(entry, "Show it to the public")}
    return render(request, "assurance/voice_publish.html", context, status=form.status)


@asks_and_answers
def offers(request):
    """What reports, updates, returns and audits say of voice: taken over with one press, or set aside with a reason."""
    if not request.user.standing.office_ids:
        raise PermissionDenied
    today = timezone.localdate()
    form, key, action = None, request.POST.get("key", ""), request.POST.get("action")
    if action == "again":
        if offer_again(request.user, key):
            messages.success(request, "It is offered again")
        return redirect("assurance:voice-offers")
    if request.method == "POST":
        offer = find_offer(request.user, key, on=today)
        if offer is None:
            messages.info(request, GONE)
            return redirect("assurance:voice-offers")
        if action == "take":
            return taken(request, offer)
        form = SetAsideForm(request.POST, prefix=prefix_of(offer))
        if form.is_valid():
            set_aside(offer, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, "Set aside")
            return redirect("assurance:voice-offers")
    return show_offers(request, form, key, on=today)


def show_offers(request, form, key, *, on):
    """``form``: of the offer of that key, where its reason is missing."""
    found = offers_for(request.user, on=on)
    page = Paginator(found, OFFERS_A_PAGE).get_page(request.GET.get("page"))
    if form:  # whatever page it stood on
        page = Paginator([each for each in found if each.key == key], OFFERS_A_PAGE).get_page(1)
    rows = [
        {"offer": each, "form": form if form and each.key == key else SetAsideForm(prefix=prefix_of(each))}
        for each in page
    ]
    aside = VoiceSetAside.objects.filter(partnership__in=request.user.standing.office_ids).select_related(
        "set_aside_by"
    )
    context = {
        "form": form,
        "rows": rows,
        "page_obj": page,
        "offer_count": len(found),
        "aside": aside.order_by("source_key", "partnership").distinct("source_key"),
        "crumbs": crumbs(("From reports and returns", None)),
    }
    return render(request, "assurance/voice_offers.html", context, status=form.status if form else 200)


def prefix_of(offer):
    return offer.key.replace(":", "-")


def taken(request, offer):
    """At once where the words say of nobody who they are; else by the form, which asks."""
    if doubts_of(offer):
        messages.info(request, "Look at its words before you take it over: something may say who somebody is")
        return redirect(f"{reverse('assurance:voice-add')}?from={offer.key}")
    entry, is_new = take_over(offer)
    if is_new:
        messages.success(request, "Taken over. Say who they were and how many, if you know")
        return redirect("assurance:voice-change", entry.pk)
    messages.info(request, "It is in the register already")
    return redirect(entry)


@require_safe
def gaps_page(request):
    """Where nobody was heard, and where nothing came of it."""
    today = timezone.localdate()
    plans = list(gaps.plans_of(request.user))
    plan = chosen_plan(plans, request.GET.get("plan", ""), on=today)
    quarters = gaps.quarters_of(plan, on=today) if plan else []
    unanswered, unchanged = gaps.waiting(request.user, on=today)
    groups, organisations = gaps.silent_listeners(request.user, on=today)
    context = {
        "plans": plans,
        "plan": plan,
        "by_priority": gaps.by_priority(plan, request.user, quarters, on=today) if plan else [],
        "by_people": gaps.by_people(plan, request.user, quarters, on=today) if plan else [],
        "kinds": [kind for kind in gaps.kinds_of_people(request.user, on=today) if kind.is_gap],
        "unanswered": unanswered,
        "unchanged": unchanged,
        "silent_groups": groups,
        "silent_organisations": organisations,
        "crumbs": crumbs(("Where nobody was heard", None)),
    }
    return render(request, "assurance/voice_gaps.html", context)


def chosen_plan(plans, key, *, on):
    """The plan that the address asks for; else the one that runs, or the newest. None where there is none."""
    asked = [plan for plan in plans if str(plan.pk) == key]
    running = [plan for plan in plans if plan.starts_on <= on <= plan.ends_on]
    return next(iter(asked or running or plans), None)


def crumbs_of(entry, words):
    return crumbs((entry.who, entry.get_absolute_url()), (words, None))


def crumbs(*more):
    here = ("Who was heard", reverse("assurance:voice-list") if more else None)
    return [("Assurance", reverse("assurance:return-list")), here, *more]


patterns = [
    path("voices/", VoiceList.as_view(), name="voice-list"),
    path("voices/add/", add, name="voice-add"),
    path("voices/offers/", offers, name="voice-offers"),
    path("voices/gaps/", gaps_page, name="voice-gaps"),
    path("voices/<int:pk>/", detail, name="voice-detail"),
    path("voices/<int:pk>/change/", change, name="voice-change"),
    path("voices/<int:pk>/did/", did, name="voice-did"),
    path("voices/<int:pk>/publish/", publish, name="voice-publish"),
]
