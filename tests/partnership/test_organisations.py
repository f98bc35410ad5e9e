"""Organisations: what each was called on a day, who answers for it after a merger, who is a member when."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from partnership.deadlines import deadlines, with_people
from partnership.memberships import add_organisation, end_nomination, join, nominate
from partnership.mergers import AlreadySucceeded, rename, succeed
from partnership.models import (
    Area,
    FormerName,
    FormerOrganisation,
    Membership,
    Nomination,
    Organisation,
    Partnership,
    Post,
    PostHolding,
)
from tests.at_once import at_once
from tests.factories import (
    GroupMemberFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    PostFactory,
    PostHoldingFactory,
    UserFactory,
)

LIST = reverse("partnership:organisation-list")
ADD = reverse("partnership:organisation-add")


def url(name, record):
    return reverse(f"partnership:{name}", args=[record.pk])


def day(name, on):
    """What a browser sends for a date in three boxes; none for None."""
    return {f"{name}_{part}": str(getattr(on, part)) if on else "" for part in ("day", "month", "year")}


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def refusal(command, *args, **answers):
    """{field: words} with which ``command`` refuses."""
    with pytest.raises(ValidationError) as refused:
        command(*args, **answers)
    return {name: words[0] for name, words in refused.value.message_dict.items()}


def spans(memberships):
    """[(partnership, role, first day, last day)] in the order of their days."""
    found = [(each.partnership.short_name, each.role, each.from_on, each.to_on) for each in memberships.all()]
    return sorted(found, key=lambda row: (row[0], row[2] or date.min))


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


# A new name

TO_COME = {"from_on": "13 January 2027 is still to come. Enter this on the day, or afterwards"}


def test_the_old_name_stays_for_the_days_before(charity, today):
    rename(charity, name="Lantern Families", from_on=date(2026, 9, 1), on=today)
    names = {day: Organisation.objects.named_on(day).get(pk=charity.pk).name_then for day in DAYS_AROUND}
    assert names == {date(2026, 8, 31): "Lantern Family Trust", date(2026, 9, 1): "Lantern Families"}


DAYS_AROUND = [date(2026, 8, 31), date(2026, 9, 1)]


def test_a_name_entered_wrongly_is_mended_or_taken_back_from_the_same_day(charity, today):
    def former():
        return list(charity.former_names.values_list("name", "to_on"))

    rename(charity, name="Lantren", from_on=date(2026, 9, 1), on=today)
    rename(charity, name="Lantern", from_on=date(2026, 9, 1), on=today)
    charity.refresh_from_db()
    assert (charity.name, former()) == ("Lantern", [("Lantern Family Trust", date(2026, 8, 31))])
    rename(charity, name="Lantern Family Trust", from_on=date(2026, 9, 1), on=today)
    charity.refresh_from_db()
    assert (charity.name, former()) == ("Lantern Family Trust", [])


@pytest.mark.parametrize(
    ("name", "from_on", "words"),
    [
        (
            "New",
            date(2027, 1, 13),
            {"from_on": "13 January 2027 is still to come. Enter this on the day, or afterwards"},
        ),
        ("Lantern Family Trust", date(2026, 1, 1), {"name": "That is its name already"}),
        (
            "st brannoc’s hospital trust",
            date(2026, 1, 1),
            {
                "name": "Another organisation is called “St Brannoc’s Hospital Trust”. "
                "Enter a name that tells them apart"
            },
        ),
        ("New", date(2019, 4, 1), {"from_on": "It began on 1 April 2019. Enter a later day"}),
        (
            "New",
            date(2020, 1, 1),
            {"from_on": "It has had the name it has now since 1 April 2020. Enter that day to mend it, or a later one"},
        ),
    ],
)
def test_a_new_name_is_refused_in_words(charity, hospital, today, name, from_on, words):
    charity.from_on = date(2019, 4, 1)
    charity.save()
    FormerName.objects.create(organisation=charity, name="Lamplight", to_on=date(2020, 3, 31))
    assert refusal(rename, charity, name=name, from_on=from_on, on=today) == words


# A merger


@pytest.fixture
def commission(partnership, other_partnership):
    """Of both partnerships, with one post that is held and one that has been closed."""
    organisation = OrganisationFactory(name="Three Rivers Commission", kind=Organisation.Kind.HEALTH)
    for each in (partnership, other_partnership):
        MembershipFactory(
            organisation=organisation, partnership=each, role=Membership.Role.STATUTORY, from_on=date(2019, 4, 1)
        )
    return organisation


MERGED = date(2026, 7, 1)
LAST = date(2026, 6, 30)


def test_a_merger_moves_everything_and_keeps_the_days_before(
    commission, health_board, partnership, learning_group, charity, today
):
    """``health_board`` is statutory in AV already and has no part in MB."""
    post = PostFactory(title="Designated nurse", organisation=commission)
    seat = GroupMemberFactory(group=learning_group, post=post)
    closed = PostFactory(title="Old post", organisation=commission, closed_on=date(2022, 1, 1))
    speaker = PostFactory(title="Speaker", organisation=charity)
    Nomination.objects.create(organisation=commission, post=speaker, from_on=date(2020, 1, 1))

    succeed(commission, successor=health_board, from_on=MERGED, on=today)

    commission.refresh_from_db()
    post.refresh_from_db()
    closed.refresh_from_db()
    assert (commission.to_on, commission.successor) == (LAST, health_board)
    assert spans(commission.memberships) == [
        ("AV", "statutory", date(2019, 4, 1), LAST),
        ("MB", "statutory", date(2019, 4, 1), LAST),
    ]
    assert spans(health_board.memberships) == [("AV", "statutory", None, None), ("MB", "statutory", MERGED, None)]
    assert (post.organisation, closed.organisation, seat.post.title) == (health_board, commission, "Designated nurse")
    placed = {on: Post.objects.placed_on(on).get(pk=post.pk).organisation_name_then for on in (LAST, MERGED)}
    assert placed == {LAST: "Three Rivers Commission", MERGED: "Vale and Mill Integrated Care Board"}
    nominations = Nomination.objects.order_by("from_on").values_list("organisation__name", "post", "from_on", "to_on")
    assert list(nominations) == [
        ("Three Rivers Commission", speaker.pk, date(2020, 1, 1), LAST),
        ("Vale and Mill Integrated Care Board", speaker.pk, MERGED, None),
    ]


def test_the_stronger_role_wins_and_the_weaker_stays_for_the_days_before(commission, charity, hospital, today):
    succeed(commission, successor=charity, from_on=MERGED, on=today)
    assert spans(charity.memberships) == [
        ("AV", "relevant", None, LAST),
        ("AV", "statutory", MERGED, None),
        ("MB", "statutory", MERGED, None),
    ]
    succeed(hospital, successor=charity, from_on=MERGED, on=today)
    assert spans(charity.memberships)[1:] == [("AV", "statutory", MERGED, None), ("MB", "statutory", MERGED, None)]


def test_several_are_merged_into_one_that_is_new(commission, hospital, today):
    new = succeed(commission, successor=Organisation(name="New Board", kind="health"), from_on=MERGED, on=today)
    succeed(hospital, successor=new, from_on=MERGED, on=today)
    assert (new.kind, new.from_on, set(new.predecessors.all())) == ("health", MERGED, {commission, hospital})
    assert spans(new.memberships) == [("AV", "statutory", MERGED, None), ("MB", "statutory", MERGED, None)]


def test_a_holder_goes_on_with_what_they_chair_and_may(client_of, commission, learning_group, today):
    user = UserFactory(name="Held On")
    post = PostFactory(title="Designated nurse", organisation=commission)
    PostHoldingFactory(post=post, user=user)
    GroupMemberFactory(group=learning_group, post=post, role="chair")
    before = user.standing
    succeed(commission, successor=Organisation(name="New Board", kind="health"), from_on=MERGED, on=today)
    after = type(user).objects.get(pk=user.pk).standing
    assert (after.chaired_group_ids, after.partnership_ids) == (before.chaired_group_ids, before.partnership_ids)
    assert after.organisation_ids == {commission.pk, Organisation.objects.get(name="New Board").pk}


@pytest.mark.parametrize(
    ("successor", "from_on", "words"),
    [
        ("itself", MERGED, {"successor": "An organisation cannot be merged into itself. Choose another"}),
        (
            "merged",
            MERGED,
            {"successor": "Merged was itself merged into Lantern Family Trust. Choose that one"},
        ),
        ("ended", MERGED, {"successor": "Ended ended on 31 March 2020. Choose one that goes on"}),
        ("young", MERGED, {"from_on": "Young began on 1 January 2027. Enter that day or a later one"}),
        (
            "taken",
            MERGED,
            {"name": "Another organisation is called “Lantern Family Trust”. Enter a name that tells them apart"},
        ),
        (
            "charity",
            date(2019, 4, 1),
            {
                "from_on": "It became a member of Ashford Vale Safeguarding Children Partnership on 1 April 2019. "
                "Enter a later day"
            },
        ),
        ("charity", date(2018, 4, 1), {"from_on": "It began on 1 April 2018. Enter a later day"}),
        (
            "charity",
            date(2027, 2, 1),
            {"from_on": "1 February 2027 is still to come. Enter this on the day, or afterwards"},
        ),
    ],
)
def test_a_merger_is_refused_in_words_and_changes_nothing(commission, charity, today, successor, from_on, words):
    commission.from_on = date(2018, 4, 1)
    commission.save()
    successors = {
        "itself": commission,
        "charity": charity,
        "merged": OrganisationFactory(name="Merged", to_on=date(2020, 3, 31), successor=charity),
        "ended": OrganisationFactory(name="Ended", to_on=date(2020, 3, 31)),
        "young": OrganisationFactory(name="Young", from_on=date(2027, 1, 1)),
        "taken": Organisation(name="lantern family trust", kind="health"),
    }
    before = spans(commission.memberships)
    assert refusal(succeed, commission, successor=successors[successor], from_on=from_on, on=today) == words
    commission.refresh_from_db()
    assert (spans(commission.memberships), commission.to_on, commission.successor) == (before, None, None)


def test_a_merger_is_done_once_and_never_in_a_circle(commission, charity, today):
    succeed(commission, successor=charity, from_on=MERGED, on=today)
    with pytest.raises(AlreadySucceeded):
        succeed(commission, successor=charity, from_on=MERGED, on=today)
    assert refusal(succeed, charity, successor=commission, from_on=date(2026, 10, 1), on=today) == {
        "successor": "Three Rivers Commission was itself merged into Lantern Family Trust. Choose that one"
    }
    assert refusal(succeed, charity, successor=Organisation(name="Third"), from_on=MERGED, on=today) == {
        "from_on": "Three Rivers Commission was merged into it on 1 July 2026. Enter a later day"
    }


def merger_answers(**changed):
    return {"successor": "", "name": "", "kind": "health", **day("from_on", MERGED), **changed}


def test_what_will_happen_is_shown_before_the_yes(client_of, office, commission, health_board, today):
    client, page = client_of(office), url("organisation-succeed", commission)
    answers = merger_answers(successor="vale and mill")
    preview = client.post(page, answers)
    plan = preview.context["plan"]
    assert (preview.status_code, plan.successor, [move.role for move in plan.memberships]) == (
        200,
        health_board,
        ["statutory", "statutory"],
    )
    assert Organisation.objects.get(pk=commission.pk).successor is None

    back = client.post(page, {**answers, "action": "mend"})
    assert (back.status_code, back.context["plan"], "vale and mill" in back.content.decode()) == (200, None, True)

    done = client.post(page, {**answers, "action": "merge"}, follow=True)
    assert done.redirect_chain == [(health_board.get_absolute_url(), 302)]
    again = client.post(page, {**answers, "action": "merge"}, follow=True)
    assert [str(each) for each in again.context["messages"]] == [
        "Three Rivers Commission is already merged into Vale and Mill Integrated Care Board. Nothing was changed"
    ]
    assert FormerOrganisation.objects.count() == 0


def test_a_preview_carries_a_new_name_to_the_yes(client_of, office, commission):
    client, page = client_of(office), url("organisation-succeed", commission)
    preview = client.post(page, merger_answers(name="  New   Board ")).content.decode()
    assert 'name="from_on_year" value="2026"' in preview
    client.post(page, merger_answers(name="New Board", action="merge"))
    assert Organisation.objects.get(pk=commission.pk).successor.name == "New Board"


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({}, {"successor": ["Choose the organisation that it goes over into, or enter a new name below"]}),
        (
            {"successor": "Lantern", "name": "New"},
            {"name": ["Choose one that is here, or enter a new name, but not both"]},
        ),
        (
            {"successor": "Nowhere"},
            {"successor": ["Nothing here is called “Nowhere”. Choose a name from the list that opens as you type"]},
        ),
        ({"name": "New", **day("from_on", None)}, {"from_on": ["Enter first day after the merger"]}),
    ],
)
def test_the_form_says_what_is_missing_and_keeps_what_was_typed(client_of, office, commission, charity, typed, errors):
    page = client_of(office).post(url("organisation-succeed", commission), merger_answers(**typed))
    assert (page.status_code, errors_of(page)) == (422, errors)
    assert all(str(value) in page.content.decode() for value in typed.values())


def test_another_offices_partnership_may_not_be_entered_by_a_merger(client_of, office, administrator, commission):
    """A member elsewhere too is merged by the administrator: our office would put its own into a neighbour's."""
    MembershipFactory(organisation=commission, partnership=PartnershipFactory(name="Elsewhere"))
    page = url("organisation-succeed", commission)
    assert (client_of(office).get(page).status_code, client_of(administrator).get(page).status_code) == (403, 200)


