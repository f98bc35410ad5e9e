"""Requests: built from question sets, sent once, followed by the office, chased through the ledger, closed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from assurance.models import AssuranceRequest, Question, Return
from assurance.requests import (
    AlreadySent,
    CannotSend,
    ask,
    ask_also,
    close_request,
    copy_questions,
    extend,
    make_request,
    reopen_request,
    send_request,
    withdraw,
    write_questions,
)
from partnership.deadlines import deadlines, deadlines_for
from partnership.models import Membership, Organisation, Reminder
from partnership.row_security import EVERYTHING, tell
from tests.factories import (
    AssuranceRequestFactory,
    MembershipFactory,
    OrganisationFactory,
    QuestionFactory,
    ReturnFactory,
    TimetableEntryFactory,
)
from tests.factories_assurance import QuestionSetFactory, SetQuestionFactory, StandardSetFactory
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
LIST, ADD = reverse("assurance:request-list"), reverse("assurance:request-add")


def url(name, record):
    return reverse(f"assurance:{name}", args=[record.pk])


def text_of(response):
    return response.content.decode()


def three(name, day):
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def basics(*partnerships, **more):
    return {
        "title": "Assurance return 2027 to 2028",
        "partnerships": [each.pk for each in partnerships],
        "introduction": "",
        "standards": "",
        "group": "",
        "entry": "",
        **three("due_on", date(2028, 1, 28)),
        **more,
    }


@pytest.fixture
def voice_set(partnership):
    made = QuestionSetFactory(partnership=partnership, title="Our own questions")
    SetQuestionFactory(question_set=made, position=1, text="Who was heard?", guidance="How many.", is_voice=True)
    SetQuestionFactory(question_set=made, position=2, text="What changed?", is_required=False, wants_evidence=True)
    return made


@pytest.fixture
def planned(partnership, charity, hospital, voice_set):
    """A draft of Ashford Vale's that asks two organisations two questions."""
    request, _is_new = make_request(
        partnerships=[partnership],
        title="Assurance return 2027",
        due_on=date(2027, 2, 26),
        on=date(2027, 1, 12),
        question_sets=[voice_set],
    )
    return request


@pytest.fixture
def sent(planned, office, partner, other_partner):
    send_request(planned, by=office, on=date(2027, 1, 12))
    planned.refresh_from_db()
    return planned


def return_of(request, organisation):
    return request.returns.get(organisation=organisation)


def due_of(user):
    return [(each.title, each.due_on) for each in deadlines_for(user, on=date(2027, 1, 12)) if each.kind == "Return"]


# Building


def test_a_request_is_built_of_sets_for_the_members_of_who_asks(
    client_of, office, partnership, charity, health_board, voice_set
):
    virtual = OrganisationFactory(name="Ambulance Service")
    MembershipFactory(organisation=virtual, partnership=partnership, role=Membership.Role.VIRTUAL)
    response = client_of(office).post(ADD, basics(partnership, question_sets=[voice_set.pk]))
    request = AssuranceRequest.objects.get()
    assert response.url == url("request-questions", request)
    assert (request.title, request.due_on, request.sent_on) == (
        "Assurance return 2027 to 2028",
        date(2028, 1, 28),
        None,
    )
    assert [
        (q.position, q.section, q.text, q.guidance, q.is_required, q.wants_evidence, q.is_voice, q.asked_from.text)
        for q in request.questions.all()
    ] == [
        (1, "Our own questions", "Who was heard?", "How many.", True, False, True, "Who was heard?"),
        (2, "Our own questions", "What changed?", "", False, True, False, "What changed?"),
    ]
    assert set(request.organisations.all()) == {charity, health_board}


def test_pressed_twice_it_is_begun_once(client_of, office, partnership):
    client = client_of(office)
    client.post(ADD, basics(partnership))
    client.post(ADD, basics(partnership))
    assert AssuranceRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": " "}, "Enter what the request is called"),
        ({"partnerships": []}, "Choose who asks"),
        ({"due_on_year": "2026"}, "Enter a day that has not passed"),
        ({"due_on_year": "3026"}, "Enter a day before the end of 2032"),
        ({"due_on_day": ""}, "Add the day to the date"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client_of, office, partnership, typed, words):
    response = client_of(office).post(ADD, basics(partnership) | typed)
    assert (response.status_code, AssuranceRequest.objects.count()) == (422, 0)
    assert words in text_of(response)


