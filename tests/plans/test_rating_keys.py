"""A plan's ratings in its partnership's own words: what was said by them is never changed."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from plans.models import PriorityReview, Rating, RatingKey
from plans.rating_keys import choose_key, make_key, remove_key
from plans.reviewing import decide_rating, propose_rating
from plans.rounds import close_round
from plans.table import read_table
from tests.factories import PlanFactory, RatingFactory, RatingKeyFactory, UpdateFactory
from tests.plans.test_plan_page import count_queries

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)

OURS = [
    {"code": "E", "word": "Embedded", "meaning": "It lasts", "says": "done", "token": "blue", "shape": "square"},
    {"code": "G", "word": "Going", "meaning": "On its way", "says": "well", "token": "green", "shape": "circle"},
    {"code": "S", "word": "Stuck", "meaning": "It stands still", "says": "worry", "token": "red", "shape": "diamond"},
]


def sent(rows, name="Stuck to embedded", **extra):
    """A key's page as a browser sends it."""
    answers = {"name": name, **extra}
    for number, row in enumerate(rows):
        answers |= {f"r{number}-{field}": value for field, value in {"place": number + 1, **row}.items()}
    return answers


def values(code, word, outlook, token, shape, *, is_done=False):
    return {
        "code": code,
        "word": word,
        "meaning": f"It is {word.lower()}",
        "outlook": outlook,
        "token": token,
        "shape": shape,
        "is_done": is_done,
        "needs_evidence": is_done,
    }


@pytest.fixture
def own_key(plan):
    return make_key(
        plan,
        name="Stuck to embedded",
        ratings=[
            values("E", "Embedded", "well", "blue", "square", is_done=True),
            values("G", "Green", "well", "green", "circle"),
            values("S", "Stuck", "worry", "red", "diamond"),
        ],
    )


def page_of(plan, verb="plan-rating-key", *more):
    return reverse(f"plans:{verb}", args=[plan.pk, *more])


# What a rating says


def test_what_a_rating_says_comes_from_the_key_and_not_from_its_colour(ratings):
    not_begun = RatingFactory(token="blue", outlook="neither", code="N")
    assert [(each.says_well, each.worries) for each in [*ratings.values(), not_begun]] == [
        (False, True),
        (False, True),
        (True, False),
        (True, False),
        (False, False),
    ]


def test_ratings_of_two_keys_are_compared_by_what_they_say(ratings, own_key):
    embedded, green, stuck = own_key.ratings.order_by("-position")
    assert [
        ratings["A"].is_worse_than(ratings["G"]),
        ratings["G"].is_worse_than(ratings["A"]),
        stuck.is_worse_than(ratings["G"]),
        stuck.is_worse_than(ratings["R"]),
        green.is_worse_than(ratings["B"]),
        green.is_worse_than(None),
    ] == [True, False, True, False, False, False]


# Making


def test_the_office_makes_a_key_of_its_own(client_of, plan, office, lead, stranger):
    url = page_of(plan, "rating-key-add")
    assert [client_of(who).post(url, sent(OURS)).status_code for who in (lead, stranger)] == [403, 403]
    assert client_of(office).post(url, sent(OURS)).status_code == 302
    key = RatingKey.objects.get(name="Stuck to embedded")
    assert set(key.partnerships.all()) == set(plan.partnerships.all())
    assert list(key.ratings.order_by("position").values_list("code", "word", "outlook", "is_done", "position")) == [
        ("S", "Stuck", "worry", False, 1),
        ("G", "Going", "well", False, 2),
        ("E", "Embedded", "well", True, 3),
    ]


def test_a_key_begins_as_a_copy_of_the_plans(client_of, plan, office):
    rows = client_of(office).get(page_of(plan, "rating-key-add")).context["rows"]
    assert [(form.initial.get("code"), form.initial.get("pk")) for form in rows] == [
        ("B", None),
        ("G", None),
        ("A", None),
        ("R", None),
        (None, None),
        (None, None),
    ]


