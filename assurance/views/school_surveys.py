"""Surveys of schools: made, sent, followed; one school's return; the letters and what came of it all."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.models import School, SchoolLetters, SchoolMail, SchoolQuestion, SchoolReturn, SchoolSurvey
from assurance.schools.answering import last_answers, said_in_words
from assurance.schools.forms import ExcuseForm, LetterForm, QuestionForm, SurveyChangeForm, SurveyForm
from assurance.schools.letters import (
    DEFAULT_LETTER,
    MOST_SCHOOLS,
    NobodyToWriteTo,
    letter_to,
    mail_letters,
    next_turn,
    request_letters,
    silent,
)
from assurance.schools.links import address_of
from assurance.schools.lists import (
    SchoolReturnFilter,
    SchoolReturnTable,
    SurveyFilter,
    SurveyTable,
)
from assurance.schools.results import as_dataset, results_of, turnout, weakest, words_of
from assurance.schools.surveys import (
    CannotDo,
    add_question,
    ask_after_all,
    chase_survey,
    close_survey,
    copy_survey,
    excuse,
    last_turn,
    make_survey,
    move_question,
    remove_question,
    renew_link,
    schools_asked,
    send_again,
    send_survey,
    waiting_with_address,
)
from assurance.tasks import make_letters_soon, send_school_mails_soon
from assurance.views.schools import crumbs, offices_or_refuse, wide_or_refuse
from partnership.access import get_permitted, may
from partnership.downloads import as_attachment
from partnership.lists import RecordList, SafeExport, as_workbook
from plans.documents import WORD

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
    asked = request.POST.get("turn", "")
    try:
        turn = int(asked) if asked.isdecimal() and len(asked) < 5 else 0
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


# Returns


class ReturnsOfSurvey(RecordList):
    """Every school that was asked: who has answered, who has not."""

    table_class, filterset_class = SchoolReturnTable, SchoolReturnFilter
    template_name = "assurance/school_return_list.html"
    export_name = "schools-asked"

    def get_queryset(self):
        self.survey = get_permitted(self.request.user, SchoolSurvey, "view", pk=self.kwargs["pk"])
        returns = SchoolReturn.objects.filter(survey=self.survey).select_related("school__area", "survey")
        return returns.order_by("school__name", "school__urn")

    def get_context_data(self, **kwargs):
        trail = survey_crumbs(self.survey, ("Schools asked", None))
        return super().get_context_data(survey=self.survey, crumbs=trail, **kwargs)


@require_safe
def return_detail(request, pk):
    """One school's return: its answers once they are submitted, its mails, and what the office can do."""
    record = get_permitted(request.user, SchoolReturn, "view", pk=pk)
    survey = record.survey
    is_office = may(request.user, "change", record)
    context = {
        "record": record,
        "survey": survey,
        "is_office": is_office,
        "mails": record.mails.select_related("made_by"),
        "crumbs": survey_crumbs(survey, (record.school.name, None)),
        "is_open": not (record.submitted_at or record.excused_on or survey.closed_on),
    }
    if is_office and context["is_open"]:
        context["link"] = address_of(record)
    if record.submitted_at:
        context["lines"] = lines_of(record)
    return render(request, "assurance/school_return.html", context)


def lines_of(record):
    """[(question, what was said, in words, what was said last time)] in the order of the survey."""
    questions = list(record.survey.questions.select_related("scale", "standard").prefetch_related("scale__points"))
    answers = {answer.question_id: answer for answer in record.answers.all()}
    last = last_answers(record, questions)
    return [
        {
            "question": question,
            "value": said_in_words(question, answer.value) if (answer := answers.get(question.pk)) else "",
            "text": answer.text if answer else "",
            "last": last.get(question.pk) and said_in_words(question, last[question.pk].value),
        }
        for question in questions
    ]


@require_http_methods(GET_OR_POST)
def return_excuse(request, pk):
    record = get_permitted(request.user, SchoolReturn, "change", pk=pk)
    if record.submitted_at:
        messages.info(request, "This school has answered already")
        return redirect(record)
    form = ExcuseForm(request.POST or None, instance=record, cancel_url=record.get_absolute_url())
    if form.is_valid():
        because = form.cleaned_data["excused_because"]
        said = f"{record.school} is not asked any more"
        return do(request, record, lambda: excuse(record, because=because, on=timezone.localdate()), said)
    context = {
        "form": form,
        "heading": f"Excuse {record.school}",
        "crumbs": survey_crumbs(record.survey, (record.school.name, record.get_absolute_url()), ("Excuse", None)),
    }
    return render(request, "assurance/school_form.html", context, status=form.status)


@require_POST
def return_ask_again(request, pk):
    """Take an excuse back, or send the school one more mail."""
    record = get_permitted(request.user, SchoolReturn, "change", pk=pk)
    if record.excused_on:
        ask_after_all(record)
        messages.success(request, f"{record.school} is asked again")
        return redirect(record)
    response = do(
        request, record, lambda: send_again(record, by=request.user, at=timezone.now()), "One mail is on the way"
    )
    send_school_mails_soon()
    return response