# Members


def added(**changed):
    answers = {"name": "Vale Athletics", "kind": "voluntary", "role": "relevant", **day("from_on", None)}
    return {**answers, **changed}


def test_an_organisation_is_added_with_its_first_membership(client_of, office, partnership):
    answers = added(partnership=partnership.pk, **day("from_on", date(2026, 4, 1)))
    answer = client_of(office).post(ADD, answers)
    organisation = Organisation.objects.get(name="Vale Athletics")
    assert (answer.url, spans(organisation.memberships)) == (
        organisation.get_absolute_url(),
        [("AV", "relevant", date(2026, 4, 1), None)],
    )


def test_one_that_is_known_here_is_joined_and_not_made_twice(client_of, stranger, far_partnership, charity):
    client, answers = client_of(stranger), added(name="lantern family trust", partnership=far_partnership.pk)
    asked = client.post(ADD, answers)
    assert (asked.status_code, errors_of(asked)) == (
        422,
        {
            "is_same": [
                "“Lantern Family Trust” is known here already. Tick this box if it is the same, or enter another name"
            ]
        },
    )
    assert client.post(ADD, {**answers, "is_same": "on"}).url == charity.get_absolute_url()
    assert spans(charity.memberships) == [("AV", "relevant", None, None), ("FH", "relevant", None, None)]
    assert client.get(url("organisation-rename", charity)).status_code == 403


