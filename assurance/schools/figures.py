"""Figures of the newest survey of schools, to stand beside the local authority's yearly report."""

from dataclasses import dataclass

from assurance.models import SchoolSurvey, SetQuestion
from assurance.schools.results import Turnout, results_of, turnout, weakest
from assurance.usual import EDUCATION


@dataclass
class Figures:
    """What whoever writes the yearly report is shown: counts of all schools together, never one school's answer."""

    survey: SchoolSurvey
    turnout: Turnout
    weakest: list


def figures_beside(request_record, questions):
    """Figures for a page of ``request_record`` (an AssuranceRequest) that asks ``questions``, or None.

    Offered where one of them is of the usual set about education, of the newest survey that its partnerships sent.
    """
    asked = {question.asked_from_id for question in questions} - {None}
    if not asked or not SetQuestion.objects.filter(pk__in=asked, question_set__code=EDUCATION).exists():
        return None
    sent = SchoolSurvey.objects.filter(partnership__in=request_record.partnerships.all(), sent_on__isnull=False)
    survey = sent.order_by("-sent_on", "-pk").first()
    return figures_of(survey) if survey else None


def figures_of(survey):
    return Figures(survey, turnout(survey), weakest(results_of(survey)))
