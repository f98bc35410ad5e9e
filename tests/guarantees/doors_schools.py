"""Doors of schools: register, surveys, letters, and the page that a school opens by its link."""

from assurance.schools.links import token_of
from tests.guarantees.doors import INVALID, METHOD, MOVED, OK, REFUSED, Door, everyone, only, page, record, signed_in

WRITERS = only("office", "stranger", otherwise=REFUSED)
READERS = only("office", "advisor")
LISTS = only("office", "advisor", "stranger", otherwise=REFUSED)
OFFICE_ALONE = only("advisor", answer=REFUSED)


def office(answer):
    """For the office alone; the advisor, who may read it, is refused."""
    return OFFICE_ALONE | {"office": answer}


def press(name, place):
    """A button of the office."""
    return Door(name, "", signed_in(METHOD), office(MOVED), place)


def form(name, place, *, get=OK, post=INVALID):
    return Door(name, "", office(get), office(post), place)


def question(world):
    return {"pk": world.school_survey.pk, "question_pk": world.school_survey.questions.first().pk}


def link(world):
    return {"token": token_of(world.school_return)}


def link_to_question(world):
    return link(world) | {"question_pk": world.school_survey.questions.first().pk}


def file_of(kind):
    return lambda world: {"pk": world.school_letters.pk, "kind": kind}


SURVEY, RETURN = record("school_survey"), record("school_return")

DOORS = [
    page("assurance:school-list", LISTS),
    page("assurance:school-detail", READERS, record("school")),
    form("assurance:school-change", record("school")),
    Door("assurance:school-import", "", WRITERS, only("office", "stranger", otherwise=REFUSED, answer=INVALID)),
    page("assurance:school-import-preview", only("office"), record("school_import")),
    Door(
        "assurance:school-import-confirm",
        "",
        signed_in(METHOD),
        only("office", answer=MOVED),
        record("school_import"),
    ),
    page("assurance:school-survey-list", LISTS),
    Door("assurance:school-survey-add", "", WRITERS, only("office", "stranger", otherwise=REFUSED, answer=INVALID)),
    page("assurance:school-survey", READERS, SURVEY),
    form("assurance:school-survey-change", SURVEY),
    press("assurance:school-survey-copy", SURVEY),
    form("assurance:school-question-add", SURVEY, get=MOVED, post=MOVED),
    form("assurance:school-question-change", question, get=MOVED, post=MOVED),
    press("assurance:school-question-remove", question),
    press("assurance:school-question-move", question),
    form("assurance:school-survey-send", SURVEY, post=MOVED),
    press("assurance:school-survey-chase", SURVEY),
    page("assurance:school-return-list", READERS, SURVEY),
    page("assurance:school-survey-results", READERS, SURVEY),
    form("assurance:school-letters", SURVEY),
    press("assurance:school-letters-make", SURVEY),
    page("assurance:school-letters-run", only("office"), record("school_letters")),
    page("assurance:school-letters-download", only("office"), file_of("pdf"), "the PDF"),
    page("assurance:school-letters-download", only("office"), file_of("word"), "the Word document"),
    page("assurance:school-return", READERS, RETURN),
    form("assurance:school-return-excuse", RETURN),
    form("assurance:school-return-paper", RETURN, post=MOVED),
    press("assurance:school-return-ask", RETURN),
    press("assurance:school-return-link", RETURN),
    Door("assurance:school-answer", "", everyone(OK), everyone(MOVED), link),
    Door("assurance:school-answer-save", "", everyone(METHOD), everyone(OK), link_to_question),
    press("assurance:school-survey-close", SURVEY),
]
