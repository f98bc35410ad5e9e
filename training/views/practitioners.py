"""The register of practitioners: who they are, what they hold and where they were; partners manage their own people."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted, may
from partnership.lists import RecordList
from partnership.refusals import NotNow
from partnership.standing import standing_of
from training.competence.marks import marks_of_person
from training.models import Competency, CompetencyRecord, Place, Practitioner
from training.places.bookings import cancel_place
from training.practitioners.forms import (
    IN_REGISTER,
    LeaveForm,
    OtherForm,
    PractitionerForm,
    RecordForm,
    competencies_for,
    organisations_managed_by,
)
from training.practitioners.lists import PractitionerExport, PractitionerFilter, PractitionerTable, lacks_of
from training.practitioners.merging import merge_of, merge_practitioners
from training.views.pages import GET_OR_POST

LIST = "training:practitioner-list"
FORM = "training/framework_form.html"
LEFT = "No longer works in the agency."


def crumbs(*here):
    ways = [each if isinstance(each, tuple) else (each, None) for each in here]
    return [("Training", reverse("training:event-list")), ("Practitioners", reverse(LIST) if here else None), *ways]


def crumbs_of(practitioner, here=None):
    address = practitioner.get_absolute_url() if here else None
    return crumbs((practitioner.name, address), *([here] if here else []))


def form_page(request, form, *, title, crumbs, lede="", warning=""):
    context = {"form": form, "title": title, "lede": lede, "crumbs": crumbs, "warning": warning}
    return render(request, FORM, context, status=form.status)


def manages_people(user):
    """Has people to add: represents an organisation, or runs training."""
    standing = standing_of(user)
    return bool(standing.organisation_ids or standing.training_ids or standing.office_ids)


def refuse_unless_manages(user):
    if not manages_people(user):
        raise PermissionDenied


class PractitionerList(RecordList):
    """Those of one's own organisation; all of them for whoever runs training."""

    filterset_class = PractitionerFilter
    table_class = PractitionerTable
    template_name = "training/practitioner_list.html"
    export_name = "practitioners"

    def get_queryset(self):
        return Practitioner.objects.visible_to(self.request.user).select_related("organisation", "role")

    def get_table_class(self):
        return PractitionerExport if self.request.GET.get(self.export_trigger_param) else PractitionerTable

    def get_table(self, **kwargs):
        table = super().get_table(**kwargs)
        is_export = isinstance(table, PractitionerExport)
        rows = self.object_list.order_by() if is_export else [row.record for row in table.paginated_rows]
        keys = rows.values("pk") if is_export else [each.pk for each in rows]
        table.lacking_counts = lacks_of(keys, on=timezone.localdate())
        return table

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_add=manages_people(self.request.user), crumbs=crumbs(), **kwargs)


@require_safe
def detail(request, pk):
    """What somebody has to know and holds, where they were and are booked, and what their agency recorded."""
    practitioner = get_permitted(request.user, Practitioner, "view", pk=pk)
    user, today = request.user, timezone.localdate()
    competencies = competencies_for(user, practitioner)
    records = practitioner.records.filter(competency__in=Competency.objects.visible_to(user)).select_related(
        "competency", "recorded_by"
    )
    places = Place.objects.visible_to(user).filter(practitioner=practitioner).select_related("event__course")
    context = {
        "practitioner": practitioner,
        "marks": marks_of_person(practitioner, on=today, competencies=competencies),
        "records": records,
        "places": places.distinct().order_by("-event__starts_at", "-pk"),
        "may_change": may(user, "change", practitioner),
        "today": today,
        "crumbs": crumbs_of(practitioner),
    }
    return render(request, "training/practitioner_detail.html", context)


@require_http_methods(GET_OR_POST)
def add(request):
    refuse_unless_manages(request.user)
    offered = organisations_managed_by(request.user).distinct()
    initial = {"organisation": offered[0]} if len(offered) == 1 else {}
    form = PractitionerForm(request.POST or None, user=request.user, initial=initial, cancel_url=reverse(LIST))
    practitioner = kept(form)
    if practitioner:
        messages.success(request, f"{practitioner} is in the register")
        return redirect(practitioner)
    return form_page(request, form, title="Add a practitioner", crumbs=crumbs("Add a practitioner"))


def kept(form):
    """The practitioner that a form without errors saves; None where there are errors."""
    if not form.is_valid():
        return None
    try:
        with transaction.atomic():
            return form.save()
    except IntegrityError:  # the same address, in the same moment
        form.add_error("email", IN_REGISTER)
        return None


@require_http_methods(GET_OR_POST)
def change(request, pk):
    practitioner = get_permitted(request.user, Practitioner, "change", pk=pk)
    form = PractitionerForm(
        request.POST or None, instance=practitioner, user=request.user, cancel_url=practitioner.get_absolute_url()
    )
    if kept(form):
        messages.success(request, f"{practitioner} is saved")
        return redirect(practitioner)
    return form_page(request, form, title=f"Change {practitioner}", crumbs=crumbs_of(practitioner, "Change"))


def coming_places(practitioner, *, at):
    """What they would miss: places at events to come."""
    waits = [Place.Status.AGREEMENT, Place.Status.BOOKED, Place.Status.WAITING, Place.Status.UNCONFIRMED]
    places = practitioner.places.filter(status__in=waits, event__starts_at__gt=at, event__cancelled_at=None)
    return list(places.select_related("event__course").order_by("event__starts_at"))


