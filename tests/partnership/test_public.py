"""Public pages: what is published and nothing more, in a colour in which it can be read."""

import pytest
from django.urls import reverse

from partnership.house_style import ENOUGH, WHITE, contrast, darkened, house_css
from partnership.public import as_tree
from tests.factories import GroupFactory, PartnershipFactory, VoiceEntryFactory


def address(name, partnership):
    return reverse(name, args=[partnership.slug])


def test_home_shows_the_public_which_partnerships_are_here(client, partnership, other_partnership):
    closed = PartnershipFactory(name="Closed board", is_public=False)
    page = client.get("/")
    assert list(page.context["partnerships"]) == [partnership, other_partnership]
    assert closed.name not in page.content.decode()


def test_home_is_my_work_for_whoever_is_signed_in(client_of, partner):
    assert client_of(partner).get("/").url == reverse("assurance:my-work")


def test_only_a_decided_rating_is_public(client, plan, partnership, review_proposed, ratings, executive_chair, today):
    page = client.get(address("partnership:public-home", partnership))
    assert [priority.rating for priority in page.context["plan"].priorities] == [None, None]

    review_proposed.decided_rating = ratings["R"]
    review_proposed.decided_by = executive_chair
    review_proposed.decided_at = review_proposed.proposed_at
    review_proposed.save()
    page = client.get(address("partnership:public-home", partnership))
    assert [priority.rating for priority in page.context["plan"].priorities] == [ratings["R"], None]
    assert review_proposed.scrutiny_comments not in page.content.decode()


def test_a_lead_s_words_and_rating_are_not_public(client, plan, partnership, past_update):
    page = client.get(address("plans:public-plan", partnership)).content.decode().split('id="key"')[0]
    assert "A shared plan with every family before a birth" in page
    assert [words for words in (past_update.progress, past_update.risk, "At risk", "Amber") if words in page] == []


def test_a_draft_plan_is_not_public(client, partnership, draft_plan):
    page = client.get(address("plans:public-plan", partnership))
    assert page.context["plan"] is None
    assert draft_plan.title not in page.content.decode()


def test_only_voices_that_may_be_told_are_public(client, partnership, voice_entry):
    told = VoiceEntryFactory(partnerships=[partnership], is_public=True, said="Ask us.", did="We asked.")
    VoiceEntryFactory(partnerships=[partnership], is_public=True, said="Nothing came of it.")
    page = client.get(address("partnership:public-home", partnership))
    assert page.context["voices"] == [told]
    assert voice_entry.said not in page.content.decode()


def test_the_structure_nests_each_group_under_the_one_it_reports_to(
    client, partnership, executive, learning_group, scrutiny_group
):
    GroupFactory(name="Hidden", partnerships=[partnership], is_public=False)
    page = client.get(address("partnership:public-structure", partnership))
    assert named(page.context["branches"]) == [
        ("Executive", [("Learning and Development Subgroup", []), ("Quality and Scrutiny Subgroup", [])])
    ]


def named(branches):
    return [(branch["group"].name, named(branch["branches"])) for branch in branches]


def test_a_group_whose_parent_is_not_shown_stands_at_the_top(executive, learning_group):
    assert named(as_tree([learning_group])) == [("Learning and Development Subgroup", [])]


@pytest.mark.parametrize(
    "name",
    ["partnership:public-home", "partnership:public-structure", "plans:public-plan", "training:public-programme"],
)
def test_an_empty_partnership_s_pages_teach(client, partnership, name):
    page = client.get(address(name, partnership))
    assert (page.status_code, b'class="empty"' in page.content) == (200, True)


@pytest.mark.parametrize("entries", [1, 3])
def test_home_query_count(client, plan, partnership, django_assert_num_queries, entries):
    for number in range(entries):
        VoiceEntryFactory(partnerships=[partnership], is_public=True, did=f"What we did {number}")
    with django_assert_num_queries(9):  # savepoint (2), partnership, version, judged, voice, reviews, briefings, report
        client.get(address("partnership:public-home", partnership))


# The house colour


@pytest.mark.parametrize("colour", ["#ffd500", "#7fd4c1", "#ffffff", "#00ff00"])
def test_a_light_colour_gets_dark_words_and_links_that_can_be_read(colour):
    css = house_css(colour)
    assert contrast(darkened(colour), WHITE) >= ENOUGH
    assert (f"--house: {colour};" in css, f"--link: {darkened(colour)};" in css, "color: #1d1823" in css) == (
        True,
        True,
        True,
    )


def test_a_dark_colour_keeps_white_words():
    assert house_css("#0b4f5c") == ".public { --house: #0b4f5c; }\n"


@pytest.mark.parametrize("words", ["", "red", "#fff", "#0b4f5c; } body { display: none", "#0b4f5c\n}"])
def test_what_is_no_colour_never_reaches_the_style_sheet(words):
    assert house_css(words) == ".public { --house: #5b2459; }\n"


@pytest.mark.parametrize(("one", "other", "times"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_wcag_s(one, other, times):
    assert round(contrast(one, other), 2) == times


def test_the_style_sheet_is_one_that_browsers_may_keep(client, partnership):
    answer = client.get(address("partnership:house-style", partnership))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/css", "public, max-age=3600")