def test_a_key_is_looked_at_before_it_is_saved(client_of, plan, office):
    page = client_of(office).post(page_of(plan, "rating-key-add"), sent(OURS, preview="yes"))
    assert (page.status_code, [rating.word for rating in page.context["preview"]][:3]) == (
        200,
        ["Embedded", "Going", "Stuck"],
    )
    assert "Nothing is saved yet." in page.content.decode()
    assert not RatingKey.objects.filter(name="Stuck to embedded").exists()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (OURS[:1], "Give the key two ratings or more, or there is nothing to choose between"),
        ([OURS[0], OURS[1] | {"code": "e"}], "Embedded has this letter already. Choose another"),
        ([OURS[0], OURS[1] | {"word": "embedded"}], "Embedded is the same word. Choose another"),
        (
            [OURS[0], OURS[1] | {"token": "blue", "shape": "square"}],
            "Embedded has this shape and colour already. Choose others, so that they can be told apart",
        ),
        ([OURS[0], OURS[1] | {"meaning": ""}], "Enter what it means, in plain words"),
        ([OURS[0], OURS[1] | {"token": "puce"}], "Choose an answer from the list"),
        ([OURS[0], OURS[1] | {"place": "first"}], "Enter a whole number, in figures"),
    ],
)
def test_ratings_that_could_be_mistaken_are_refused(client_of, plan, office, rows, said):
    spare = [{"code": "", "word": "", "meaning": "", "place": ""}] * (4 - len(rows))
    refused = client_of(office).post(page_of(plan, "rating-key-add"), sent(rows + spare))
    page = refused.content.decode()
    assert (refused.status_code, said in page, "Embedded" in page) == (422, True, True)
    assert not RatingKey.objects.filter(name="Stuck to embedded").exists()


def test_two_keys_are_not_called_the_same(client_of, plan, office):
    refused = client_of(office).post(page_of(plan, "rating-key-add"), sent(OURS, name="blue,  green, AMBER, red"))
    assert (refused.status_code, list(refused.context["name"].errors)) == (422, ["name"])


def test_hostile_words_in_a_key_are_words(client_of, plan, office):
    row = OURS[1] | {"word": "<script>x</script>🙂", "code": "<"}
    client = client_of(office)
    client.post(page_of(plan, "rating-key-add"), sent([OURS[0], row]))
    page = client.get(page_of(plan)).content.decode()
    assert "&lt;script&gt;x&lt;/script&gt;🙂" in page and "<script>x" not in page


# Changing


def test_a_key_nobody_has_used_can_be_changed_in_all(client_of, plan, own_key, office):
    embedded, green, stuck = own_key.ratings.order_by("-position")
    rows = [
        OURS[0] | {"pk": embedded.pk, "code": "G", "word": "Grown"},
        OURS[1] | {"pk": green.pk, "code": "E"},
        OURS[2] | {"pk": stuck.pk, "remove": "on"},
    ]
    assert client_of(office).post(page_of(plan, "rating-key-change", own_key.pk), sent(rows)).status_code == 302
    assert list(own_key.ratings.order_by("-position").values_list("pk", "code", "word")) == [
        (embedded.pk, "G", "Grown"),
        (green.pk, "E", "Going"),
    ]


def test_a_rating_that_was_given_keeps_every_word_and_stays(
    client_of, plan, own_key, office, led_deliverable, round_past
):
    embedded, green, stuck = own_key.ratings.order_by("-position")
    UpdateFactory(deliverable=led_deliverable, round=round_past, rating=stuck, submitted_by=office)
    client, url = client_of(office), page_of(plan, "rating-key-change", own_key.pk)
    rows = [
        OURS[0] | {"pk": embedded.pk},
        OURS[1] | {"pk": green.pk},
        OURS[2] | {"pk": stuck.pk, "word": "Splendid", "says": "done"},
    ]
    assert client.post(url, sent(rows)).status_code == 302
    stuck.refresh_from_db()
    assert (stuck.word, stuck.outlook, stuck.is_done) == ("Stuck", "worry", False)
    refused = client.post(url, sent([*rows[:2], {"pk": stuck.pk, "remove": "on"}]))
    assert (refused.status_code, "Stuck was given once, so it stays in this key." in refused.content.decode()) == (
        422,
        True,
    )
    assert own_key.ratings.count() == 3


