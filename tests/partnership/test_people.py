"""Posts and people: one edit changes the holder, a day ends what it gave, nobody gets in by a side door."""

import threading
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from partnership.access import may
from partnership.appointments import CannotAppoint, appoint, end_holding, leave, vacancy_count
from partnership.models import Group, Post, PostHolding, User
from tests.at_once import at_once
from tests.conftest import hold
from tests.factories import (
    GroupFactory,
    GroupMemberFactory,
    MembershipFactory,
    OrganisationFactory,
    PostFactory,
    PostHoldingFactory,
    UserFactory,
)

POSTS, PEOPLE = reverse("partnership:post-list"), reverse("partnership:person-list")
YESTERDAY, TOMORROW = date(2027, 1, 11), date(2027, 1, 13)


def url(name, record):
    return reverse(f"partnership:{name}", args=[record.pk])


def day(name, value):
    """``value`` in the three boxes of the field ``name``."""
    if value is None:
        return {}
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def typed(email, from_on, *, name="", to_on=None, **more):
    return {"email": email, "name": name, **day("from_on", from_on), **day("to_on", to_on), **more}


def errors_of(page):
    return {name: list(errors) for name, errors in page.context["form"].errors.items()}


def times(post):
    holdings = post.holdings.select_related("user").order_by("from_on", "pk")
    return [(holding.user.name, holding.from_on, holding.to_on) for holding in holdings]


@pytest.fixture
def post(lead):
    """Head of Midwifery, held by ``lead`` since April 2025."""
    return lead.holdings.get().post


@pytest.fixture
def newcomer(partnership):
    """On the office's list through a post of their own."""
    return hold("Orla Keane", "Named midwife", partnerships=[partnership])


# Appointing


def test_the_page_before_the_yes_says_whose_time_ends_and_changes_nothing(client_of, office, post, newcomer, lead):
    page = client_of(office).post(url("post-appoint", post), typed(newcomer.email, TOMORROW))
    assert page.status_code == 200
    assert "Delia Marchetti’s last day becomes 12 January 2027." in page.content.decode()
    assert times(post) == [("Delia Marchetti", date(2025, 4, 1), None)]


def appoint_by_pages(client, post, answers):
    """Fill in, read the page before the yes, and press what stands on it."""
    page = client.post(url("post-appoint", post), answers)
    ending = [holding.pk for holding in page.context["form"].ending]
    return client.post(url("post-appoint", post), {**dict(page.context["typed"]), "ending": ending, "yes": "yes"})


def test_a_new_holder_takes_over_the_day_after_the_last_ones_last(client_of, office, post, newcomer):
    answer = appoint_by_pages(client_of(office), post, typed(newcomer.email.upper(), TOMORROW))
    assert answer.url == post.get_absolute_url()
    assert times(post) == [
        ("Delia Marchetti", date(2025, 4, 1), date(2027, 1, 12)),
        ("Orla Keane", TOMORROW, None),
    ]


def test_what_a_post_leads_passes_to_the_new_holder(client_of, office, post, newcomer, lead, led_deliverable):
    appoint_by_pages(client_of(office), post, typed(newcomer.email, date(2027, 1, 12)))
    newcomer, lead = User.objects.get(pk=newcomer.pk), User.objects.get(pk=lead.pk)
    assert (may(newcomer, "update", led_deliverable), may(lead, "update", led_deliverable)) == (True, False)
    assert (post.pk in newcomer.standing.post_ids, post.pk in lead.standing.post_ids) == (True, False)


def test_somebody_new_is_made_at_the_yes_and_cannot_sign_in_yet(client_of, office, post):
    client = client_of(office)
    answers = typed("nia.prosser@example.org", TOMORROW, name=" Nia  Prosser ")
    client.post(url("post-appoint", post), answers)
    assert not User.objects.filter(name="Nia Prosser").exists()
    appoint_by_pages(client, post, answers)
    made = User.objects.get(email="nia.prosser@example.org")
    assert (made.name, made.has_usable_password(), made.holdings.get().post) == ("Nia Prosser", False, post)