def test_nothing_of_another_partnership_can_be_chosen(client_of, office, partnership, far_partnership):
    theirs = QuestionSetFactory(partnership=far_partnership)
    entry = TimetableEntryFactory(partnerships=[far_partnership])
    standards = StandardSetFactory(partnership=far_partnership)
    for name, record in (("question_sets", theirs), ("entry", entry), ("standards", standards)):
        value = [record.pk] if name == "question_sets" else record.pk
        assert client_of(office).post(ADD, basics(partnership, **{name: value})).status_code == 422, name
    assert client_of(office).post(ADD, basics(far_partnership)).status_code == 422
    assert AssuranceRequest.objects.count() == 0


def test_only_an_office_begins_one(client_of, advisor, partner, partnership):
    for user in (advisor, partner):
        assert client_of(user).post(ADD, basics(partnership)).status_code == 403


def rows_of(page, **typed):
    """What a browser would send of the questions that ``page`` shows, with ``typed`` over it."""
    rows = page.context["rows"]
    data = {"rows": len(rows), "mark": rows.mark}
    for form in rows:
        for field in form:
            value = field.value()
            if value not in (None, False, ""):
                data[field.html_name] = "on" if value is True else value
    return data | typed


def test_questions_are_changed_put_in_order_taken_out_and_added(client_of, office, planned):
    client, address = client_of(office), url("request-questions", planned)
    page = client.get(address)
    QuestionFactory(request=planned, position=3, text="To be taken out")
    page = client.get(address)
    typed = {"q0-text": "Who was heard, and who was not?", "q1-place": "1", "q2-remove": "on"}
    added = {"q3-text": "Anything else?", "q3-section": "At last"}
    assert client.post(address, rows_of(page, **typed, **added)).url == planned.get_absolute_url()
    assert [(q.position, q.section, q.text, q.asked_from_id is not None) for q in planned.questions.all()] == [
        (1, "Our own questions", "What changed?", True),
        (2, "Our own questions", "Who was heard, and who was not?", True),
        (3, "At last", "Anything else?", False),
    ]


def test_a_set_that_is_copied_twice_is_asked_once(client_of, office, planned, voice_set):
    client, address = client_of(office), url("request-questions", planned)
    assert copy_questions(planned, voice_set) == []
    SetQuestionFactory(question_set=voice_set, position=3, text="And what will change?")
    response = client.post(address, rows_of(client.get(address), question_set=voice_set.pk), follow=True)
    assert "copied 1 question of “Our own questions”" in text_of(response)
    assert [q.text for q in planned.questions.all()] == ["Who was heard?", "What changed?", "And what will change?"]


def test_what_a_colleague_changed_meanwhile_is_not_overwritten_unseen(client_of, office, planned):
    client, address = client_of(office), url("request-questions", planned)
    page = client.get(address)
    Question.objects.filter(request=planned, position=1).update(text="Theirs")
    response = client.post(address, rows_of(page, **{"q1-text": "Mine"}))
    assert (response.status_code, "Somebody changed these questions" in text_of(response)) == (409, True)
    assert "Mine" in text_of(response)
    assert client.post(address, rows_of(response)).status_code == 302
    assert [q.text for q in planned.questions.all()] == ["Who was heard?", "Mine"]


def test_a_question_needs_words(client_of, office, planned):
    client, address = client_of(office), url("request-questions", planned)
    response = client.post(address, rows_of(client.get(address), **{"q0-text": " ", "q2-guidance": "Lost?"}))
    assert response.status_code == 422
    assert "Enter the question, or tick “Take this question out”" in text_of(response)
    assert "Enter the question to which this guidance belongs" in text_of(response)
    assert "Lost?" in text_of(response)


def test_a_question_of_another_request_is_not_moved_here(client_of, office, planned, assurance_request):
    theirs = assurance_request.questions.first()
    client, address = client_of(office), url("request-questions", planned)
    typed = {"q2-pk": theirs.pk, "q2-text": "Taken"}
    assert client.post(address, rows_of(client.get(address), **typed)).status_code == 302
    theirs.refresh_from_db()
    assert (theirs.request, theirs.text) == (assurance_request, "Are we improving, and how do we know?")
    assert planned.questions.last().text == "Taken"


