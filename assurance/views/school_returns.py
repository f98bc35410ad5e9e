"""Who was asked in a survey of schools, and one school's return as its office reads it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assurance.models import SchoolReturn, SchoolSurvey
from assurance.schools.answering import last_answers, said_in_words
from assurance.schools.forms import ExcuseForm
from assurance.schools.links import address_of
from assurance.schools.lists import (
    SchoolReturnFilter,
    SchoolReturnTable,
)
from assurance.schools.surveys import (
    ask_after_all,
    excuse,
    renew_link,
    send_again,
)
from assurance.tasks import send_school_mails_soon
from assurance.views.school_surveys import do, survey_crumbs
from partnership.access import get_permitted, may
from partnership.lists import RecordList

GET_OR_POST = ["GET", "HEAD", "POST"]


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


patterns = [
    path("schools/surveys/<int:pk>/schools/", ReturnsOfSurvey.as_view(), name="school-return-list"),
    path("schools/returns/<uuid:pk>/", return_detail, name="school-return"),
    path("schools/returns/<uuid:pk>/excuse/", return_excuse, name="school-return-excuse"),
    path("schools/returns/<uuid:pk>/ask/", return_ask_again, name="school-return-ask"),
    path("schools/returns/<uuid:pk>/link/", return_link, name="school-return-link"),
]