def test_an_address_known_elsewhere_is_used_and_never_shown_to_be_known(client_of, office, post, stranger, newcomer):
    """The answers for an unknown address and for one of another partnership are the same."""
    client = client_of(office)

    def answers(email, name):
        page = client.post(url("post-appoint", post), typed(email, TOMORROW, name=name))
        return page.status_code, page.content.decode().replace(email, "").replace(
            page.wsgi_request.META["CSRF_COOKIE"], ""
        )

    for name in ("", "Somebody Typed"):
        known, unknown = answers(stranger.email, name), answers("nobody@example.org", name)
        assert (known[0], "Edwin Farrow" in known[1]) == (unknown[0], False)
    appoint_by_pages(client, post, typed(stranger.email, TOMORROW, name="Somebody Typed"))
    assert times(post)[-1] == ("Edwin Farrow", TOMORROW, None)
    assert User.objects.filter(email__iexact=stranger.email).count() == 1


def test_pressing_yes_twice_appoints_once(client_of, office, post, newcomer):
    client = client_of(office)
    page = client.post(url("post-appoint", post), typed(newcomer.email, TOMORROW))
    yes = {**dict(page.context["typed"]), "ending": [post.holdings.get().pk], "yes": "yes"}
    client.post(url("post-appoint", post), yes)
    second = client.post(url("post-appoint", post), yes)
    assert (second.status_code, len(times(post))) == (422, 2)
    holding = appoint(post, user=newcomer, from_on=TOMORROW, by=office)
    assert (holding.user, len(times(post))) == (newcomer, 2)


def test_nobodys_time_ends_unseen(client_of, office, post, newcomer, charity):
    """While the office looked at the page before the yes, another office appointed somebody else."""
    client = client_of(office)
    page = client.post(url("post-appoint", post), typed(newcomer.email, date(2027, 3, 1)))
    appoint(post, user=UserFactory(name="Came Between"), from_on=date(2027, 2, 1), by=office)
    yes = {
        **dict(page.context["typed"]),
        "ending": [holding.pk for holding in page.context["form"].ending],
        "yes": "yes",
    }
    answer = client.post(url("post-appoint", post), yes)
    assert (answer.status_code, errors_of(answer)) == (
        422,
        {"from_on": ["Who holds this post was changed by somebody else while you looked. Check it again"]},
    )
    assert [name for name, *_ in times(post)] == ["Delia Marchetti", "Came Between"]


@pytest.mark.parametrize(
    ("from_on", "to_on", "field", "says"),
    [
        (
            date(2024, 1, 1),
            None,
            "from_on",
            "Delia Marchetti holds this post from 1 April 2025, and one person can hold it at a time. "
            "Choose days that are still free, or end that first",
        ),
        (date(2027, 3, 1), date(2027, 2, 1), "to_on", "Enter a last day that is not before the first"),
        (date(2028, 1, 1), None, "from_on", "This post closes on 31 December 2027: choose days before then"),
    ],
)
def test_days_that_cannot_be_say_why(client_of, office, post, newcomer, from_on, to_on, field, says):
    if from_on.year == 2028:
        post.closed_on = date(2027, 12, 31)
        post.save()
    page = client_of(office).post(url("post-appoint", post), typed(newcomer.email, from_on, to_on=to_on))
    assert (page.status_code, errors_of(page)) == (422, {field: [says]})
    assert times(post) == [("Delia Marchetti", date(2025, 4, 1), None)]


def test_one_who_is_to_come_is_in_the_way_too(office, post, newcomer, lead):
    appoint(post, user=newcomer, from_on=date(2027, 4, 1), by=office)
    stand_in = UserFactory(name="Stand In")
    with pytest.raises(CannotAppoint, match="Orla Keane holds this post from 1 April 2027, and one person"):
        appoint(post, user=stand_in, from_on=date(2027, 2, 1), by=office)
    appoint(post, user=stand_in, from_on=date(2027, 2, 1), to_on=date(2027, 3, 31), by=office)
    assert times(post) == [
        ("Delia Marchetti", date(2025, 4, 1), date(2027, 1, 31)),
        ("Stand In", date(2027, 2, 1), date(2027, 3, 31)),
        ("Orla Keane", date(2027, 4, 1), None),
    ]


