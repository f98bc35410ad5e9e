"""The risk register: raised, looked at again, worse or better, shared, closed; and who learns nothing of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from openpyxl import load_workbook

from assurance.models import Risk, RiskBand, RiskStep
from assurance.risks import add_risk, matrix_of, trend_of
from partnership.deadlines import deadlines
from partnership.models import MeetingAction
from tests.factories import GroupMemberFactory, PriorityFactory
from tests.factories_judged import RiskFactory, RiskReviewFactory
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db

LIST = reverse("assurance:risk-list")
SECRET = "Nobody answers at night"


def url(name, record):
    return reverse(f"assurance:risk-{name}", args=[record.pk])


def text_of(response):
    return response.content.decode()


def day(name, day):
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def answers(**more):
    return {
        "title": "Health visitors leave faster than they are replaced",
        "cause": "Pay is better over the border.",
        "effect": "Babies are seen once, not five times.",
        "category": "Workforce",
        "lead": "",
        "likelihood": "4",
        "impact": "3",
        "controls": "A bank of six nurses.",
        "treatment": "treat",
        "target_likelihood": "",
        "target_impact": "",
        **day("raised_on", date(2027, 1, 11)),
    } | more


def looked(**more):
    return {"likelihood": "4", "impact": "4", "text": "Two more left.", **day("reviewed_on", date(2027, 1, 12))} | more


@pytest.fixture
def risk(partnership, health_board, office):
    """Led by ``lead``'s organisation, last looked at in November: 4 x 3."""
    risk = RiskFactory(partnership=partnership, ref="R7", title=SECRET, lead_organisation=health_board)
    RiskReviewFactory(risk=risk, reviewed_by=office)
    return risk


# Raising


def test_the_office_raises_a_risk_whose_ref_and_next_look_come_by_themselves(client_of, office, partnership, risk):
    response = client_of(office).post(reverse("assurance:risk-add-for", args=[partnership.pk]), answers())
    made = Risk.objects.with_latest().get(ref="R8")
    assert (response.status_code, response.url) == (302, made.get_absolute_url())
    assert (made.score, made.score_before, made.next_review_on) == (12, None, date(2027, 4, 13))
    assert list(made.reviews.values_list("reviewed_on", "reviewed_by")) == [(date(2027, 1, 11), office.pk)]


def test_pressed_twice_it_is_one_risk(client_of, office, partnership):
    for _ in range(2):
        client_of(office).post(reverse("assurance:risk-add-for", args=[partnership.pk]), answers())
    assert list(Risk.objects.values_list("ref", flat=True)) == ["R1"]


@pytest.mark.django_db(transaction=True)
def test_refs_drawn_at_once_differ_and_one_pressed_twice_at_once_is_one(partnership, office):
    def press(title):
        try:
            return add_risk(
                partnership,
                title=title,
                likelihood=1,
                impact=1,
                priorities=[],
                raised_on=date(2027, 1, 11),
                next_review_on=date(2027, 4, 12),
                by=office,
                at=datetime(2027, 1, 12, 9, 0, tzinfo=UTC),
            )[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as presses:
        found = list(presses.map(press, ["One", "Two", "One", "Two"]))
    assert sorted(found) == [False, False, True, True]
    assert sorted(Risk.objects.values_list("ref", flat=True)) == ["R1", "R2"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": " "}, "Enter what could go wrong"),
        ({"likelihood": ""}, "Choose how likely it is"),
        ({"impact": "6"}, "Choose an answer from the list"),
        ({"target_likelihood": "2"}, "Choose how bad it would be then, or take the likelihood away"),
        (day("raised_on", date(2027, 1, 13)), "Enter the day on which it was raised, today or before"),
        (day("raised_on", date(1027, 1, 13)), "Check the year: 13 January 1027 is too far away"),
        (day("next_review_on", date(2027, 1, 1)), "Enter a day to come, or leave it empty"),
        ({"lead": "post:999999"}, "Choose an answer from the list"),
    ],
)
def test_what_is_wrong_says_so_and_keeps_what_was_typed(client_of, office, partnership, wrong, sentence):
    response = client_of(office).post(reverse("assurance:risk-add-for", args=[partnership.pk]), answers(**wrong))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "Pay is better over the border." in text_of(response)
    assert Risk.objects.count() == 0


