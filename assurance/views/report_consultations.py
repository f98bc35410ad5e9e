"""Consultations on a draft of the annual report: opened, read, commented on, answered, closed."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.annual import consulting
from assurance.annual.comment_lists import CommentExport, CommentFilter, CommentTable
from assurance.annual.consulting_forms import (
    AnswerForm,
    CommentForm,
    ConsultationChangeForm,
    ConsultationForm,
    EntryChangeForm,
    EntryForm,
)
from assurance.models import AnnualReport, ConsultationComment, ReportBuild, ReportConsultation
from assurance.printed import as_objects, counted
from assurance.views.registers import form_page
from partnership.access import get_permitted, may
from partnership.downloads import as_attachment
from partnership.lists import RecordList
from partnership.refusals import NotNow
from partnership.whole_numbers import whole_number

GET_OR_POST = ["GET", "HEAD", "POST"]
Audience = ReportConsultation.Audience


def crumbs(consultation, *here):
    """From the list of reports on. Who was asked and reads no drafts has no page of the report to go back to."""
    rest = [each if isinstance(each, tuple) else (each, None) for each in here]
    return [
        ("Reports", reverse("assurance:report-list")),
        (str(consultation.name), consultation.get_absolute_url() if here else None),
        *rest,
    ]


def crumbs_of_report(report, *here):
    listed = reverse("assurance:consultation-list", args=[report.pk])
    rest = [each if isinstance(each, tuple) else (each, None) for each in here]
    return [
        ("Reports", reverse("assurance:report-list")),
        (str(report), report.get_absolute_url()),
        ("Consultation", listed if here else None),
        *rest,
    ]


def find(user, verb, pk):
    return get_permitted(user, ReportConsultation, verb, pk=pk)


def done(form, act):
    """Do it, where the form is right and it can be done now; gives whether. A refusal stands above the form."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            act()
    except NotNow as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


# The office opens, changes, closes


@require_safe
def consultation_list(request, pk):
    """Everybody who was asked about this report, and what came of it."""
    report = get_permitted(request.user, AnnualReport, "view", pk=pk)
    consultations = report.consultations.with_counts().select_related("build", "cover").defer(*BYTES)
    context = {
        "report": report,
        "consultations": consultations,
        "may_open": may(request.user, "change", report),
        "has_proof": report.builds.done().exists(),
        "today": timezone.localdate(),
        "crumbs": crumbs_of_report(report),
    }
    return render(request, "assurance/consultation_list.html", context)


BYTES = [f"build__{name}" for name in ("pdf", "content", "word", "summary")]


@require_http_methods(GET_OR_POST)
def open_consultation(request, pk):
    report = get_permitted(request.user, AnnualReport, "change", pk=pk)
    listed = reverse("assurance:consultation-list", args=[report.pk])
    builds = report.builds.done().without_bytes()
    if not builds.exists():
        messages.info(request, "Make the PDF first: a consultation is about a finished proof, which stays as it is.")
        return redirect(listed)
    form = ConsultationForm(
        request.POST or None,
        instance=ReportConsultation(report=report),
        builds=builds,
        on=timezone.localdate(),
        initial={"audience": Audience.MEMBERS},
        cancel_url=listed,
    )
    made = []

    def act():
        made[:] = consulting.open_consultation(report, by=request.user, at=timezone.now(), **form.cleaned_data)

    if done(form, act):
        consultation, is_new = made
        words = "The consultation is open" if is_new else "This consultation is open already"
        if is_new and consultation.audience == Audience.MEMBERS:
            words += ". Members see it on My work and are reminded"
        messages.success(request, words)
        return redirect(consultation)
    return form_page(
        request,
        form,
        title="Open a consultation",
        crumbs=crumbs_of_report(report, "Open a consultation"),
        lede=f"On the draft of {report}. Whoever is asked reads one proof; you go on writing meanwhile.",
    )


