"""Surveys of schools: made, sent, followed, and what came of it all."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.models import School, SchoolMail, SchoolQuestion, SchoolReturn, SchoolSurvey
from assurance.schools.forms import QuestionForm, SurveyChangeForm, SurveyForm
from assurance.schools.lists import (
    SurveyFilter,
    SurveyTable,
)
from assurance.schools.results import as_dataset, results_of, turnout, weakest, words_of
from assurance.schools.surveys import (
    CannotDo,
    add_question,
    chase_survey,
    close_survey,
    copy_survey,
    last_turn,
    make_survey,
    move_question,
    remove_question,
    schools_asked,
    send_survey,
    waiting_with_address,
)
from assurance.tasks import send_school_mails_soon
from assurance.views.schools import crumbs, offices_or_refuse, wide_or_refuse
from partnership.access import get_permitted, may
from partnership.downloads import as_attachment
from partnership.lists import RecordList, SafeExport, as_workbook
from partnership.whole_numbers import whole_number

GET_OR_POST = ["GET", "HEAD", "POST"]
MOST_NAMED = 20  # schools without an address, on the survey's page

SURVEYS = "Surveys"


def survey_crumbs(survey, *more):
    here = (survey.title, survey.get_absolute_url() if more else None)
    return crumbs((SURVEYS, reverse("assurance:school-survey-list")), here, *more)


class SurveyList(RecordList):
    table_class, filterset_class = SurveyTable, SurveyFilter
    template_name = "assurance/school_survey_list.html"
    export_name = "school-surveys"

    def get(self, request, *args, **kwargs):
        wide_or_refuse(request.user)
        return super().get(request, *args, **kwargs)

    def get_queryset(self):
        return (
            SchoolSurvey.objects.visible_to(self.request.user)
            .select_related("partnership")
            .annotate(
                asked_count=Count("returns"),
                answered_count=Count("returns", filter=Q(returns__submitted_at__isnull=False)),
            )
            .order_by("-due_on", "-pk")
        )

    def get_context_data(self, **kwargs):
        is_office = bool(self.request.user.standing.office_ids)
        return super().get_context_data(crumbs=crumbs((SURVEYS, None)), is_office=is_office, **kwargs)


@require_http_methods(GET_OR_POST)
def add(request):
    partnerships = offices_or_refuse(request.user)
    form = SurveyForm(
        request.POST or None, partnerships=partnerships, cancel_url=reverse("assurance:school-survey-list")
    )
    if form.is_valid():
        survey = make_survey(**form.cleaned_data)
        messages.success(request, f"“{survey}” is made. Look through its questions, then send it")
        return redirect(survey)
    trail = crumbs((SURVEYS, reverse("assurance:school-survey-list")), ("Make one", None))
    context = {"form": form, "crumbs": trail, "heading": "Make a survey of schools"}
    return render(request, "assurance/school_form.html", context, status=form.status)


@require_safe
def detail(request, pk):
    """Before it is sent its questions; then who has not answered, by phase and area."""
    survey = get_permitted(request.user, SchoolSurvey, "view", pk=pk)
    is_office = may(request.user, "change", survey)
    context = {
        "survey": survey,
        "is_office": is_office,
        "crumbs": survey_crumbs(survey),
        "today": timezone.localdate(),
        "questions": survey.questions.select_related("scale"),
    }
    if survey.sent_on is None:
        asked = schools_asked(survey)
        context |= asked.aggregate(school_count=Count("pk"), no_address=Count("pk", filter=Q(head_email="")))
        return render(request, "assurance/school_survey_draft.html", context)
    return render(request, "assurance/school_survey.html", context | standing_of_survey(survey))


def standing_of_survey(survey):
    """What the page of a survey that was sent says of it."""
    waiting = SchoolReturn.objects.waiting().filter(survey=survey)
    no_address = School.objects.filter(returns__in=waiting, head_email="").order_by("name")
    mails = SchoolMail.objects.filter(record__survey=survey)
    counts = mails.aggregate(
        leaving=Count("pk", filter=Q(sent_at=None, problem="") & ~Q(address="")),
        sent=Count("pk", filter=Q(sent_at__isnull=False) & ~Q(address="")),
        refused=Count("pk", filter=~Q(problem="") & Q(record__submitted_at=None, claimed_at__isnull=False)),
    )
    asked_since = schools_asked(survey).exclude(returns__survey=survey)
    can_be_asked = waiting_with_address(survey).exclude(mails__kind=SchoolMail.Kind.ASKED)
    return {
        "turnout": turnout(survey),
        "no_address": no_address[:MOST_NAMED],
        "no_address_count": no_address.count(),
        "mails": counts,
        "unasked_count": asked_since.count() + can_be_asked.count(),
        "chase_turn": last_turn(survey, SchoolMail.Kind.CHASED) + 1,
    }


@require_http_methods(GET_OR_POST)
def change(request, pk):
    survey = get_permitted(request.user, SchoolSurvey, "change", pk=pk)
    form = SurveyChangeForm(request.POST or None, instance=survey, cancel_url=survey.get_absolute_url())
    if form.is_valid():
        survey = form.save()
        messages.success(request, f"Saved “{survey}”")
        return redirect(survey)
    context = {
        "form": form,
        "record": survey,
        "heading": "Change the survey",
        "crumbs": survey_crumbs(survey, ("Change", None)),
    }
    return render(request, "assurance/school_form.html", context, status=form.status)


@require_POST
def copy(request, pk):
    survey = get_permitted(request.user, SchoolSurvey, "change", pk=pk)
    following, is_new = copy_survey(survey)
    messages.success(
        request, f"“{following}” has the same questions" if is_new else "The survey that follows is there already"
    )
    return redirect(following)


# Its questions


@require_http_methods(GET_OR_POST)
def question_add(request, pk):
    survey = get_permitted(request.user, SchoolSurvey, "change", pk=pk)
    form = QuestionForm(request.POST or None, partnership=survey.partnership, cancel_url=survey.get_absolute_url())
    return keep_question(request, survey, form, "Add a question", lambda question: add_question(survey, question))


@require_http_methods(GET_OR_POST)
def question_change(request, pk, question_pk):
    survey, question = question_of(request.user, pk, question_pk)
    form = QuestionForm(
        request.POST or None,
        instance=question,
        partnership=survey.partnership,
        cancel_url=survey.get_absolute_url(),
    )
    return keep_question(request, survey, form, "Change the question", lambda question: question.save())


def question_of(user, pk, question_pk):
    survey = get_permitted(user, SchoolSurvey, "change", pk=pk)
    return survey, get_object_or_404(SchoolQuestion.objects.filter(survey=survey), pk=question_pk)


def keep_question(request, survey, form, heading, keep):
    if survey.sent_on:
        messages.info(request, "The survey has been sent, so its questions stay as they are")
        return redirect(survey)
    if form.is_valid():
        keep(form.save(commit=False))
        messages.success(request, "The question is saved")
        return redirect(survey)
    context = {"form": form, "heading": heading, "crumbs": survey_crumbs(survey, (heading, None))}
    return render(request, "assurance/school_form.html", context, status=form.status)


@require_POST
def question_remove(request, pk, question_pk):
    survey, question = question_of(request.user, pk, question_pk)
    return do(request, survey, lambda: remove_question(question), "The question is taken out")


@require_POST
def question_move(request, pk, question_pk):
    survey, question = question_of(request.user, pk, question_pk)
    return do(request, survey, lambda: move_question(question, up="up" in request.POST), "")


def do(request, page, what, said):
    """Carry out ``what`` and say ``said``, or why it can't be done; then back to ``page``."""
    try:
        what()
    except CannotDo as refusal:
        messages.error(request, str(refusal))
    else:
        if said:
            messages.success(request, said)
    return redirect(page)


