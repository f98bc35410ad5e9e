"""Challenges: raised, answered by whoever was asked, the difference they made; and who learns that one is late."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assurance.models import Challenge
from partnership.deadlines import deadlines
from tests.factories_judged import ChallengeFactory
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db

LIST = reverse("assurance:challenge-list")
SECRET = "Strategy meetings without a nurse"


def url(name, record):
    return reverse(f"assurance:challenge-{name}", args=[record.pk])


def text_of(response):
    return response.content.decode()


def day(name, day):
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


@pytest.fixture
def answers(charity, hospital):
    """``answers(**more)``: what the office types; from the charity to the hospital."""

    def answers(**more):
        return {
            "title": SECRET,
            "raised_by": f"organisation:{charity.pk}",
            "by_words": "",
            "put_to": f"organisation:{hospital.pk}",
            "issue": "Three of ten had nobody from health.",
            "evidence": "Minutes of October.",
            **day("raised_on", date(2027, 1, 11)),
            **day("answer_due_on", date(2027, 1, 29)),
        } | more

    return answers


@pytest.fixture
def challenge(partnership, charity, hospital):
    """From ``partner``'s organisation to ``other_partner``'s; late since the fourth."""
    return ChallengeFactory(
        partnership=partnership,
        ref="C4",
        title=SECRET,
        by_organisation=charity,
        to_organisation=hospital,
        answer_due_on=date(2027, 1, 4),
    )


# Raising


def test_the_office_writes_one_down_and_pressed_twice_it_is_one(client_of, office, partnership, challenge, answers):
    add = reverse("assurance:challenge-add-for", args=[partnership.pk])
    body = answers(title="Minutes that come late")
    responses = [client_of(office).post(add, body) for _ in range(2)]
    made = Challenge.objects.get(ref="C5")
    assert [response.url for response in responses] == [made.get_absolute_url()] * 2
    assert (made.raised_by, str(made.put_to), made.answer_due_on) == (
        "Lantern Family Trust",
        "St Brannoc’s Hospital Trust",
        date(2027, 1, 29),
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Enter what it is about"),
        ({"issue": ""}, "Enter what is asked to be better"),
        ({"raised_by": ""}, "Choose who raised it, or say it in words below"),
        ({"by_words": "A young carer"}, "Lantern Family Trust is chosen above. Leave this empty"),
        ({"put_to": ""}, "Choose who is asked to answer"),
        (day("answer_due_on", date(2027, 1, 10)), "Enter a day on or after the day on which it was raised"),
        (day("raised_on", date(2027, 2, 10)), "Enter the day on which it was raised, today or before"),
    ],
)
def test_what_is_wrong_says_so_and_keeps_what_was_typed(client_of, office, partnership, answers, wrong, sentence):
    add = reverse("assurance:challenge-add-for", args=[partnership.pk])
    response = client_of(office).post(add, answers(**wrong))
    assert (response.status_code, sentence in text_of(response)) == (422, True)
    assert "Minutes of October." in text_of(response)
    assert Challenge.objects.count() == 0


def test_nobody_challenges_themselves(client_of, office, partnership, charity, answers):
    add = reverse("assurance:challenge-add-for", args=[partnership.pk])
    response = client_of(office).post(add, answers(put_to=f"organisation:{charity.pk}"))
    assert "Lantern Family Trust raised it. Choose somebody else to answer" in text_of(response)


def test_somebody_else_may_raise_it_in_words(client_of, office, partnership, learning_group, answers):
    add = reverse("assurance:challenge-add-for", args=[partnership.pk])
    client_of(office).post(
        add, answers(raised_by="", by_words="A group of young carers", put_to=f"group:{learning_group.pk}")
    )
    made = Challenge.objects.get()
    assert (made.ref, made.raised_by, made.put_to) == ("C1", "A group of young carers", learning_group)


# Answering


def test_whoever_is_asked_answers_and_corrects_and_the_first_day_stays(
    client_of, office, partner, other_partner, challenge
):
    answer = url("answer", challenge)
    assert client_of(partner).get(answer).status_code == 403
    assert "Enter your answer" in text_of(client_of(other_partner).post(answer, {"answer": " "}))
    client_of(other_partner).post(answer, {"answer": "A nurse is on the rota."})
    Challenge.objects.filter(pk=challenge.pk).update(answered_on=date(2027, 1, 8))
    client_of(office).post(answer, {"answer": "A nurse is on the rota each day."})
    challenge.refresh_from_db()
    assert (challenge.answer, challenge.answered_on, challenge.answered_by) == (
        "A nurse is on the rota each day.",
        date(2027, 1, 8),
        office,
    )
    history = client_of(partner).get(reverse("partnership:record-history", args=["assurance.challenge", challenge.pk]))
    assert "A nurse is on the rota." in text_of(history)


def test_the_chair_of_a_group_answers_and_its_members_do_not(client_of, partnership, learning_group, chair, partner):
    challenge = ChallengeFactory(partnership=partnership, to_group=learning_group)
    assert client_of(partner).get(url("answer", challenge)).status_code == 404
    assert client_of(chair).post(url("answer", challenge), {"answer": "Yes."}).status_code == 302


def test_two_who_answer_at_once_are_told_of_each_other(client_of, office, other_partner, challenge):
    client = client_of(other_partner)
    seen = client.get(url("answer", challenge)).context["form"]["seen"].value()
    client_of(office).post(url("answer", challenge), {"answer": "Theirs."})
    response = client.post(url("answer", challenge), {"answer": "Mine.", "seen": seen})
    assert (response.status_code, "It now says “Theirs.”" in text_of(response)) == (409, True)


# Ending


def test_it_is_closed_with_the_difference_it_made_and_opened_again(client_of, office, other_partner, challenge):
    close = url("close", challenge)
    assert client_of(other_partner).get(close).status_code == 403
    refused = client_of(office).post(close, {"action": "close", "difference": " "})
    assert (refused.status_code, "Say what difference it made, or why it made none" in text_of(refused)) == (422, True)
    client_of(office).post(close, {"action": "keep", "difference": "Nine of ten now."})
    challenge.refresh_from_db()
    assert (challenge.difference, challenge.closed_on) == ("Nine of ten now.", None)
    client_of(office).post(close, {"action": "close", "difference": "All ten."})
    assert client_of(other_partner).get(url("answer", challenge)).status_code == 403
    client_of(office).post(close, {"action": "reopen"})
    challenge.refresh_from_db()
    assert (challenge.difference, challenge.closed_on) == ("All ten.", None)
    assert client_of(other_partner).get(url("answer", challenge)).status_code == 200


def test_two_who_write_what_it_changed_are_told_of_each_other(client_of, office, challenge):
    seen = client_of(office).get(url("close", challenge)).context["form"]["seen"].value()
    Challenge.objects.filter(pk=challenge.pk).update(difference="Theirs.")
    response = client_of(office).post(url("close", challenge), {"action": "keep", "difference": "Mine.", "seen": seen})
    assert (response.status_code, "It now says “Theirs.”" in text_of(response)) == (409, True)


# Who learns of it


def test_members_read_it_once_it_is_shared_and_are_not_told_that_it_is_late(
    client_of, office, lead, partner, other_partner, stranger, challenge
):
    assert client_of(lead).get(challenge.get_absolute_url()).status_code == 404
    client_of(office).post(url("share", challenge))
    assert client_of(stranger).get(challenge.get_absolute_url()).status_code == 404
    late = "8 days late"
    pages = [challenge.get_absolute_url(), LIST]
    found = {
        person.name: [late in text_of(client_of(person).get(page)) for page in pages]
        for person in (office, partner, other_partner, lead)
    }
    told, not_told = [True, True], [False, False]
    assert found == {office.name: told, partner.name: told, other_partner.name: told, lead.name: not_told}
    narrowed = client_of(lead).get(f"{LIST}?state=late")
    assert len(narrowed.context["table"].rows) == 0


def test_the_office_and_whoever_is_asked_are_reminded_by_its_ref_alone(
    office, partner, other_partner, advisor, lead, challenge
):
    found = {
        person.name: [each.title for each in deadlines(on=date(2027, 1, 12), standing=person.standing)]
        for person in (office, other_partner, partner, advisor, lead)
    }
    told = ["Answer challenge C4"]
    assert found == {office.name: told, other_partner.name: told, partner.name: [], advisor.name: [], lead.name: []}


@pytest.mark.parametrize(
    ("asked", "refs"),
    [("", ["C3", "C2", "C1"]), ("state=waiting", ["C2"]), ("state=answered", ["C3"]), ("state=closed", ["C1"])],
)
def test_open_ones_come_first_and_it_is_narrowed_and_taken_away(client_of, office, partnership, charity, asked, refs):
    closed = {"closed_on": date(2027, 1, 4), "difference": "Some."}
    answered = {"answer": "Yes.", "answered_on": date(2027, 1, 4), "answered_by": office}
    for ref, raised_on, more in (
        ("C1", date(2026, 12, 3), closed),
        ("C2", date(2026, 12, 1), {}),
        ("C3", date(2026, 12, 2), answered),
    ):
        ChallengeFactory(partnership=partnership, ref=ref, raised_on=raised_on, to_organisation=charity, **more)
    rows = client_of(office).get(f"{LIST}?{asked}").context["table"].rows
    assert [row.record.ref for row in rows] == refs
    book = load_workbook(BytesIO(client_of(office).get(f"{LIST}?{asked}&export=xlsx").content))
    assert [row[0] for row in book.active.values] == ["Ref", *refs]


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_as_often_for_three_as_for_one(client_of, office, partnership, charity, plan, count):
    for priority in plan.priorities.all()[:1]:
        for _ in range(count):
            challenge = ChallengeFactory(partnership=partnership, to_organisation=charity)
            challenge.priorities.add(priority)
    client = client_of(office)
    assert (count_queries(client, LIST), count_queries(client, challenge.get_absolute_url())) == (9, 8)