def test_a_priority_of_another_partnerships_plan_is_no_choice(client_of, office, partnership, plan, far_partnership):
    far = PriorityFactory(title="Far away")
    own = plan.priorities.first()
    refused = client_of(office).post(
        reverse("assurance:risk-add-for", args=[partnership.pk]), answers(priorities=[far.pk])
    )
    assert (refused.status_code, "Choose priorities of a plan of this partnership" in text_of(refused)) == (422, True)
    client_of(office).post(reverse("assurance:risk-add-for", args=[partnership.pk]), answers(priorities=[own.pk]))
    assert list(Risk.objects.get().priorities.all()) == [own]


def test_an_office_of_two_is_asked_for_which(client_of, office, partnership, lead):
    add = reverse("assurance:risk-add")
    assert client_of(lead).get(add).status_code == 403
    assert "For which partnership?" in text_of(client_of(office).get(add))
    response = client_of(office).post(add, {"partnership": partnership.pk})
    assert response.url == reverse("assurance:risk-add-for", args=[partnership.pk])


def test_two_who_change_one_risk_are_told_of_each_other(client_of, office, risk):
    client = client_of(office)
    seen = client.get(url("change", risk)).context["form"]["seen"].value()
    lead = f"organisation:{risk.lead_organisation_id}"
    body = answers(title="Mine", lead=lead, seen=seen)
    Risk.objects.filter(pk=risk.pk).update(title="Theirs")
    response = client.post(url("change", risk), body)
    assert response.status_code == 409
    assert "It now says “Theirs”" in text_of(response)
    again = response.context["form"]["seen"].value()
    assert client.post(url("change", risk), body | {"seen": again}).status_code == 302
    risk.refresh_from_db()
    assert (risk.title, risk.lead_organisation_id is not None, risk.next_review_on) == ("Mine", True, date(2027, 2, 1))


# Looking again


def test_whoever_answers_looks_again_and_the_band_says_when_next(client_of, lead, partner, risk):
    assert client_of(partner).get(url("review", risk)).status_code == 404
    assert client_of(lead).get(url("review", risk)).status_code == 200
    for _ in range(2):
        assert client_of(lead).post(url("review", risk), looked(impact="5")).status_code == 302
    risk.refresh_from_db()
    assert [look.score for look in risk.reviews.all()] == [20, 12]
    assert risk.next_review_on == date(2027, 2, 12)  # very high: after 31 days
    assert list(Risk.objects.worsened()) == [risk]
    assert "Worse than at the last look: 20, it was 12" in text_of(client_of(lead).get(risk.get_absolute_url()))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": ""}, "Say what changed: its score was 12 and is now 16"),
        (day("reviewed_on", date(2027, 1, 13)), "Enter the day on which it was looked at, today or before"),
        (day("reviewed_on", date(2026, 11, 1)), "It was looked at on 2 November 2026. Enter that day or a later one"),
        (day("next_review_on", date(2027, 1, 1)), "Enter a day to come, within five years, or leave it empty"),
        ({"likelihood": "0"}, "Choose an answer from the list"),
    ],
)
def test_a_look_that_is_wrong_says_so(client_of, lead, risk, wrong, sentence):
    response = client_of(lead).post(url("review", risk), looked(**wrong))
    assert (response.status_code, sentence in text_of(response)) == (422, True)
    assert risk.reviews.count() == 1


def test_two_who_look_at_once_are_told_of_each_other(client_of, lead, office, risk):
    seen = client_of(lead).get(url("review", risk)).context["form"]["seen"].value()
    client_of(office).post(url("review", risk), looked(likelihood="5", text="Three left."))
    response = client_of(lead).post(url("review", risk), looked(likelihood="2", seen=seen))
    assert (response.status_code, "It now says “5”" in text_of(response)) == (409, True)
    assert risk.reviews.count() == 2


