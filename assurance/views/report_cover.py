"""The cover report of a consultation: its headings and words, and its files."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.annual import cover as covers
from assurance.annual.cover_facts import draft_of
from assurance.annual.cover_forms import CoverForm, CoverSectionForm
from assurance.models import CoverBuild, CoverReport, CoverSection, ReportConsultation
from assurance.printed import as_objects, counted
from assurance.tasks import build_cover
from assurance.views.registers import form_page
from partnership.access import get_permitted, may
from partnership.downloads import as_attachment
from plans.documents import WORD

GET_OR_POST = ["GET", "HEAD", "POST"]


def crumbs(cover, *here):
    consultation = cover.consultation
    rest = [each if isinstance(each, tuple) else (each, None) for each in here]
    return [
        ("Reports", reverse("assurance:report-list")),
        (consultation.name, consultation.get_absolute_url()),
        ("Cover report", cover.get_absolute_url() if here else None),
        *rest,
    ]


def find(user, verb, pk):
    return get_permitted(user, CoverReport, verb, pk=pk)


def find_section(cover, pk):
    section = get_object_or_404(cover.sections, pk=pk)
    section.cover = cover
    return section


@require_POST
def begin(request, pk):
    """Begin it, or go to the one that is there. Members are asked without one."""
    consultation = get_permitted(request.user, ReportConsultation, "run", pk=pk)
    if consultation.audience == ReportConsultation.Audience.MEMBERS:
        raise Http404
    return redirect(covers.begin_cover(consultation, by=request.user, at=timezone.now()))


@require_safe
def detail(request, pk):
    """As it would be printed today, each heading with a way to its words."""
    cover = find(request.user, "view", pk)
    content = as_objects(covers.cover_content(cover, on=timezone.localdate()))
    sections = list(cover.sections.all())
    context = {
        "cover": cover,
        "report": content,
        "sections": list(zip(sections, content.sections, strict=True)),
        "empty_count": sum(not section.words.strip() for section in sections),
        "may_change": may(request.user, "change", cover),
        "build": cover.builds.without_bytes().select_related("requested_by").first(),
        "crumbs": crumbs(cover),
    }
    return render(request, "assurance/cover_detail.html", context)


@require_http_methods(GET_OR_POST)
def change(request, pk):
    cover = find(request.user, "change", pk)
    form = CoverForm(request.POST or None, instance=cover, cancel_url=cover.get_absolute_url())
    if form.is_valid():
        form.save()
        messages.success(request, "The title is saved")
        return redirect(cover)
    return form_page(request, form, title="Title and author", crumbs=crumbs(cover, "Title and author"))


@require_POST
def draft(request, pk):
    """What the records know, under headings that are empty."""
    number = covers.draft_again(find(request.user, "change", pk))
    if number:
        messages.success(request, f"{counted(number, 'empty heading')} filled from the records. Read what stands there")
    else:
        messages.info(
            request, "The records say nothing for the headings that are empty. Words that stand are left alone"
        )
    return redirect("assurance:cover-detail", pk)


# Headings


@require_http_methods(GET_OR_POST)
def change_section(request, pk, section_pk):
    """One heading and its words, beside what the records say today; ``take`` puts that below the words typed."""
    cover = find(request.user, "change", pk)
    section = find_section(cover, section_pk)
    drafted = draft_of(cover, section.heading)
    form = CoverSectionForm(request.POST or None, instance=section, cancel_url=section.get_absolute_url())
    if form.is_valid():
        is_taken = request.POST.get("act") == "take"
        if is_taken and drafted and drafted not in form.instance.words:
            form.instance.words = f"{form.instance.words.rstrip()}\n\n{drafted}".strip()
        section = form.save()
        messages.success(request, "Put below your words" if is_taken else "The section is saved")
        return redirect("assurance:cover-section-change", pk, section_pk) if is_taken else redirect(section)
    context = {
        "form": form,
        "cover": cover,
        "section": section,
        "drafted": drafted,
        "is_in": drafted in str(form["words"].value()).replace("\r\n", "\n"),
        "crumbs": crumbs(cover, section.heading),
    }
    return render(request, "assurance/cover_section.html", context, status=form.status)


@require_http_methods(GET_OR_POST)
def add_section(request, pk):
    cover = find(request.user, "change", pk)
    form = CoverSectionForm(
        request.POST or None, instance=CoverSection(cover=cover), cancel_url=cover.get_absolute_url()
    )
    if form.is_valid():
        section = covers.add_section(cover, **form.cleaned_data)
        messages.success(request, "The heading is added at the end")
        return redirect(section)
    return form_page(request, form, title="Add a heading", crumbs=crumbs(cover, "Add a heading"))


@require_POST
def move_section(request, pk, section_pk):
    cover = find(request.user, "change", pk)
    section = find_section(cover, section_pk)
    covers.move_section(section, up=request.POST.get("to") == "up")
    return redirect(section)


@require_POST
def remove_section(request, pk, section_pk):
    cover = find(request.user, "change", pk)
    section = cover.sections.filter(pk=section_pk).first()
    if section:
        covers.remove_section(section)
        messages.success(request, f"“{section.heading}” is taken out. Its words stay in the history")
    return redirect(cover)


# Files


@require_POST
def make(request, pk):
    """Ask the worker for the files; the page that follows shows how far it is."""
    cover = find(request.user, "change", pk)
    build = covers.request_cover_build(cover, by=request.user)
    key = str(build.pk)
    transaction.on_commit(lambda: build_cover.delay(key), robust=True)
    return redirect(build)


@require_safe
def build_detail(request, pk):
    """How far the files are; htmx asks for the moving part alone, once a second, until it is done."""
    build = get_permitted(request.user, CoverBuild, "view", pk=pk)
    context = {"build": build, "cover": build.cover, "crumbs": crumbs(build.cover, "PDF and Word")}
    part = "#progress" if request.htmx else ""
    return render(request, f"assurance/cover_build.html{part}", context)


@require_safe
def pdf(request, pk):
    build = get_permitted(request.user, CoverBuild, "view", pk=pk)
    return as_attachment(build.pdf, f"{stem(build)}.pdf") if build.is_done else redirect(build)


@require_safe
def word(request, pk):
    build = get_permitted(request.user, CoverBuild, "view", pk=pk)
    return as_attachment(build.word, f"{stem(build)}.docx", WORD) if build.is_done else redirect(build)


def stem(build):
    return f"cover-report-{build.cover.report.years.replace('–', '-')}"


patterns = [
    path("report-consultations/<int:pk>/cover/", begin, name="cover-begin"),
    path("report-covers/<int:pk>/", detail, name="cover-detail"),
    path("report-covers/<int:pk>/change/", change, name="cover-change"),
    path("report-covers/<int:pk>/draft/", draft, name="cover-draft"),
    path("report-covers/<int:pk>/sections/add/", add_section, name="cover-section-add"),
    path("report-covers/<int:pk>/sections/<int:section_pk>/", change_section, name="cover-section-change"),
    path("report-covers/<int:pk>/sections/<int:section_pk>/move/", move_section, name="cover-section-move"),
    path("report-covers/<int:pk>/sections/<int:section_pk>/remove/", remove_section, name="cover-section-remove"),
    path("report-covers/<int:pk>/make/", make, name="cover-make"),
    path("report-covers/builds/<uuid:pk>/", build_detail, name="cover-build"),
    path("report-covers/builds/<uuid:pk>/cover-report.pdf", pdf, name="cover-pdf"),
    path("report-covers/builds/<uuid:pk>/cover-report.docx", word, name="cover-word"),
]