def test_an_office_adds_members_to_its_own_partnership_alone(client_of, office, far_partnership):
    page = client_of(office).post(ADD, added(partnership=far_partnership.pk))
    assert (page.status_code, errors_of(page)) == (422, {"partnership": ["Choose an answer from the list"]})
    assert not Organisation.objects.filter(name="Vale Athletics").exists()


def test_two_memberships_at_once_are_refused(charity, partnership):
    charity.memberships.update(from_on=date(2020, 4, 1), to_on=date(2023, 3, 31))
    words = (
        "Lantern Family Trust is a member of Ashford Vale Safeguarding Children Partnership already, "
        "from 1 April 2020 to 31 March 2023. Change that membership, or enter days outside it"
    )
    for from_on, to_on in [(None, None), (date(2023, 3, 31), None), (None, date(2020, 4, 1))]:
        refused = refusal(join, charity, partnership=partnership, role="relevant", from_on=from_on, to_on=to_on)
        assert refused == {"from_on": words}
    join(charity, partnership=partnership, role="relevant", from_on=date(2023, 4, 1))
    assert spans(charity.memberships) == [
        ("AV", "relevant", date(2020, 4, 1), date(2023, 3, 31)),
        ("AV", "relevant", date(2023, 4, 1), None),
    ]


def test_pressing_twice_adds_one(client_of, office, partnership):
    client = client_of(office)
    client.post(ADD, added(partnership=partnership.pk))
    again = client.post(ADD, added(partnership=partnership.pk, is_same="on"))
    assert (again.status_code, list(errors_of(again))) == (422, ["from_on"])
    assert Membership.objects.filter(organisation__name="Vale Athletics").count() == 1