def test_every_member_is_offered_with_its_kind_and_role(client_of, office, planned, partnership, hospital):
    virtual = OrganisationFactory(name="Ambulance Service")
    MembershipFactory(organisation=virtual, partnership=partnership, role=Membership.Role.VIRTUAL)
    former = OrganisationFactory(name="Gone")
    MembershipFactory(organisation=former, partnership=partnership, to_on=date(2026, 12, 31))
    client, address = client_of(office), url("request-organisations", planned)
    page = client.get(address)
    assert [
        (role, [(each.name, is_ticked) for each, is_ticked, _asked in rows])
        for role, rows in page.context["form"].groups
    ] == [
        ("Relevant agencies", [("Lantern Family Trust", True), ("St Brannoc’s Hospital Trust", True)]),
        ("Virtual members", [("Ambulance Service", False)]),
    ]
    assert "Voluntary organisation (AV)" in text_of(page)
    client.post(address, {"organisations": [hospital.pk, virtual.pk]})
    assert set(planned.organisations.all()) == {hospital, virtual}
    for bad in ([], [former.pk], ["x"]):
        assert client.post(address, {"organisations": bad}).status_code == 422
    assert set(planned.organisations.all()) == {hospital, virtual}


def test_the_preview_shows_what_will_be_asked(client_of, office, advisor, partner, planned):
    address = url("request-preview", planned)
    assert "Who was heard?" in text_of(client_of(office).get(address))
    assert client_of(advisor).get(address).status_code == 200
    assert client_of(partner).get(address).status_code == 404


# Sending


def test_sent_it_makes_one_return_each_and_tells_through_the_ledger(
    client_of, office, partner, planned, charity, hospital
):
    client, address = client_of(office), url("request-send", planned)
    page = client.get(address)
    assert [str(organisation) for organisation, _words in page.context["cannot"]] == [str(hospital)]
    assert "Nobody represents St Brannoc’s Hospital Trust." in text_of(page)
    assert client.post(address).url == planned.get_absolute_url()
    client.post(address)
    planned.refresh_from_db()
    assert (planned.sent_on, planned.sent_by) == (date(2027, 1, 12), office)
    assert {each.organisation for each in planned.returns.all()} == {charity, hospital}
    assert planned.returns.count() == 2
    assert due_of(partner) == [("Assurance return 2027", date(2027, 2, 26))]
    assert [(row.recipient, row.asked_by) for row in Reminder.objects.all()] == [(partner, office)]


def test_nobody_is_asked_before_it_is_sent(client_of, office, partner, planned):
    assert (due_of(partner), planned.returns.count()) == ([], 0)
    assert str(planned) not in text_of(client_of(partner).get(reverse("assurance:return-list")))


def test_what_is_missing_is_named_before_it_is_sent(client_of, office, partnership):
    request = AssuranceRequestFactory(partnerships=[partnership], sent_on=None, due_on=date(2027, 1, 11))
    response = client_of(office).post(url("request-send", request))
    assert response.status_code == 422
    for words in (
        "Add a question, or choose standards",
        "Choose at least one organisation",
        "The day by which to answer has passed",
    ):
        assert words in text_of(response)
    with pytest.raises(CannotSend):
        send_request(request, by=office, on=date(2027, 1, 12))
    assert request.returns.count() == 0


def test_what_was_sent_keeps_its_questions(client_of, office, sent):
    with pytest.raises(AlreadySent):
        write_questions(sent, [])
    response = client_of(office).post(url("request-questions", sent), {"rows": "0"}, follow=True)
    assert "stay as they are" in text_of(response)
    assert sent.questions.count() == 2
    client_of(office).post(url("request-remove", sent))
    assert AssuranceRequest.objects.filter(pk=sent.pk).exists()


def test_a_new_day_moves_what_is_due(client_of, office, partner, sent):
    typed = basics(**three("due_on", date(2027, 3, 5)))
    assert client_of(office).post(url("request-change", sent), typed).status_code == 302
    assert due_of(partner) == [("Assurance return 2027 to 2028", date(2027, 3, 5))]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_send_once(planned, office, today):
    def press(_):
        try:
            tell(EVERYTHING)
            return send_request(planned, by=office, on=today)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == [False, True]
    assert planned.returns.count() == 2