def test_a_closed_risk_is_not_looked_at_until_it_is_opened_again(client_of, office, lead, risk):
    close = url("close", risk)
    assert client_of(lead).get(close).status_code == 403
    assert "Say why it is closed" in text_of(client_of(office).post(close, {"because": ""}))
    client_of(office).post(close, {"because": "Six were hired."})
    assert client_of(lead).get(url("review", risk)).status_code == 403
    assert "Six were hired." in text_of(client_of(lead).get(risk.get_absolute_url()))
    client_of(office).post(close, {"action": "reopen"})
    risk.refresh_from_db()
    assert (risk.closed_on, risk.closed_because, risk.next_review_on) == (None, "", date(2027, 1, 12))
    assert client_of(lead).get(url("review", risk)).status_code == 200


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([], "Nobody has looked at it yet"),
        ([6], "Looked at once"),
        ([6, 4], "Worse than at the last look: 6, it was 4"),
        ([4, 6], "Better than at the last look: 4, it was 6"),
        ([4, 4, 6], "The same at the last 2 looks"),
        ([4, 4], "The same at the last 2 looks"),
    ],
)
def test_the_trend_is_said_in_words(scores, words):
    looks = [RiskReviewFactory.build(risk=None, reviewed_by=None, likelihood=1, impact=score) for score in scores]
    assert trend_of(looks) == words


# Who learns of it


def test_the_leading_group_reads_it_and_others_learn_nothing(client_of, partnership, learning_group, chair, partner):
    risk = RiskFactory(partnership=partnership, title=SECRET, lead_group=learning_group)
    GroupMemberFactory(group=learning_group, post=partner.holdings.get().post, from_on=date(2025, 4, 1))
    assert client_of(chair).get(url("review", risk)).status_code == 200
    assert client_of(partner).get(risk.get_absolute_url()).status_code == 200
    assert client_of(partner).get(url("review", risk)).status_code == 403


def test_members_read_it_from_the_day_it_is_shared_until_it_is_taken_back(client_of, office, partner, stranger, risk):
    share = url("share", risk)
    assert client_of(partner).get(risk.get_absolute_url()).status_code == 404
    client_of(office).post(share, {"action": "share"})
    assert client_of(partner).get(risk.get_absolute_url()).status_code == 200
    assert client_of(stranger).get(risk.get_absolute_url()).status_code == 404
    client_of(office).post(share, {"action": "back"})
    assert client_of(partner).get(risk.get_absolute_url()).status_code == 404


def test_an_action_is_read_and_the_risk_is_not(client_of, office, partner, learning_group, case_group, risk):
    body = {
        "group": learning_group.pk,
        "text": "Count the calls that nobody took",
        "lead": f"organisation:{risk.lead_organisation_id}",
        **day("due_on", date(2027, 1, 29)),
    }
    page = client_of(office).get(url("action", risk))
    assert "to everybody of the group’s partnerships" in text_of(page)
    assert case_group.name not in text_of(page)
    refused = client_of(office).post(url("action", risk), body | {"group": case_group.pk})
    assert (refused.status_code, MeetingAction.objects.count()) == (422, 0)
    for _ in range(2):
        client_of(office).post(url("action", risk), body)
    action = MeetingAction.objects.get()
    assert action.text in text_of(client_of(office).get(risk.get_absolute_url()))

    member = client_of(partner)
    pages = [
        action.get_absolute_url(),
        reverse("partnership:action-list"),
        learning_group.get_absolute_url(),
        reverse("partnership:record-history", args=["partnership.meetingaction", action.pk]),
        reverse("assurance:my-work"),
        LIST,
    ]
    read = [text_of(member.get(page)) for page in pages]
    assert [SECRET in words for words in read] == [False] * len(pages)
    assert [action.text in words for words in read[:2]] == [True, True]


