"""A recommendation is answered, carried out by a plan, shown by evidence, looked at again; released by its group."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnership.deadlines import deadlines_for
from partnership.refusals import NotNow
from plans.models import Activity, Deliverable
from plans.writing import HasAnswers, delete_row, retire_row
from reviews.models import CaseReading, ReCheck, Recommendation
from reviews.recommendations import (
    add_evidence,
    add_recommendations,
    add_to_plan,
    answer_recommendation,
    judge,
    link_row,
    plan_recheck,
    read_lines,
)
from reviews.releasing import release, take_back, tells
from tests.conftest import TODAY
from tests.factories import (
    DeliverableFactory,
    MembershipFactory,
    OrganisationFactory,
    PracticeReviewFactory,
    ReCheckFactory,
    RecommendationFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.usefixtures("rule_sets")

LIST = reverse("reviews:recommendation-list")
DECLINED = reverse("reviews:recommendation-declined")
YEAR = reverse("reviews:recheck-year")
LABEL = "A local review, 2026"


@pytest.fixture
def national(partnership):
    return RecommendationFactory(partnership=partnership, text="Ask about everybody who cares for the baby.")


@pytest.fixture
def accepted(national, office):
    return answer_recommendation(national, answer="accepted", because="", on=TODAY, by=office)


@pytest.fixture
def hidden(case):
    return RecommendationFactory(
        partnership=case.partnership, source="local", source_title="", case=case, ref="1", text="Share what is known."
    )


@pytest.fixture
def released(hidden, case_group_member):
    words = {"label": LABEL, "text": "Share what each agency knows.", "measure": ""}
    return release(hidden, **words, by=case_group_member, on=TODAY)


def address(name, record, *more):
    return reverse(f"reviews:{name}", args=[record.pk, *more])


def listed(page):
    return [row.record for row in page.context["table"].paginated_rows]


def dated(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


# Confidence


def test_what_comes_from_a_case_is_in_one_list_with_the_rest_for_its_group_alone(
    client_of, case_group_member, office, national, hidden
):
    assert set(listed(client_of(case_group_member).get(LIST))) == {national, hidden}
    page = client_of(office).get(LIST)
    assert (listed(page), page.context["row_count"]) == ([national], 1)
    for sought in ({"words": "Share"}, {"answer": "waiting"}, {"export": "csv"}, {"shown_to": "restricted"}):
        assert b"Share what is known" not in client_of(office).get(LIST, sought).content


@pytest.mark.parametrize("role", ["office", "lead", "partner", "advisor", "stranger"])
def test_before_its_release_there_is_no_trace(request, client_of, hidden, role):
    hidden_recheck = ReCheckFactory(recommendation=hidden, method="Canary of a look")
    answer_recommendation(hidden, answer="declined", because="Canary of a reason", on=TODAY, by=None)
    client = client_of(request.getfixturevalue(role))
    pages = [hidden.get_absolute_url(), address("recheck-judge", hidden_recheck)]
    assert [client.get(page).status_code for page in pages] == [404, 404]
    for page in (LIST, DECLINED, YEAR):
        assert not any(word in client.get(page).content for word in (b"Canary", b"Share what is known"))


def test_after_its_release_others_read_label_and_text_and_find_no_way_to_the_case(client_of, office, case, released):
    case.category = "A burn that nobody explained"
    case.save()
    client = client_of(office)
    pages = [released.get_absolute_url(), LIST, f"{LIST}?export=csv", address("recommendation-change", released)]
    for page in pages:
        words = client.get(page).content.decode()
        assert "Share what each agency knows." in words, page
        secrets = (str(case.pk), case.reference, case.category, "Share what is known")
        assert not any(word in words for word in secrets), page
    history = reverse("partnership:record-history", args=["reviews.recommendation", released.pk])
    assert client.get(history).status_code == 403


def test_nobody_finds_a_released_one_by_the_reference_of_its_case(client_of, office, case_group_member, case, released):
    assert listed(client_of(office).get(LIST, {"words": case.reference})) == []
    assert case.reference in client_of(case_group_member).get(LIST).content.decode()


def test_a_released_one_is_as_old_as_its_release_to_others(client_of, office, case_group_member, released):
    ages = [listed(client_of(who).get(LIST))[0].known_on for who in (office, case_group_member)]
    assert ages == [TODAY, released.made_on]


def test_looking_at_a_restricted_one_is_recorded_and_at_a_released_one_is_not(client_of, case_group_member, hidden):
    client = client_of(case_group_member)
    client.get(hidden.get_absolute_url())
    assert [(each.read_by, each.case_id) for each in CaseReading.objects.all()] == [(case_group_member, hidden.case_id)]
    release(hidden, label=LABEL, text="Share.", measure="", by=case_group_member, on=TODAY)
    client.get(hidden.get_absolute_url())
    assert CaseReading.objects.count() == 1


@pytest.mark.parametrize(
    ("label", "status"),
    [
        (LABEL, 200),
        ("", 422),
        ("Case AV-2027-01", 422),
        ("Case AV 2027 01", 422),
        ("The baby with an injury", 422),
        ("What happened to Jayden Smith", 422),
    ],
)
def test_a_label_leads_nowhere(client_of, case_group_member, hidden, label, status):
    url = address("recommendation-release", hidden)
    page = client_of(case_group_member).post(url, {"label": label, "text": "Share.", "measure": "", "show": "1"})
    assert (page.status_code, "This is what members will read" in page.content.decode()) == (status, status == 200)
    hidden.refresh_from_db()
    assert hidden.released_on is None


def test_what_else_members_would_read_must_not_name_the_case_either(client_of, case_group_member, office, hidden):
    answer_recommendation(hidden, answer="part", because="As agreed for AV-2027-01", on=TODAY, by=office)
    body = {"label": LABEL, "text": "Share.", "measure": "", "release": "1"}
    page = client_of(case_group_member).post(address("recommendation-release", hidden), body)
    hidden.refresh_from_db()
    assert (page.status_code, hidden.released_on) == (422, None)


def test_a_release_is_shown_first_and_stands_in_the_history(client_of, case_group_member, office, hidden):
    client, url = client_of(case_group_member), address("recommendation-release", hidden)
    body = {"label": LABEL, "text": "Share what each agency knows.", "measure": ""}
    assert "Nothing is released yet" in client.post(url, body | {"show": "1"}).content.decode()
    assert client.post(url, body | {"release": "1"}).status_code == 302
    hidden.refresh_from_db()
    assert (hidden.released_on, hidden.released_by, hidden.label) == (TODAY, case_group_member, LABEL)
    history = client.get(reverse("partnership:record-history", args=["reviews.recommendation", hidden.pk]))
    assert "Released to all members as" in history.content.decode()


def test_after_its_release_no_words_lead_to_the_case_and_only_who_knows_it_is_told(
    client_of, case_group_member, office, case, released
):
    url, body = address("recheck-plan", released), {"method": f"As in {case.reference}", **dated("planned_on", TODAY)}
    assert [client_of(who).post(url, body).status_code for who in (case_group_member, office)] == [422, 302]


def test_a_release_is_taken_back_while_no_plan_holds_it(client_of, case_group_member, office, released, plan):
    answered = answer_recommendation(released, answer="accepted", because="", on=TODAY, by=office)
    action = link_row(answered, Deliverable.objects.first(), by=office)
    with pytest.raises(NotNow, match="It is on a plan"):
        take_back(answered)
    action.delete()
    client_of(case_group_member).post(address("recommendation-take-back", released))
    assert client_of(office).get(released.get_absolute_url()).status_code == 404


def test_references_and_names_are_found_however_they_are_put():
    found = [
        tells(text, {"AV-R-07"}, {"Injury to a baby"})
        for text in ("About avr07", "A baby’s injury", "A local review", "Injury at work")
    ]
    assert found == ["AV-R-07", "Injury to a baby", "", ""]


# Adding


def test_pasted_lines_keep_their_refs():
    assert read_lines("1. Ask fathers\nR3: Share it\n\n- Tell us\n2.1\tWrite it down\nThree times a year") == [
        ("1", "Ask fathers"),
        ("R3", "Share it"),
        ("", "Tell us"),
        ("2.1", "Write it down"),
        ("", "Three times a year"),
    ]


def test_the_office_adds_several_and_a_second_press_adds_none(client_of, office, partnership):
    url = address("recommendation-add-for", partnership)
    body = {
        "source": "audit",
        "source_title": "Audit of strategy discussions",
        "lines": "1. Invite health\n2. Keep minutes",
        **dated("made_on", date(2026, 11, 2)),
    }
    for _ in range(2):
        assert client_of(office).post(url, body).status_code == 302
    assert list(Recommendation.objects.order_by("ref").values_list("ref", "text", "source", "made_on")) == [
        ("1", "Invite health", "audit", date(2026, 11, 2)),
        ("2", "Keep minutes", "audit", date(2026, 11, 2)),
    ]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("lines", " \n "),
        ("lines", "\n".join(f"Do {n}" for n in range(61))),
        ("lines", "Ring Jayden Smith"),
        ("source", "local"),
        ("source_title", ""),
        ("source_address", "javascript:alert(1)"),
        ("made_on_year", "2027"),
        ("themes", "999999"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(client_of, office, partnership, field, typed):
    body = {"source": "audit", "source_title": "An audit", "lines": "Ask", **dated("made_on", date(2026, 11, 2))}
    if field == "made_on_year":
        body |= {"made_on_month": "11"}
    page = client_of(office).post(address("recommendation-add-for", partnership), body | {field: typed})
    name = field.removesuffix("_year")
    assert (page.status_code, list(page.context["form"].errors)) == (422, [name])
    assert Recommendation.objects.count() == 0


def test_it_is_for_members_of_today_and_for_whom_it_was_before(client_of, office, partnership, charity, national):
    gone, long_gone = OrganisationFactory(name="Old trust"), OrganisationFactory(name="Older trust")
    for each in (gone, long_gone):
        MembershipFactory(organisation=each, partnership=partnership, to_on=TODAY - timedelta(days=1))
    national.organisations.add(gone)
    client = client_of(office)
    asked = [address("recommendation-add-for", partnership), address("recommendation-change", national)]
    added, changed = [set(client.get(page).context["form"].fields["organisations"].queryset) for page in asked]
    assert (charity in added, {gone, long_gone} & added, changed - added) == (True, set(), {gone})


def test_its_group_adds_from_a_case_and_a_review(client_of, case_group_member, office, case):
    review = PracticeReviewFactory(partnership=case.partnership, cases=[case])
    client = client_of(case_group_member)
    body = {"lines": "Share what is known", **dated("made_on", TODAY)}
    pages = [address("case-recommendation-add", case), address("review-recommendation-add", review)]
    assert [client.post(page, body).status_code for page in pages] == [302, 302]
    assert set(Recommendation.objects.values_list("source", "case", "review", "released_on")) == {
        ("local", case.pk, None, None),
        ("local", None, review.pk, None),
    }
    assert [client_of(office).post(page, body).status_code for page in pages] == [404, 404]


def test_one_that_was_a_mistake_is_removed_until_something_is_made_of_it(client_of, office, national, partnership):
    other = RecommendationFactory(partnership=partnership)
    answer_recommendation(other, answer="accepted", because="", on=TODAY, by=office)
    client = client_of(office)
    for each in (national, other):
        client.post(address("recommendation-remove", each))
    assert list(Recommendation.objects.all()) == [other]


def test_two_who_change_one_at_once_both_see_it(client_of, office, national):
    client, url = client_of(office), address("recommendation-change", national)
    form = client.get(url).context["form"]
    body = {
        "source": "national",
        "source_title": national.source_title,
        "text": "My words",
        "seen": form["seen"].value(),
        **dated("made_on", national.made_on),
    }
    Recommendation.objects.update(text="Their words")
    page = client.post(url, body)
    assert (page.status_code, "Their words" in page.content.decode()) == (409, True)


# Answering


@pytest.mark.parametrize(
    ("answer", "why", "status"),
    [("accepted", "", 302), ("part", "", 422), ("declined", "", 422), ("declined", "It is done already", 302)],
)
def test_what_is_not_to_be_done_needs_a_reason(client_of, office, national, answer, why, status):
    body = {"answer": answer, "answer_because": why, **dated("answered_on", TODAY)}
    assert client_of(office).post(address("recommendation-answer", national), body).status_code == status
    national.refresh_from_db()
    assert national.answer == (answer if status == 302 else "waiting")


def test_what_was_decided_not_to_be_done_is_on_one_page_with_its_reason(client_of, office, lead, national, partnership):
    RecommendationFactory(partnership=partnership, text="An accepted one")
    answer_recommendation(national, answer="declined", because="Another board does it", on=TODAY, by=office)
    page = client_of(lead).get(DECLINED).content.decode()
    assert ("Another board does it" in page, national.text in page, "An accepted one" in page) == (True, True, False)
    national.refresh_from_db()
    assert national.closed_on == TODAY
    assert answer_recommendation(national, answer="accepted", because="", on=TODAY, by=office).closed_on is None


# On a plan


def test_a_new_row_stands_on_the_plan_once_and_shows_what_becomes_of_it(
    client_of, office, lead, accepted, plan, ratings, round_past
):
    client, url = client_of(office), address("recommendation-put-on-plan", accepted, plan.pk)
    priority = plan.priorities.first()
    body = {"how": "new-deliverable", "priority": priority.pk, "words": "Ask about fathers"}
    for _ in range(2):
        assert client.post(url, body).status_code == 302
    row = Deliverable.objects.get(title="Ask about fathers")
    assert (row.priority, accepted.actions.get().deliverable) == (priority, row)
    UpdateFactory(deliverable=row, round=round_past, rating=ratings["A"], progress="Half the teams were asked.")
    page = client_of(lead).get(accepted.get_absolute_url()).content.decode()
    assert ("Half the teams were asked." in page, "Amber" in page) == (True, True)
    assert accepted.text in client_of(lead).get(row.get_absolute_url()).content.decode()
    retire_row(plan, row, on=TODAY, reason="Done by another board")
    assert "Done by another board" in client_of(lead).get(accepted.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, ["how"]),
        ({"how": "new-deliverable", "words": ""}, ["priority", "words"]),
        ({"how": "new-activity"}, ["deliverable"]),
        ({"how": "deliverable", "deliverable": "nothing like it"}, ["deliverable"]),
        ({"how": "activity"}, ["activity"]),
    ],
)
def test_what_is_missing_for_a_row_is_said(client_of, office, accepted, plan, body, errors):
    before = Deliverable.objects.count()
    body = {"words": "Ask"} | body
    page = client_of(office).post(address("recommendation-put-on-plan", accepted, plan.pk), body)
    assert (page.status_code, list(page.context["form"].errors)) == (422, errors)
    assert Deliverable.objects.count() == before


def test_an_activity_is_made_with_its_timescale_and_one_that_is_there_is_linked(client_of, office, accepted, plan):
    client, url = client_of(office), address("recommendation-put-on-plan", accepted, plan.pk)
    row = plan.priorities.first().deliverables.first()
    client.post(url, {"how": "new-activity", "deliverable": str(row), "words": "Ask", "timescale": "March 2027"})
    made = Activity.objects.get(text="Ask")
    assert (made.deliverable, made.timescale_text, made.milestones.get().due_on) == (
        row,
        "March 2027",
        date(2027, 3, 31),
    )
    client.post(url, {"how": "deliverable", "deliverable": str(row)})
    assert list(accepted.actions.values_list("deliverable", "activity")) == [(row.pk, made.pk), (row.pk, None)]


def test_a_row_that_carries_something_out_is_retired_and_not_deleted(office, accepted, plan):
    action = add_to_plan(
        accepted, plan=plan, kind="deliverable", parent=plan.priorities.first(), words="Ask fathers", by=office
    )
    with pytest.raises(HasAnswers, match="Retire it instead"):
        delete_row(plan, action.deliverable)


def test_a_plan_of_another_or_a_closed_one_takes_nothing(client_of, office, stranger, accepted, plan):
    url = address("recommendation-put-on-plan", accepted, plan.pk)
    assert client_of(stranger).post(url, {}).status_code == 404
    plan.status = "closed"
    plan.save()
    assert client_of(office).get(url).status_code == 404


@pytest.mark.parametrize("why", ["waiting", "declined", "restricted"])
def test_only_what_was_agreed_and_may_be_read_stands_on_a_plan(office, national, hidden, plan, why):
    record = hidden if why == "restricted" else national
    if why != "waiting":
        answer = "declined" if why == "declined" else "accepted"
        record = answer_recommendation(record, answer=answer, because="So", on=TODAY, by=office)
    with pytest.raises(NotNow):
        link_row(record, Deliverable.objects.first(), by=office)
    assert record.actions.count() == 0


def test_a_row_of_a_draft_plan_is_no_row_to_members(client_of, office, lead, accepted, draft_plan):
    row = DeliverableFactory(priority__plan=draft_plan, title="Next year’s secret")
    link_row(accepted, row, by=office)
    seen = [client_of(who).get(LIST, {"plan": "somewhere"}).content.decode() for who in (office, lead)]
    assert [accepted.text in page for page in seen] == [True, False]
    assert "secret" not in client_of(lead).get(accepted.get_absolute_url()).content.decode()


# Evidence


def test_evidence_is_a_file_a_link_or_words_and_can_be_taken_away(client_of, office, lead, accepted):
    client, url = client_of(office), address("recommendation-evidence-add", accepted)
    pdf = SimpleUploadedFile("audit.pdf", b"%PDF-1.7 an audit")
    assert client.post(url, {"words": "Ten records", "upload": pdf}).status_code == 302
    assert client.post(url, {"words": "In our own words"}).status_code == 302
    evidence = accepted.evidence.get(words="Ten records")
    file = address("recommendation-evidence-file", evidence)
    assert client_of(lead).get(file).content == b"%PDF-1.7 an audit"
    client.post(address("recommendation-evidence-remove", evidence))
    assert (client_of(lead).get(file).status_code, accepted.evidence.count()) == (404, 2)
    assert list(accepted.evidence.shown().values_list("words", flat=True)) == ["In our own words"]


@pytest.mark.parametrize(
    ("name", "content", "field"), [("audit.exe", b"MZ", "upload"), ("audit.pdf", b"MZ", "upload"), ("", b"", "words")]
)
def test_a_file_that_is_not_what_it_says_is_not_kept(client_of, office, accepted, name, content, field):
    body = {"words": "Ten records", "upload": SimpleUploadedFile(name, content)} if name else {"words": ""}
    page = client_of(office).post(address("recommendation-evidence-add", accepted), body)
    assert (page.status_code, list(page.context["form"].errors), accepted.evidence.count()) == (422, [field], 0)


# Re-checks


def test_what_is_not_wholly_embedded_is_looked_at_again(client_of, office, accepted):
    recheck = plan_recheck(accepted, planned_on=TODAY, method="Ten records")
    client, url = client_of(office), address("recheck-judge", recheck)
    body = {"judgement": "partly", "evidence": "Six of ten.", **dated("on", TODAY)}
    assert list(client.post(url, body).context["form"].errors) == ["next_on"]
    assert client.post(url, body | dated("next_on", date(2027, 7, 1))).status_code == 302
    assert list(accepted.rechecks.values_list("planned_on", "method", "judgement")) == [
        (TODAY, "Ten records", "partly"),
        (date(2027, 7, 1), "Ten records", ""),
    ]
    client.post(url, body | {"judgement": "embedded"})
    recheck.refresh_from_db()
    assert recheck.judgement == "partly"


def test_a_judgement_rests_on_something_and_an_embedded_one_is_ended(client_of, office, accepted):
    recheck = plan_recheck(accepted, planned_on=TODAY, method="Ten records")
    client, url = client_of(office), address("recheck-judge", recheck)
    body = {"judgement": "embedded", **dated("on", TODAY)}
    assert list(client.post(url, body).context["form"].errors) == ["evidence"]
    client.post(url, body | {"evidence": "Ten of ten."})
    accepted.refresh_from_db()
    assert accepted.closed_on == TODAY
    plan_recheck(accepted, planned_on=date(2028, 1, 5), method="Again")
    accepted.refresh_from_db()
    assert accepted.closed_on is None


def test_a_recheck_is_due_from_the_office_and_a_restricted_one_from_the_groups_chair(
    office, case_group_member, case_group, national, hidden
):
    open_one = ReCheckFactory(recommendation=national)
    ReCheckFactory(recommendation=hidden)
    due = deadlines_for(office, on=TODAY)
    assert [(each.key, each.is_restricted) for each in due if each.key.startswith("recheck:")] == [
        (f"recheck:{open_one.pk}", False)
    ]
    judge(open_one, judgement="embedded", evidence="Ten of ten.", on=TODAY, by=office)
    assert not [each for each in deadlines_for(office, on=TODAY) if each.key.startswith("recheck:")]


def test_the_years_rechecks_are_on_one_page(client_of, lead, national):
    done = ReCheckFactory(
        recommendation=national,
        planned_on=date(2026, 5, 1),
        done_on=date(2026, 5, 3),
        judgement="partly",
        evidence="Six.",
    )
    planned = ReCheckFactory(recommendation=national, planned_on=date(2027, 2, 1))
    client = client_of(lead)
    pages = [list(client.get(YEAR, {"year": year}).context["rechecks"]) for year in ("2026", "2027", "nonsense")]
    assert pages == [[done], [planned], [planned]]


# The register


def test_the_register_is_narrowed(client_of, office, lead, national, partnership, charity, plan):
    planned = RecommendationFactory(partnership=partnership, source="audit", organisations=[charity])
    planned = answer_recommendation(planned, answer="accepted", because="", on=TODAY, by=office)
    link_row(planned, Deliverable.objects.first(), by=office)
    ReCheckFactory(recommendation=planned, planned_on=date(2027, 1, 11))
    ReCheck.objects.create(
        recommendation=national,
        planned_on=TODAY,
        method="A look",
        done_on=TODAY,
        judgement="partly",
        evidence="Six of ten.",
    )
    client = client_of(lead)

    def found(**asked):
        return {each.pk for each in listed(client.get(LIST, asked))}

    both = {national.pk, planned.pk}
    assert [
        found(),
        found(source="audit"),
        found(answer="waiting"),
        found(plan="nowhere"),
        found(plan="somewhere"),
        found(recheck="overdue"),
        found(recheck="due"),
        found(recheck="none"),
        found(judgement="partly"),
        found(organisation=charity.pk),
        found(year="2026"),
        found(year="2025"),
    ] == [
        both,
        {planned.pk},
        {national.pk},
        {national.pk},
        {planned.pk},
        {planned.pk},
        {planned.pk},
        {national.pk},
        {national.pk},
        both,
        both,
        set(),
    ]


def test_the_register_is_sorted_and_taken_away(client_of, lead, national):
    client = client_of(lead)
    for column in ("source", "known_on", "-answer", "is_planned", "evidence_count", "-recheck_on", "judgement"):
        assert listed(client.get(LIST, {"sort": column})) == [national]
    assert national.text in client.get(LIST, {"export": "csv"}).content.decode()
    assert client.get(LIST, {"export": "xlsx"}).status_code == 200


def test_a_register_without_anything_teaches(client_of, lead):
    assert b"No recommendation yet" in client_of(lead).get(LIST).content


def grown(partnership, office, count):
    """As many recommendations as ``count``, each with as many rows, pieces of evidence and looks."""
    lines = [("", f"Recommendation {number}") for number in range(count)]
    kept, _new_count = add_recommendations(
        lines, partnership=partnership, source="audit", source_title="An audit", made_on=date(2026, 11, 2)
    )
    for each in kept:
        answer_recommendation(each, answer="accepted", because="", on=TODAY, by=office)
        for number, row in enumerate(Deliverable.objects.order_by("pk")[:count]):
            link_row(each, row, by=office)
            plan_recheck(each, planned_on=date(2027, 2, 1 + number), method="A look")
            add_evidence(each, words=f"Piece {number}", by=office)
    return kept[0]


def test_query_counts_are_constant(client_of, office, lead, partnership, plan, case_group_member):
    client = client_of(lead)
    asked = []
    for count in (1, 3):
        one = grown(partnership, office, count)
        pages = [LIST, one.get_absolute_url(), DECLINED, YEAR, one.actions.first().deliverable.get_absolute_url()]
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            asked.append((page, len(queries)))
    assert asked[:5] == asked[5:]