@require_http_methods(GET_OR_POST)
def leave(request, pk):
    """They left their agency, or, pressed by whoever was wrong, they are here again."""
    practitioner = get_permitted(request.user, Practitioner, "change", pk=pk)
    now = timezone.now()
    if request.method == "POST" and request.POST.get("action") == "back":
        Practitioner.objects.filter(pk=practitioner.pk).update(left_on=None)
        messages.success(request, f"{practitioner} is here again")
        return redirect(practitioner)
    places = coming_places(practitioner, at=now)
    form = LeaveForm(
        request.POST or None,
        places=places,
        initial={"left_on": timezone.localdate(now)},
        cancel_url=practitioner.get_absolute_url(),
    )
    if form.is_valid():
        kept_places = say_left(practitioner, form.cleaned_data, places, at=now, by=request.user)
        if kept_places:
            messages.warning(request, f"Still booked: {', '.join(kept_places)}")
        messages.success(request, f"{practitioner} has left. What they learned stays in the record")
        return redirect(practitioner)
    lede = "They stay in the record of every event where they were, and count no longer in who lacks what."
    booked = "; ".join(str(place.event) for place in places)
    return form_page(
        request,
        form,
        title=f"{practitioner} left",
        lede=lede,
        warning=f"They have places at events to come: {booked}." if places else "",
        crumbs=crumbs_of(practitioner, "Left"),
    )


def say_left(practitioner, said, places, *, at, by):
    """Write it down, and give back their places where asked; the events whose place could not be given back."""
    stay = []
    with transaction.atomic():
        for place in places if said.get("gives_back") else []:
            try:
                cancel_place(place, because=LEFT, at=at, by=by)
            except NotNow:
                stay.append(str(place.event))
        Practitioner.objects.filter(pk=practitioner.pk).update(left_on=said["left_on"])
    return stay


# What they gained elsewhere


@require_http_methods(GET_OR_POST)
def add_record(request, pk):
    practitioner = get_permitted(request.user, Practitioner, "change", pk=pk)
    form = RecordForm(
        request.POST or None,
        competencies=competencies_for(request.user, practitioner),
        initial={"competency": request.GET.get("competency", "")},
        cancel_url=practitioner.get_absolute_url(),
    )
    if form.is_valid():
        said = dict(form.cleaned_data)
        with transaction.atomic():
            Practitioner.objects.select_for_update(of=["self"]).get(
                pk=practitioner.pk
            )  # or two presses record it twice
            key = {"competency": said["competency"], "gained_on": said["gained_on"]}
            _record, is_new = practitioner.records.get_or_create(
                **key, defaults={"evidence": said["evidence"], "recorded_by": request.user}
            )
        words = f"Recorded: {said['competency']}" if is_new else "That was recorded already"
        messages.success(request, words)
        return redirect(practitioner)
    lede = (
        "What they learned elsewhere: their agency’s own course, e-learning, a qualification. "
        "Courses of ours count by themselves."
    )
    return form_page(
        request,
        form,
        title=f"What {practitioner} gained elsewhere",
        lede=lede,
        crumbs=crumbs_of(practitioner, "Record a competency"),
    )


@require_POST
def remove_record(request, pk, record_pk):
    practitioner = get_permitted(request.user, Practitioner, "change", pk=pk)
    own = CompetencyRecord.objects.filter(practitioner=practitioner)
    record = get_object_or_404(own.filter(competency__in=Competency.objects.visible_to(request.user)), pk=record_pk)
    record.delete()
    messages.success(request, f"Taken away: {record.competency}. The history keeps it")
    return redirect(practitioner)


# One person twice


@require_http_methods(GET_OR_POST)
def merge(request, pk):
    """First who else it is, then what that changes, then yes."""
    practitioner = get_permitted(request.user, Practitioner, "change", pk=pk)
    people = Practitioner.objects.visible_to(request.user).exclude(pk=practitioner.pk).select_related("organisation")
    asked = request.POST.get("merge") or request.GET.get("other", "")
    if asked.isdecimal():
        other = get_permitted(request.user, Practitioner, "change", pk=int(asked))
        if other == practitioner:
            return redirect(practitioner)
        return merge_into(request, practitioner, other)
    form = OtherForm(request.POST or None, people=people, cancel_url=practitioner.get_absolute_url())
    if form.is_valid():
        return redirect(f"{request.path}?other={form.cleaned_data['other'].pk}")
    context = {
        "form": form,
        "practitioner": practitioner,
        "alike": people.filter(name__iexact=practitioner.name)[:10],
        "crumbs": crumbs_of(practitioner, "The same person twice"),
    }
    return render(request, "training/practitioner_merge.html", context, status=form.status)


def merge_into(request, practitioner, other):
    if request.method == "POST":
        if merge_practitioners(practitioner, other, at=timezone.now()):
            messages.success(request, f"The two entries of {practitioner} are one now")
        return redirect(practitioner)
    labels = {"role_id": "role"}
    what = merge_of(practitioner, other)
    taken = [Practitioner._meta.get_field(labels.get(name, name)).verbose_name for name in what.fields]
    context = {
        "practitioner": practitioner,
        "other": other,
        "merge": what,
        "taken": taken,
        "crumbs": crumbs_of(practitioner, "The same person twice"),
    }
    return render(request, "training/practitioner_merge_check.html", context)


patterns = [
    path("training/practitioners/", PractitionerList.as_view(), name="practitioner-list"),
    path("training/practitioners/add/", add, name="practitioner-add"),
    path("training/practitioners/<int:pk>/", detail, name="practitioner-detail"),
    path("training/practitioners/<int:pk>/change/", change, name="practitioner-change"),
    path("training/practitioners/<int:pk>/leave/", leave, name="practitioner-leave"),
    path("training/practitioners/<int:pk>/merge/", merge, name="practitioner-merge"),
    path("training/practitioners/<int:pk>/records/add/", add_record, name="practitioner-record-add"),
    path(
        "training/practitioners/<int:pk>/records/<int:record_pk>/remove/",
        remove_record,
        name="practitioner-record-remove",
    ),
]
