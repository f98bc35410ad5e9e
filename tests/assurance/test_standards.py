"""Scales and standard sets: written, published for good, followed by an edition in which movement is counted."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, ProgrammingError, transaction
from django.urls import reverse

from assurance.models import Scale, Standard, StandardSet
from assurance.standards import Stands, compare, keep_standard, new_edition, publish_set, read_rows, roots_of
from tests.factories_assurance import ScaleFactory, StandardFactory, StandardSetFactory
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db

SCALES = reverse("assurance:scale-list")
ADD_SCALE = reverse("assurance:scale-add")
SETS = reverse("assurance:standard-set-list")
ADD_SET = reverse("assurance:standard-set-add")


def text_of(response):
    return response.content.decode()


def of_set(name, standard_set, *args):
    return reverse(f"assurance:{name}", args=[standard_set.pk, *args])


def numbers(partnership, /, **more):
    return {
        "partnership": partnership.pk,
        "name": "Four steps",
        "lowest": "1",
        "highest": "4",
        "step": "1",
        "unit": "",
        "best": "lowest",
    } | more


@pytest.fixture
def scale(partnership):
    return ScaleFactory(partnership=partnership, name="Our scale")


@pytest.fixture
def being_written(partnership, scale):
    return StandardSetFactory(partnership=partnership, scale=scale, edition="2027", published_on=None)


@pytest.fixture
def published(partnership, scale):
    standard_set = StandardSetFactory(partnership=partnership, scale=scale, edition="2026", published_on=None)
    for code in ("1.1", "1.2"):
        StandardFactory(standard_set=standard_set, code=code, position=int(code[-1]))
    return publish_set(standard_set, on=date(2026, 9, 1))


# Scales


def test_every_usual_scale_and_set_is_there_and_the_sets_stand(office, client_of):
    assert sorted(Scale.objects.filter(partnership=None).values_list("name", flat=True)) == [
        "0 to 3",
        "0 to 4",
        "Four points, 1 the best",
        "Per cent, in steps of five",
        "Red, amber, green",
    ]
    found = {each.code: each.standards.count() for each in StandardSet.objects.filter(partnership=None)}
    assert found == {"duties-to-children": 10, "safeguarding-in-schools": 12, "safeguarding-adults": 8}
    assert "Duties of agencies to children" in text_of(client_of(office).get(SETS))


def test_the_office_makes_a_scale_with_words(client_of, office, partnership):
    words = {"n0-value": "1", "n0-word": "Good", "n0-token": "green", "n0-shape": "circle", "n1-letter": ""}
    response = client_of(office).post(ADD_SCALE, numbers(partnership, **words))
    assert response.status_code == 302
    scale = Scale.objects.get(name="Four steps")
    assert (scale.partnership, scale.best, scale.is_added_up) == (partnership, "lowest", False)
    assert [(point.value, point.word, point.code) for point in scale.points.all()] == [(1, "Good", "1")]
    assert [scale.takes(Decimal(value)) for value in (0, 1, 4, 5)] == [False, True, True, False]
    assert [scale.share(Decimal(value)) for value in (1, 4)] == [1, 0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, {"name": ["Enter a name for the scale"]}),
        ({"highest": "1"}, {"highest": ["Enter a highest score above the lowest, 1"]}),
        ({"highest": "x"}, {"highest": ["Enter a number, in figures"]}),
        ({"step": "0"}, {"step": ["Enter a step above 0"]}),
        (
            {"step": "2"},
            {"step": ["From 1 in steps of 2 nobody comes to 4. Change the step or the highest score"]},
        ),
        ({"step": "0.01"}, {"step": ["That makes more than 101 scores. Enter a larger step"]}),
        (
            {"n0-value": "9", "n0-word": "Far"},
            {"n0-value": ["9 is not on the scale, which goes from 1 to 4 in steps of 1"]},
        ),
        ({"n0-word": "Nowhere"}, {"n0-value": ["Enter the score that this word stands for"]}),
        (
            {"n0-value": "1", "n0-word": "One", "n1-value": "1.0", "n1-word": "Again"},
            {"n1-value": ["1 is “One” already"]},
        ),
        ({"partnership": ""}, {"partnership": ["Choose the partnership whose it is"]}),
    ],
)
def test_nonsense_in_a_scale_is_told_at_its_field(client_of, office, partnership, wrong, said):
    response = client_of(office).post(ADD_SCALE, numbers(partnership, **wrong))
    assert (response.status_code, response.context["form"].errors) == (422, said)
    assert not Scale.objects.filter(name="Four steps").exists()


def test_a_scale_in_use_keeps_its_numbers_and_may_change_its_words(client_of, office, partnership, scale, published):
    point = scale.points.create(value=2, word="Mostly")
    url = reverse("assurance:scale-change", args=[scale.pk])
    assert "so its numbers stand" in text_of(client_of(office).get(url))
    body = numbers(partnership, name="Our scale", highest="9") | {
        f"p{point.pk}-value": "3",
        f"p{point.pk}-word": "Nearly",
        f"p{point.pk}-token": "amber",
        f"p{point.pk}-shape": "triangle",
    }
    assert client_of(office).post(url, body).status_code == 302
    scale.refresh_from_db()
    point.refresh_from_db()
    assert (scale.highest, scale.best, point.value, point.word, point.token) == (3, "highest", 2, "Nearly", "amber")


def test_two_people_at_one_scale_overwrite_nothing_unseen(client_of, office, partnership, scale):
    point = scale.points.create(value=2, word="Mostly")
    url, client = reverse("assurance:scale-change", args=[scale.pk]), client_of(office)
    seen = client.get(url).context["form"]["seen"].value()
    point.word = "Theirs"
    point.save()
    body = numbers(partnership, name="Our scale", lowest="0", highest="3", best="highest", is_added_up="on", seen=seen)
    body |= {f"p{point.pk}-value": "2", f"p{point.pk}-word": "Mine", f"p{point.pk}-token": "grey"}
    response = client.post(url, body | {f"p{point.pk}-shape": "ring"})
    assert (response.status_code, list(response.context["form"].errors)) == (409, [f"p{point.pk}-word"])


# Writing a set


def test_the_office_writes_a_set_and_its_standards_in_order(client_of, office, partnership, scale):
    client = client_of(office)
    body = {"partnership": partnership.pk, "title": "Our own", "edition": "2027", "audience": "adults"}
    response = client.post(ADD_SET, body | {"asked_of": "organisations", "scale": scale.pk})
    own = StandardSet.objects.get(title="Our own")
    assert (response.url, own.partnership, own.published_on) == (own.get_absolute_url(), partnership, None)
    scale.points.create(value=3, word="Met")
    for code, after in (("1.1", ""), ("1.3", "1.1"), ("1.2", "1.1")):
        standard = own.standards.filter(code=after).first()
        body = {"code": code, "section": "Leaders", "text": f"Standard {code}", "weight": "2", "d-3": "Shown"}
        answer = client.post(of_set("standard-add", own), body | {"after": standard.pk if standard else ""})
        assert answer.status_code == 302, answer.context["form"].errors
    found = [(each.position, each.code, each.weight, each.descriptors) for each in own.standards.all()]
    assert found == [(1, "1.1", 2, {"3": "Shown"}), (2, "1.2", 2, {"3": "Shown"}), (3, "1.3", 2, {"3": "Shown"})]
    assert client.post(of_set("standard-remove", own, own.standards.first().pk)).status_code == 302
    assert [each.code for each in own.standards.all()] == ["1.2", "1.3"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "1.1"}, {"code": ["1.1 is in this set already. Choose another code"]}),
        ({"code": ""}, {"code": ["Enter a short code, like 1.1"]}),
        ({"text": ""}, {"text": ["Enter the standard"]}),
        ({"weight": "0"}, {"weight": ["Enter a weight above 0"]}),
        ({"weight": "100"}, {"weight": ["Enter a weight below 100, like 1 or 1.5"]}),
        ({"after": "999999"}, {"after": ["Choose an answer from the list"]}),
    ],
)
def test_nonsense_in_a_standard_is_told_at_its_field(client_of, office, being_written, wrong, said):
    StandardFactory(standard_set=being_written, code="1.1", position=1)
    body = {"code": "1.2", "text": "Something true", "weight": "1", "after": ""} | wrong
    response = client_of(office).post(of_set("standard-add", being_written), body)
    assert (response.status_code, response.context["form"].errors) == (422, said)
    assert being_written.standards.count() == 1


def test_rows_are_pasted_from_a_spreadsheet(client_of, office, being_written):
    rows = "Code\tSection\tStandard\tWeight\n1.1\tLeaders\tSomebody answers for it\t\n1.2\tLeaders\tAnd asks\t1,5\n"
    response = client_of(office).post(of_set("standard-set-paste", being_written), {"rows": rows})
    assert response.status_code == 302
    assert list(being_written.standards.values_list("position", "section", "code", "text", "weight")) == [
        (1, "Leaders", "1.1", "Somebody answers for it", 1),
        (2, "Leaders", "1.2", "And asks", Decimal("1.5")),
    ]


def test_every_line_that_is_wrong_is_told_and_none_is_kept(client_of, office, being_written):
    StandardFactory(standard_set=being_written, code="1.1", position=1)
    rows = "A\t1.1\tTaken\nA\t\tNo code\nA\t1.3\t\nA\t1.4\tHeavy\t\t\theavy\nA\t1.4\tTwice\n"
    response = client_of(office).post(of_set("standard-set-paste", being_written), {"rows": rows})
    assert (response.status_code, response.context["form"].errors["rows"]) == (
        422,
        [
            "Line 1: 1.1 is in the set already. Give it another code",
            "Line 2: there is no code. Write a short one, like 1.1, in the second column",
            "Line 3: there is no standard. Write it in the third column",
            "Line 4: “heavy” is no weight. Write a number above 0 and below 100, or nothing for 1",
            "Line 5: 1.4 is in line 4 already. Give it another code",
        ],
    )
    assert being_written.standards.count() == 1


def test_an_unclosed_quotation_mark_or_nothing_at_all_is_told():
    assert read_rows("  \n").problems == ["Paste a row for each standard: section, code and the standard itself"]
    assert read_rows("A\t1.1\tIt says \"yes\" and 'no'").rows[0]["text"] == "It says \"yes\" and 'no'"


# Publishing


def test_what_is_published_stands(client_of, office, published):
    standard = published.standards.first()
    client = client_of(office)
    assert client.get(of_set("standard-change", published, standard.pk)).status_code == 403
    assert client.post(of_set("standard-remove", published, standard.pk)).status_code == 403
    with pytest.raises(Stands):
        keep_standard(published, standard, after=None, text="Easier")
    with pytest.raises(Stands):
        publish_set(published, on=date(2027, 1, 1))
    for change in (
        lambda: Standard.objects.filter(pk=standard.pk).update(text="Easier"),
        lambda: Standard.objects.filter(pk=standard.pk).delete(),
        lambda: StandardSet.objects.filter(pk=published.pk).update(published_on=None),
    ):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            change()


def test_an_empty_set_is_not_published(client_of, office, being_written):
    response = client_of(office).post(of_set("standard-set-publish", being_written), follow=True)
    assert "Write at least one standard before you publish the set" in text_of(response)
    StandardFactory(standard_set=being_written)
    client_of(office).post(of_set("standard-set-publish", being_written))
    being_written.refresh_from_db()
    assert being_written.published_on == date(2027, 1, 12)


def test_a_set_that_is_retired_is_offered_to_no_new_request(client_of, office, published):
    client_of(office).post(of_set("standard-set-retire", published))
    assert published not in StandardSet.objects.offered_to({published.partnership_id})
    client_of(office).post(of_set("standard-set-retire", published))
    assert published in StandardSet.objects.offered_to({published.partnership_id})


# Editions


def test_a_new_edition_knows_what_it_comes_from(client_of, office, published):
    client = client_of(office)
    body = {"edition": "2027", "partnership": published.partnership_id}
    response = client.post(of_set("standard-set-edition", published), body)
    made = StandardSet.objects.get(edition="2027")
    assert (response.url, made.follows, made.published_on) == (made.get_absolute_url(), published, None)
    first, second = published.standards.all()
    assert [(each.code, each.same_as) for each in made.standards.all()] == [("1.1", first), ("1.2", second)]
    made.standards.filter(code="1.1").update(text="In other words")
    made.standards.filter(code="1.2").delete()
    StandardFactory(standard_set=made, code="1.4", position=4)
    found = [(line.kind, line.now and line.now.code, line.before and line.before.code) for line in compare(made)]
    assert found == [("changed", "1.1", "1.1"), ("new", "1.4", None), ("gone", None, "1.2")]
    assert "In other words" in text_of(client.get(of_set("standard-set-compare", made)))
    again = client.post(of_set("standard-set-edition", published), body)
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["edition"])


def test_an_office_follows_everybodys_set_with_one_of_its_own(client_of, office, partnership, stranger):
    shared = StandardSet.objects.get(code="duties-to-children")
    body = {"edition": "2027", "partnership": partnership.pk}
    client_of(office).post(of_set("standard-set-edition", shared), body)
    made = StandardSet.objects.get(edition="2027")
    assert (made.partnership, made.follows, made.standards.count()) == (partnership, shared, 10)
    assert client_of(stranger).get(made.get_absolute_url()).status_code == 404
    refused = client_of(stranger).post(of_set("standard-set-edition", shared), body)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["partnership"])


def test_the_first_of_a_line_is_found_through_every_edition():
    assert roots_of({1: None, 2: 1, 3: 2, 4: None, 5: 9}) == {1: 1, 2: 1, 3: 1, 4: 4, 5: 9, 9: 9}


def test_editions_of_one_name_are_refused(published):
    with pytest.raises(ValidationError):
        new_edition(published, edition="2026", partnership=published.partnership)


@pytest.mark.parametrize("url", [SCALES, SETS])
def test_lists_take_as_many_queries_for_three_as_for_one(client_of, office, partnership, scale, published, url):
    client = client_of(office)
    scale.points.create(value=1, word="Begun")
    at_1 = count_queries(client, url)
    for name in ("Two", "Three"):
        other = ScaleFactory(partnership=partnership, name=name)
        other.points.create(value=1, word="Begun")
        StandardFactory(standard_set=StandardSetFactory(partnership=partnership, title=name, scale=other))
    assert count_queries(client, url) == at_1