def test_anothers_key_and_one_offered_to_all_are_nobodys_to_change(
    client_of, plan, rating_key, office, far_partnership, ratings
):
    theirs = RatingKeyFactory(name="Farholme’s key")
    theirs.partnerships.add(far_partnership)
    client = client_of(office)
    assert [
        client.post(page_of(plan, "rating-key-change", key.pk), sent(OURS)).status_code for key in (rating_key, theirs)
    ] == [403, 404]
    refused = client.post(page_of(plan), {"key": theirs.pk})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["key"])
    with pytest.raises(ValidationError):
        choose_key(plan, theirs)
    assert "Farholme" not in client.get(page_of(plan)).content.decode()


def test_a_key_in_use_is_not_deleted(client_of, plan, own_key, office, led_deliverable, round_past):
    choose_key(plan, own_key)
    with pytest.raises(ValidationError):
        remove_key(own_key)
    plan.refresh_from_db()
    choose_key(plan, RatingKey.objects.exclude(pk=own_key.pk).get())
    client, url = client_of(office), page_of(plan, "rating-key-remove", own_key.pk)
    update = UpdateFactory(
        deliverable=led_deliverable, round=round_past, rating=own_key.ratings.first(), submitted_by=office
    )
    client.post(url)
    assert RatingKey.objects.filter(pk=own_key.pk).exists()
    update.delete()
    client.post(url)
    assert not RatingKey.objects.filter(pk=own_key.pk).exists()


# Choosing


def test_a_plan_takes_another_key_and_what_was_said_keeps_its_rating(
    client_of, plan, own_key, office, past_update, review_proposed, executive_chair, ratings
):
    decide_rating(review_proposed, by=executive_chair, at=NOW, decided_rating=ratings["A"])
    close_round(past_update.round, by=office, at=NOW)
    assert client_of(office).post(page_of(plan), {"key": own_key.pk}).status_code == 302
    plan = type(plan).objects.get(pk=plan.pk)
    assert plan.rating_key == own_key
    table = read_table(plan, on=date(2027, 1, 12), rounds=[past_update.round])
    assert (table.priorities[0].strip[0].rating, table.deliverables[0].rating) == (ratings["A"], ratings["A"])
    page = client_of(office).get(plan.get_absolute_url()).content.decode()
    assert "Embedded" in page and "Amber" in page


def test_a_key_does_not_change_in_the_middle_of_a_round(
    client_of, plan, own_key, office, round_open, led_deliverable, lead, ratings, scrutiny_chair
):
    UpdateFactory(deliverable=led_deliverable, round=round_open, rating=ratings["G"], submitted_by=lead)
    review = PriorityReview(priority=plan.priorities.get(position=2), round=round_open)
    propose_rating(review, by=scrutiny_chair, at=NOW, proposed_rating=ratings["A"], scrutiny_comments="x")
    refused = client_of(office).post(page_of(plan), {"key": own_key.pk})
    assert (refused.status_code, refused.context["form"].errors["key"]) == (
        422,
        [
            "Leads have answered by the key that is in use: October to December 2026. Close that round first",
            "Ratings are proposed and not decided yet: 2. Seeing neglect early (October to December 2026). "
            "Decide them first",
        ],
    )
    plan.refresh_from_db()
    assert plan.rating_key != own_key


def test_the_page_shows_each_key_in_colour_and_in_grey_in_a_fixed_number_of_queries(client_of, plan, own_key, office):
    client, url = client_of(office), page_of(plan)
    page = client.get(url).content.decode()
    assert (page.count('class="in-grey"'), "It is embedded" in page) == (7, True)
    at_1 = count_queries(client, url)
    for name in ("Second", "Third"):
        make_key(plan, name=name, ratings=[values("A", "Good", "well", "green", "circle")])
    assert count_queries(client, url) == at_1


def test_a_plan_of_two_ratings_is_read_like_any_other(client_of, office, partnership, other_partnership):
    key = RatingKeyFactory(name="Yes or no")
    RatingFactory(key=key, position=1, code="N", word="No", token="grey", shape="ring")
    RatingFactory(key=key, position=2, code="Y", word="Yes", token="grey", shape="square")
    plan = PlanFactory(partnerships=[partnership, other_partnership], rating_key=key)
    page = client_of(office).get(plan.get_absolute_url()).content.decode()
    assert "Yes" in page and Rating.objects.filter(key=key).count() == 2