@require_http_methods(GET_OR_POST)
def change_consultation(request, pk):
    consultation = find(request.user, "run", pk)
    form = ConsultationChangeForm(
        request.POST or None,
        instance=consultation,
        on=timezone.localdate(),
        cancel_url=consultation.get_absolute_url(),
    )
    if form.is_valid():
        form.save()
        messages.success(request, "The consultation is saved")
        return redirect(consultation)
    return form_page(request, form, title="Change the consultation", crumbs=crumbs(consultation, "Change"))


@require_POST
def close(request, pk):
    """Close it, or say which comments still have no answer."""
    consultation = find(request.user, "run", pk)
    try:
        consulting.close_consultation(consultation, at=timezone.now())
    except NotNow as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('assurance:consultation-comments', args=[pk])}?answered=no")
    messages.success(request, "The consultation is closed. Everybody who was asked sees all comments and answers now")
    return redirect(consultation)


# Whoever is asked reads


@require_safe
def detail(request, pk):
    """What is asked, until when, the draft, and what this person said; for the office what waits."""
    user, today = request.user, timezone.localdate()
    consultation = find(user, "view", pk)
    own = ConsultationComment.objects.visible_to(user).filter(consultation=consultation).for_list()
    reads_all = may(user, "view", consultation.report) or consultation.closed_at is not None
    counts = ReportConsultation.objects.with_counts().get(pk=consultation.pk)
    earlier = consultation.report.consultations.filter(opened_at__lt=consultation.opened_at)
    context = {
        "consultation": consultation,
        "report": consultation.report,
        "build": ReportBuild.objects.without_bytes().get(pk=consultation.build_id),
        "counts": counts,
        "own": with_rights(own.filter(made_by=user) if reads_all else own, user),
        "reads_all": reads_all,
        "reads_report": may(user, "view", consultation.report),
        "may_comment": may(user, "comment", consultation),
        "may_enter": may(user, "enter", consultation),
        "may_run": may(user, "run", consultation),
        "may_reopen": consultation.closed_at is not None and may(user, "reopen", consultation),
        "cover": getattr(consultation, "cover", None),
        "is_of_committee": consultation.audience != Audience.MEMBERS,
        "earlier": earlier.exclude(build=consultation.build_id).select_related("build").defer(*BYTES).last(),
        "today": today,
        "is_over": today > consultation.closes_on,
        "crumbs": crumbs(consultation),
    }
    return render(request, "assurance/consultation_detail.html", context)


def with_rights(comments, user):
    """``comments`` (``for_list``), each with ``may_change``."""
    found = list(comments)
    for comment in found:
        comment.may_change = may(user, "change", comment)
    return found


@require_safe
def proof(request, pk):
    """The very bytes that the consultation is about, for whoever is asked."""
    consultation = find(request.user, "view", pk)
    name = f"{consultation.report.filename_stem}-draft.pdf"
    return as_attachment(consultation.build.pdf, name)


@require_safe
def draft(request, pk):
    """The same proof as a page, with a way to comment on each section."""
    consultation = find(request.user, "view", pk)
    content = consultation.build.content
    context = {
        "consultation": consultation,
        "record": consultation.report,
        "report": as_objects(content) if content else None,
        "sections": consultation.report.sections.all(),
        "may_comment": may(request.user, "comment", consultation),
        "crumbs": crumbs(consultation, "The draft"),
    }
    return render(request, "assurance/consultation_draft.html", context)


