"""Schools: the register and its files, a survey sent and answered by its link, letters, results."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as WordDocument
from openpyxl import Workbook, load_workbook

from assurance.deadlines import school_surveys
from assurance.models import School, SchoolAnswer, SchoolImport, SchoolMail, SchoolReturn, SchoolSurvey
from assurance.schools.answering import save_answer
from assurance.schools.figures import figures_beside
from assurance.schools.importing import confirm_schools
from assurance.schools.letters import letter_to, run_letters, unknown_fields
from assurance.schools.links import address_of, token_of
from assurance.schools.mailing import send_waiting
from assurance.schools.surveys import CannotDo, chase_survey, copy_survey, send_survey
from partnership import mail_queue
from partnership.logs import masked
from partnership.mail_queue import BATCH
from partnership.models import MailBrake
from partnership.refusals import ChangedMeanwhile
from tests.factories import AreaFactory, AssuranceRequestFactory, QuestionFactory
from tests.factories_assurance import (
    QuestionSetFactory,
    ScaleFactory,
    SchoolFactory,
    SchoolQuestionFactory,
    SchoolReturnFactory,
    SchoolSurveyFactory,
    SetQuestionFactory,
    StandardFactory,
    StandardSetFactory,
)
from tests.mail_server import Killed, kill
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
NO_HEAD = {"HeadTitle (name)": "", "HeadFirstName": "", "HeadLastName": ""}
HEADINGS = [
    "URN",
    "LA (code)",
    "LA (name)",
    "EstablishmentNumber",
    "EstablishmentName",
    "TypeOfEstablishment (name)",
    "EstablishmentStatus (name)",
    "PhaseOfEducation (name)",
    "OpenDate",
    "CloseDate",
    "Street",
    "Locality",
    "Address3",
    "Town",
    "County (name)",
    "Postcode",
    "TelephoneNum",
    "HeadTitle (name)",
    "HeadFirstName",
    "HeadLastName",
    "HeadPreferredJobTitle",
    "Trusts (name)",
    "GSSLACode (name)",
]


def row_of(urn, name, **said):
    values = {
        "URN": str(urn),
        "LA (name)": "Ashford Vale",
        "EstablishmentName": name,
        "EstablishmentStatus (name)": "Open",
        "PhaseOfEducation (name)": "Primary",
        "OpenDate": "01-09-2011",
        "Street": "Elm Road",
        "Town": "Ashford",
        "Postcode": "AV1 2CD",
        "HeadTitle (name)": "Mrs",
        "HeadFirstName": "Ada",
        "HeadLastName": "Akande",
    }
    return values | said


def csv_of(*rows, headings=HEADINGS, encoding="cp1252"):
    lines = [headings, *([row.get(heading, "") for heading in headings] for row in rows)]
    return "\r\n".join(",".join(f'"{cell}"' for cell in line) for line in lines).encode(encoding)


def bring(client, partnership, content, name="edubase.csv"):
    """The file chosen, read, and its preview."""
    upload = SimpleUploadedFile(name, content)
    return client.post(
        reverse("assurance:school-import"), {"document": upload, "partnership": partnership.pk}, follow=True
    )


def say_yes(client):
    staged = SchoolImport.objects.order_by("created_at").last()
    return client.post(reverse("assurance:school-import-confirm", args=[staged.pk]), follow=True)


@pytest.fixture
def desk(client_of, office):
    return client_of(office)


@pytest.fixture
def area(partnership):
    return partnership.areas.get()


@pytest.fixture
def survey(partnership):
    """Sent a week ago: one question by yes or no, one score, one in words that may be left out."""
    survey = SchoolSurveyFactory(partnership=partnership)
    SchoolQuestionFactory(survey=survey, position=1, kind="yes-no", text="Has every member of staff read the guidance?")
    SchoolQuestionFactory(
        survey=survey, position=2, kind="score", scale=ScaleFactory(), text="How well do you hear children?"
    )
    SchoolQuestionFactory(survey=survey, position=3, text="What would help you?", is_required=False)
    return survey


@pytest.fixture
def asked(survey, area):
    """One school’s return to it."""
    return SchoolReturnFactory(survey=survey, school=SchoolFactory(area=area, name="Elm Road Primary School"))


# Files


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_the_national_file_is_shown_first_and_brought_by_one_yes(desk, partnership, area, encoding):
    content = csv_of(
        row_of(100001, "St Brónach’s"), row_of(100002, "Far away", **{"LA (name)": "Elsewhere"}), encoding=encoding
    )
    page = bring(desk, partnership, content)
    assert page.context["counts"] == {"new": 1, "changed": 0, "closed": 0, "same": 0, "not_taken": 0, "elsewhere": 1}
    assert School.objects.count() == 0
    say_yes(desk)
    say_yes(desk)
    [school] = School.objects.all()
    assert (school.urn, school.name, school.area, school.head_name, school.listed_on) == (
        100001,
        "St Brónach’s",
        area,
        "Mrs Ada Akande",
        date(2027, 1, 12),
    )


def test_columns_may_stand_in_another_order_and_beside_others(desk, partnership, area):
    area.code = "E06000099"
    area.save()
    headings = ["extra", *[heading.upper() for heading in reversed(HEADINGS)]]
    row = {name.upper(): said for name, said in row_of(100001, "Elm Road").items()}
    row |= {"LA (NAME)": "Ashford Vale, County of", "GSSLACODE (NAME)": "E06000099", "extra": "nothing"}
    bring(desk, partnership, csv_of(row, headings=headings))
    say_yes(desk)
    assert list(School.objects.values_list("name", "area")) == [("Elm Road", area.pk)]


def test_what_is_changed_and_closed_is_told_field_by_field_and_blanks_take_nothing_away(desk, partnership, area):
    kept = SchoolFactory(urn=100001, area=area, name="Elm Road", head_email="head@elm.example", chair_name="Jo Best")
    SchoolFactory(urn=100002, area=area, name="Oak Lane")
    closed = {"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2026"}
    page = bring(
        desk, partnership, csv_of(row_of(100001, "Elm Road Academy", **NO_HEAD), row_of(100002, "Oak Lane", **closed))
    )
    draft = page.context["draft"]
    assert [(change.called, change.before, change.after) for change in draft.changed[0].changes][:1] == [
        ("name of the school", "Elm Road", "Elm Road Academy")
    ]
    assert ("day it closed", "", "31 August 2026") in [
        (change.called, change.before, change.after) for change in draft.closed[0].changes
    ]
    say_yes(desk)
    kept.refresh_from_db()
    assert (kept.name, kept.head_email, kept.chair_name) == ("Elm Road Academy", "head@elm.example", "Jo Best")
    assert School.objects.get(urn=100002).status == "closed"
    page = bring(desk, partnership, csv_of(row_of(100001, "Elm Road Academy", **NO_HEAD)))
    assert page.context["counts"]["changed"] == 0


def test_rows_that_cannot_be_taken_are_named_and_keep_no_other_back(desk, partnership):
    page = bring(
        desk,
        partnership,
        csv_of(
            row_of(100001, "Elm Road"),
            row_of(100001, "Elm Street"),
            row_of(100001, "Elm Road"),
            row_of("abc", "No number"),
            row_of(100002, ""),
            row_of(100003, "Odd", **{"EstablishmentStatus (name)": "Sleeping"}),
            row_of(100004, "Late", OpenDate="31-02-2011"),
        ),
    )
    assert [(problem["row"], problem["says"]) for problem in page.context["problems"]] == [
        (
            3,
            "URN 100001 stands in row 2 already, with other words (name of the school “Elm Road” there, "
            "“Elm Street” here). Row 2 counts.",
        ),
        (5, "“abc” is no URN: that is a number of five to seven figures."),
        (6, "This school has no name."),
        (7, "We know no status “Sleeping”: a school is open, closed or proposed."),
        (8, "“31-02-2011” is no day: the day it opened is written like 31-08-2026."),
    ]
    say_yes(desk)
    assert list(School.objects.values_list("name", flat=True)) == ["Elm Road"]


def test_an_own_sheet_brings_contacts_of_own_schools_alone(desk, partnership, area):
    SchoolFactory(urn=100001, area=area, head_email="")
    other = SchoolFactory(urn=100002, area=AreaFactory(name="Farholme"), head_email="")
    book = Workbook()
    for row in [
        ["Our list of schools"],
        ["URN", "School", "Head e-mail", "Chair name", "Chair e-mail"],
        [100001, "Elm", "head@elm.example", "Jo Best", "chair@elm.example"],
        [100002, "Far", "taken@over.example", "", ""],
        [100003, "New", "nobody@knows.example", "", ""],
        [100004, "Bad", "no address", "", ""],
    ]:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    page = bring(desk, partnership, file.getvalue(), "ours.xlsx")
    assert [problem["says"] for problem in page.context["problems"]] == [
        "URN 100002 is a school of another area.",
        "We know no school with URN 100003. Bring the national file first.",
        "“no address” is no e-mail address: write the head’s e-mail like name@example.org.",
    ]
    say_yes(desk)
    other.refresh_from_db()
    assert other.head_email == ""
    school = School.objects.get(urn=100001)
    assert (school.head_email, school.chair_name, school.chair_email) == (
        "head@elm.example",
        "Jo Best",
        "chair@elm.example",
    )


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"name,town\r\nElm,Ashford", "a.csv", "We found no row of headings with URN"),
        (b"URN,Town\r\n100001,Ashford", "a.csv", "nothing we know to bring"),
        (b"URN,EstablishmentName\r\n100001,Elm", "a.csv", "no column EstablishmentStatus (name)"),
        (b"URN,Head e-mail\r\n", "a.csv", "headings in this file but no schools"),
        (b'URN,Head e-mail\r\n"100001,a@b.example\r\n' + b"x" * 30_000, "a.csv", "A quotation mark"),
        (b"", "a.csv", "empty"),
        (b"PK\x03\x04 not a workbook", "a.xlsx", "damaged"),
        (b"%PDF-1.7", "a.pdf", "PDF"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_and_keeps_nothing(desk, partnership, content, name, says):
    page = bring(desk, partnership, content, name)
    assert (page.status_code, SchoolImport.objects.count()) == (422, 0)
    assert says in page.content.decode()


def test_two_thousand_schools_are_brought_in_as_many_questions_as_twenty(partnership, office, desk):
    counts = []
    for number in (20, 2_000):
        rows = [row_of(200_000 + number * 10 + n, f"School {n}") for n in range(number)]
        bring(desk, partnership, csv_of(*rows))
        staged = SchoolImport.objects.order_by("created_at").last()
        with CaptureQueriesContext(connection) as asked:
            confirm_schools(staged, by=office, at=NOW)
        counts.append(len(asked))
    assert School.objects.count() == 2_020
    assert counts[1] - counts[0] <= 2_000 // 500


# The register


def test_contacts_are_changed_by_hand_by_the_office_alone(desk, client_of, advisor, area):
    school = SchoolFactory(area=area, head_email="")
    url = reverse("assurance:school-change", args=[school.pk])
    answers = {"head_name": "Ann Lee", "head_email": "ann@elm.example", "status": "open"}
    assert client_of(advisor).post(url, answers).status_code == 403
    assert desk.post(url, answers | {"head_email": "ann"}).status_code == 422
    assert desk.post(url, answers).status_code == 302
    school.refresh_from_db()
    assert (school.head_name, school.head_email) == ("Ann Lee", "ann@elm.example")


def test_the_register_is_narrowed_and_taken_away(desk, area, stranger, client_of):
    SchoolFactory(area=area, name="With", phase="Primary", trust="Vale Trust")
    SchoolFactory(area=area, name="Without", phase="Secondary", head_email="")
    names = lambda page: [row.record.name for row in page.context["table"].rows]  # noqa: E731
    found = {
        query: names(desk.get(f"{reverse('assurance:school-list')}?{query}"))
        for query in ("", "email=no", "phase=Primary", "trust=Vale+Trust", "words=Withou")
    }
    assert found == {
        "": ["With", "Without"],
        "email=no": ["Without"],
        "phase=Primary": ["With"],
        "trust=Vale+Trust": ["With"],
        "words=Withou": ["Without"],
    }
    book = load_workbook(io.BytesIO(desk.get(f"{reverse('assurance:school-list')}?export=xlsx").content))
    assert book.active.max_row == 3
    assert names(client_of(stranger).get(reverse("assurance:school-list"))) == []


# Making and sending


def test_a_survey_is_made_of_a_standard_set_and_question_sets(desk, partnership):
    scale = ScaleFactory()
    standards = StandardSetFactory(asked_of="schools", scale=scale)
    standard = StandardFactory(standard_set=standards, position=1, code="1.1", text="A governor answers for it.")
    asked = SetQuestionFactory(question_set=QuestionSetFactory(partnership=partnership), position=1)
    answers = {
        "title": "Survey 2027",
        "partnership": partnership.pk,
        "standards": standards.pk,
        "question_sets": [asked.question_set.pk],
        **{f"due_on_{part}": value for part, value in (("day", "12"), ("month", "3"), ("year", "2027"))},
    }
    assert desk.post(reverse("assurance:school-survey-add"), answers | {"due_on_year": "2020"}).status_code == 422
    assert desk.post(reverse("assurance:school-survey-add"), answers).status_code == 302
    survey = SchoolSurvey.objects.get()
    assert list(survey.questions.values_list("text", "kind", "scale", "standard", "asked_from")) == [
        (asked.text, "text", None, None, asked.pk),
        ("1.1 A governor answers for it.", "score", scale.pk, standard.pk, None),
    ]


def test_next_years_is_made_by_one_press_and_only_once(survey):
    following, is_new = copy_survey(survey)
    again, is_new_again = copy_survey(survey)
    assert (following, is_new, is_new_again) == (again, True, False)
    assert (following.title, following.due_on, following.sent_on) == (
        "Schools’ safeguarding survey 2027 to 2028",
        date(2028, 2, 14),
        None,
    )
    said = ("text", "kind", "position", "scale", "is_required")
    assert list(following.questions.values_list(*said)) == list(survey.questions.values_list(*said))


def test_questions_stay_once_the_survey_is_sent(desk, survey):
    question = survey.questions.first()
    for name, keys in (
        ("remove", [survey.pk, question.pk]),
        ("change", [survey.pk, question.pk]),
        ("add", [survey.pk]),
    ):
        desk.post(reverse(f"assurance:school-question-{name}", args=keys), {"text": "Other", "kind": "text"})
    assert list(survey.questions.values_list("text", flat=True))[0] == question.text
    assert survey.questions.count() == 3


@pytest.fixture
def unsent(partnership, area):
    survey = SchoolSurveyFactory(partnership=partnership, sent_on=None)
    SchoolQuestionFactory(survey=survey, position=1)
    SchoolFactory(area=area, name="A", head_email="a@school.example")
    SchoolFactory(area=area, name="B", head_email="")
    SchoolFactory(area=area, name="C", status="closed")
    SchoolFactory(area=AreaFactory(name="Farholme"), name="D")
    return survey


def test_all_open_schools_of_the_area_are_asked_once_and_mended_ones_later(
    desk, unsent, mail_server, django_capture_on_commit_callbacks
):
    url = reverse("assurance:school-survey-send", args=[unsent.pk])
    assert [school.name for school in desk.get(url).context["no_address"]] == ["B"]
    for _press in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            desk.post(url)
    assert [message.to for message in mail_server.delivered] == [["a@school.example"]]
    assert sorted(unsent.returns.values_list("school__name", flat=True)) == ["A", "B"]
    School.objects.filter(name="B").update(head_email="b@school.example")
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(url)
    assert [message.to for message in mail_server.delivered] == [["a@school.example"], ["b@school.example"]]
    message = mail_server.delivered[0]
    record = SchoolReturn.objects.get(school__name="A")
    assert address_of(record) in message.body
    assert (message.reply_to, message.extra_headers["Auto-Submitted"]) == (["office@example.org"], "auto-generated")


def test_a_survey_without_questions_or_schools_is_not_sent(partnership, office, area):
    survey = SchoolSurveyFactory(partnership=partnership, sent_on=None)
    with pytest.raises(CannotDo, match="Add a question"):
        send_survey(survey, by=office, at=NOW, on=NOW.date())
    SchoolQuestionFactory(survey=survey, position=1)
    with pytest.raises(CannotDo, match="no open schools"):
        send_survey(survey, by=office, at=NOW, on=NOW.date())


def test_only_the_silent_are_reminded_and_by_each_press_once(desk, survey, area, office, mail_server):
    silent, done, excused = (SchoolReturnFactory(survey=survey, school=SchoolFactory(area=area)) for _each in range(3))
    SchoolReturn.objects.filter(pk=done.pk).update(submitted_at=NOW)
    SchoolReturn.objects.filter(pk=excused.pk).update(excused_on=NOW.date(), excused_because="Closes")
    assert [chase_survey(survey, turn=turn, by=office, at=NOW) for turn in (1, 1, 2)] == [1, 0, 1]
    SchoolReturn.objects.filter(pk=silent.pk).update(submitted_at=NOW)
    assert send_waiting() == 0
    assert set(SchoolMail.objects.values_list("problem", flat=True)) == {
        "The school answered, or was excused, before it left."
    }


# Mails leave


@pytest.fixture
def waiting_mails(survey, area, office):
    """Two batches and a half."""
    records = [
        SchoolReturnFactory(survey=survey, school=SchoolFactory(area=area)) for _each in range(BATCH * 2 + BATCH // 2)
    ]
    chase_survey(survey, turn=1, by=office, at=NOW)
    return records


def to_whom(mail_server):
    return [message.to[0] for message in mail_server.delivered]


def test_each_mail_leaves_once_however_often_the_task_runs(waiting_mails, mail_server):
    assert [send_waiting(), send_waiting()] == [len(waiting_mails), 0]
    assert sorted(to_whom(mail_server)) == sorted(record.school.head_email for record in waiting_mails)


@pytest.mark.parametrize("point", ["connected", "leaving", "taken"])
def test_a_worker_killed_half_way_loses_none_and_a_second_copy_is_known_by_its_number(
    waiting_mails, mail_server, point, monkeypatch
):
    """Killed with the third of its mails in hand; nothing runs after that, so nothing of the batch is noted."""
    seen = []

    def kill_the_third():
        seen.append(point)
        if len(seen) == (1 if point == "connected" else 3):
            kill()

    mail_server.at[point] = kill_the_third
    with monkeypatch.context() as patch:
        patch.setattr(mail_queue.Batch, "note", lambda batch: None)
        with pytest.raises(Killed):
            send_waiting()
    mail_server.at.clear()
    send_waiting()
    SchoolMail.objects.filter(sent_at=None).update(claimed_at=NOW - timedelta(minutes=11))
    send_waiting()
    assert set(to_whom(mail_server)) == {record.school.head_email for record in waiting_mails}
    numbers = [message.extra_headers["Message-ID"] for message in mail_server.delivered]
    assert len(set(numbers)) == len(waiting_mails)
    assert len(numbers) - len(set(numbers)) <= BATCH


def test_what_the_server_refuses_is_told_and_keeps_no_other_back(waiting_mails, settings, monkeypatch):
    refused = waiting_mails[3].school.head_email

    class Fussy:
        def open(self):
            pass

        def prepare(self, message):
            if message.to == [refused]:
                raise mail_queue.Refused("550 5.1.1 No such user", is_permanent=True)

        def submit(self, message, reference):
            return ""

        def close(self):
            pass

    monkeypatch.setattr(mail_queue, "carrier", Fussy)
    assert send_waiting() == len(waiting_mails) - 1
    assert list(SchoolMail.objects.exclude(problem="").values_list("address", "problem")) == [
        (refused, "550 5.1.1 No such user")
    ]


def test_with_no_server_all_wait_and_leave_later(waiting_mails, mail_server):
    mail_server.at["connected"] = lambda: (_ for _ in ()).throw(OSError("connection refused"))
    send_waiting()
    assert not SchoolMail.objects.exclude(sent_at=None).exists()
    mail_server.at.clear()
    MailBrake.objects.all().delete()
    assert send_waiting() == len(waiting_mails)


def test_questions_to_the_database_grow_by_batch_and_not_by_school(survey, area, office, mail_server):
    counts = []
    for turn, schools in ((1, BATCH), (2, BATCH * 2)):
        for _each in range(schools - survey.returns.count()):
            SchoolReturnFactory(survey=survey, school=SchoolFactory(area=area))
        chase_survey(survey, turn=turn, by=office, at=NOW)
        with CaptureQueriesContext(connection) as asked:
            send_waiting()
        counts.append(len([query for query in asked if "SAVEPOINT" not in query["sql"]]))
    a_batch = counts[1] - counts[0]
    assert a_batch <= 8, counts


# The link and the page it opens


@pytest.fixture
def phone(client):
    return client


def page_of(record):
    return reverse("assurance:school-answer", args=[token_of(record)])


def save_url(record, question):
    return reverse("assurance:school-answer-save", args=[token_of(record), question.pk])


def typed(question, *, value="", text="", seen=0):
    return {f"value-{question.pk}": value, f"text-{question.pk}": text, f"seen-{question.pk}": seen}


def test_opening_the_link_changes_nothing_and_is_not_logged(phone, asked, today):
    assert phone.get(page_of(asked)).status_code == 200
    asked.refresh_from_db()
    assert (asked.opened_at, asked.answers.count()) == (None, 0)
    assert masked(f"GET {page_of(asked)}") == "GET /schools/answer/…/"


def test_answers_are_saved_one_by_one_and_half_way_is_kept(phone, asked, today):
    read, score, words = asked.survey.questions.all()
    assert phone.post(save_url(asked, read), typed(read, value="yes")).json()["version"] == 1
    assert phone.post(save_url(asked, score), typed(score, value="7")).json() == {
        "problem": "Enter a score from 0 to 3."
    }
    assert phone.post(save_url(asked, score), typed(score, value="2", text="Weekly")).status_code == 200
    page = phone.get(page_of(asked))
    assert [(line.value, line.text, line.seen) for line in page.context["lines"]] == [
        ("yes", "", 1),
        ("2", "Weekly", 1),
        ("", "", 0),
    ]


def test_of_two_people_the_second_gets_409_with_both(phone, asked, today):
    words = asked.survey.questions.last()
    phone.post(save_url(asked, words), typed(words, text="Mine"))
    second = phone.post(save_url(asked, words), typed(words, text="Theirs"))
    assert (second.status_code, second.json()["text"], second.json()["version"]) == (409, "Mine", 1)
    page = phone.post(page_of(asked), typed(words, text="Theirs") | {"later": "yes"})
    assert page.status_code == 409
    line = page.context["lines"][-1]
    assert (line.text, line.theirs.text, line.seen) == ("Theirs", "Mine", 1)
    assert phone.post(save_url(asked, words), typed(words, text="Theirs", seen=1)).status_code == 200
    assert SchoolAnswer.objects.get().text == "Theirs"


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_one_is_kept_and_the_other_is_told(asked, today):
    words = asked.survey.questions.last()

    def answer(text):
        try:
            return save_answer(asked, words, value="", text=text, seen=0, at=NOW).text
        except ChangedMeanwhile as meanwhile:
            return f"told of {meanwhile.there.text}"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        said = set(people.map(answer, ["One", "Two"]))
    assert said in ({"One", "told of One"}, {"Two", "told of Two"})


def test_what_must_be_answered_is_asked_for_and_nothing_typed_is_lost(phone, asked, today):
    read, score, words = asked.survey.questions.all()
    page = phone.post(page_of(asked), typed(words, text="More training") | typed(score, value="99") | {"submit": "yes"})
    assert page.status_code == 422
    assert [(line.problem, line.value, line.text) for line in page.context["lines"]] == [
        ("", "", ""),
        ("Enter a score from 0 to 3.", "99", ""),
        ("", "", "More training"),
    ]
    page = phone.post(page_of(asked), typed(score, value="2") | {"submit": "yes", "answered_by": ""})
    assert (page.status_code, [line.problem for line in page.context["lines"]]) == (422, ["Choose an answer.", "", ""])
    page = phone.post(page_of(asked), typed(read, value="no") | {"submit": "yes"})
    assert page.context["form"].errors == {"answered_by": ["Enter your name and post"]}
    asked.refresh_from_db()
    assert asked.submitted_at is None


def test_once_submitted_it_is_frozen_and_stands_there_to_print(phone, asked, today):
    read, score, words = asked.survey.questions.all()
    signed = {"submit": "yes", "answered_by": "Sam Okoro, safeguarding lead"}
    phone.post(page_of(asked), typed(read, value="yes") | typed(score, value="3") | signed)
    asked.refresh_from_db()
    assert (asked.answered_by, asked.submitted_at.date()) == ("Sam Okoro, safeguarding lead", today)
    assert phone.post(save_url(asked, words), typed(words, text="Late")).status_code == 410
    assert phone.post(page_of(asked), typed(read, value="no") | signed, follow=True).status_code == 200
    assert dict(asked.answers.values_list("question", "value")) == {read.pk: "yes", score.pk: "3"}
    page = phone.get(page_of(asked)).content.decode()
    assert "Sam Okoro, safeguarding lead" in page and "Print this page" in page


def test_a_link_ends_with_a_new_one_with_an_excuse_and_with_the_survey(phone, asked, desk, today):
    old = page_of(asked)
    desk.post(reverse("assurance:school-return-link", args=[asked.pk]))
    asked.refresh_from_db()
    assert (phone.get(old).status_code, phone.get(page_of(asked)).status_code) == (410, 200)
    assert "There is a newer link" in phone.get(old).content.decode()
    desk.post(reverse("assurance:school-return-excuse", args=[asked.pk]), {"excused_because": "It closes"})
    assert phone.get(page_of(asked)).status_code == 410
    desk.post(reverse("assurance:school-return-ask", args=[asked.pk]))
    assert phone.get(page_of(asked)).status_code == 200
    desk.post(reverse("assurance:school-survey-close", args=[asked.survey_id]))
    page = phone.get(page_of(asked))
    assert page.status_code == 410
    assert "This survey is closed" in page.content.decode() and "office@example.org" in page.content.decode()
    assert phone.get(old[:-3] + "x/").status_code == 404


def test_links_that_prove_nothing_are_throttled(phone, today, settings):
    url = reverse("assurance:school-answer", args=["A" * 80])
    assert {phone.get(url).status_code for _each in range(61)} == {404, 429}


def test_last_times_answer_stands_beside_and_one_press_says_still_true(phone, asked, today):
    before = SchoolReturnFactory(survey=asked.survey, school=SchoolFactory(area=asked.school.area))
    following, _is_new = copy_survey(asked.survey)
    record = SchoolReturnFactory(survey=following, school=asked.school)
    words = asked.survey.questions.last()
    SchoolAnswer.objects.create(record=asked, question=words, text="More training", version=1)
    SchoolAnswer.objects.create(record=before, question=words, text="Somebody else’s", version=1)
    SchoolReturn.objects.update(submitted_at=NOW)
    SchoolReturn.objects.filter(pk=record.pk).update(submitted_at=None)
    again = following.questions.last()
    assert [line.last and line.last.text for line in phone.get(page_of(record)).context["lines"]] == [
        None,
        None,
        "More training",
    ]
    phone.post(page_of(record), typed(again) | {f"still-{again.pk}": "yes"})
    assert record.answers.get().text == "More training"


def test_an_answer_on_paper_is_typed_in_by_the_office_and_says_so(desk, client_of, advisor, office, asked):
    read, score, _words = asked.survey.questions.all()
    url = reverse("assurance:school-return-paper", args=[asked.pk])
    body = typed(read, value="yes") | typed(score, value="1") | {"submit": "yes", "answered_by": "Ann Lee, head"}
    assert client_of(advisor).post(url, body).status_code == 403
    assert desk.post(url, body).status_code == 302
    asked.refresh_from_db()
    assert (asked.answered_by, asked.typed_in_by, asked.submitted_at is None) == ("Ann Lee, head", office, False)


def test_what_is_not_submitted_is_read_by_nobody_but_the_school(desk, phone, asked, today):
    words = asked.survey.questions.last()
    phone.post(save_url(asked, words), typed(words, text="Canary of a draft"))
    pages = [reverse("assurance:school-return", args=[asked.pk])]
    pages += [
        reverse(f"assurance:{name}", args=[asked.survey_id]) for name in ("school-survey-results", "school-survey")
    ]
    assert [url for url in pages if "Canary" in desk.get(url).content.decode()] == []
    SchoolReturn.objects.update(submitted_at=NOW)
    assert [url for url in pages if "Canary" in desk.get(url).content.decode()] == pages[:2]


# Letters


def test_a_letter_addresses_rightly_whom_we_know_and_whom_we_do_not(asked):
    asked.school.head_name, asked.school.chair_name = "", "Jo Best"
    asked.school.street, asked.school.postcode = "Elm Road", "AV1 2CD"
    head, chair = letter_to(asked, "head"), letter_to(asked, "chair")
    assert (head.lines, head.salutation, head.closing) == (
        ["Head teacher", "Elm Road Primary School", "Elm Road", "AV1 2CD"],
        "Dear head teacher",
        "Yours faithfully",
    )
    assert (chair.lines[:2], chair.salutation, chair.closing) == (
        ["Jo Best", "Chair of governors"],
        "Dear Jo Best",
        "Yours sincerely",
    )
    assert "Elm Road Primary School" in head.paragraphs[0] and "12 February 2027" in head.paragraphs[0]
    assert unknown_fields("{school}, {name} and {due}") == ["name"]


def test_the_office_is_told_of_a_field_that_we_do_not_know(desk, survey):
    url = reverse("assurance:school-letters", args=[survey.pk])
    page = desk.post(url, {"letter": "Dear {headteacher}", "letter_signed_by": "Ruth Fallon"})
    assert page.status_code == 422
    assert "We know no {headteacher}" in page.content.decode()
    assert desk.post(url, {"letter": "Please, {school}", "letter_signed_by": "Ruth Fallon"}).status_code == 302


def test_letters_are_made_for_the_silent_alone_one_a_page_and_noted(desk, asked, area, office):
    done = SchoolReturnFactory(survey=asked.survey, school=SchoolFactory(area=area, name="Answered"))
    SchoolReturn.objects.filter(pk=done.pk).update(submitted_at=NOW)
    for _press in range(2):
        desk.post(reverse("assurance:school-letters-make", args=[asked.survey_id]))
    run = asked.survey.letter_runs.get()
    assert run_letters(run.pk) is True
    assert run_letters(run.pk) is False
    run = type(run).objects.get(pk=run.pk)
    assert (run.state, run.page_count, run.letter_count) == ("done", 2, 2)
    words = [paragraph.text for paragraph in WordDocument(io.BytesIO(bytes(run.word))).paragraphs]
    assert [line for line in words if line.startswith("Dear ")] == ["Dear head teacher", "Dear chair of governors"]
    assert words[-1] == asked.survey.partnership.name
    assert list(SchoolMail.objects.order_by("reader").values_list("kind", "reader", "record", "address")) == [
        ("letter", "chair", asked.pk, ""),
        ("letter", "head", asked.pk, ""),
    ]
    assert not SchoolMail.objects.filter(sent_at=None).exists()
    download = desk.get(reverse("assurance:school-letters-download", args=[run.pk, "pdf"]))
    assert download.content.startswith(b"%PDF")


def test_letters_go_by_mail_to_those_whose_address_is_known_and_the_link_to_the_head_alone(
    desk, asked, mail_server, django_capture_on_commit_callbacks
):
    School.objects.update(chair_email="chair@school.example")
    for _press in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            desk.post(reverse("assurance:school-letters-make", args=[asked.survey_id]), {"mail": "yes", "turn": "1"})
    assert {message.to[0]: address_of(asked) in message.body for message in mail_server.delivered} == {
        asked.school.head_email: True,
        "chair@school.example": False,
    }


# Results


def test_results_count_what_was_submitted_by_phase_and_name_what_is_weak(desk, survey, area):
    read, score, words = survey.questions.all()
    for phase, value, is_submitted in (
        ("Primary", "0", True),
        ("Primary", "3", True),
        ("Secondary", "1", True),
        ("Primary", "0", False),
    ):
        record = SchoolReturnFactory(survey=survey, school=SchoolFactory(area=area, phase=phase))
        SchoolAnswer.objects.create(record=record, question=score, value=value, text="Because", version=1)
        if is_submitted:
            SchoolReturn.objects.filter(pk=record.pk).update(submitted_at=NOW, answered_by="Head")
    page = desk.get(reverse("assurance:school-survey-results", args=[survey.pk]))
    result = page.context["results"][1]
    assert result.choices == [("0", 1, "33%"), ("1", 1, "33%"), ("2", 0, "0%"), ("3", 1, "33%")]
    assert [(phase, count) for phase, count, _shares in result.by_phase] == [("Primary", 2), ("Secondary", 1)]
    assert [(each.question, each.weak) for each in page.context["weakest"]] == [(score, 2)]
    total = page.context["turnout"].total
    assert (total.asked, total.answered, total.share) == (4, 3, "75%")
    book = load_workbook(io.BytesIO(desk.get(f"{page.request['PATH_INFO']}?export=xlsx").content))
    assert book.active.max_row == 5
    assert sum(cell.value == "Because" for row in book.active for cell in row) == 3


def test_figures_stand_beside_the_yearly_report_where_it_asks_about_education(partnership, survey, asked):
    plain = AssuranceRequestFactory(partnerships=[partnership])
    assert figures_beside(plain, plain.questions.all()) is None
    education = AssuranceRequestFactory(partnerships=[partnership], title="Education")
    of_set = SetQuestionFactory(question_set=QuestionSetFactory(code="education"), position=1)
    QuestionFactory(request=education, position=1, asked_from=of_set)
    figures = figures_beside(education, education.questions.all())
    assert (figures.survey, figures.turnout.total.asked) == (survey, 1)


def test_an_open_survey_is_due_to_the_office(survey, asked, office):
    assert {(row["deadline_key"], row["deadline_due_on"]) for row in school_surveys(NOW.date())} == {
        (f"school-survey:{survey.pk}", date(2027, 2, 12))
    }
    SchoolSurvey.objects.update(closed_on=NOW.date())
    assert list(school_surveys(NOW.date())) == []


# How much each page asks


def test_pages_ask_as_much_for_sixty_schools_as_for_one(desk, survey, area):
    urls = [reverse("assurance:school-list"), reverse("assurance:school-survey-list")]
    urls += [
        reverse(f"assurance:{name}", args=[survey.pk])
        for name in (
            "school-survey",
            "school-return-list",
            "school-survey-results",
            "school-letters",
            "school-survey-send",
        )
    ]
    question = survey.questions.first()
    counts = []
    for wanted in (1, 3, 10, 60):
        while survey.returns.count() < wanted:
            record = SchoolReturnFactory(survey=survey, school=SchoolFactory(area=area))
            number = survey.returns.count()
            if number % 3 == 0 or wanted == 1:
                SchoolAnswer.objects.create(record=record, question=question, value="yes", text="Words", version=1)
            if number % 3 == 0:
                SchoolReturn.objects.filter(pk=record.pk).update(submitted_at=NOW)
            if wanted == 1:
                other = SchoolReturnFactory(survey=survey, school=SchoolFactory(area=area, head_email=""))
                SchoolAnswer.objects.create(record=other, question=question, value="no", text="Words", version=1)
                SchoolReturn.objects.filter(pk=other.pk).update(submitted_at=NOW)
        counts.append([count_queries(desk, url) for url in urls])
    assert counts[1:] == counts[:1] * 3


def test_the_page_a_school_answers_asks_as_much_for_ten_questions_as_for_one(phone, asked, today):
    scale = ScaleFactory()
    counts = []
    for wanted in (4, 13):
        for position in range(asked.survey.questions.count(), wanted):
            SchoolQuestionFactory(survey=asked.survey, position=position + 1, kind="score", scale=scale)
        counts.append(count_queries(phone, page_of(asked)))
    assert counts[0] == counts[1]
