"""Papers of agenda items, and the board packs made of them."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnership.access import get_permitted, may
from partnership.downloads import as_attachment
from partnership.meetings import may_still_be_written
from partnership.models import AgendaItem, BoardPack, Meeting, Paper
from partnership.pack_forms import PaperForm
from partnership.packs import request_pack
from partnership.papers import look_at, same_elsewhere, shift_paper, take_paper, withdraw_paper
from partnership.tasks import build_pack
from partnership.uploads import UnreadableFile

CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def crumbs_to(meeting, *more):
    group = meeting.group
    return [
        ("Groups", reverse("partnership:group-list")),
        (group.name, group.get_absolute_url()),
        (f"{meeting.meets_on:%-d %B %Y}", meeting.get_absolute_url()),
        *more,
    ]


def crumbs_of(item, here):
    """Where an item's page is: below its meeting, or below its group while it is on the forward plan."""
    if item.meeting:
        return crumbs_to(item.meeting, (here, None))
    group = item.group
    return [
        ("Groups", reverse("partnership:group-list")),
        (group.name, group.get_absolute_url()),
        ("Forward plan", reverse("partnership:forward-plan", args=[group.pk])),
        (here, None),
    ]


# Papers


@require_http_methods(["GET", "HEAD", "POST"])
def add_paper(request, pk):
    """Bring a paper; those that are there already can be put in order or withdrawn."""
    item = get_permitted(request.user, AgendaItem, "add_paper", pk=pk)
    try:
        if item.meeting:
            may_still_be_written(item.meeting)
    except ValidationError as refusal:
        messages.info(request, refusal.message)
        return redirect(item)
    form = PaperForm(request.POST or None, request.FILES or None, cancel_url=item.get_absolute_url())
    if form.is_valid() and keep_paper(request, item, form):
        return redirect(item)
    papers = item.papers.filter(withdrawn_at=None).select_related("document", "added_by").defer("document__content")
    context = {
        "item": item,
        "form": form,
        "papers": list(papers),
        "may_change": may(request.user, "change", item),
        "crumbs": crumbs_of(item, "Add a paper"),
    }
    return render(request, "partnership/paper_add.html", context, status=form.status)


def keep_paper(request, item, form):
    """Whether the paper is with its item now; what is wrong with the file is said at its field."""
    upload = form.cleaned_data["file"]
    try:
        content, remark = look_at(upload)
        paper, is_new = take_paper(
            item, title=form.cleaned_data["title"], filename=upload.name, content=content, by=request.user
        )
    except UnreadableFile as refusal:
        form.add_error("file", str(refusal))
        return False
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    if not is_new:
        messages.info(request, f"This file is there already, as “{paper.title}”, so nothing was added")
        return True
    messages.success(request, f"“{paper.title}” is with the item. {remark}".strip())
    elsewhere = same_elsewhere(paper)
    if elsewhere:
        messages.info(request, f"The same file is also with the item “{elsewhere.title}”")
    return True


@require_safe
def paper_download(request, pk):
    """The paper as it was brought. One that was withdrawn is for those who run the group alone."""
    paper = get_permitted(request.user, Paper, "view", pk=pk)
    if paper.withdrawn_at and not may(request.user, "change", paper):
        raise Http404
    document = paper.document
    kind = next((kind for ending, kind in CONTENT_TYPES.items() if document.filename.lower().endswith(ending)), None)
    return as_attachment(document.content, document.filename, kind or "application/octet-stream")


@require_POST
def withdraw(request, pk):
    """The paper is kept, and is in no pack from now on."""
    paper = get_permitted(request.user, Paper, "change", pk=pk)
    if withdraw_paper(paper, at=timezone.now()):
        messages.success(request, f"“{paper.title}” is withdrawn. Packs that were made stay as they are")
    else:
        messages.info(request, f"“{paper.title}” was withdrawn already")
    return redirect(paper.item)


@require_POST
def move_paper(request, pk):
    """One place earlier, or with ``to=later`` one later."""
    paper = get_permitted(request.user, Paper, "change", pk=pk)
    shift_paper(paper, up=request.POST.get("to") != "later")
    return redirect("partnership:paper-add", paper.item_id)


# Packs


@require_http_methods(["GET", "HEAD", "POST"])
def pack_list(request, pk):
    """The packs of a meeting; a POST asks the worker for one more."""
    meeting = get_permitted(request.user, Meeting, "view", pk=pk)
    if request.method == "POST":
        pack = request_pack(meeting, by=request.user)
        transaction.on_commit(partial(build_pack.delay, str(pack.pk)))
        return redirect(pack)
    packs = list(meeting.packs.without_bytes().select_related("requested_by"))
    papers = Paper.objects.filter(item__meeting=meeting, withdrawn_at=None)
    newest = packs[0] if packs else None
    context = {
        "meeting": meeting,
        "packs": packs,
        "under_way": next((pack for pack in packs if pack.is_under_way), None),
        "item_count": meeting.items.count(),
        "paper_count": papers.count(),
        "newer_count": papers.filter(added_at__gt=newest.requested_at).count() if newest else 0,
        "awaited": meeting.items.filter(needs_paper=True).exclude(papers__in=papers),
        "crumbs": crumbs_to(meeting, ("Board packs", None)),
    }
    return render(request, "partnership/pack_list.html", context)


@require_safe
def pack_detail(request, pk):
    """How far a pack is; htmx asks for the moving part alone, once a second, until it is done."""
    pack = get_permitted(request.user, BoardPack, "view", pk=pk)
    meeting = pack.meeting
    listed = ("Board packs", reverse("partnership:pack-list", args=[meeting.pk]))
    context = {"pack": pack, "meeting": meeting, "crumbs": crumbs_to(meeting, listed, ("Pack", None))}
    part = "#progress" if request.htmx else ""
    return render(request, f"partnership/pack_detail.html{part}", context)


@require_safe
def pack_pdf(request, pk):
    pack = get_permitted(request.user, BoardPack, "view", pk=pk)
    return as_attachment(pack.pdf, filename_of(pack, "pdf")) if pack.is_done else redirect(pack)


@require_safe
def pack_word(request, pk):
    pack = get_permitted(request.user, BoardPack, "view", pk=pk)
    if not pack.is_done or pack.word is None:
        return redirect(pack)
    return as_attachment(pack.word, filename_of(pack, "docx"), CONTENT_TYPES[".docx"])


def filename_of(pack, ending):
    """ "executive-2027-03-09-board-pack.pdf"."""
    meeting = pack.meeting
    return f"{slugify(meeting.title or meeting.group.name)[:80]}-{meeting.meets_on}-board-pack.{ending}"