class CommentList(RecordList):
    """Every comment that this person may read, and what was done."""

    table_class, filterset_class = CommentTable, CommentFilter
    template_name = "assurance/consultation_comments.html"
    export_name = "comments"

    def get_queryset(self):
        self.consultation = find(self.request.user, "view", self.kwargs["pk"])
        return (
            ConsultationComment.objects.visible_to(self.request.user).filter(consultation=self.consultation).for_list()
        )

    def get_table_class(self):
        return CommentExport if self.request.GET.get(self.export_trigger_param) else CommentTable

    def get_table_kwargs(self):
        user, consultation = self.request.user, self.consultation
        own = ConsultationComment.objects.filter(consultation=consultation, answered_at=None)
        if not (may(user, "enter", consultation) and consultation.audience != Audience.MEMBERS):
            own = own.of_side(user)
        return {
            "may_answer": may(user, "enter", consultation),
            "may_change": frozenset() if consultation.closed_at else frozenset(own.values_list("pk", flat=True)),
        }

    def get_filterset_kwargs(self, filterset_class):
        return super().get_filterset_kwargs(filterset_class) | {"consultation": self.consultation}

    def get_context_data(self, **kwargs):
        consultation = self.consultation
        user = self.request.user
        return super().get_context_data(
            consultation=consultation,
            may_run=may(user, "run", consultation),
            may_comment=may(user, "comment", consultation),
            may_enter=may(user, "enter", consultation),
            reads_all=may(user, "view", consultation.report) or consultation.closed_at is not None,
            unanswered=self.object_list.unanswered().count(),
            crumbs=crumbs(consultation, "Comments"),
            **kwargs,
        )


# Comments


@require_http_methods(GET_OR_POST)
def add_comment(request, pk):
    """Say what one thinks. Once it is closed the words come back with where to send them."""
    consultation = find(request.user, "speak", pk)
    if consultation.closed_at and request.method != "POST":
        return too_late(request, consultation)
    today = timezone.localdate()
    form = CommentForm(
        request.POST or None,
        instance=ConsultationComment(consultation=consultation),
        user=request.user,
        on=today,
        initial={"section": whole_number(request.GET.get("section"))},
        cancel_url=consultation.get_absolute_url(),
    )

    def act():
        organisation = form.cleaned_data.get("organisation")
        consulting.add_comment(
            consultation,
            section=form.cleaned_data["section"],
            words=form.cleaned_data["words"],
            organisation=organisation,
            said_by=consulting.said_by_person(request.user, organisation),
            by=request.user,
            at=timezone.now(),
        )

    if done(form, act):
        messages.success(request, "Thank you. The business office will answer your comment")
        return redirect(f"{consultation.get_absolute_url()}#own")
    context = {
        "consultation": consultation,
        "form": form,
        "is_late": today > consultation.closes_on,
        "said": consultation.comments.of_side(request.user).for_list(),
        "crumbs": crumbs(consultation, "Comment"),
    }
    return render(request, "assurance/comment_form.html", context, status=form.status)


def too_late(request, consultation):
    messages.info(request, "The consultation is closed. Its comments and answers stand here")
    return redirect(consultation)


@require_http_methods(GET_OR_POST)
def enter_comments(request, pk):
    """The office writes down what a committee or others said, several comments at once."""
    consultation = find(request.user, "run", pk)
    if consultation.closed_at and request.method != "POST":
        return too_late(request, consultation)
    form = EntryForm(
        request.POST or None,
        consultation=consultation,
        on=timezone.localdate(),
        initial={"said_by": consultation.name if consultation.audience != Audience.MEMBERS else ""},
        cancel_url=consultation.get_absolute_url(),
    )
    made = []

    def act():
        made.append(consulting.enter_comments(consultation, by=request.user, at=timezone.now(), **form.cleaned_data))

    if done(form, act):
        number = made[0]
        there = len(form.cleaned_data["lines"]) - number
        words = f"{counted(number, 'comment')} entered" + (f". {there} of them stood there already" if there else "")
        messages.success(request, words)
        return redirect("assurance:consultation-comments", consultation.pk)
    lede = "For those who have no account here. Whoever has one comments themselves."
    return form_page(request, form, title="Enter comments", crumbs=crumbs(consultation, "Enter comments"), lede=lede)