def test_a_shared_post_may_have_several_holders_but_nobody_twice(office, partnership, newcomer):
    shared = PostFactory(title="District representative", partnerships=[partnership], is_shared=True)
    first = UserFactory(name="First")
    appoint(shared, user=first, from_on=YESTERDAY, by=office)
    appoint(shared, user=newcomer, from_on=YESTERDAY, by=office)
    with pytest.raises(CannotAppoint, match="First holds this post already from 11 January 2027"):
        appoint(shared, user=first, from_on=TOMORROW, by=office)
    assert times(shared) == [("First", YESTERDAY, None), ("Orla Keane", YESTERDAY, None)]


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"name": ""}, {"email": ["Enter their e-mail address"], "from_on": ["Enter their first day in the post"]}),
        (
            typed("not an address", TOMORROW, name="X"),
            {"email": ["Enter an e-mail address like name@example.org"]},
        ),
        (
            {"email": "a@example.org", "name": "A", "from_on_day": "31", "from_on_month": "2", "from_on_year": "2027"},
            {"from_on": ["Enter a real date, like 27 3 2027"]},
        ),
    ],
)
def test_wrong_answers_say_what_to_do_and_are_not_lost(client_of, office, post, answers, errors):
    page = client_of(office).post(url("post-appoint", post), answers)
    assert (page.status_code, errors_of(page)) == (422, errors)
    assert answers.get("email", "") in page.content.decode()
    assert User.objects.filter(name__in=["A", "X"]).count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_offices_at_once_put_one_person_into_a_post(office, post):
    rivals = [UserFactory(name="One"), UserFactory(name="Two")]
    came_to = at_once(*[lambda user=user: appoint(post, user=user, from_on=TOMORROW, by=office) for user in rivals])
    assert sorted(type(each).__name__ for each in came_to) == ["CannotAppoint", "PostHolding"]
    assert len(times(post)) == 2


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_get_in(office, post, monkeypatch):
    """The same race finds two holders if nobody waits for the other."""
    both_looked = threading.Barrier(2)

    def unlocked(post):
        return Post.objects.get(pk=post.pk)

    def look_together(*args, **kwargs):
        both_looked.wait(10)
        return []

    monkeypatch.setattr("partnership.appointments.locked", unlocked)
    monkeypatch.setattr("partnership.appointments.whose_time_ends", look_together)
    rivals = [UserFactory(name="One"), UserFactory(name="Two")]
    at_once(*[lambda user=user: appoint(post, user=user, from_on=TOMORROW, by=office) for user in rivals])
    assert len(times(post)) == 3


# Ending and leaving


def test_a_last_day_of_today_ends_it_at_the_next_click(client_of, office, lead, post, led_deliverable):
    theirs = client_of(lead)
    assert theirs.get(post.get_absolute_url()).status_code == 200
    answer = client_of(office).post(url("holding-end", lead.holdings.get()), day("to_on", date(2027, 1, 12)))
    assert answer.url == post.get_absolute_url()
    assert theirs.get(post.get_absolute_url()).url.startswith(reverse("partnership:sign-in"))


def test_a_last_day_to_come_ends_it_after_that_day(client_of, office, lead, post):
    client_of(office).post(url("holding-end", lead.holdings.get()), day("to_on", TOMORROW))
    current = [PostHolding.objects.current(on=on).filter(post=post).count() for on in (TOMORROW, date(2027, 1, 14))]
    assert current == [1, 0]


def test_who_left_today_makes_room_for_who_begins_today(client_of, office, lead, post, newcomer, today):
    client_of(office).post(url("holding-end", lead.holdings.get()), day("to_on", today))
    appoint(post, user=newcomer, from_on=today, by=office)
    assert [holding.user for holding in post.holdings.current(on=today)] == [newcomer]


@pytest.mark.parametrize(
    ("to_on", "says"),
    [
        (date(2025, 3, 1), "Delia Marchetti began on 1 April 2025: choose that day or a later one"),
        (date(2027, 5, 1), "Orla Keane holds this post from 1 April 2027: choose a day before that"),
    ],
)
def test_a_last_day_that_cannot_be_says_why(client_of, office, lead, post, newcomer, to_on, says):
    appoint(post, user=newcomer, from_on=date(2027, 4, 1), by=office)
    page = client_of(office).post(url("holding-end", lead.holdings.get()), day("to_on", to_on))
    assert (page.status_code, errors_of(page)) == (422, {"to_on": [says]})


