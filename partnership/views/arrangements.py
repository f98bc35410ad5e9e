"""The published arrangements: written by the office, endorsed by the safeguarding partners, read by everyone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership import arrangements as process
from partnership.access import get_permitted, may
from partnership.arrangements import missing, waiting_partners
from partnership.arrangements_forms import (
    ArrangementsForm,
    ChangeForm,
    OwnEndorsementForm,
    PaperEndorsementForm,
    PublishForm,
    StartForm,
    TakeBackForm,
)
from partnership.arrangements_lists import ArrangementsFilter, ArrangementsTable, standing_words
from partnership.downloads import as_attachment
from partnership.lists import RecordList
from partnership.models import Arrangements, ArrangementsChange, DisputeStep, Document, Post
from partnership.public import find_partnership, public_page
from partnership.published_first import published_first
from partnership.refusals import NotNow

may_be_written = require_http_methods(["GET", "HEAD", "POST"])
FORM_PAGE = "partnership/arrangements_form.html"


class ArrangementsList(RecordList):
    """Every version of one's partnerships; the ones in hand for those who write, advise on or endorse them."""

    table_class, filterset_class = ArrangementsTable, ArrangementsFilter
    template_name = "partnership/arrangements_list.html"
    export_name = "arrangements"

    def get_queryset(self):
        visible = Arrangements.objects.visible_to(self.request.user)
        return visible.with_standing(on=timezone.localdate()).select_related("partnership")

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_start=bool(self.request.user.standing.office_ids), **kwargs)


@may_be_written
def start(request):
    """Begin the next version, or open the one that is in hand."""
    if not request.user.standing.office_ids:
        raise PermissionDenied
    form = StartForm(request.POST or None, user=request.user, cancel_url=reverse("partnership:arrangements-list"))
    if form.is_valid():
        record, is_new = process.start_version(form.cleaned_data["partnership"])
        if is_new:
            messages.success(request, f"Version {record.version} started. Only those who write or endorse it see it")
            return redirect("partnership:arrangements-change", record.pk)
        messages.info(request, f"Version {record.version} is in hand already. Here it is")
        return redirect(record)
    return form_page(request, form, crumbs(("Start the next version", None)))


@require_safe
def arrangements_detail(request, pk):
    record = get_permitted(request.user, Arrangements, "view", pk=pk)
    today = timezone.localdate()
    versions = Arrangements.objects.visible_to(request.user).filter(partnership=record.partnership_id)
    versions = list(versions.with_standing(on=today).without_bytes().newest_first())
    record = next(version for version in versions if version.pk == record.pk)
    waiting = [] if record.is_published else list(waiting_partners(record, on=today))
    context = {
        "record": record,
        "partnership": record.partnership,
        "standing": standing_words(record),
        "document": Document.objects.defer("content").filter(pk=record.document_id).first(),
        "changes": record.changes.all(),
        "endorsements": record.endorsements.select_related("organisation"),
        "waiting": waiting,
        "missing": missing(record) if record.is_draft else [],
        "may_change": may(request.user, "change", record),
        "may_endorse": record.is_endorsing and may_endorse(request.user, record, waiting),
        "on_web": next((each for each in versions if each.version == each.in_force_version), None),
        "others": [(each, standing_words(each)) for each in versions if each != record],
        "crumbs": crumbs((str(record), None)),
    }
    return render(request, "partnership/arrangements_detail.html", context)


def may_endorse(user, record, waiting):
    """Whether there is somebody left for whom ``user`` may say that they endorse it."""
    if record.partnership_id in user.standing.office_ids:
        return bool(waiting)
    return own_posts(user, record, waiting).exists()


def own_posts(user, record, waiting):
    """The posts in which ``user`` leads one of the safeguarding partners that have not endorsed it."""
    return Post.objects.filter(
        pk__in=user.standing.post_ids,
        duty=Post.Duty.LEAD_PARTNER,
        partnerships=record.partnership_id,
        organisation__in=waiting,
    ).select_related("organisation")