@require_http_methods(GET_OR_POST)
def change_comment(request, pk):
    """Other words in its place. What was answered or closed meanwhile comes back with the words typed."""
    user = request.user
    comment = get_permitted(user, ConsultationComment, "mend", pk=pk)
    consultation = comment.consultation
    if request.method != "POST" and not may(user, "change", comment):
        messages.info(request, "This comment has been answered, and stays as it was read")
        return redirect(comment)
    options = {"instance": comment, "on": timezone.localdate(), "cancel_url": comment.get_absolute_url()}
    is_entered = may(user, "run", consultation)
    kind = EntryChangeForm if is_entered else partial(CommentForm, user=user)
    form = kind(request.POST or None, **options)
    form.submit_label = "Save the comment"

    def act():
        answers = {"organisation": None, **form.cleaned_data}
        if not is_entered:
            answers["said_by"] = consulting.said_by_person(user, answers["organisation"])
        consulting.change_comment(comment, **answers)

    if done(form, act):
        messages.success(request, "The comment is saved")
        return redirect(comment)
    context = {
        "comment": comment,
        "form": form,
        "crumbs": crumbs(consultation, ("Comments", comments_of(consultation)), "Change"),
    }
    return render(request, "assurance/comment_change.html", context, status=form.status)


@require_POST
def take_back(request, pk):
    comment = get_permitted(request.user, ConsultationComment, "mend", pk=pk)
    consultation = comment.consultation
    try:
        consulting.take_back(comment)
    except NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The comment is taken back")
    return redirect(consultation)


@require_http_methods(GET_OR_POST)
def answer(request, pk):
    """The office says what was done about a comment, with the section's words one press away."""
    comment = get_permitted(request.user, ConsultationComment, "answer", pk=pk)
    form = AnswerForm(request.POST or None, instance=comment, cancel_url=comment.get_absolute_url())

    def act():
        given = {name: form.cleaned_data[name] for name in ("result", "answer")}
        consulting.answer_comment(comment, by=request.user, at=timezone.now(), **given)

    if done(form, act):
        left = comment.consultation.comments.unanswered().count()
        messages.success(request, f"Your answer is kept. {left_in_words(left)}")
        return redirect(f"{comments_of(comment.consultation)}?answered=no" if left else comment.get_absolute_url())
    context = {
        "comment": comment,
        "form": form,
        "may_write": may(request.user, "change", comment.consultation.report),
        "crumbs": crumbs(comment.consultation, ("Comments", comments_of(comment.consultation)), "Answer"),
    }
    return render(request, "assurance/comment_answer.html", context, status=form.status)


@require_POST
def note(request, pk):
    """One press: noted."""
    comment = get_permitted(request.user, ConsultationComment, "answer", pk=pk)
    consulting.note_comment(comment, by=request.user, at=timezone.now())
    left = comment.consultation.comments.unanswered().count()
    messages.success(request, f"Noted. {left_in_words(left)}")
    return redirect(f"{comments_of(comment.consultation)}?answered=no" if left else comment.get_absolute_url())


def comments_of(consultation):
    return reverse("assurance:consultation-comments", args=[consultation.pk])


def left_in_words(number):
    return f"{number} more to answer" if number else "Every comment has an answer"


patterns = [
    path("reports/<int:pk>/consultations/", consultation_list, name="consultation-list"),
    path("reports/<int:pk>/consultations/open/", open_consultation, name="consultation-open"),
    path("report-consultations/<int:pk>/", detail, name="consultation-detail"),
    path("report-consultations/<int:pk>/change/", change_consultation, name="consultation-change"),
    path("report-consultations/<int:pk>/close/", close, name="consultation-close"),
    path("report-consultations/<int:pk>/draft.pdf", proof, name="consultation-proof"),
    path("report-consultations/<int:pk>/draft/", draft, name="consultation-draft"),
    path("report-consultations/<int:pk>/comments/", CommentList.as_view(), name="consultation-comments"),
    path("report-consultations/<int:pk>/comments/add/", add_comment, name="comment-add"),
    path("report-consultations/<int:pk>/comments/enter/", enter_comments, name="comment-enter"),
    path("report-comments/<int:pk>/change/", change_comment, name="comment-change"),
    path("report-comments/<int:pk>/take-back/", take_back, name="comment-take-back"),
    path("report-comments/<int:pk>/answer/", answer, name="comment-answer"),
    path("report-comments/<int:pk>/noted/", note, name="comment-note"),
]