@require_POST
def return_link(request, pk):
    """End every link to this return that was given out."""
    record = get_permitted(request.user, SchoolReturn, "change", pk=pk)
    renew_link(record)
    messages.success(request, "There is a new link. Those given out before are over")
    return redirect(record)


# Letters


@require_http_methods(GET_OR_POST)
def letters(request, pk):
    """The text of the letter, what it looks like for one school, and making it."""
    survey = get_permitted(request.user, SchoolSurvey, "change", pk=pk)
    form = LetterForm(
        request.POST or None,
        instance=survey,
        initial={"letter": survey.letter or DEFAULT_LETTER},
        cancel_url=survey.get_absolute_url(),
    )
    if form.is_valid():
        form.save()
        messages.success(request, "The letter is saved")
        return redirect("assurance:school-letters", survey.pk)
    to_write = silent(survey)
    first = to_write.first() if survey.sent_on else None
    readers = SchoolMail.Reader
    context = {
        "form": form,
        "survey": survey,
        "silent_count": to_write.count(),
        "with_head": to_write.exclude(school__head_email="").count(),
        "with_chair": to_write.exclude(school__chair_email="").count(),
        "previews": [letter_to(first, reader) for reader in (readers.HEAD, readers.CHAIR)] if first else [],
        "most_schools": MOST_SCHOOLS,
        "turn": next_turn(survey),
        "runs": survey.letter_runs.select_related("requested_by").defer("pdf", "word"),
        "today": timezone.localdate(),
        "crumbs": survey_crumbs(survey, ("Letters", None)),
    }
    return render(request, "assurance/school_letters.html", context, status=form.status)


@require_POST
def letters_make(request, pk):
    """On paper: PDF and Word by a worker. By mail (``mail``): to each reader whose address is known."""
    survey = get_permitted(request.user, SchoolSurvey, "change", pk=pk)
    now = timezone.now()
    if survey.sent_on is None or survey.closed_on:
        messages.error(request, "Letters go out while a survey is open: this one is not")
        return redirect(survey)
    try:
        if "mail" not in request.POST:
            run = request_letters(survey, by=request.user, at=now)
            make_letters_soon(run)
            return redirect(run)
        asked = request.POST.get("turn", "")
        turn = int(asked) if asked.isdecimal() and len(asked) < 5 else 0
        count = mail_letters(survey, turn=turn, by=request.user, at=now)
    except NobodyToWriteTo:
        messages.info(request, "There is nobody to write to: all have answered, or no address is known")
        return redirect("assurance:school-letters", survey.pk)
    send_school_mails_soon()
    messages.success(request, f"{mails_in_words(count)} on the way" if count else "The letters were mailed already")
    return redirect("assurance:school-letters", survey.pk)


@require_safe
def letters_run(request, pk):
    """How far the letters are; htmx asks for the moving part alone until they are done."""
    run = get_permitted(request.user, SchoolLetters, "view", pk=pk)
    trail = survey_crumbs(
        run.survey, ("Letters", reverse("assurance:school-letters", args=[run.survey_id])), ("PDF and Word", None)
    )
    context = {"run": run, "survey": run.survey, "crumbs": trail}
    part = "#progress" if request.htmx else ""
    return render(request, f"assurance/school_letters_run.html{part}", context)


# Field, ending and type of each file of a run.
KINDS = {"pdf": ("pdf", "pdf", "application/pdf"), "word": ("word", "docx", WORD)}


@require_safe
def letters_download(request, pk, kind):
    if kind not in KINDS:
        raise Http404
    run = get_permitted(request.user, SchoolLetters, "view", pk=pk)
    field, ending, content_type = KINDS[kind]
    content = getattr(run, field) if run.is_done else None
    if content is None:
        return redirect(run)
    return as_attachment(content, f"{slugify(run.survey.title)[:60]}-letters-{run.turn}.{ending}", content_type)


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
    path("schools/surveys/<int:pk>/schools/", ReturnsOfSurvey.as_view(), name="school-return-list"),
    path("schools/surveys/<int:pk>/results/", results, name="school-survey-results"),
    path("schools/surveys/<int:pk>/letters/", letters, name="school-letters"),
    path("schools/surveys/<int:pk>/letters/make/", letters_make, name="school-letters-make"),
    path("schools/letters/<uuid:pk>/", letters_run, name="school-letters-run"),
    path("schools/letters/<uuid:pk>/<str:kind>/", letters_download, name="school-letters-download"),
    path("schools/returns/<uuid:pk>/", return_detail, name="school-return"),
    path("schools/returns/<uuid:pk>/excuse/", return_excuse, name="school-return-excuse"),
    path("schools/returns/<uuid:pk>/ask/", return_ask_again, name="school-return-ask"),
    path("schools/returns/<uuid:pk>/link/", return_link, name="school-return-link"),
]