def membership_answers(membership, **changed):
    return {
        "role": membership.role,
        "role_change": "",
        **day("role_from_on", None),
        **day("from_on", membership.from_on),
        **day("to_on", membership.to_on),
        **changed,
    }


def test_a_new_role_from_a_day_keeps_the_old_one_before_it(client_of, office, charity):
    membership = charity.memberships.get()
    answers = membership_answers(membership, role="virtual", role_change="new", **day("role_from_on", date(2026, 4, 1)))
    client_of(office).post(url("membership-change", membership), answers)
    assert spans(charity.memberships) == [
        ("AV", "relevant", None, date(2026, 3, 31)),
        ("AV", "virtual", date(2026, 4, 1), None),
    ]


def test_a_role_written_down_wrongly_is_mended(client_of, office, charity):
    membership = charity.memberships.get()
    answers = membership_answers(membership, role="virtual", role_change="mended")
    client_of(office).post(url("membership-change", membership), answers)
    assert spans(charity.memberships) == [("AV", "virtual", None, None)]


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"role": "virtual"}, {"role_change": ["Choose whether the role changed or was written down wrongly"]}),
        ({"role": "virtual", "role_change": "new"}, {"role_from_on": ["Enter the first day of the new role"]}),
        (
            {**day("from_on", date(2026, 4, 1)), **day("to_on", date(2026, 3, 1))},
            {"to_on": ["The last day is before the first, 1 April 2026. Enter a later one"]},
        ),
        (
            {
                "role": "virtual",
                "role_change": "new",
                **day("from_on", date(2026, 4, 1)),
                **day("role_from_on", date(2026, 3, 1)),
            },
            {"role_from_on": ["It became a member on 1 April 2026. Enter that day or a later one"]},
        ),
    ],
)
def test_a_membership_is_refused_in_words(client_of, office, charity, changed, errors):
    membership = charity.memberships.get()
    page = client_of(office).post(url("membership-change", membership), membership_answers(membership, **changed))
    assert (page.status_code, errors_of(page), spans(charity.memberships)) == (
        422,
        errors,
        [("AV", "relevant", None, None)],
    )