def test_an_appointment_that_has_not_begun_is_taken_back(client_of, office, post, newcomer):
    coming = appoint(post, user=newcomer, from_on=date(2027, 4, 1), by=office)
    client = client_of(office)
    assert b"Take the appointment back" in client.get(url("holding-end", coming)).content
    client.post(url("holding-end", coming), {"take_back": "yes"})
    assert [name for name, *_ in times(post)] == ["Delia Marchetti"]


def test_what_is_over_is_not_ended_again(client_of, office, leaver):
    holding = leaver.holdings.get()
    answer = client_of(office).get(url("holding-end", holding))
    assert answer.url == holding.post.get_absolute_url()


def test_leaving_ends_everything_in_that_moment(client_of, office, lead, post, partnership):
    shared = PostFactory(title="District representative", partnerships=[partnership], is_shared=True)
    PostHoldingFactory(post=shared, user=lead)
    PostHoldingFactory(post=shared)
    coming = PostHoldingFactory(post=PostFactory(partnerships=[partnership]), user=lead, from_on=date(2027, 5, 1))
    theirs, ours = client_of(lead), client_of(office)
    assert theirs.get(POSTS).status_code == 200
    before = ours.get(url("person-leave", lead))
    assert [str(each) for each in before.context["leaving"].vacant] == [str(post)]
    assert "1 post becomes vacant:" in before.content.decode()
    answer = ours.post(url("person-leave", lead), follow=True)
    assert "Delia Marchetti has left. 1 post is vacant now" in answer.content.decode()
    assert theirs.get(POSTS).url.startswith(reverse("partnership:sign-in"))
    lead.refresh_from_db()
    assert (lead.is_active, lead.holdings.not_over(on=date(2027, 1, 12)).count()) == (False, 0)
    assert not PostHolding.objects.filter(pk=coming.pk).exists()


def test_leaving_ends_their_sessions_and_nobody_elses(client_of, office, lead, partner):
    client_of(lead)
    client_of(partner)
    client_of(office).post(url("person-leave", lead))
    owners = {int(session.get_decoded()["_auth_user_id"]) for session in Session.objects.all()}
    assert owners == {office.pk, partner.pk}


def test_what_somebody_holds_elsewhere_stays_and_so_does_their_account(client_of, office, lead, far_partnership):
    elsewhere = PostHoldingFactory(post=PostFactory(partnerships=[far_partnership]), user=lead)
    client_of(office).post(url("person-leave", lead))
    lead.refresh_from_db()
    left = lead.holdings.not_over(on=date(2027, 1, 13)).get()
    assert (lead.is_active, left) == (True, elsewhere)


def test_an_administrator_switches_an_account_on_again(client_of, administrator, office, lead):
    leave(lead, at=lead.created_at, by=office)
    client_of(administrator).post(url("person-switch", lead))
    lead.refresh_from_db()
    assert lead.is_active
    client_of(office).post(url("person-change", lead), {"name": lead.name, "email": lead.email, "is_active": ""})
    lead.refresh_from_db()
    assert lead.is_active


@pytest.mark.parametrize("role", ["chair", "partner", "lead"])
def test_only_an_office_ends_anything(request, client_of, lead, role):
    client = client_of(request.getfixturevalue(role))
    names = [("person-leave", lead), ("holding-end", lead.holdings.get())]
    assert [client.post(url(*name), day("to_on", TOMORROW)).status_code for name in names] == [403, 403]


def test_nobody_leaves_by_their_own_hand_or_switches_an_administrator_off(
    client_of, office, administrator, partnership
):
    PostHoldingFactory(post=PostFactory(partnerships=[partnership]), user=administrator)
    client = client_of(office)
    pages = [client.post(url("person-leave", person)) for person in (office, administrator)]
    assert [page.status_code for page in pages] == [403, 403]
    assert client.get(url("person-change", administrator)).status_code == 403


# Not through an agency that two partnerships share


@pytest.fixture
def shared_agency(partnership, far_partnership):
    """A member of Ashford Vale and of Farholme, to whose office ``stranger`` belongs."""
    organisation = OrganisationFactory(name="Two Counties Constabulary")
    for each in (partnership, far_partnership):
        MembershipFactory(organisation=organisation, partnership=each)
    return organisation