def test_only_who_may_read_it_is_told_that_it_is_to_be_looked_at(office, lead, partner, advisor, stranger, risk):
    found = {
        person.name: [(each.title, each.due_on) for each in deadlines(on=date(2027, 1, 12), standing=person.standing)]
        for person in (office, lead, advisor, partner, stranger)
    }
    told = [("Look again at risk R7", date(2027, 2, 1))]
    assert found == {office.name: told, lead.name: told, advisor.name: told, partner.name: [], stranger.name: []}
    # Who hears above of what stays undone may read no more than that.
    assert [SECRET in str(each) for each in deadlines(on=date(2027, 1, 12))] == [False]


def test_nobody_leads_so_the_office_is_asked(office, partnership):
    RiskFactory(partnership=partnership, ref="R1", title="Open", next_review_on=date(2027, 1, 4))
    RiskFactory(partnership=partnership, ref="R2", closed_on=date(2027, 1, 4), closed_because="Gone")
    [owed] = deadlines(on=date(2027, 1, 12), standing=office.standing)
    assert (owed.title, owed.is_owed_by(office.standing)) == ("Look again at risk R1", True)


# The register


@pytest.fixture
def register(partnership, plan, health_board, office):
    """R1: 2, R2: 12 overdue, R3: 20 and worse, R4 closed."""
    made = {}
    for ref, looks, more in (
        ("R1", [(1, 2)], {"lead_organisation": health_board}),
        ("R2", [(4, 3)], {"next_review_on": date(2027, 1, 4)}),
        ("R3", [(2, 2), (4, 5)], {"priorities": [plan.priorities.first()]}),
        ("R4", [(5, 5)], {"closed_on": date(2027, 1, 4), "closed_because": "Gone"}),
    ):
        made[ref] = RiskFactory(partnership=partnership, ref=ref, title=f"Risk {ref}", **more)
        for month, (likelihood, impact) in enumerate(looks, start=10):
            RiskReviewFactory(
                risk=made[ref],
                likelihood=likelihood,
                impact=impact,
                reviewed_on=date(2026, month, 1),
                reviewed_by=office,
            )
    return made


@pytest.mark.parametrize(
    ("asked", "refs"),
    [
        ("", ["R3", "R2", "R1"]),
        ("sort=ref", ["R1", "R2", "R3"]),
        ("sort=score", ["R1", "R2", "R3"]),
        ("state=overdue", ["R2"]),
        ("state=worse", ["R3"]),
        ("state=closed", ["R4"]),
        ("state=all", ["R4", "R3", "R2", "R1"]),
        ("band=Very+high", ["R3"]),
        ("band=Low", ["R1"]),
        ("band=Medium", []),
        ("band=Nonsense", ["R3", "R2", "R1"]),
        ("words=R2", ["R2"]),
    ],
)
def test_the_register_is_narrowed_and_sorted(client_of, office, register, asked, refs):
    response = client_of(office).get(f"{LIST}?{asked}")
    assert [row.record.ref for row in response.context["table"].rows] == refs


def test_it_is_narrowed_by_who_answers_and_by_priority(client_of, office, register, health_board, plan):
    by_lead = client_of(office).get(f"{LIST}?lead=organisation:{health_board.pk}")
    by_priority = client_of(office).get(f"{LIST}?priority={plan.priorities.first().pk}")
    found = [[row.record.ref for row in each.context["table"].rows] for each in (by_lead, by_priority)]
    assert found == [["R1"], ["R3"]]


def test_the_picture_holds_every_open_risk_in_its_cell(client_of, office, register):
    response = client_of(office).get(LIST)
    [picture] = response.context["pictures"]
    found = {
        (step.number, impact): [risk.ref for risk in cell["risks"]]
        for step, cells in picture.rows
        for impact, cell in enumerate(cells, start=1)
        if cell["risks"]
    }
    assert found == {(4, 5): ["R3"], (4, 3): ["R2"], (1, 2): ["R1"]}
    assert [step.word for step, _cells in picture.rows] == ["Almost certain", "Likely", "Possible", "Unlikely", "Rare"]