def test_an_organisation_that_is_needed_does_not_end(client_of, office, partner, charity):
    answers = {"name": charity.name, "kind": charity.kind, **day("from_on", None), **day("to_on", date(2026, 12, 31))}
    page = client_of(office).post(url("organisation-change", charity), answers)
    assert errors_of(page) == {
        "to_on": [
            "After that day it is still a member of Ashford Vale Safeguarding Children Partnership and where "
            "1 post belongs. End those first, or merge it into the organisation that follows it"
        ]
    }
    charity.memberships.update(to_on=date(2026, 12, 31))
    charity.posts.update(closed_on=date(2026, 12, 31))
    client_of(office).post(url("organisation-change", charity), answers)
    charity.refresh_from_db()
    assert charity.to_on == date(2026, 12, 31)


def test_a_name_in_use_is_refused(client_of, office, charity, hospital):
    answers = {"name": "ST Brannoc’s hospital trust", "kind": "voluntary", **day("from_on", None), **day("to_on", None)}
    page = client_of(office).post(url("organisation-change", charity), answers)
    assert (page.status_code, errors_of(page)) == (
        422,
        {"name": ["Another organisation has this name. Enter one that tells them apart"]},
    )


def test_nothing_is_added_to_one_that_has_ended(hospital, far_partnership):
    hospital.to_on = date(2026, 3, 31)
    hospital.save()
    words = "St Brannoc’s Hospital Trust ended on 31 March 2026. Enter that day or an earlier one"
    assert refusal(join, hospital, partnership=far_partnership, role="relevant", from_on=None) == {"to_on": words}
    answers = {"name": hospital.name, "kind": "relevant", "partnership": far_partnership, "role": "relevant"}
    assert refusal(add_organisation, **answers, from_on=None, is_same=True) == {"to_on": words}


# Nominees


def test_one_post_speaks_for_several_and_the_next_one_from_a_day(client_of, office, charity, hospital, other_partner):
    spoke = other_partner.holdings.get().post
    Nomination.objects.create(organisation=charity, post=spoke, from_on=date(2024, 1, 1))
    post = PostFactory(title="Director", organisation=hospital)
    answers = {"post": "director", **day("from_on", date(2026, 4, 1))}
    client_of(office).post(url("nomination-add", charity), answers)
    assert list(charity.nominations.order_by("from_on").values_list("post", "from_on", "to_on")) == [
        (spoke.pk, date(2024, 1, 1), date(2026, 3, 31)),
        (post.pk, date(2026, 4, 1), None),
    ]
    client_of(office).post(url("nomination-end", charity.nominations.get(to_on=None)), day("to_on", date(2026, 12, 31)))
    assert list(charity.nominations.filter(to_on=None)) == []


