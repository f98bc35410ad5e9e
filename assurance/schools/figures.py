"""Figures of the newest survey of schools, to stand beside the local authority's yearly report."""

from dataclasses import dataclass

from assurance.models import SchoolSurvey
from assurance.schools.results import Turnout, results_of, turnout, weakest
from assurance.usual import EDUCATION


@dataclass
class Figures:
    """What whoever writes the yearly report is shown: counts of all schools together, never one school's answer."""

    survey: SchoolSurvey
    turnout: Turnout
    weakest: list


def figures_beside(request_record):
    """Figures for the answer page of ``request_record`` (an AssuranceRequest), or None.

    Offered where it asks the usual questions about education, of the newest survey that its partnerships sent.
    """
    if not asks_of_education(request_record):
        return None
    sent = SchoolSurvey.objects.filter(partnership__in=request_record.partnerships.all(), sent_on__isnull=False)
    survey = sent.order_by("-sent_on", "-pk").first()
    return figures_of(survey) if survey else None


def asks_of_education(request_record):
    return request_record.questions.filter(asked_from__question_set__code=EDUCATION).exists()


def figures_of(survey):
    return Figures(survey, turnout(survey), weakest(results_of(survey)))
