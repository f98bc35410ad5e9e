"""Sessions: one sees one's own and ends them; their time ends by itself, and nothing typed is lost with it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from partnership.models import AccountEvent, Area
from tests.factories import PASSWORD

MORNING = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
SESSIONS, ACCOUNT = reverse("partnership:session-list"), reverse("partnership:account")
SIGN_IN, TYPED_BEFORE = reverse("partnership:sign-in"), reverse("partnership:typed-before")
AREAS_ADD, AREAS = reverse("partnership:area-add"), reverse("partnership:area-list")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


def kinds_of(user):
    """But for having signed in, which is how every test begins."""
    events = AccountEvent.objects.filter(user=user).exclude(kind="signed-in")
    return list(events.order_by("at", "pk").values_list("kind", flat=True))


def is_in(client):
    return client.get(ACCOUNT).status_code == 200


# Where one is signed in


def test_the_page_lists_ones_own_sessions_and_marks_this_one(client_of, partner, lead):
    here, _there, _anothers = client_of(partner), client_of(partner), client_of(lead)
    listed = here.get(SESSIONS).context["sessions"]
    assert [each["is_this_one"] for each in listed] == [False, True]


@pytest.mark.parametrize("sessions", [1, 3, 10])
def test_the_page_asks_the_same_however_many_there_are(client_of, partner, django_assert_num_queries, sessions):
    for _ in range(sessions):
        client = client_of(partner)
    with django_assert_num_queries(6):  # savepoint twice, session, user, standing, sessions
        client.get(SESSIONS)


def test_one_is_ended_and_the_others_go_on(client_of, partner):
    here, there, elsewhere = client_of(partner), client_of(partner), client_of(partner)
    row = UserSession.objects.get(session_key=there.session.session_key)
    here.post(reverse("partnership:session-end", args=[row.pk]))
    assert [is_in(each) for each in (here, there, elsewhere)] == [True, False, True]
    assert kinds_of(partner) == ["session-ended"]


def test_the_one_in_use_is_not_ended_by_its_own_button(client_of, partner):
    here = client_of(partner)
    here.post(reverse("partnership:session-end", args=[UserSession.objects.get().pk]))
    assert is_in(here)


def test_nobody_ends_anothers(client_of, partner, lead, administrator):
    theirs = client_of(lead)
    row = UserSession.objects.get(user=lead)
    answers = [
        client_of(each).post(reverse("partnership:session-end", args=[row.pk])).status_code
        for each in (partner, administrator)
    ]
    assert (answers, is_in(theirs)) == ([404, 404], True)


def test_all_others_are_ended_by_one_press(client_of, partner, lead):
    here, there, anothers = client_of(partner), client_of(partner), client_of(lead)
    here.post(reverse("partnership:session-end-others"))
    assert [is_in(each) for each in (here, there, anothers)] == [True, False, True]


def test_signing_out_takes_the_row_away(client_of, partner):
    client_of(partner).post(reverse("partnership:sign-out"))
    assert not UserSession.objects.exists()


def test_the_browser_is_named_in_words(client, partner):
    client.post(reverse("partnership:demo-sign-in"), {"email": partner.email}, headers={"User-Agent": FIREFOX})
    if SESSION_KEY not in client.session:
        pytest.skip("not one of the demo's accounts")
    assert b"Firefox on Windows" in client.get(SESSIONS).content


# Their time


@pytest.fixture
def limited(settings):
    settings.SESSION_LIMITS = {"idle": 1800, "idle_with_cases": 900, "whole": 43_200}


def after(**ago):
    return time_machine.travel(MORNING + timedelta(**ago), tick=False)


def signed_in_at_nine(user):
    with after():
        client = Client()
        client.force_login(user)
        client.get(ACCOUNT)
    return client


@pytest.mark.parametrize(
    ("minutes", "expected"), [([29], [True]), ([31], [False]), ([20, 40, 60], [True] * 3), ([20, 51], [True, False])]
)
def test_a_session_ends_half_an_hour_after_the_last_request(limited, partner, minutes, expected):
    client = signed_in_at_nine(partner)
    found = []
    for each in minutes:
        with after(minutes=each):
            found.append(is_in(client))
    assert found == expected


@pytest.mark.parametrize(("minutes", "expected"), [(14, True), (16, False)])
def test_of_those_who_may_read_cases_sooner(limited, case_group_member, minutes, expected):
    client = signed_in_at_nine(case_group_member)
    with after(minutes=minutes):
        assert is_in(client) is expected


def test_after_twelve_hours_it_ends_whatever_is_done(limited, partner, settings):
    settings.SESSION_COOKIE_AGE = 14 * 24 * 60 * 60  # Django's own end of it comes later, then
    client = signed_in_at_nine(partner)
    found = []
    for minutes in range(20, 12 * 60 + 21, 20):
        with after(minutes=minutes):
            found.append(is_in(client))
    assert found == [True] * 36 + [False]


def test_control_without_limits_nothing_ends(settings, partner):
    assert settings.SESSION_LIMITS is None
    client = signed_in_at_nine(partner)
    with after(minutes=31):
        assert is_in(client)


def test_a_copied_session_without_its_cookie_has_no_longer_than_that_from_its_beginning(limited, partner):
    client = signed_in_at_nine(partner)
    with after(minutes=25):
        assert is_in(client)
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    with after(minutes=31):
        assert (is_in(thief), is_in(client)) == (False, False)  # who lets it run out ends it for both


def test_the_cookie_of_another_session_proves_nothing(limited, partner, lead, settings):
    mine = signed_in_at_nine(partner)
    with after(minutes=29):
        other = Client()
        other.force_login(lead)
        other.get(ACCOUNT)
    mine.cookies[settings.SEEN_COOKIE] = other.cookies[settings.SEEN_COOKIE].value
    with after(minutes=31):
        assert not is_in(mine)


def test_staying_is_a_request_like_any_other(limited, partner):
    client = signed_in_at_nine(partner)
    with after(minutes=29):
        assert client.post(reverse("partnership:account-stay")).status_code == 204
    with after(minutes=58):
        assert is_in(client)


def test_what_was_asked_for_comes_after_signing_in_again(limited, partner):
    client = signed_in_at_nine(partner)
    with after(minutes=31):
        assert client.get(SESSIONS).url == f"{SIGN_IN}?next={SESSIONS.replace('/', '%2F')}"
    assert kinds_of(partner) == ["timed-out"]


def test_pages_say_when_they_end(limited, partner, case_group_member):
    found = []
    for each in (partner, case_group_member):
        client = signed_in_at_nine(each)
        with after(minutes=1):
            found.append(b'data-ends-in="1800"' in client.get(ACCOUNT).content)
    assert found == [True, False]


# What was typed


def too_late(user, answers, **more):
    """Somebody sends a form half an hour too late: the client, and where it is sent on to."""
    client = signed_in_at_nine(user)
    with after(minutes=31):
        answer = client.post(AREAS_ADD, answers, **more)
    return client, answer


def test_what_was_typed_too_late_is_kept_and_can_be_sent_again(limited, administrator):
    client, answer = too_late(administrator, {"name": "Ashford and the Vale"})
    assert answer.url == f"{SIGN_IN}?next={TYPED_BEFORE.replace('/', '%2F')}"
    assert not Area.objects.filter(name="Ashford and the Vale").exists()
    with after(minutes=32):
        client.force_login(administrator)
        page = client.get(TYPED_BEFORE)
        assert page.context["words"] == [("Name", "Ashford and the Vale")]
        client.post(page.context["typed"]["path"], dict(page.context["typed"]["answers"]))
    assert Area.objects.filter(name="Ashford and the Vale").exists()


def test_another_person_in_the_same_browser_does_not_see_it(limited, administrator, partner):
    client, _answer = too_late(administrator, {"name": "For one alone"})
    with after(minutes=32):
        client.force_login(partner)
        assert (client.get(TYPED_BEFORE).context["typed"], b"For one alone" in client.get(ACCOUNT).content) == (
            None,
            False,
        )


def test_it_is_let_go_after_an_hour_and_by_a_press(limited, administrator):
    found = []
    for minutes, presses in [(32, False), (32, True), (95, False)]:
        client, _answer = too_late(administrator, {"name": "Something"})
        with after(minutes=minutes):
            client.force_login(administrator)
            if presses:
                client.post(TYPED_BEFORE)
            found.append(client.get(TYPED_BEFORE).context["typed"] is not None)
    assert found == [True, False, False]


@pytest.mark.parametrize(
    ("answers", "headers"),
    [
        ({"name": ""}, {}),
        ({"password": PASSWORD}, {}),
        ({"name": "From a script"}, {"HX-Request": "true"}),
        ({"name": "From a script"}, {"Sec-Fetch-Mode": "cors"}),
        ({"name": "x" * 600_000}, {}),
    ],
)
def test_empty_answers_secrets_and_what_scripts_send_are_not_kept(limited, administrator, answers, headers):
    client, answer = too_late(administrator, answers, headers=headers)
    assert (answer.url, "typed_before" in client.session) == (f"{SIGN_IN}?", False)


def test_nothing_typed_survives_signing_out(limited, administrator):
    client, _answer = too_late(administrator, {"name": "Something"})
    with after(minutes=32):
        client.force_login(administrator)
        client.post(reverse("partnership:sign-out"))
        client.force_login(administrator)
        assert client.get(TYPED_BEFORE).context["typed"] is None


# Passwords


def test_a_session_whose_key_is_changed_still_has_its_owner(client_of, partner):
    here = client_of(partner)
    session = here.session
    session.cycle_key()
    session.save()
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [session.session_key]


def test_another_password_ends_every_other_session(client_of, partner):
    there = client_of(partner)
    partner.set_password("another-horse-battery")
    partner.save()
    assert not is_in(there)