def test_a_nominee_is_refused_in_words(charity, hospital, partner, other_partner):
    own, post = partner.holdings.get().post, other_partner.holdings.get().post
    nomination = nominate(charity, post=post, from_on=date(2026, 4, 1))
    assert refusal(nominate, charity, post=own, from_on=date(2026, 5, 1)) == {
        "post": "Safeguarding manager, Lantern Family Trust is a post of its own, so it speaks for "
        "Lantern Family Trust anyway. Choose one elsewhere"
    }
    assert refusal(nominate, charity, post=post, from_on=date(2026, 5, 1)) == {
        "post": "Named nurse, St Brannoc’s Hospital Trust speaks for Lantern Family Trust already"
    }
    assert refusal(nominate, charity, post=PostFactory(), from_on=date(2026, 4, 1)) == {
        "from_on": "Named nurse, St Brannoc’s Hospital Trust speaks for it from 1 April 2026. Enter a later day"
    }
    assert refusal(end_nomination, nomination, to_on=date(2026, 3, 1)) == {
        "to_on": "It began on 1 April 2026. Enter that day or a later one"
    }


# The pages


def listed(response):
    return [record.name_then for record in response.context["table"].data]


def test_the_list_shows_the_members_of_the_day_under_their_names_of_the_day(client_of, office, charity, hospital):
    FormerName.objects.create(organisation=charity, name="Zebra Trust", to_on=date(2024, 3, 31))
    hospital.memberships.update(from_on=date(2025, 4, 1))
    client = client_of(office)
    assert listed(client.get(LIST)) == ["Lantern Family Trust", "St Brannoc’s Hospital Trust"]
    assert listed(client.get(LIST, {"on": "2024-03-31"})) == ["Zebra Trust"]
    assert listed(client.get(LIST, {"on": "never"})) == ["Lantern Family Trust", "St Brannoc’s Hospital Trust"]
    assert listed(client.get(LIST, {"words": "zebra"})) == ["Lantern Family Trust"]


def test_the_list_is_narrowed_by_one_and_the_same_membership(
    client_of, office, hospital, charity, partnership, other_partnership
):
    hospital.memberships.filter(partnership=other_partnership).update(role="virtual")
    client = client_of(office)
    virtual_there = {"partnership": other_partnership.pk, "role": "virtual"}
    assert listed(client.get(LIST, virtual_there)) == ["St Brannoc’s Hospital Trust"]
    assert listed(client.get(LIST, {"partnership": partnership.pk, "role": "virtual"})) == []
    assert listed(client.get(LIST, {"kind": "voluntary"})) == ["Lantern Family Trust"]


def test_the_list_holds_nobody_elses_members(client_of, stranger, administrator, hospital, charity):
    page = client_of(stranger).get(LIST)
    assert (listed(page), "No members yet" in page.content.decode()) == ([], True)
    assert listed(client_of(administrator).get(LIST)) == ["Lantern Family Trust", "St Brannoc’s Hospital Trust"]


def test_the_export_says_who_speaks_for_each(client_of, office, charity, hospital, partner, other_partner):
    """The holder, the nominee, an empty post; and after a merger whoever spoke for it that day."""
    PostHolding.objects.filter(user=other_partner).update(to_on=date(2026, 12, 31))
    spoken_for = OrganisationFactory(name="Vale District")
    MembershipFactory(organisation=spoken_for, partnership=charity.memberships.get().partnership)
    Nomination.objects.create(organisation=spoken_for, post=partner.holdings.get().post)
    rows = client_of(office).get(LIST, {"export": "csv"}).content.decode("utf-8-sig").split("\r\n")
    assert [row.split(",")[0] for row in rows[1:-1]] == [
        "Lantern Family Trust",
        "St Brannoc’s Hospital Trust",
        "Vale District",
    ]
    assert [row.rsplit(",,", 1)[1] for row in rows[1:-1]] == [
        "Greta Holloway (Safeguarding manager)",
        "Vacant",
        '"Greta Holloway (nominee, Safeguarding manager, Lantern Family Trust)"',
    ]