def test_next_years_is_made_from_this_years(client_of, office, sent, voice_set, charity, hospital, partnership):
    close_request(sent, on=date(2027, 3, 1))
    gone = voice_set.questions.get(position=2)
    gone.retired_on = date(2027, 2, 1)
    gone.save()
    hospital.memberships.filter(partnership=partnership).update(to_on=date(2026, 12, 31))
    response = client_of(office).post(url("request-next", sent))
    client_of(office).post(url("request-next", sent))
    new = AssuranceRequest.objects.exclude(pk=sent.pk).get()
    assert response.url == new.get_absolute_url()
    assert (new.title, new.due_on, new.sent_on, new.previous) == (
        "Assurance return 2028",
        date(2028, 2, 25),
        None,
        sent,
    )
    assert [(q.position, q.text, q.asked_from.text) for q in new.questions.all()] == [
        (1, "Who was heard?", "Who was heard?")
    ]
    assert (set(new.organisations.all()), new.partnership_ids) == ({charity}, {partnership.pk})


# Following


def test_the_office_sees_who_answered_who_is_late_and_who_is_silent(
    client_of, office, assurance_request, draft_return, submitted_return, health_board
):
    ReturnFactory(request=assurance_request, organisation=health_board)
    AssuranceRequest.objects.update(due_on=date(2027, 1, 11))
    page = client_of(office).get(assurance_request.get_absolute_url())
    assert page.context["counts"] == {
        "asked": 3,
        "submitted": 1,
        "late": 2,
        "begun": 1,
        "silent": 1,
        "withdrawn": 0,
    }
    words = text_of(page)
    assert "1 day late. Begun 6 January 2027" in words
    assert "1 day late. Not begun" in words
    assert "Submitted 8 January 2027" in words
    assert "A draft that nobody else may read." not in words
    narrowed = client_of(office).get(assurance_request.get_absolute_url(), {"state": "silent"})
    assert [str(row.organisation) for row in narrowed.context["page_obj"].object_list.data] == [str(health_board)]


def test_advisor_and_group_see_only_what_was_submitted(
    client_of, advisor, scrutiny_chair, assurance_request, draft_return, submitted_return, scrutiny_group, charity
):
    assurance_request.group = scrutiny_group
    assurance_request.save()
    for user in (advisor, scrutiny_chair):
        for extra in ("", "?export=csv"):
            words = text_of(client_of(user).get(assurance_request.get_absolute_url() + extra))
            assert "St Brannoc’s" in words
            assert charity.name not in words
            assert "ilent" not in words
        listed = text_of(client_of(user).get(LIST))
        assert "1 of 2" not in listed


def test_the_page_is_taken_away_as_excel(client_of, office, assurance_request, draft_return, submitted_return):
    book = load_workbook(BytesIO(client_of(office).get(assurance_request.get_absolute_url() + "?export=xlsx").content))
    day = datetime(2027, 1, 29)
    assert list(book.active.iter_rows(values_only=True)) == [
        ("Organisation", "Kind", "Due", "Return", "Reminded"),
        ("Lantern Family Trust", "Voluntary organisation", day, "Begun 6 January 2027", "Not yet"),
        ("St Brannoc’s Hospital Trust", "Relevant agency", day, "Submitted 8 January 2027", None),
    ]


def test_everybody_who_has_not_answered_is_asked_again_by_one_press(
    client_of, office, partner, assurance_request, draft_return, submitted_return
):
    response = client_of(office).post(url("request-chase", assurance_request), follow=True)
    assert "1 person is mailed" in text_of(response)
    assert [(row.deadline_key, row.recipient) for row in Reminder.objects.all()] == [
        (f"return:{draft_return.pk}", partner)
    ]
    assert "Waits to be sent, Nadia Fenwick asked" in text_of(response)
    client_of(office).post(url("request-chase", assurance_request))
    assert Reminder.objects.count() == 1


def test_one_organisation_is_asked_and_none_of_another_request(client_of, office, sent, charity, draft_return):
    client = client_of(office)
    client.post(url("request-chase", sent), {"who": return_of(sent, charity).pk})
    assert [row.deadline_key for row in Reminder.objects.all()] == [f"return:{return_of(sent, charity).pk}"]
    assert client.post(url("request-chase", sent), {"who": draft_return.pk}).status_code == 404
    assert client.post(url("request-chase", sent), {"who": "nonsense"}).status_code == 404


