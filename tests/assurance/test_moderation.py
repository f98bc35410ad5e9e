"""Moderation: a panel's scores beside the organisation's own, and who reads them."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assurance import moderation, scrutiny
from assurance.models import AssuranceLevel, ModeratedScore, ModerationPanel
from assurance.return_sheet import content_of, read_sheet
from tests.conftest import hold
from tests.factories import AssuranceRequestFactory, MembershipFactory, OrganisationFactory, ReturnFactory
from tests.factories_assurance import (
    AssessmentFactory,
    ModerationPanelFactory,
    ReturnCopyFactory,
    ScaleFactory,
    ScrutinyFactory,
    StandardFactory,
    StandardSetFactory,
)

NOW = datetime(2027, 1, 12, 8, 0, tzinfo=UTC)


@pytest.fixture
def standards(db):
    """Two, on a scale from 0 to 3."""
    standard_set = StandardSetFactory(published_on=None)
    return [StandardFactory(standard_set=standard_set, position=number, code=f"1.{number}") for number in (1, 2)]


@pytest.fixture
def asked(partnership, scrutiny_group, standards):
    return AssuranceRequestFactory(
        partnerships=[partnership], standards=standards[0].standard_set, group=scrutiny_group, due_on=date(2027, 1, 8)
    )


@pytest.fixture
def assess(asked, partnership, standards):
    """``assess(organisation, 2, None)``: a return submitted with these scores; None does not apply."""

    def assess(organisation, *scores):
        record = ReturnFactory(request=asked, organisation=organisation)
        for standard, score in zip(standards, scores, strict=True):
            AssessmentFactory(
                record=record,
                standard=standard,
                score=score,
                is_not_applicable=score is None,
                reason="" if score is not None else "We meet no families",
            )
        copied = content_of(read_sheet(record, with_joined=False))
        record.submitted_at, record.signed_off_by, record.edition = NOW, "Chief nurse", 1
        record.save()
        ReturnCopyFactory(record=record, partnership=partnership, content=copied, taken_at=NOW)
        return record

    return assess


@pytest.fixture
def assessed(assess, hospital):
    return assess(hospital, 3, None)


@pytest.fixture
def panel(asked, partnership, scrutiny_group, assessed):
    return ModerationPanelFactory(request=asked, partnership=partnership, group=scrutiny_group, returns=[assessed])


def url(panel, record):
    return reverse("assurance:moderated-score", args=[panel.pk, record.pk])


def typed(standards, *given, **more):
    """``given``: (score, reason) of each standard."""
    values = {}
    for standard, (score, reason) in zip(standards, given, strict=True):
        values |= {f"score_s{standard.pk}": score, f"reason_s{standard.pk}": reason}
    return values | more


def scores_of(panel):
    rows = panel.scores.order_by("assessment__standard__position")
    return list(rows.values_list("assessment__standard__code", "score", "is_not_applicable", "reason"))


# The sample


def test_why_a_return_is_worth_a_look(assess, asked, partnership, health_board, charity, assessed):
    asked.previous = AssuranceRequestFactory(partnerships=[partnership], due_on=date(2026, 1, 8))
    asked.save()
    ReturnFactory(request=asked.previous, organisation=charity)
    low, ours = assess(charity, 0, 3), assess(health_board, 2, 3)
    copies = moderation.given_now(asked, partnership)
    assert moderation.suggested(asked, partnership, copies) == {
        assessed.pk: ["Best score on every standard"],
        low.pk: ["Low on 1 of 2", "Did not answer last time"],
        ours.pk: ["A safeguarding partner"],
    }


def test_only_what_was_submitted_can_be_chosen(client_of, office, asked, partnership, assessed, charity):
    draft = ReturnFactory(request=asked, organisation=charity)
    address = reverse("assurance:panel-add", args=[asked.pk, partnership.slug])
    sent = {"held_on_day": "11", "held_on_month": "1", "held_on_year": "2027", "group": "", "members": "Chief nurse"}
    client = client_of(office)
    page = client.post(address, {**sent, "returns": [draft.pk]})
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"returns"})
    for _ in range(2):
        assert client.post(address, {**sent, "returns": [assessed.pk]}).status_code == 302
    assert [list(each.returns.all()) for each in ModerationPanel.objects.all()] == [[assessed]]


# Scoring


def test_a_score_that_differs_says_why(client_of, scrutiny_chair, panel, assessed, standards):
    client = client_of(scrutiny_chair)
    page = client.post(url(panel, assessed), typed(standards, ("2", ""), ("na", "")))
    assert (page.status_code, page.context["form"].errors) == (
        422,
        {f"reason_s{standards[0].pk}": ["Say why the panel’s score differs from the organisation’s own"]},
    )
    client.post(url(panel, assessed), typed(standards, ("2", "The policy is a draft"), ("na", "")))
    assert scores_of(panel) == [("1.1", 2, False, "The policy is a draft"), ("1.2", None, True, "")]


@pytest.mark.parametrize("score", ["4", "-1", "1.5", "NaN", "1e99", "much"])
def test_a_score_off_the_scale_is_refused(client_of, office, panel, assessed, standards, score):
    page = client_of(office).post(url(panel, assessed), typed(standards, (score, "Because"), ("", "")))
    assert (page.status_code, page.context["form"].errors) == (
        422,
        {f"score_s{standards[0].pk}": [f"“{score}” is not on the scale. Choose a score from 0 to 3"]},
    )
    assert ("Because" in page.content.decode(), scores_of(panel)) == (True, [])


def test_does_not_apply_is_accepted_or_not(client_of, office, panel, assessed, standards):
    client = client_of(office)
    client.post(url(panel, assessed), typed(standards, ("", ""), ("1", "They do meet families")))
    assert scores_of(panel) == [("1.2", 1, False, "They do meet families")]
    client.post(url(panel, assessed), typed(standards, ("", ""), ("", "")))
    assert scores_of(panel) == []


def test_two_who_score_at_once_see_both(client_of, office, scrutiny_chair, panel, assessed, standards):
    clients = [client_of(person) for person in (office, scrutiny_chair)]
    seen = [client.get(url(panel, assessed)).context["form"]["seen"].value() for client in clients]
    clients[0].post(url(panel, assessed), typed(standards, ("2", "A draft"), ("", ""), seen=seen[0]))
    other = typed(standards, ("1", "Nothing there"), ("na", ""), seen=seen[1])
    page = clients[1].post(url(panel, assessed), other)
    assert (page.status_code, "It now says “2”" in page.content.decode()) == (409, True)
    assert scores_of(panel) == [("1.1", 2, False, "A draft")]
    clients[1].post(url(panel, assessed), {**other, "seen": page.context["form"]["seen"].value()})
    assert scores_of(panel) == [("1.1", 1, False, "Nothing there"), ("1.2", None, True, "")]


def test_who_scored_another_standard_meanwhile_keeps_theirs(
    client_of, office, scrutiny_chair, panel, assessed, standards
):
    clients = [client_of(person) for person in (office, scrutiny_chair)]
    seen = [client.get(url(panel, assessed)).context["form"]["seen"].value() for client in clients]
    clients[0].post(url(panel, assessed), typed(standards, ("2", "A draft"), ("", ""), seen=seen[0]))
    clients[1].post(url(panel, assessed), typed(standards, ("", ""), ("na", ""), seen=seen[1]))
    assert scores_of(panel) == [("1.1", 2, False, "A draft"), ("1.2", None, True, "")]


def test_the_advisor_and_members_read_and_do_not_score(client_of, panel, assessed, standards, advisor, scrutiny_group):
    for person in (advisor, hold("Ana Sousa", "Nurse", group=scrutiny_group)):
        client = client_of(person)
        assert client.get(panel.get_absolute_url()).status_code == 200
        assert client.post(url(panel, assessed), typed(standards, ("3", ""), ("", ""))).status_code == 403
    assert scores_of(panel) == []


def test_nobody_scores_their_own_organisation_or_reads_its_scores(client_of, panel, assessed, hospital, scrutiny_group):
    nurse = hold("Ana Sousa", "Chief nurse", group=scrutiny_group, role="chair", organisation=hospital)
    client = client_of(nurse)
    assert client.get(url(panel, assessed)).status_code == 403
    assert client.get(panel.get_absolute_url()).context["returns"] == []


@pytest.mark.parametrize("role", ["other_partner", "partner", "chair", "stranger"])
def test_a_panel_does_not_exist_for_others(request, client_of, panel, assessed, role):
    client = client_of(request.getfixturevalue(role))
    addresses = [panel.get_absolute_url(), url(panel, assessed), reverse("assurance:panel-excel", args=[panel.pk])]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


# Closed


def test_a_closed_panel_stands(client_of, office, panel, assessed, standards):
    client = client_of(office)
    client.post(url(panel, assessed), typed(standards, ("2", "A draft"), ("", "")))
    client.post(reverse("assurance:panel-close", args=[panel.pk]), {"note": "Good on the whole."})
    answer = client.post(url(panel, assessed), typed(standards, ("0", "No"), ("", "")))
    assert (answer.url, scores_of(panel)) == (panel.get_absolute_url(), [("1.1", 2, False, "A draft")])
    for process in (
        lambda: moderation.keep_scores(panel, assessed, {}, by=office, at=NOW),
        lambda: moderation.change_panel(panel, returns=[]),
    ):
        with pytest.raises(moderation.PanelClosed):
            process()


def test_what_was_scored_is_read_as_it_was_given_though_it_was_handed_back(
    client_of, office, panel, assessed, standards
):
    client = client_of(office)
    client.post(url(panel, assessed), typed(standards, ("2", "A draft"), ("", "")))
    assessed.submitted_at, assessed.handed_back_at, assessed.handed_back_because = None, NOW, "A score is missing"
    assessed.save()
    assessed.assessments.update(score=0, is_not_applicable=False, evidence="Canary")
    page = client.get(panel.get_absolute_url())
    assert [(row.own_words, row.words) for row in page.context["returns"][0]["rows"]] == [
        ("3", "2"),
        ("Does not apply", ""),
    ]
    assert (b"Canary" in page.content, client.get(url(panel, assessed)).status_code) == (False, 302)


def test_the_organisation_reads_its_scores_with_the_response(
    panel, assessed, standards, office, other_partner, partnership
):
    level = AssuranceLevel.objects.filter(partnership=None).first()
    own = ScrutinyFactory(record=assessed, partnership=partnership, level=level, judged_at=NOW)
    moderation.keep_scores(panel, assessed, {standards[0].pk: (2, False, "A draft")}, by=office, at=NOW)
    scrutiny.send_response(own, text="Thank you.", by=office, at=NOW)
    assert scrutiny.responses_of(assessed, other_partner)[0]["scores"] == []
    moderation.close_panel(panel, note="Good", at=NOW)
    told = scrutiny.responses_of(assessed, other_partner)[0]["scores"]
    assert [(row.line.title, row.own_words, row.words, row.reason) for row in told] == [
        ("1.1 A senior leader answers for safeguarding.", "3", "2", "A draft")
    ]


def test_excel_holds_every_score(client_of, office, panel, assessed, standards):
    client = client_of(office)
    client.post(url(panel, assessed), typed(standards, ("2", "=A draft"), ("", "")))
    sheet = load_workbook(BytesIO(client.get(reverse("assurance:panel-excel", args=[panel.pk])).content)).active
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        [
            "St Brannoc’s Hospital Trust",
            "Leadership",
            "1.1 A senior leader answers for safeguarding.",
            "3",
            "2",
            "Yes",
            "=A draft",
            office.name,
        ],
        [
            "St Brannoc’s Hospital Trust",
            "Leadership",
            "1.2 A senior leader answers for safeguarding.",
            "Does not apply",
            "",
            "",
            "",
            "",
        ],
    ]


def test_a_long_scale_is_typed(asked, assessed, panel, client_of, office, standards):
    wide = ScaleFactory(highest=100, step="0.5", unit="%")
    type(standards[0].standard_set).objects.filter(pk=standards[0].standard_set_id).update(scale=wide)
    page = client_of(office).get(url(panel, assessed))
    assert page.context["form"][f"score_s{standards[0].pk}"].field.widget.input_type == "text"
    client_of(office).post(url(panel, assessed), typed(standards, ("62.5", "Half of it"), ("", "")))
    assert ModeratedScore.objects.get().score == 62.5


@pytest.mark.parametrize("count", [1, 3])
def test_panel_query_count(client_of, office, assess, asked, partnership, panel, django_assert_num_queries, count):
    for number in range(count):
        organisation = OrganisationFactory(name=f"Agency {number}")
        MembershipFactory(organisation=organisation, partnership=partnership)
        panel.returns.add(assess(organisation, 1, 2))
    client = client_of(office)
    with django_assert_num_queries(15):
        client.get(panel.get_absolute_url())