@require_safe
def arrangements_document(request, pk):
    """The document as it was brought, for whoever may see this version."""
    record = get_permitted(request.user, Arrangements, "view", pk=pk)
    if record.is_published:
        return redirect("partnership:file-download", record.published_file_id)
    if record.document is None:
        raise Http404
    return as_attachment(record.document.content, record.document.filename)


# Writing a draft


@may_be_written
def change_arrangements(request, pk):
    record = get_permitted(request.user, Arrangements, "change", pk=pk)
    form = ArrangementsForm(
        request.POST or None, request.FILES or None, instance=record, cancel_url=record.get_absolute_url()
    )
    here = crumbs_of(record, "Words and document")
    if request.method != "POST" and not record.is_draft:
        return words_stand(request, record)
    if form.is_valid():
        try:
            process.write_arrangements(record, upload=form.cleaned_data["upload"], by=request.user)
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved")
            return redirect(record)
    return form_page(request, form, here)


def words_stand(request, record):
    messages.info(request, "It has been sent for endorsement, so its words stand. Take it back to change them")
    return redirect(record)


@may_be_written
def add_change(request, pk):
    record = get_permitted(request.user, Arrangements, "change", pk=pk)
    return write_change(request, ArrangementsChange(arrangements=record), "Add a change")


@may_be_written
def change_change(request, pk):
    change = get_permitted(request.user, ArrangementsChange, "change", pk=pk)
    return write_change(request, change, "One change")


def write_change(request, change, heading):
    record = change.arrangements
    form = ChangeForm(request.POST or None, instance=change, cancel_url=record.get_absolute_url())
    if request.method != "POST" and not record.is_draft:
        return words_stand(request, record)
    if form.is_valid():
        try:
            process.write_change(change)
        except NotNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Change saved")
            return redirect(record)
    return form_page(request, form, crumbs_of(record, heading))


@require_POST
def remove_change(request, pk):
    change = get_permitted(request.user, ArrangementsChange, "change", pk=pk)
    return done(request, change.arrangements, lambda: process.remove_change(change), "Change removed")


# Endorsing


@require_POST
def ask(request, pk):
    record = get_permitted(request.user, Arrangements, "change", pk=pk)
    return done(
        request,
        record,
        lambda: process.ask_for_endorsement(record),
        "Sent for endorsement. Its words stand from now on",
    )


def done(request, record, act, said):
    """Do it if it can be done now, say so or why not, and show the version."""
    try:
        act()
    except NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(record)


@may_be_written
def take_back(request, pk):
    record = get_permitted(request.user, Arrangements, "change", pk=pk)
    if not record.is_endorsing:
        messages.info(request, "It is not being endorsed at present, so there is nothing to take back")
        return redirect(record)
    form = TakeBackForm(request.POST or None, cancel_url=record.get_absolute_url())
    if form.is_valid():
        return done(
            request,
            record,
            lambda: process.take_back(record, reason=form.cleaned_data["reason"]),
            "Taken back. The safeguarding partners will be asked again",
        )
    here = crumbs_of(record, "Take it back")
    lede = "It becomes a draft again. What was endorsed is no longer what is written, so the endorsements go."
    return form_page(request, form, here, lede=lede)


@may_be_written
def endorse(request, pk):
    """A lead safeguarding partner for their own organisation; the office what was signed on paper."""
    record = get_permitted(request.user, Arrangements, "endorse", pk=pk)
    if not record.is_endorsing:
        messages.info(request, "It is not being endorsed at present")
        return redirect(record)
    today = timezone.localdate()
    posts = own_posts(request.user, record, waiting_partners(record, on=today))
    if posts:
        return endorse_for_own(request, record, posts, on=today)
    if record.partnership_id in request.user.standing.office_ids:
        return endorse_on_paper(request, record, on=today)
    messages.info(request, "Your organisation has endorsed it already, or is not one of those who are asked")
    return redirect(record)