def test_the_list_of_an_earlier_day_shows_who_spoke_before_a_merger(client_of, office, commission, charity, today):
    post = PostFactory(title="Designated nurse", organisation=commission)
    PostHoldingFactory(post=post, user=UserFactory(name="Then and Now"), from_on=date(2020, 1, 1))
    succeed(commission, successor=charity, from_on=MERGED, on=today)
    client = client_of(office)

    def people(on):
        rows = client.get(LIST, {"on": on}).context["table"].rows
        return {row.record.name_then: row.get_cell_value("people") for row in rows}

    assert people("2026-06-30") == {
        "Lantern Family Trust": "Nobody recorded",
        "Three Rivers Commission": "Then and Now (Designated nurse)",
    }
    assert people("2026-07-01") == {"Lantern Family Trust": "Then and Now (Designated nurse)"}


def test_the_page_shows_names_predecessors_and_its_own_partnerships_memberships_only(client_of, office, renamed, today):
    gone = OrganisationFactory(name="Gone", to_on=date(2019, 3, 31), successor=renamed)
    MembershipFactory(organisation=renamed, partnership=PartnershipFactory(name="Elsewhere"))
    page = client_of(office).get(renamed.get_absolute_url())
    assert page.context["names"] == [
        ("Lantern Family Trust", date(2024, 4, 1), None),
        ("Lamplight", date(2020, 4, 1), date(2024, 3, 31)),
        ("Candle", None, date(2020, 3, 31)),
    ]
    assert list(page.context["predecessors"]) == [gone]
    assert [each.partnership.short_name for each in page.context["memberships"]] == ["AV"]
    assert (b"Elsewhere" in page.content, page.context["may_change"], page.context["may_office"]) == (
        False,
        False,
        True,
    )


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(client_of, office, partnership, django_assert_num_queries, count):
    for _ in range(count):
        fill(OrganisationFactory(), partnership)
    client = client_of(office)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_page_query_count(client_of, office, partnership, learning_group, django_assert_num_queries, count):
    organisation = OrganisationFactory()
    for _ in range(count):
        GroupMemberFactory(group=learning_group, post=fill(organisation, PartnershipFactory(), is_ended=True))
        OrganisationFactory(successor=organisation, to_on=date(2020, 1, 1))
    MembershipFactory(organisation=organisation, partnership=partnership)
    client = client_of(office)
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(organisation.get_absolute_url())


LIST_QUERIES = 19
PAGE_QUERIES = 22


def fill(organisation, partnership, *, is_ended=False):
    """A member with a post that is held, one that a merger has moved since, and a nominee."""
    MembershipFactory(organisation=organisation, partnership=partnership)
    post = PostHoldingFactory(post=PostFactory(organisation=organisation)).post
    moved = PostHoldingFactory(post=PostFactory(organisation=OrganisationFactory())).post
    FormerOrganisation.objects.create(post=moved, organisation=organisation, to_on=date(2027, 3, 31))
    speaker = PostHoldingFactory(post=PostFactory(organisation=OrganisationFactory())).post
    to_on = date(2025, 1, 1) if is_ended else None
    Nomination.objects.create(organisation=organisation, post=speaker, to_on=to_on)
    return post


# Partnerships and areas


def partnership_answers(partnership, **changed):
    fields = ["name", "short_name", "kind", "introduction", "office_email", "office_phone", "house_colour"]
    answers = {name: getattr(partnership, name) for name in fields}
    areas = [area.pk for area in partnership.areas.all()]
    return {**answers, "areas": areas, "financial_year_starts_month": 4, "is_public": "on", **changed}


def test_the_office_changes_its_own_partnership(client_of, office, stranger, partnership):
    page, answers = url("partnership-change", partnership), partnership_answers(partnership, house_colour="#7A3B0C")
    answer = client_of(office).post(page, {**answers, "house_colour": "#7a3b0c", "financial_year_starts_month": 9})
    partnership.refresh_from_db()
    assert (answer.url, partnership.house_colour, partnership.financial_year_starts_month, partnership.slug) == (
        page,
        "#7a3b0c",
        9,
        "ashford-vale",
    )
    assert client_of(stranger).post(page, answers).status_code == 403


def test_a_colour_that_cannot_be_read_is_refused_with_one_that_can(client_of, office, partnership):
    page = url("partnership-change", partnership)
    answer = client_of(office).post(page, partnership_answers(partnership, house_colour="#ffd500"))
    assert (answer.status_code, errors_of(answer)) == (
        422,
        {
            "house_colour": [
                "White words cannot be read on #ffd500: the contrast is 1.4 to 1 and 4.5 to 1 is needed. "
                "Enter a darker colour, for example #8d7400"
            ]
        },
    )
    assert Partnership.objects.get(pk=partnership.pk).house_colour == "#0b4f5c"