@pytest.mark.parametrize("brings", ["duty", "seat", "nothing"])
def test_an_office_gives_away_what_is_its_own_and_no_more(
    client_of, stranger, office, partnership, shared_agency, brings
):
    """Both see the post; what it brings in Ashford Vale is for Ashford Vale's office to give."""
    post = PostFactory(title="Inspector", organisation=shared_agency)
    holding = PostHoldingFactory(post=post)
    if brings == "duty":
        post.duty = Post.Duty.OFFICE
        post.save()
        post.partnerships.set([partnership])
    if brings == "seat":
        GroupMemberFactory(group=GroupFactory(kind=Group.Kind.CASE_REVIEW, partnerships=[partnership]), post=post)
    pages = [("post-detail", post), ("post-appoint", post), ("post-change", post), ("holding-end", holding)]
    expected = [200, 200, 200, 200] if brings == "nothing" else [200, 403, 403, 403]
    assert [client_of(stranger).get(url(*page)).status_code for page in pages] == expected
    assert [client_of(office).get(url(*page)).status_code for page in pages] == [200, 200, 200, 200]


def test_a_seat_in_another_partnership_is_not_shown(client_of, stranger, partnership, shared_agency):
    post = PostFactory(title="Inspector", organisation=shared_agency)
    GroupMemberFactory(group=GroupFactory(name="Canary Group", partnerships=[partnership]), post=post)
    page = client_of(stranger).get(post.get_absolute_url())
    assert (page.status_code, "Canary" in page.content.decode()) == (200, False)
    assert "Canary" not in client_of(stranger).get(POSTS).content.decode()


def test_an_address_is_changed_by_whoever_is_the_office_of_all_that_it_opens(
    client_of, office, administrator, lead, far_partnership
):
    answers = {"name": "Delia Marchetti-Rowe", "email": "d.rowe@example.org"}
    PostHoldingFactory(post=PostFactory(partnerships=[far_partnership]), user=lead)
    page = client_of(office).post(url("person-change", lead), answers)
    assert (page.status_code, b"not yours alone to change" in page.content) == (403, True)
    client_of(administrator).post(url("person-change", lead), {**answers, "is_active": "on"})
    lead.refresh_from_db()
    assert (lead.name, lead.email) == ("Delia Marchetti-Rowe", "d.rowe@example.org")


def test_a_taken_address_names_only_whom_one_may_know(client_of, office, lead, partner, stranger):
    client = client_of(office)

    def says(email):
        page = client.post(url("person-change", lead), {"name": lead.name, "email": email})
        return page.status_code, errors_of(page)["email"]

    assert says(partner.email.upper()) == (422, ["Greta Holloway has this address: one person can have it"])
    assert says(stranger.email) == (
        422,
        ["This address can’t be used here. Check it, and if it is right ask the administrator"],
    )


# Posts


def post_answers(**changed):
    return {"title": "Head of Early Help", "organisation": "", "duty": "", **changed}


def test_a_post_is_added_once_however_often_it_is_pressed(client_of, office, health_board):
    client = client_of(office)
    answers = post_answers(organisation=health_board.name)
    added = client.post(reverse("partnership:post-add"), answers)
    post = Post.objects.get(title="Head of Early Help")
    assert (added.url, post.organisation) == (post.get_absolute_url(), health_board)
    again = client.post(
        reverse("partnership:post-add"), post_answers(organisation=health_board.name, title="head of  early help")
    )
    assert (again.status_code, list(errors_of(again))) == (422, ["title"])
    assert Post.objects.filter(title__iexact="Head of Early Help").count() == 1


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"title": ""}, {"title": ["Enter the title of the post"]}),
        ({}, {"organisation": ["Choose an organisation, or below the partnership that the post is of"]}),
        ({"duty": "office"}, {"partnerships": ["Choose the partnership for which the post has this duty"]}),
    ],
)
def test_a_post_without_what_it_needs_says_so(client_of, office, health_board, changed, errors):
    given = post_answers(**{"organisation": health_board.name if "title" in changed else "", **changed})
    page = client_of(office).post(reverse("partnership:post-add"), given)
    assert (page.status_code, errors_of(page)) == (422, errors)