def endorse_for_own(request, record, posts, *, on):
    form = OwnEndorsementForm(request.POST or None, posts=posts, cancel_url=record.get_absolute_url())
    if form.is_valid():
        post = form.cleaned_data["post"]
        given = {"name": request.user.name, "post_title": post.title, "endorsed_on": on}
        return keep_endorsement(request, record, post.organisation, given, on=on)
    context = {"record": record, "form": form, "crumbs": crumbs_of(record, "Endorse")}
    return render(request, "partnership/arrangements_endorse.html", context, status=form.status)


def endorse_on_paper(request, record, *, on):
    form = PaperEndorsementForm(request.POST or None, arrangements=record, on=on, cancel_url=record.get_absolute_url())
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("name", "post_title", "endorsed_on")}
        return keep_endorsement(request, record, form.cleaned_data["organisation"], given, on=on)
    lede = "What a lead representative has signed on paper. Those with an account can also endorse it here themselves."
    return form_page(request, form, crumbs_of(record, "Keep a signed endorsement"), lede=lede)


def keep_endorsement(request, record, organisation, given, *, on):
    return done(
        request,
        record,
        lambda: process.endorse(record, organisation=organisation, by=request.user, on=on, **given),
        f"Endorsed for {organisation}",
    )


# Publishing


@may_be_written
def publish(request, pk):
    """Say what publishing means and who is missing; then freeze exactly this document."""
    record = get_permitted(request.user, Arrangements, "publish", pk=pk)
    if record.is_published and request.method == "POST":
        file = record.published_file
        crumbs = crumbs_of(record, "Publish")
        return published_first(request, record, by=file.published_by, at=record.published_at, crumbs=crumbs)
    if not record.is_endorsing:
        words = "It is published already" if record.is_published else "Send it for endorsement first"
        messages.info(request, words)
        return redirect(record)
    today = timezone.localdate()
    waiting = list(waiting_partners(record, on=today))
    given = request.POST if request.method == "POST" else None  # it may have nothing to ask
    form = PublishForm(given, waiting=waiting, cancel_url=record.get_absolute_url())
    if form.is_valid():
        without = form.cleaned_data.get("without", "")
        return done(
            request,
            record,
            lambda: process.publish_arrangements(record, without=without, by=request.user, at=timezone.now(), on=today),
            "Published. The file can never change; a correction is the next version",
        )
    context = {
        "record": record,
        "form": form,
        "waiting": waiting,
        "endorsements": record.endorsements.select_related("organisation"),
        "document": Document.objects.defer("content").get(pk=record.document_id),
        "crumbs": crumbs_of(record, "Publish"),
    }
    return render(request, "partnership/arrangements_publish.html", context, status=form.status)


# What everyone reads


@login_not_required
@require_safe
def public_arrangements(request, slug):
    """What is in force, what changed and why, who stands behind it, and how disputes are settled."""
    partnership = find_partnership(slug)
    today = timezone.localdate()
    published = Arrangements.objects.published().filter(partnership=partnership).without_bytes()
    versions = list(published.with_standing(on=today).newest_first())
    current = next((each for each in versions if each.version == each.in_force_version), None)
    coming = [each for each in versions if standing_words(each) == "Published, for later"]
    return public_page(
        request,
        partnership,
        "partnership/public_arrangements.html",
        current=current,
        changes=current.changes.all() if current else [],
        endorsements=current.endorsements.select_related("organisation") if current else [],
        coming=coming,
        earlier=[each for each in versions if each != current and each not in coming],
        steps=DisputeStep.objects.filter(partnership=partnership),
    )


def crumbs(*here):
    return [("Arrangements", reverse("partnership:arrangements-list")), *here]


def crumbs_of(record, here):
    return crumbs((str(record), record.get_absolute_url()), (here, None))


def form_page(request, form, here, lede=""):
    context = {"form": form, "crumbs": here, "heading": here[-1][0], "lede": lede}
    return render(request, FORM_PAGE, context, status=form.status)