@pytest.mark.parametrize("typed", ["#null", "teal", "#0b4f5", "#²²²²²²"])
def test_what_is_no_colour_is_refused_with_how_one_is_written(client_of, office, partnership, typed):
    answer = client_of(office).post(
        url("partnership-change", partnership), partnership_answers(partnership, house_colour=typed)
    )
    assert (answer.status_code, errors_of(answer)) == (422, {"house_colour": ["Enter a colour like #0b4f5c"]})


def test_an_administrator_adds_a_partnership_and_its_address_is_free(client_of, administrator, partnership):
    area = Area.objects.create(name="Vale")
    client = client_of(administrator)
    new = Partnership(name="Ashford  Vale", short_name="AVA", house_colour="#0b4f5c", kind="adults")
    answers = {**{name: value for name, value in vars(new).items() if isinstance(value, str)}, "areas": [area.pk]}
    client.post(reverse("partnership:partnership-add"), {**answers, "financial_year_starts_month": 4})
    added = Partnership.objects.get(short_name="AVA")
    assert (added.slug, list(added.areas.all()), added.is_public) == ("ashford-vale-2", [area], False)
    again = client.post(reverse("partnership:partnership-add"), {**answers, "financial_year_starts_month": 4})
    assert errors_of(again)["short_name"] == ["Another partnership has this short name. Enter a different one"]


def test_an_area_is_in_the_list_once(client_of, administrator, partnership):
    client = client_of(administrator)
    client.post(reverse("partnership:area-add"), {"name": "Moorland", "code": "E10000099"})
    again = client.post(reverse("partnership:area-add"), {"name": "Moorland", "code": ""})
    assert (again.status_code, errors_of(again)) == (
        422,
        {"name": ["This area is in the list already. Give this one another name"]},
    )
    assert [area.name for area in client.get(reverse("partnership:area-list")).context["areas"]] == [
        "Ashford Vale",
        "Moorland",
    ]


# What everyone may read


def test_the_public_reads_who_belongs_today_and_on_an_earlier_day(client, partnership, health_board, renamed, today):
    address = reverse("partnership:public-members", args=[partnership.slug])

    def roles(**asked):
        return [
            (title, [each.name_then for each in organisations])
            for _role, title, _meaning, organisations in client.get(address, asked).context["roles"]
        ]

    statutory = ("Statutory safeguarding partners", ["Vale and Mill Integrated Care Board"])
    assert roles() == [statutory, ("Relevant agencies", ["Lantern Family Trust"])]
    assert roles(on="2022-03-31") == [statutory, ("Relevant agencies", ["Lamplight"])]
    renamed.memberships.update(to_on=date(2026, 12, 31))
    assert roles() == [statutory]
    assert "That is no date" in client.get(address, {"on": "31/3"}).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_public_query_count(client, partnership, django_assert_num_queries, count):
    for _ in range(count):
        MembershipFactory(partnership=partnership)
    with django_assert_num_queries(5):  # savepoint (2), partnership, memberships, organisations
        client.get(reverse("partnership:public-members", args=[partnership.slug]))


# Two at the same moment


@pytest.fixture
def members(transactional_db, charity, hospital, partnership):
    """Committed, so that other connections see them."""
    return charity, hospital


def outcome(result):
    return sorted(result.message_dict) if isinstance(result, ValidationError) else type(result).__name__


def test_two_who_join_one_organisation_at_once_make_one_membership(members, far_partnership):
    def press():
        return join(members[0], partnership=far_partnership, role="relevant", from_on=None, to_on=date(2030, 1, 1))

    came_to = sorted([outcome(each) for each in at_once(press, press)], key=str)
    assert came_to == ["Membership", ["from_on"]]
    assert far_partnership.memberships.count() == 1


def test_two_mergers_into_each_other_at_once_make_no_circle(members, today):
    one, other = members

    def merge(old, new):
        return lambda: succeed(old, successor=new, from_on=MERGED, on=today)

    came_to = sorted([outcome(each) for each in at_once(merge(one, other), merge(other, one))], key=str)
    assert came_to == ["Organisation", ["successor"]]
    assert Organisation.objects.exclude(successor=None).count() == 1
