"""The page on which a school answers: by the signed link without an account, or typed in by the office from paper.

Nothing of it is changed by a GET. Without a script the page is one form; with one each answer is saved as it is given.
"""

from http import HTTPStatus

import pghistory
from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assurance.models import SchoolReturn
from assurance.schools.answering import (
    CannotTake,
    Kind,
    TakesNoAnswer,
    Typed,
    choices_of,
    last_answers,
    open_return,
    said_in_words,
    save_all,
    save_answer,
    submit,
    unanswered,
)
from assurance.schools.forms import SignForm
from assurance.schools.links import LinkIsOver, return_of_token
from assurance.views.school_returns import lines_of
from assurance.views.school_surveys import survey_crumbs
from partnership.access import get_permitted
from partnership.refusals import ChangedMeanwhile
from partnership.throttling import is_too_often
from partnership.whole_numbers import whole_number
from plans.link_views import private, without_its_address

# From one address in ten minutes. Many schools share one, so what is typed has much room; what proves nothing has not.
BAD_LINKS, SAVINGS = 60, 6_000


class Line:
    """One question as the page shows it."""

    def __init__(self, question, answer, last, *, save_url=""):
        self.question, self.save_url = question, save_url
        self.choices = choices_of(question)
        self.value = answer.value if answer else ""
        self.text = answer.text if answer else ""
        self.seen = answer.version if answer else 0
        self.last = last
        self.last_words = said_in_words(last.question, last.value) if last else ""
        self.problem, self.theirs, self.theirs_words = "", None, ""

    @property
    def is_number(self):
        return not self.choices and self.question.kind != Kind.TEXT

    @property
    def is_answered(self):
        return bool(self.text if self.question.kind == Kind.TEXT else self.value)

    def take(self, typed):
        """Show what was typed, and what is wrong with it or who was first."""
        self.value, self.text, self.problem = typed.value, typed.text, typed.problem
        if typed.theirs:
            self.theirs, self.seen = typed.theirs, typed.theirs.version
            self.theirs_words = said_in_words(self.question, typed.theirs.value)


def questions_of(record):
    return list(record.survey.questions.select_related("scale", "standard").prefetch_related("scale__points"))


def lines_to_answer(record, questions, *, save_url):
    answers = {answer.question_id: answer for answer in record.answers.all()}
    last = last_answers(record, questions)
    return [
        Line(
            question,
            answers.get(question.pk),
            last.get(question.pk),
            save_url=save_url.replace("/0/", f"/{question.pk}/"),
        )
        for question in questions
    ]


def typed_of(data, questions):
    """What came from the page for each question that was on it."""
    found = []
    for question in questions:
        name = f"text-{question.pk}"
        if name in data or f"value-{question.pk}" in data:
            found.append(
                Typed(question, data.get(f"value-{question.pk}", ""), data.get(name, ""), seen_of(data, question))
            )
    return found


def seen_of(data, question):
    return whole_number(data.get(f"seen-{question.pk}"), otherwise=0)


# By the link


def no_such_link(request):
    if is_too_often(request, "school-links-bad", BAD_LINKS):
        return render(request, "429.html", status=429)
    return render(request, "assurance/school_answer_over.html", status=404)


def over(request, record):
    """A sentence why, and whom to ask. 410: it was there once."""
    context = {"record": record, "survey": record.survey, "partnership": record.survey.partnership}
    return render(request, "assurance/school_answer_over.html", context, status=410)


def by_link(view):
    """``view(request, record, token=…)`` for the return that the link opens."""

    def answer(request, token, **kwargs):
        try:
            record = return_of_token(token)
        except LinkIsOver as ended:
            return over(request, ended.record)
        if record is None:
            return no_such_link(request)
        if request.method == "POST" and is_too_often(request, "school-answers", SAVINGS):
            return render(request, "429.html", status=429)
        with pghistory.context(school_link=str(record.pk)):
            return view(request, record, token=token, **kwargs)

    return answer


@without_its_address
@require_http_methods(["GET", "HEAD", "POST"])
@private
@by_link
def answer(request, record, token):
    """The questions; once submitted, the answers to keep or print."""
    if record.submitted_at:
        return render(request, "assurance/school_answer_done.html", context_of(record) | {"lines": lines_of(record)})
    save_url = reverse("assurance:school-answer-save", args=[token, 0])
    page = reverse("assurance:school-answer", args=[token])
    return answer_page(request, record, "assurance/school_answer.html", save_url=save_url, page=page)


def context_of(record):
    return {"record": record, "survey": record.survey, "partnership": record.survey.partnership}


