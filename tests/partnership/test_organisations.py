"""Organisations: what each was called on a day, who answers for it after a merger, who is a member when."""

from datetime import date, timedelta

import pytest

from partnership.deadlines import deadlines, with_people
from partnership.models import FormerName, FormerOrganisation, Organisation, Post
from tests.factories import OrganisationFactory, PostFactory

A_DAY = timedelta(days=1)


# What was it called, and where was that post?


@pytest.fixture
def renamed(charity):
    """Lantern Family Trust was Lamplight until the end of March 2024, and Candle until that of 2020."""
    FormerName.objects.create(organisation=charity, name="Lamplight", to_on=date(2024, 3, 31))
    FormerName.objects.create(organisation=charity, name="Candle", to_on=date(2020, 3, 31))
    return charity


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(1999, 1, 1), "Candle"),
        (date(2020, 3, 31), "Candle"),
        (date(2020, 4, 1), "Lamplight"),
        (date(2024, 3, 31), "Lamplight"),
        (date(2024, 4, 1), "Lantern Family Trust"),
        (date(2027, 1, 12), "Lantern Family Trust"),
    ],
)
def test_an_organisation_bears_the_name_of_the_day(renamed, hospital, day, name):
    named = Organisation.objects.named_on(day).order_by("pk")
    assert {each.pk: each.name_then for each in named} == {renamed.pk: name, hospital.pk: hospital.name}


def test_a_post_is_where_it_was_that_day_under_the_name_of_that_day(renamed, health_board):
    post = PostFactory(title="Named nurse", organisation=health_board)
    free = PostFactory(title="Chair")
    FormerOrganisation.objects.create(post=post, organisation=renamed, to_on=date(2023, 6, 30))

    def placed(day):
        posts = Post.objects.placed_on(day).filter(pk__in=[post.pk, free.pk])
        return {each.title: (each.organisation_then, each.organisation_name_then) for each in posts}

    assert placed(date(2023, 6, 30)) == {"Named nurse": (renamed.pk, "Lamplight"), "Chair": (None, None)}
    assert placed(date(2023, 7, 1)) == {"Named nurse": (health_board.pk, health_board.name), "Chair": (None, None)}


# Who answers for it after a merger


@pytest.fixture
def old_board(health_board):
    """Merged into one that was merged into ``health_board``."""
    between = OrganisationFactory(name="Between", to_on=date(2024, 3, 31), successor=health_board)
    return OrganisationFactory(name="Old board", to_on=date(2022, 6, 30), successor=between)


def test_whoever_represents_the_successor_answers_for_the_merged(lead, partner, old_board, health_board, charity):
    between = old_board.successor
    assert lead.standing.organisation_ids == {health_board.pk, between.pk, old_board.pk}
    assert partner.standing.organisation_ids == {charity.pk}


def test_what_the_merged_still_owe_is_asked_of_the_successor_s_people(draft_return, old_board, lead, today):
    draft_return.organisation = old_board
    draft_return.save()
    [due] = [each for each in with_people(deadlines(on=today), on=today) if each.deadline.kind == "Return"]
    assert ([each.user for each in due.recipients], due.missing) == ([lead], ())