def test_one_organisation_has_more_time_and_says_why(client_of, office, partner, other_partner, sent, charity):
    record = return_of(sent, charity)
    client, address = client_of(office), url("return-extend", record)
    response = client.post(address, {**three("to", date(2027, 3, 12)), "because": "New chief executive"}, follow=True)
    assert "Lantern Family Trust has until 12 March 2027" in text_of(response)
    assert "More time: New chief executive" in text_of(response)
    assert due_of(partner) == [("Assurance return 2027", date(2027, 3, 12))]
    assert due_of(other_partner) == [("Assurance return 2027", date(2027, 2, 26))]
    assert list(sent.returns.late(on=date(2027, 3, 1))) == [sent.returns.exclude(pk=record.pk).get()]
    client.post(address, {"usual": "yes"})
    assert due_of(partner) == [("Assurance return 2027", date(2027, 2, 26))]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"because": ""}, "Enter why it needs more time"),
        (three("to", date(2027, 2, 26)), "Enter a day after 26 February 2027"),
        (three("to", date(2060, 2, 26)), "Enter a day before the end of 2032"),
    ],
)
def test_more_time_needs_a_later_day_and_a_reason(client_of, office, sent, charity, typed, words):
    good = {**three("to", date(2027, 3, 12)), "because": "New chief executive"}
    response = client_of(office).post(url("return-extend", return_of(sent, charity)), good | typed)
    assert (response.status_code, words in text_of(response)) == (422, True)
    assert return_of(sent, charity).extended_to is None


def test_who_need_not_answer_is_asked_no_more_and_may_be_asked_again(client_of, office, partner, sent, charity):
    record = return_of(sent, charity)
    client = client_of(office)
    assert client.post(url("return-withdraw", record), {"because": ""}).status_code == 422
    client.post(url("return-withdraw", record), {"because": "It merged"})
    assert due_of(partner) == []
    page = client.get(sent.get_absolute_url())
    assert (page.context["counts"]["asked"], page.context["counts"]["withdrawn"]) == (1, 1)
    assert "Not asked any more: It merged" in text_of(page)
    client.post(url("request-organisations", sent), {"organisations": [charity.pk]})
    assert due_of(partner) == [("Assurance return 2027", date(2027, 2, 26))]
    assert sent.returns.count() == 2


def test_what_is_submitted_or_holds_another_answer_is_not_withdrawn(
    client_of, office, submitted_return, draft_return, sent, charity
):
    other = return_of(sent, charity)
    other.answered_in = draft_return
    other.save()
    for record in (submitted_return, draft_return):
        client_of(office).post(url("return-withdraw", record), {"because": "No"})
        record.refresh_from_db()
        assert record.withdrawn_at is None
    withdraw(other, because="It merged", by=office, at=NOW)
    other.refresh_from_db()
    assert (other.answered_in, other.withdrawn_at) == (None, NOW)


def test_an_organisation_is_asked_afterwards(client_of, office, sent, partnership, lead, health_board):
    client, address = client_of(office), url("request-organisations", sent)
    assert "Is asked already" in text_of(client.get(address))
    assert client.post(address, {"organisations": [health_board.pk]}).url == sent.get_absolute_url()
    client.post(address, {"organisations": [health_board.pk]})
    assert sent.returns.count() == 3
    assert due_of(lead) == [("Assurance return 2027", date(2027, 2, 26))]


def test_a_submitted_return_is_handed_back_with_a_reason(client_of, office, other_partner, submitted_return):
    client, address = client_of(office), url("return-hand-back", submitted_return)
    assert due_of(other_partner) == []
    assert client.post(address, three("to", date(2027, 2, 12))).status_code == 422
    client.post(address, {"because": "Say whom you did not reach.", **three("to", date(2027, 2, 12))})
    submitted_return.refresh_from_db()
    assert (submitted_return.submitted_at, submitted_return.handed_back_because) == (
        None,
        "Say whom you did not reach.",
    )
    assert due_of(other_partner) == [("Assurance return 2026 to 2027", date(2027, 2, 12))]
    assert [row.recipient for row in Reminder.objects.all()] == [other_partner]
    response = client.post(address, {"because": "Again", **three("to", date(2027, 2, 12))}, follow=True)
    assert "has it already" in text_of(response)


def test_a_joined_return_is_asked_for_by_each_partnership_on_its_own_day(office, partner, sent, charity, draft_return):
    """Or one office could learn from its list what another asks, and by when."""
    mine = return_of(sent, charity)
    both = [("Assurance return 2026 to 2027", date(2027, 1, 29)), ("Assurance return 2027", date(2027, 2, 26))]
    mine.answered_in = draft_return
    mine.save()
    assert due_of(partner) == both
    assert ask(sent, by=office, now=NOW, only=[mine]).told == (partner,)
    assert [row.deadline_key for row in Reminder.objects.all()] == [f"return:{mine.pk}"]