def test_it_is_taken_away_as_a_workbook(client_of, office, register):
    response = client_of(office).get(f"{LIST}?export=xlsx&state=all")
    rows = list(load_workbook(BytesIO(response.content)).active.values)
    assert [row[0] for row in rows] == ["Ref", "R4", "R3", "R2", "R1"]
    cells = dict(zip(rows[0], rows[2], strict=True))
    assert {name: cells[name] for name in ("Score", "Called", "Since the look before", "Likelihood", "Impact")} == {
        "Score": 20,
        "Called": "Very high",
        "Since the look before": "Worse, it was 4",
        "Likelihood": 4,
        "Impact": 5,
    }


def test_refs_sort_as_people_count(client_of, office, partnership):
    for ref in ("R10", "R9"):
        RiskFactory(partnership=partnership, ref=ref)
    response = client_of(office).get(f"{LIST}?sort=ref")
    assert [row.record.ref for row in response.context["table"].rows] == ["R9", "R10"]


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_as_often_for_three_as_for_one(client_of, office, partnership, health_board, plan, count):
    for _ in range(count):
        risk = RiskFactory(partnership=partnership, lead_organisation=health_board)
        risk.priorities.add(plan.priorities.first())
        RiskReviewFactory(risk=risk, reviewed_by=office)
    for n in range(1, count):
        RiskReviewFactory(risk=risk, reviewed_by=office, reviewed_on=date(2026, 12, n))
    client = client_of(office)
    assert (count_queries(client, LIST), count_queries(client, risk.get_absolute_url())) == (12, 11)


# The words of the matrix


def words_of_form(response):
    form = response.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() is not None}


def test_a_partnership_makes_the_words_its_own_and_goes_back(client_of, office, partnership, other_partnership):
    change = reverse("assurance:risk-steps-change", args=[partnership.pk])
    body = words_of_form(client_of(office).get(change))
    body |= {"likelihood_5_word": "Here already", "band_3_lowest": "20", "band_3_word": "Red"}
    assert client_of(office).post(change, body).status_code == 302
    own, other = matrix_of(partnership), matrix_of(other_partnership)
    assert (own.likelihoods[5].word, own.band(20).word, own.band(19).word) == ("Here already", "Red", "High")
    assert (other.likelihoods[5].word, other.band(20).word) == ("Almost certain", "Very high")
    client_of(office).post(reverse("assurance:risk-steps-usual", args=[partnership.pk]))
    assert matrix_of(partnership).band(20).word == "Very high"
    assert RiskStep.objects.exclude(partnership=None).count() == RiskBand.objects.exclude(partnership=None).count() == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"likelihood_5_word": ""}, "Enter the word for likelihood 5"),
        ({"impact_5_word": "Major"}, "Another one has this word. Choose a word of its own"),
        ({"band_0_lowest": "2"}, "Begin the lowest band at a score of 1, or some risks have no word"),
        ({"band_1_lowest": "1"}, "Another band begins at this score. Choose another"),
        ({"band_1_lowest": "26"}, "Ensure this value is less than or equal to 25"),
        ({"band_1_token": "green", "band_1_shape": "circle"}, "Another band has this shape in this colour"),
        ({"band_1_word": ""}, "Enter the word, or leave all of this band empty"),
    ],
)
def test_words_that_do_not_do_are_sent_back(client_of, office, partnership, wrong, sentence):
    change = reverse("assurance:risk-steps-change", args=[partnership.pk])
    response = client_of(office).post(change, words_of_form(client_of(office).get(change)) | wrong)
    assert (response.status_code, sentence in text_of(response)) == (422, True)
    assert not RiskStep.objects.filter(partnership=partnership).exists()


def test_words_somebody_changed_meanwhile_are_not_lost(client_of, office, partnership):
    change = reverse("assurance:risk-steps-change", args=[partnership.pk])
    body = words_of_form(client_of(office).get(change))
    client_of(office).post(change, body | {"likelihood_5_word": "Theirs"})
    response = client_of(office).post(change, body | {"likelihood_5_word": "Mine"})
    assert (response.status_code, "It now says “Theirs”" in text_of(response)) == (409, True)


def test_an_open_risk_without_a_day_is_refused_by_the_database(risk):
    with pytest.raises(IntegrityError, match="open_risk_is_looked_at_again"), transaction.atomic():
        Risk.objects.filter(pk=risk.pk).update(next_review_on=None)
