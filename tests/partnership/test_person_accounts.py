"""What an office does for the accounts of its people, and what it may not."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from partnership.accounts.events import Kind, note
from partnership.accounts.invitations import invite
from partnership.models import AccountEvent, Post, User
from tests.conftest import hold
from tests.factories import PostFactory, PostHoldingFactory, UserFactory

PEOPLE, EVENTS = reverse("partnership:person-list"), reverse("partnership:account-event-list")
ACCOUNT = reverse("partnership:account")


def url(name, person):
    return reverse(f"partnership:{name}", args=[person.pk])


def give_second_step(user):
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})


def came_in(user):
    User.objects.filter(pk=user.pk).update(last_login=timezone.now() - timedelta(days=3))


@pytest.fixture
def newcomer(partnership):
    return hold("Orla Keane", "Named midwife", partnerships=[partnership])


# The panel on a person's page


def test_the_office_sees_how_far_somebody_has_come(client_of, office, newcomer, lead):
    client = client_of(office)
    came_in(lead)
    give_second_step(lead)
    client_of(lead)
    found = {}
    for person in (newcomer, lead):
        account = client.get(person.get_absolute_url()).context["account"]
        found[person.name] = (account["way_in"], account["person"].has_second_step, account["session_count"])
    assert found == {
        "Orla Keane": ("Not invited yet", False, 0),
        "Delia Marchetti": ("Signed in, last on 12 January 2027", True, 1),
    }


@pytest.mark.parametrize("role", ["chair", "partner", "advisor", "lead"])
def test_nobody_else_sees_the_panel(request, client_of, newcomer, role):
    page = client_of(request.getfixturevalue(role)).get(newcomer.get_absolute_url())
    assert (page.status_code, page.context["account"]) == (200, None)


def test_sessions_of_a_lost_telephone_are_ended(client_of, office, lead):
    theirs = client_of(lead)
    client_of(office).post(url("person-sessions-end", lead))
    assert theirs.get(ACCOUNT).status_code == 302
    event = AccountEvent.objects.get(user=lead, kind=Kind.SESSION_ENDED)
    assert event.by == office


def test_both_addresses_are_told_that_one_took_the_place_of_the_other(
    client_of, office, lead, newcomer, mail_server, django_capture_on_commit_callbacks
):
    """Once, and not whoever never came in; it is written down for both of them, without an address."""
    came_in(lead)
    client = client_of(office)
    for person in (lead, newcomer):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(url("person-change", person), {"name": person.name, "email": f"{person.pk}@example.org"})
        with django_capture_on_commit_callbacks(execute=True):
            client.post(url("person-change", person), {"name": "Another Name", "email": f"{person.pk}@example.org"})
    told = [(sent.to, "nothing more is sent to this one" in sent.body) for sent in mail_server.delivered]
    assert told == [([lead.email], True), ([f"{lead.pk}@example.org"], False)]
    assert all("Nadia Fenwick has changed the e-mail address" in sent.body for sent in mail_server.delivered)
    events = AccountEvent.objects.filter(kind=Kind.ADDRESS_CHANGED).order_by("pk")
    assert list(events.values_list("user", "by", "detail")) == [(lead.pk, office.pk, ""), (newcomer.pk, office.pk, "")]


def test_an_invitation_to_the_address_before_ends_and_the_office_is_told(client_of, office, newcomer):
    client = client_of(office)
    client.post(url("person-invite", newcomer))
    page = client.post(
        url("person-change", newcomer), {"name": newcomer.name, "email": "new.one@example.org"}, follow=True
    )
    assert f"Their invitation went to {newcomer.email} and is good no more: invite them again" in page.content.decode()
    assert not newcomer.invitations.filter(withdrawn_at=None).exists()
    assert "Invite them" in page.content.decode()


# Switching off and on


def test_off_with_a_reason_and_on_by_a_press(client_of, office, lead):
    theirs, client = client_of(lead), client_of(office)
    assert client.post(url("person-switch", lead), {"because": ""}).status_code == 422
    client.post(url("person-switch", lead), {"because": "Their laptop was stolen"})
    lead.refresh_from_db()
    assert (lead.is_active, theirs.get(ACCOUNT).status_code, lead.holdings.count()) == (False, 302, 1)
    client.post(url("person-switch", lead))
    lead.refresh_from_db()
    kinds = AccountEvent.objects.filter(user=lead, kind__in=["switched-off", "switched-on"]).order_by("pk")
    assert (lead.is_active, [(each.kind, each.detail) for each in kinds]) == (
        True,
        [("switched-off", "Their laptop was stolen"), ("switched-on", "")],
    )


def test_switched_off_twice_in_one_press_they_stay_out(client_of, office, lead):
    client = client_of(office)
    for _press in range(2):
        assert client.post(url("person-switch", lead), {"because": "Their laptop was stolen"}).status_code == 302
    lead.refresh_from_db()
    assert not lead.is_active
    assert AccountEvent.objects.filter(user=lead, kind="switched-off").count() == 1


def test_an_office_switches_nobody_off_who_has_a_part_elsewhere(client_of, office, lead, far_partnership):
    PostHoldingFactory(post=PostFactory(partnerships=[far_partnership]), user=lead)
    page = client_of(office).post(url("person-switch", lead), {"because": "Not ours alone"})
    lead.refresh_from_db()
    assert (page.status_code, lead.is_active) == (403, True)


def test_nobody_switches_themselves_or_as_an_office_an_administrator(client_of, office, administrator, partnership):
    PostHoldingFactory(post=PostFactory(partnerships=[partnership]), user=administrator)
    client = client_of(office)
    names = ["person-switch", "person-sessions-end", "person-invite"]
    statuses = [client.post(url(name, person)).status_code for person in (office, administrator) for name in names]
    assert statuses == [403] * 6


def test_the_last_administrator_is_told_why_not(client_of, administrator):
    other = UserFactory(name="Other Administrator", is_administrator=True)
    client = client_of(other)
    for person in (administrator, other):
        client.post(url("person-switch", person), {"because": "No longer"})
    assert User.objects.filter(is_administrator=True, is_active=True).get() == other


# The list of people


def test_the_list_says_who_never_came_in(client_of, office, newcomer, lead):
    client = client_of(office)
    came_in(lead)
    invite(newcomer, at=timezone.now(), by=office)
    rows = {row.record.name: row.get_cell("is_active") for row in client.get(PEOPLE).context["table"].rows}
    assert (rows["Orla Keane"], rows["Delia Marchetti"]) == (
        "Invited, the mail has not left yet",
        "Signed in, last on 9 January 2027",
    )


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("never", {"Orla Keane"}),
        ("invited", {"Orla Keane"}),
        ("off", {"Greta Holloway"}),
        ("no-step", {"Nadia Fenwick", "Orla Keane"}),
    ],
)
def test_it_is_narrowed_to_those_who_are_missing(client_of, office, newcomer, lead, partner, state, expected):
    client = client_of(office)
    came_in(lead)
    give_second_step(lead)
    User.objects.filter(pk=partner.pk).update(is_active=False)
    invite(newcomer, at=timezone.now(), by=office)
    people = client.get(PEOPLE, {"account": state}).context["table"].rows
    assert {row.record.name for row in people} == expected


def test_nobody_but_an_office_narrows_or_reads_it(client_of, partner, newcomer):
    page = client_of(partner).get(PEOPLE, {"account": "never"})
    assert "account" not in page.context["filter"].filters
    assert [column.name for column in page.context["table"].columns] == ["name", "posts"]


def test_the_export_has_it(client_of, office, newcomer):
    content = client_of(office).get(PEOPLE, {"export": "csv"}).content.decode()
    assert "Orla Keane" in content
    assert "Not invited yet" in content


# What happened


def test_an_office_reads_of_its_people_and_not_of_administrators_or_others(
    client_of, office, lead, administrator, stranger, partnership
):
    PostHoldingFactory(post=PostFactory(partnerships=[partnership]), user=administrator)
    for person in (lead, administrator, stranger, None):
        note(Kind.SIGN_IN_FAILED, person)

    def read_by(user):
        page = client_of(user).get(EVENTS, {"kind": Kind.SIGN_IN_FAILED})
        return [row.record.user for row in page.context["table"].rows]

    assert read_by(office) == [lead]
    assert read_by(lead) == [lead]
    assert read_by(administrator) == [None, stranger, administrator, lead]
    assert read_by(stranger) == [stranger]


def test_who_is_office_in_one_partnership_and_member_of_another_reads_the_first_alone(
    client_of, stranger, partnership, lead
):
    PostHoldingFactory(post=PostFactory(partnerships=[partnership], duty=Post.Duty.NONE), user=stranger)
    note(Kind.SIGN_IN_FAILED, lead)
    page = client_of(stranger).get(EVENTS, {"kind": Kind.SIGN_IN_FAILED})
    assert list(page.context["table"].rows) == []
    assert client_of(stranger).get(lead.get_absolute_url()).context["account"] is None


@pytest.mark.parametrize("events", [1, 3, 10, 60])
def test_the_list_asks_the_same_however_much_happened(client_of, office, lead, events, django_assert_num_queries):
    for _ in range(events):
        note(Kind.SIGN_IN_FAILED, lead, by=office)
    client = client_of(office)
    with django_assert_num_queries(8):
        client.get(EVENTS)


@pytest.mark.parametrize("events", [1, 3, 10])
def test_ones_own_page_asks_the_same(client_of, partner, office, events, django_assert_num_queries):
    for _ in range(events):
        note(Kind.SIGN_IN_FAILED, partner, by=office)
    client = client_of(partner)
    with django_assert_num_queries(8):
        client.get(ACCOUNT)