# Asking, chasing, closing


@require_http_methods(GET_OR_POST)
def send(request, pk):
    """The page says who gets it and who cannot; the press sends it."""
    survey = get_permitted(request.user, SchoolSurvey, "change", pk=pk)
    if request.method == "POST":
        return ask(request, survey)
    asked = schools_asked(survey)
    no_address = asked.filter(head_email="")
    context = {
        "survey": survey,
        "school_count": asked.count(),
        "no_address": no_address[:MOST_NAMED],
        "no_address_count": no_address.count(),
        "question_count": survey.questions.count(),
        "crumbs": survey_crumbs(survey, ("Send", None)),
    }
    return render(request, "assurance/school_survey_send.html", context)


def ask(request, survey):
    now = timezone.now()
    try:
        count = send_survey(survey, by=request.user, at=now, on=timezone.localdate(now))
    except CannotDo as refusal:
        messages.error(request, str(refusal))
        return redirect(survey)
    send_school_mails_soon()
    messages.success(
        request, f"{mails_in_words(count)} on the way" if count else "Everybody with an address was asked before"
    )
    return redirect(survey)


def mails_in_words(count):
    return "1 mail is" if count == 1 else f"{count:,} mails are"


@require_POST
def chase(request, pk):
    survey = get_permitted(request.user, SchoolSurvey, "change", pk=pk)
    try:
        turn = whole_number(request.POST.get("turn"), otherwise=0)
        count = chase_survey(survey, turn=turn, by=request.user, at=timezone.now())
    except CannotDo as refusal:
        messages.error(request, str(refusal))
        return redirect(survey)
    send_school_mails_soon()
    messages.success(
        request,
        f"{mails_in_words(count)} on the way"
        if count
        else "Nobody was reminded: it was done already, or nobody is silent",
    )
    return redirect(survey)


