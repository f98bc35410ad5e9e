"""Rule sets: read by everybody, changed by the administrator, who is told first what would move."""

from datetime import date

import pytest
from django.urls import reverse

from partnership.deadlines import counted_deadlines
from partnership.models import Rule, RuleSet
from reviews.timeline import marks_of
from tests.factories import RuleFactory, RuleSetFactory

pytestmark = pytest.mark.usefixtures("rule_sets")

LIST = reverse("partnership:rule-set-list")
TODAY = date(2027, 1, 12)


@pytest.fixture
def guidance(rule_sets):
    return RuleSet.objects.get(code="wt2023")


@pytest.fixture
def rapid_review(guidance):
    return guidance.rules.get(code="rapid-review")


def day(name, on):
    return {f"{name}_{part}": str(getattr(on, part)) if on else "" for part in ("day", "month", "year")}


def answers_of(rule, **changed):
    """What the form of ``rule`` sends, with some answers changed."""
    answers = {
        "title": rule.title,
        "unit": rule.unit,
        "number": rule.number,
        "is_before": str(rule.is_before),
        "counted_from": rule.counted_from,
        "words": rule.words,
        "source": rule.source,
        **day("verified_on", changed.pop("verified_on", rule.verified_on)),
    }
    return answers | changed


def set_answers(rule_set, **changed):
    days = {
        name: changed.pop(name, getattr(rule_set, name)) for name in ("published_on", "in_force_from", "in_force_until")
    }
    answers = {"title": rule_set.title, "audience": rule_set.audience, "note": rule_set.note}
    for name, value in days.items():
        answers |= day(name, value)
    return answers | changed


def change(rule):
    return reverse("partnership:rule-change", args=[rule.pk])


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def looks_again():
    return [each.due_on for each in counted_deadlines(on=TODAY) if each.key.startswith("arrangements")]


# Reading


@pytest.mark.parametrize("role", ["office", "partner", "stranger", "leaver", "administrator"])
def test_everybody_who_is_signed_in_reads_them(request, client_of, role, guidance):
    client = client_of(request.getfixturevalue(role))
    assert [row.record.code for row in client.get(LIST).context["table"].rows] == [
        "wt2026",
        "wt2023",
        "wt2018",
        "local-children",
        "local-adults",
        "care-act",
    ]
    page = client.get(guidance.get_absolute_url()).content.decode()
    assert "15 working days from the day the notification was sent" in page
    assert "7 working days before publication" in page
    assert ("Change the rule set" in page) == (role == "administrator")


def test_what_is_to_be_verified_is_said(client_of, partner):
    page = client_of(partner).get(RuleSet.objects.get(code="wt2026").get_absolute_url())
    words = page.content.decode()
    assert "Not yet: no date follows it until the administrator says from when" in words
    assert words.count("To be verified</span>") == page.context["row_count"]