def test_closed_nobody_is_asked_and_open_again_they_are(client_of, office, partner, sent, partnership):
    entry = TimetableEntryFactory(partnerships=[partnership])
    sent.entry = entry
    sent.save()
    client = client_of(office)
    page = client.get(url("request-close", sent))
    assert [str(each.organisation) for each in page.context["waiting"]] == [
        "Lantern Family Trust",
        "St Brannoc’s Hospital Trust",
    ]
    client.post(url("request-close", sent), {"is_entry_done": "on"})
    entry.refresh_from_db()
    assert (due_of(partner), entry.done_on) == ([], date(2027, 1, 12))
    assert "Never submitted. Not begun" in text_of(client.get(sent.get_absolute_url()))
    assert list(sent.returns.late(on=date(2028, 1, 1))) == []
    client.post(url("request-reopen", sent))
    assert due_of(partner) == [("Assurance return 2027", date(2027, 2, 26))]
    sent.refresh_from_db()
    assert reopen_request(sent) is False


def test_more_time_holds_after_the_request_is_closed(office, partner, other_partner, sent, charity):
    extend(return_of(sent, charity), to=date(2027, 3, 12), because="New", by=office)
    close_request(sent, on=date(2027, 1, 12))
    assert (due_of(partner), due_of(other_partner)) == ([("Assurance return 2027", date(2027, 3, 12))], [])


@pytest.mark.parametrize("name", ["return-extend", "return-withdraw", "return-hand-back"])
def test_only_the_office_of_the_request_decides_over_its_returns(
    client_of, advisor, partner, other_partner, stranger, draft_return, submitted_return, name
):
    answers = {
        (user.name, record.organisation.name): client_of(user).post(url(name, record)).status_code
        for user in (advisor, partner, other_partner, stranger)
        for record in (draft_return, submitted_return)
    }
    assert set(answers.values()) == {403, 404}
    assert {who for who, status in answers.items() if status == 403} == {
        (advisor.name, submitted_return.organisation.name)
    }


# Many


def members(partnership, numbers):
    """Relevant agencies of these numbers."""
    made = Organisation.objects.bulk_create(Organisation(name=f"Agency {number}") for number in numbers)
    Membership.objects.bulk_create(Membership(organisation=each, partnership=partnership) for each in made)
    return made


def test_the_pages_take_as_many_queries_for_60_organisations_as_for_10(client_of, office, planned, partnership):
    client = client_of(office)
    names = ["request-organisations", "request-send"]
    planned.organisations.set(members(partnership, range(10)))
    at_10 = [count_queries(client, url(name, planned)) for name in names]
    planned.organisations.add(*members(partnership, range(10, 60)))
    assert [count_queries(client, url(name, planned)) for name in names] == at_10
    planned.organisations.set(list(planned.organisations.all())[:10])
    send_request(planned, by=office, on=date(2027, 1, 12))
    at_10 = count_queries(client, planned.get_absolute_url())
    ask_also(planned, Organisation.objects.filter(name__startswith="Agency"))
    assert planned.returns.count() == 60
    assert count_queries(client, planned.get_absolute_url()) == at_10


@pytest.mark.parametrize("name", ["request-list", "question-set-list"])
def test_lists_take_as_many_queries_for_three_as_for_one(client_of, office, partnership, name):
    client, address = client_of(office), reverse(f"assurance:{name}")
    for count in (1, 2):
        for number in range(count):
            AssuranceRequestFactory(partnerships=[partnership], title=f"R {count} {number}")
            QuestionSetFactory(partnership=partnership, title=f"S {count} {number}")
        if count == 1:
            at_1 = count_queries(client, address)
    assert count_queries(client, address) == at_1


def test_300_organisations_are_asked_in_one_request(office, planned, partnership, django_assert_max_num_queries):
    planned.organisations.set(members(partnership, range(300)))
    with django_assert_max_num_queries(12):
        send_request(planned, by=office, on=date(2027, 1, 12))
    assert planned.returns.count() == 300
    assert len(deadlines(on=date(2027, 1, 12), keys={f"return:{each.pk}" for each in Return.objects.all()})) == 300