def answer_page(request, record, template, *, page, save_url="", by=None, more=None):
    """Show the questions, or keep what came from them and submit it. ``by``: who types it in from paper."""
    questions = questions_of(record)
    lines = lines_to_answer(record, questions, save_url=save_url)
    form = SignForm(request.POST if "submit" in request.POST else None, initial={"answered_by": record.answered_by})
    status, missing = HTTPStatus.OK, []
    if request.method == "POST":
        typed = typed_of(request.POST, questions)
        repeat_last(request.POST, lines, typed)
        now = timezone.now()
        try:
            is_kept = save_all(record, typed, at=now)
            if is_kept and "submit" not in request.POST:
                return saved(request, page)
            missing = unanswered(record, questions) if is_kept else []
            if is_kept and not missing and form.is_valid():
                submit(record, answered_by=form.cleaned_data["answered_by"], at=now, typed_in_by=by)
                messages.success(request, "The answers are submitted. Thank you")
                return redirect(record if by else page)
        except TakesNoAnswer as refusal:
            messages.error(request, str(refusal))
            return redirect(record if by else page)
        lines = lines_to_answer(record, questions, save_url=save_url)
        status = mark(lines, typed, missing)
    context = context_of(record) | (more or {})
    context |= {
        "lines": lines,
        "form": form,
        "page": page,
        "answered_count": sum(line.is_answered for line in lines),
        "wrong": [line for line in lines if line.problem or line.theirs],
    }
    return render(request, template, context, status=status)


def saved(request, page):
    messages.success(request, "Saved. Come back by the same link, and submit when all is answered")
    return redirect(page)


def repeat_last(data, lines, typed):
    """“Still true”: last year's answer stands for this one, as if it had been typed."""
    line = next((line for line in lines if f"still-{line.question.pk}" in data and line.last), None)
    if line:
        each = next((each for each in typed if each.question == line.question), None)
        if each:
            each.value, each.text = line.last.value, line.last.text


def mark(lines, typed, missing):
    """Show what could not be kept as it was typed, with what is wrong; gives the status of the page."""
    by_question = {each.question.pk: each for each in typed}
    for line in lines:
        each = by_question.get(line.question.pk)
        if each and (each.problem or each.theirs):
            line.take(each)
        if line.question in missing:
            line.problem = "Choose an answer." if line.choices else "Answer this question."
    return HTTPStatus.CONFLICT if any(line.theirs for line in lines) else HTTPStatus.UNPROCESSABLE_ENTITY


@without_its_address
@require_POST
@private
@by_link
def save(request, record, token, question_pk):
    """One answer, as it is typed: 200 with its version, 409 with theirs, 422 with what to do."""
    question = next((question for question in questions_of(record) if question.pk == question_pk), None)
    if question is None:
        raise Http404
    now = timezone.now()
    [typed] = typed_of(request.POST, [question]) or [Typed(question, "", "", seen_of(request.POST, question))]
    try:
        kept = save_answer(record, question, value=typed.value, text=typed.text, seen=typed.seen, at=now)
        open_return(record, at=now)
    except TakesNoAnswer as refusal:
        return JsonResponse({"problem": str(refusal)}, status=HTTPStatus.GONE)
    except CannotTake as problem:
        return JsonResponse({"problem": str(problem)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except ChangedMeanwhile as meanwhile:
        theirs = meanwhile.there
        return JsonResponse(
            {
                "version": theirs.version,
                "value": theirs.value,
                "words": said_in_words(question, theirs.value),
                "text": theirs.text,
            },
            status=HTTPStatus.CONFLICT,
        )
    return JsonResponse({"version": kept.version, "saved": f"{timezone.localtime(now):%H:%M}"})


# From paper


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request, pk):
    """The office types in what a school answered on paper or by telephone."""
    record = get_permitted(request.user, SchoolReturn, "change", pk=pk)
    if record.submitted_at or record.excused_on or record.survey.closed_on:
        messages.info(request, "This school’s answers can no longer be typed in")
        return redirect(record)
    page = reverse("assurance:school-return-paper", args=[record.pk])
    trail = survey_crumbs(record.survey, (record.school.name, record.get_absolute_url()), ("From paper", None))
    more = {"crumbs": trail, "is_paper": True}
    return answer_page(request, record, "assurance/school_answer_paper.html", page=page, by=request.user, more=more)


patterns = [
    path("schools/answer/<str:token>/", answer, name="school-answer"),
    path("schools/answer/<str:token>/save/<int:question_pk>/", save, name="school-answer-save"),
    path("schools/returns/<uuid:pk>/paper/", paper, name="school-return-paper"),
]