def test_a_duty_is_given_for_ones_own_partnership_alone(client_of, office, far_partnership):
    given = post_answers(duty="office", partnerships=[far_partnership.pk])
    page = client_of(office).post(reverse("partnership:post-add"), given)
    assert (page.status_code, list(errors_of(page))) == (422, ["partnerships"])
    assert not Post.objects.filter(title="Head of Early Help").exists()


def test_a_post_that_is_held_is_not_closed_under_its_holder(client_of, office, post, lead):
    answers = {"title": post.title, "organisation": str(post.organisation), "duty": "", **day("closed_on", TOMORROW)}
    page = client_of(office).post(url("post-change", post), answers)
    assert errors_of(page) == {
        "closed_on": ["Delia Marchetti holds this post beyond that day: say their last day in it first"]
    }
    end_holding(lead.holdings.get(), to_on=TOMORROW, at=lead.created_at, by=office)
    client_of(office).post(url("post-change", post), answers)
    post.refresh_from_db()
    assert post.closed_on == TOMORROW


def test_a_post_with_two_holders_stays_shared(client_of, office, partnership):
    shared = PostFactory(title="Districts", partnerships=[partnership], is_shared=True)
    for name in ("First", "Second"):
        PostHoldingFactory(post=shared, user=UserFactory(name=name))
    page = client_of(office).post(url("post-change", shared), post_answers(partnerships=[partnership.pk]))
    assert errors_of(page) == {"is_shared": ["First and Second hold this post now: end the time of all but one first"]}


def test_vacancies_count_where_somebody_is_missed(
    office, partnership, health_board, learning_group, far_partnership, today
):
    ids = [partnership.pk]
    assert vacancy_count(ids, on=today) == 0
    seat = GroupMemberFactory(group=learning_group, post=PostFactory(title="A seat"))
    PostFactory(title="In an organisation", organisation=health_board)
    PostFactory(title="A duty", duty=Post.Duty.ADVISOR, partnerships=[partnership])
    PostFactory(title="Nothing", partnerships=[partnership])
    PostFactory(title="Closed", organisation=health_board, closed_on=YESTERDAY)
    PostFactory(title="Far away", duty=Post.Duty.OFFICE, partnerships=[far_partnership])
    PostHoldingFactory(post=PostFactory(title="To come", organisation=health_board), from_on=TOMORROW)
    assert (vacancy_count(ids, on=today), vacancy_count(ids, on=TOMORROW)) == (4, 3)
    PostHoldingFactory(post=seat.post)
    assert vacancy_count(ids, on=today) == 3


def rows(page, column="title"):
    return [str(row.get_cell_value(column)) for row in page.context["table"].rows]


@pytest.mark.parametrize(
    ("narrowed", "titles"),
    [
        ("words=marchetti", ["Head of Midwifery"]),
        ("words=care board", ["Head of Midwifery", "Vacant post"]),
        ("vacant=yes", ["Vacant post"]),
        ("duty=office", ["Business manager"]),
        ("closed=yes", ["Gone"]),
        ("words=nobody", []),
    ],
)
def test_the_list_of_posts_is_narrowed(client_of, office, post, health_board, narrowed, titles):
    PostFactory(title="Vacant post", organisation=health_board)
    PostFactory(title="Gone", organisation=health_board, closed_on=YESTERDAY)
    page = client_of(office).get(f"{POSTS}?{narrowed}")
    assert (rows(page), page.context["vacant_count"]) == (titles, 1)


def test_posts_are_narrowed_by_organisation_group_and_partnership(
    client_of, office, post, chair, learning_group, health_board, other_partnership
):
    client = client_of(office)
    assert rows(client.get(f"{POSTS}?organisation={health_board.pk}")) == ["Head of Midwifery"]
    assert rows(client.get(f"{POSTS}?group={learning_group.pk}")) == ["Chair of Learning and Development"]
    assert rows(client.get(f"{POSTS}?partnership={other_partnership.pk}")) == [
        "Business manager",
        "Chair of Learning and Development",
    ]


def test_the_page_of_a_post_tells_its_holders_in_order(client_of, office, post, lead, newcomer):
    before = UserFactory(name="Held Before")
    PostHoldingFactory(post=post, user=before, from_on=date(2020, 1, 1), to_on=date(2025, 3, 31))
    appoint(post, user=newcomer, from_on=date(2027, 4, 1), by=office)
    context = client_of(office).get(post.get_absolute_url()).context
    parts = {part: [each.user.name for each in context[part]] for part in ("now", "coming", "past")}
    assert parts == {"now": ["Delia Marchetti"], "coming": ["Orla Keane"], "past": ["Held Before"]}
    end_holding(lead.holdings.get(), to_on=YESTERDAY, at=lead.created_at, by=office)
    assert b"Vacant since 12 January 2027" in client_of(office).get(post.get_absolute_url()).content