def test_rules_are_searched_narrowed_sorted_and_taken_away(client_of, partner, guidance):
    client = client_of(partner)

    def found(**asked):
        page = client.get(guidance.get_absolute_url(), asked)
        return [row.record.code for row in page.context["table"].rows]

    assert found(words="rapid review panel")[:2] == ["rapid-review", "panel-reply"]
    assert found(kind="clock", verified="unread")[0] == "panel-reply"
    assert set(found(kind="heading")) == set(guidance.rules.filter(unit="heading").values_list("code", flat=True))
    assert found(kind="clock", sort="title")[0] == "practice-review"
    lines = client.get(guidance.get_absolute_url(), {"export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Rule,Kind,When,Where it stands,Read there"
    assert len(lines) == 1 + guidance.rules.count()


@pytest.mark.parametrize("count", [1, 3])
def test_page_query_counts(client_of, partner, count, django_assert_num_queries):
    rule_set = RuleSetFactory(title="Ours")
    for _ in range(count):
        RuleFactory(rule_set=rule_set)
        RuleFactory(rule_set=RuleSetFactory())
    client = client_of(partner)
    client.get(LIST)
    with django_assert_num_queries(7):
        client.get(LIST)
    with django_assert_num_queries(9):
        client.get(rule_set.get_absolute_url())


# Changing


@pytest.fixture
def look_again(guidance, published_arrangements):
    """By which the arrangements that are in force since 1 July 2026 are to be looked at again."""
    return guidance.rules.get(code="arrangements-review")


def test_a_change_that_moves_dates_is_told_first_and_made_when_it_is_agreed_to(client_of, administrator, look_again):
    client, changed = client_of(administrator), answers_of(look_again, number="9")
    told = client.post(change(look_again), changed)
    assert (told.status_code, told.context["moves"]) == (200, "1 open date")
    assert b"1 open date will move." in told.content
    assert looks_again() == [date(2027, 7, 1)]
    done = client.post(change(look_again), changed | {"agreed": "1"})
    assert done["Location"] == look_again.get_absolute_url()
    assert looks_again() == [date(2027, 4, 1)]


def test_a_number_that_is_no_longer_true_is_told_again(client_of, administrator, look_again):
    changed = answers_of(look_again, number="9", agreed="5")
    told = client_of(administrator).post(change(look_again), changed)
    assert told.context["moves"] == "1 open date"
    assert looks_again() == [date(2027, 7, 1)]


def test_how_many_dates_would_move_says_nothing_of_cases(client_of, administrator, rapid_review, case):
    done = client_of(administrator).post(change(rapid_review), answers_of(rapid_review, number="10"))
    assert done["Location"] == rapid_review.get_absolute_url()
    [mark] = [mark for mark in marks_of(case, on=TODAY) if mark.stage.code == "rapid-review"]
    assert mark.due_on == date(2027, 1, 21)


def test_a_change_that_moves_nothing_is_made_at_once_and_is_in_the_history(
    client_of, administrator, rapid_review, case
):
    client = client_of(administrator)
    client.post(change(rapid_review), answers_of(rapid_review, source="Working Together 2023, chapter 5, paragraph 1"))
    rapid_review.refresh_from_db()
    assert rapid_review.source.endswith("paragraph 1")
    page = client.get(f"/history/partnership.rule/{rapid_review.pk}/").content.decode()
    assert (administrator.name in page, "paragraph 1" in page) == (True, True)


def test_an_edition_that_comes_into_force_moves_dates_too(client_of, administrator, look_again):
    edition = RuleSet.objects.get(code="wt2026")
    edition.rules.filter(code="arrangements-review").update(number=18)
    address = reverse("partnership:rule-set-change", args=[edition.pk])
    changed = set_answers(edition, in_force_from=date(2026, 6, 1))
    told = client_of(administrator).post(address, changed)
    assert told.context["moves"] == "1 open date"
    client_of(administrator).post(address, changed | {"agreed": "1"})
    assert looks_again() == [date(2028, 1, 1)]


def test_a_new_edition_takes_over_rules_to_be_verified(client_of, administrator, guidance):
    address = reverse("partnership:rule-set-add")
    new = RuleSet(title="Working Together 2029", audience="children", note="")
    client_of(administrator).post(address, set_answers(new, taken_from=guidance.pk))
    made = RuleSet.objects.get(code="working-together-2029")
    shown = ("code", "position", "number", "unit", "is_before", "counted_from")
    assert list(made.rules.values_list(*shown)) == list(guidance.rules.values_list(*shown))
    assert set(made.rules.values_list("source", "verified_on")) == {("Working Together 2029", None)}


def test_a_rule_is_added_after_the_others(client_of, administrator, guidance):
    address = reverse("partnership:rule-add", args=[guidance.pk])
    new = Rule(
        title="Tell the coroner", unit="days", number=3, counted_from="the death", source="Working Together 2023"
    )
    client_of(administrator).post(address, answers_of(new))
    made = guidance.rules.get(code="tell-the-coroner")
    assert (made.position, made.span) == (guidance.rules.count(), "3 days from the death")


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"number": ""}, "number", "Enter how many there are, in figures"),
        ({"number": "0"}, "number", "Enter 1 or more"),
        ({"number": "five"}, "number", "Enter a whole number, in figures"),
        ({"number": "400"}, "number", "Enter 366 or fewer. A longer time is easier to read in months"),
        ({"unit": "heading"}, "unit", "Choose an answer from the list"),
        ({"source": ""}, "source", "Enter the edition, chapter and paragraph in which it stands"),
        (
            {"counted_from": ""},
            "counted_from",
            "Enter what it is counted from, such as “the day the notification was sent”",
        ),
        (
            {"verified_on": date(2027, 1, 13)},
            "verified_on",
            "This day is still to come. Enter the day on which it was read",
        ),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(client_of, administrator, rapid_review, changed, field, words):
    response = client_of(administrator).post(change(rapid_review), answers_of(rapid_review, **changed))
    assert (response.status_code, errors_of(response)) == (422, {field: [words]})
    assert Rule.objects.get(pk=rapid_review.pk).number == 15


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        (
            {"title": "working together 2018"},
            "title",
            "There is a rule set of this name. Enter one that tells them apart",
        ),
        (
            {"in_force_from": None, "in_force_until": TODAY},
            "in_force_from",
            "Enter from when it counted, or leave the last day empty",
        ),
        (
            {"in_force_until": date(2020, 1, 1)},
            "in_force_until",
            "The last day is before the first. Enter 15 December 2023 or a later day",
        ),
    ],
)
def test_a_rule_set_that_cannot_be(client_of, administrator, guidance, changed, field, words):
    address = reverse("partnership:rule-set-change", args=[guidance.pk])
    response = client_of(administrator).post(address, set_answers(guidance, **changed))
    assert (response.status_code, errors_of(response)) == (422, {field: [words]})


def test_a_heading_has_no_number_and_stays_a_heading(client_of, administrator, guidance):
    heading = guidance.rules.filter(unit="heading").first()
    client = client_of(administrator)
    assert set(client.get(change(heading)).context["form"].fields) == {
        "title",
        "words",
        "evidence",
        "source",
        "verified_on",
        "seen",
        "agreed",
    }
    client.post(change(heading), answers_of(heading, unit="days", number="5", verified_on=TODAY))
    heading.refresh_from_db()
    assert (heading.unit, heading.number, heading.verified_on) == ("heading", None, TODAY)


@pytest.mark.parametrize("role", ["office", "advisor", "lead_partner", "stranger"])
def test_nobody_else_changes_a_rule(request, client_of, role, rapid_review, guidance):
    client = client_of(request.getfixturevalue(role))
    addresses = [
        change(rapid_review),
        reverse("partnership:rule-set-change", args=[guidance.pk]),
        reverse("partnership:rule-add", args=[guidance.pk]),
        reverse("partnership:rule-set-add"),
    ]
    answers = answers_of(rapid_review, number="1")
    assert [client.post(address, answers).status_code for address in addresses] == [403] * 4
    assert Rule.objects.get(pk=rapid_review.pk).number == 15


def test_somebody_elses_change_is_not_overwritten_unseen(client_of, administrator, rapid_review):
    client = client_of(administrator)
    seen = client.get(change(rapid_review)).context["form"]["seen"].initial
    Rule.objects.filter(pk=rapid_review.pk).update(number=12)
    response = client.post(change(rapid_review), answers_of(rapid_review, number="10", seen=seen))
    assert response.status_code == 409
    assert Rule.objects.get(pk=rapid_review.pk).number == 12