@require_POST
def close(request, pk):
    survey = get_permitted(request.user, SchoolSurvey, "change", pk=pk)
    said = "The survey is closed. Links in mails answer that it is over"
    return do(request, survey, lambda: close_survey(survey, on=timezone.localdate()), said)


# Results


@require_safe
def results(request, pk):
    """Counts and shares by question and phase; ``?export=xlsx`` is every answer of every school."""
    survey = get_permitted(request.user, SchoolSurvey, "view", pk=pk)
    if request.GET.get("export") == SafeExport.XLSX:
        return as_attachment(
            as_workbook(as_dataset(survey)), f"{slugify(survey.title)[:60]}.xlsx", SafeExport.FORMATS[SafeExport.XLSX]
        )
    found = results_of(survey)
    words = words_of(survey)
    for result in found:
        result.words = words.get(result.question.pk, [])
    context = {
        "survey": survey,
        "results": found,
        "weakest": weakest(found),
        "turnout": turnout(survey),
        "crumbs": survey_crumbs(survey, ("Results", None)),
    }
    return render(request, "assurance/school_results.html", context)


patterns = [
    path("schools/surveys/", SurveyList.as_view(), name="school-survey-list"),
    path("schools/surveys/add/", add, name="school-survey-add"),
    path("schools/surveys/<int:pk>/", detail, name="school-survey"),
    path("schools/surveys/<int:pk>/change/", change, name="school-survey-change"),
    path("schools/surveys/<int:pk>/copy/", copy, name="school-survey-copy"),
    path("schools/surveys/<int:pk>/questions/add/", question_add, name="school-question-add"),
    path("schools/surveys/<int:pk>/questions/<int:question_pk>/", question_change, name="school-question-change"),
    path(
        "schools/surveys/<int:pk>/questions/<int:question_pk>/remove/", question_remove, name="school-question-remove"
    ),
    path("schools/surveys/<int:pk>/questions/<int:question_pk>/move/", question_move, name="school-question-move"),
    path("schools/surveys/<int:pk>/send/", send, name="school-survey-send"),
    path("schools/surveys/<int:pk>/chase/", chase, name="school-survey-chase"),
    path("schools/surveys/<int:pk>/close/", close, name="school-survey-close"),
    path("schools/surveys/<int:pk>/results/", results, name="school-survey-results"),
]