# People


def test_addresses_are_for_the_office(client_of, office, lead, partner):
    seen = {person.name: lead.email in client_of(person).get(PEOPLE).content.decode() for person in (office, partner)}
    assert seen == {"Nadia Fenwick": True, "Greta Holloway": False}
    assert lead.email not in client_of(partner).get(lead.get_absolute_url()).content.decode()
    found = {
        person.name: rows(client_of(person).get(f"{PEOPLE}?words=delia.marchetti"), "name")
        for person in (office, partner)
    }
    assert found == {"Nadia Fenwick": ["Delia Marchetti"], "Greta Holloway": []}
    assert b"example.org" not in client_of(partner).get(f"{PEOPLE}?export=csv").content


@pytest.mark.parametrize(
    ("narrowed", "names"),
    [
        ("words=holloway", ["Greta Holloway"]),
        ("without=yes", ["Lorna Haddow"]),
        ("without=no", ["Delia Marchetti", "Greta Holloway", "Nadia Fenwick"]),
    ],
)
def test_the_list_of_people_is_narrowed(client_of, office, lead, partner, leaver, stranger, narrowed, names):
    assert rows(client_of(office).get(f"{PEOPLE}?{narrowed}"), "name") == names


def test_people_are_narrowed_by_organisation_and_partnership(
    client_of, office, lead, partner, charity, other_partnership
):
    client = client_of(office)
    assert rows(client.get(f"{PEOPLE}?organisation={charity.pk}"), "name") == ["Greta Holloway"]
    assert rows(client.get(f"{PEOPLE}?partnership={other_partnership.pk}"), "name") == ["Nadia Fenwick"]


def test_a_persons_page_tells_nothing_of_another_partnership(client_of, office, lead, far_partnership):
    PostHoldingFactory(post=PostFactory(title="Canary", partnerships=[far_partnership]), user=lead)
    assert b"Canary" not in client_of(office).get(lead.get_absolute_url()).content
    assert b"Canary" not in client_of(office).get(PEOPLE).content
    assert b"Canary" in client_of(lead).get(lead.get_absolute_url()).content


def test_posts_and_people_are_taken_along_as_files(client_of, office, lead):
    sheet = client_of(office).get(f"{POSTS}?export=csv&words=midwifery").content.decode("utf-8-sig").splitlines()
    assert sheet == [
        "Post,Organisation,Duty,Held by,Since,Seats",
        "Head of Midwifery,Vale and Mill Integrated Care Board,,Delia Marchetti,2025-04-01,",
    ]
    assert client_of(office).get(f"{PEOPLE}?export=xlsx").content.startswith(b"PK")


# Queries


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_counts(
    client_of, office, partnership, health_board, learning_group, django_assert_num_queries, count
):
    for _ in range(count):
        post = PostFactory(organisation=health_board)
        PostHoldingFactory(post=post)
        GroupMemberFactory(group=learning_group, post=post)
    client = client_of(office)
    with django_assert_num_queries(13):
        client.get(POSTS)
    with django_assert_num_queries(10):
        client.get(PEOPLE)


@pytest.mark.parametrize("count", [1, 3])
def test_page_query_counts(
    client_of, office, lead, post, learning_group, partnership, django_assert_num_queries, count
):
    for at in range(count):
        start = date(2020, 1, 1) + timedelta(days=30 * at)
        PostHoldingFactory(post=post, from_on=start, to_on=start + timedelta(days=20))
        GroupMemberFactory(group=GroupFactory(partnerships=[partnership]), post=post)
        PostHoldingFactory(user=lead, post=PostFactory(partnerships=[partnership]))
    client = client_of(office)
    with django_assert_num_queries(14):
        client.get(post.get_absolute_url())
    with django_assert_num_queries(20):
        client.get(lead.get_absolute_url())
    with django_assert_num_queries(10):
        client.get(url("person-leave", lead))
