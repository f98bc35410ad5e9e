"""The signed link of a mail: from the mail to an answer, for its reader alone, until it ends."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership.accounts.browsers import browser_in_words
from partnership.reminders.loop import send_reminders
from plans.links import make_link, revoke
from plans.models import Update, UpdateLink, UpdateLinkUse
from plans.tasks import mail_fresh_link
from tests.conftest import TODAY

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
ADDRESS = re.compile(r"http\S+/answer/[\w-]{64}/")
GONE = "This link does not work"


@pytest.fixture
def token(lead, led_deliverable, round_open):
    """Proves a link of ``lead``, made this morning."""
    return make_link(lead, at=timezone.now())[1]


@pytest.fixture
def phone():
    return Client(headers={"user-agent": FIREFOX})


def follow(phone, token):
    return phone.get(reverse("plans:answer-open", args=[token]))


def press(phone, token):
    """The button of the page to which the link leads."""
    return phone.post(reverse("plans:answer-begin"), {"token": token})


def opened(phone, token):
    assert press(phone, token).headers["Location"] == reverse("plans:answer")
    return phone


def same(phone, deliverable):
    return phone.post(reverse("plans:answer-same", args=[deliverable.pk]))


# From the mail to the answer


def test_from_the_mail_to_an_answer_in_three_presses(phone, lead, led_deliverable, past_update, round_open, settings):
    round_open.closes_on = TODAY + timedelta(days=1)
    round_open.save()
    settings.REMINDER_HOURS = (0, 24)
    send_reminders(on=TODAY, now=timezone.now())
    body = next(each.body for each in mail.outbox if each.to == [lead.email])
    address = ADDRESS.search(body).group()
    phone.get(address.removeprefix(settings.SITE_URL))  # 1: the link
    opened(phone, address.split("/")[-2])  # 2: "Open my lines"
    same(phone, led_deliverable)  # 3: "Same as last time"
    update = led_deliverable.updates.in_round(round_open).current().get()
    assert (update.submitted_by, update.came_by, update.is_unchanged, update.progress) == (
        lead,
        Update.Way.LINK,
        True,
        past_update.progress,
    )


def test_the_mail_says_what_the_link_is_until_when_and_how_to_get_another(lead, round_open, led_deliverable, settings):
    round_open.closes_on = TODAY + timedelta(days=1)
    round_open.save()
    settings.REMINDER_HOURS = (0, 24)
    send_reminders(on=TODAY, now=timezone.now())
    body = next(each.body for each in mail.outbox if each.to == [lead.email])
    assert "Do not forward this e-mail" in body
    assert "works until 26 January 2027 and opens in 3 browsers at most" in body
    assert f"{settings.SITE_URL}/answer/again/" in body


def test_a_mail_without_an_update_brings_no_link(lead, led_deliverable, settings):
    settings.REMINDER_HOURS = (0, 24)
    send_reminders(on=TODAY, now=timezone.now())
    assert [ADDRESS.findall(each.body) for each in mail.outbox if each.to == [lead.email]] == [[]]
    assert UpdateLink.objects.count() == 0


def test_a_whole_answer_goes_by_the_link_and_leaves_a_trail(phone, token, lead, led_deliverable, round_open, ratings):
    phone = opened(phone, token)
    start = f"d{led_deliverable.pk}-"
    body = {f"{start}seen": "0", f"{start}rating": ratings["G"].pk, f"{start}progress": "Two visits <script>"}
    response = phone.post(reverse("plans:answer-send"), body)
    assert response.headers["Location"].startswith(reverse("plans:answer"))
    update = led_deliverable.updates.get()
    assert (update.progress, update.submitted_by, update.came_by) == ("Two visits <script>", lead, "link")
    page = phone.get(reverse("plans:answer")).content.decode()
    assert ("Two visits &lt;script&gt;" in page, "Two visits <script>" in page) == (True, False)
    uses = list(UpdateLink.objects.get().uses.order_by("pk").values_list("kind", "browser"))
    assert uses == [("opened", FIREFOX), ("answered", FIREFOX)]


def test_a_draft_is_kept_as_it_is_typed(phone, token, lead, led_deliverable):
    phone = opened(phone, token)
    body = {f"d{led_deliverable.pk}-progress": "Half a sen"}
    assert phone.post(reverse("plans:answer-draft", args=[led_deliverable.pk]), body).status_code == 200
    assert "Half a sen" in phone.get(reverse("plans:answer")).content.decode()
    assert lead.pk == led_deliverable.drafts.get().author_id


def test_an_answer_to_be_mended_keeps_its_words(phone, token, led_deliverable, ratings):
    phone = opened(phone, token)
    start = f"d{led_deliverable.pk}-"
    response = phone.post(reverse("plans:answer-send"), {f"{start}rating": ratings["B"].pk, f"{start}progress": "All"})
    assert (response.status_code, ">\nAll</textarea>" in response.content.decode()) == (422, True)
    assert Update.objects.count() == 0


# Where it ends


def refused(phone, token):
    """Whether the link opens nothing any more, neither anew nor where it was opened."""
    anew = press(Client(), token)
    there = phone.get(reverse("plans:answer"))
    return all(each.status_code == 404 and GONE in each.content.decode() for each in (anew, there))


def test_it_ends_after_its_days(phone, token, time_machine_to):
    opened(phone, token)
    time_machine_to(TODAY + timedelta(days=13))
    assert phone.get(reverse("plans:answer")).status_code == 200
    time_machine_to(TODAY + timedelta(days=15))
    assert refused(phone, token)


@pytest.fixture
def time_machine_to(today):
    travels = []

    def go(day):
        travel = time_machine.travel(datetime(day.year, day.month, day.day, 10, 0, tzinfo=UTC), tick=False)
        travel.start()
        travels.append(travel)

    yield go
    for travel in reversed(travels):
        travel.stop()


@pytest.mark.parametrize("what", ["revoked", "switched off", "address", "post", "round"])
def test_it_ends_at_once(phone, token, lead, office, round_open, what):
    opened(phone, token)
    if what == "revoked":
        revoke(UpdateLink.objects.all(), by=office, at=timezone.now())
    elif what == "switched off":
        type(lead).objects.filter(pk=lead.pk).update(is_active=False)
    elif what == "address":
        type(lead).objects.filter(pk=lead.pk).update(email="delia@example.net")
    elif what == "post":
        lead.holdings.update(to_on=TODAY - timedelta(days=1))
    else:
        round_open.closed_at = timezone.now()
        round_open.save()
    assert refused(phone, token)


def test_a_round_that_opens_later_is_not_for_an_older_link(phone, token, plan, round_open, led_deliverable):
    opened(phone, token)
    type(round_open).objects.filter(pk=round_open.pk).update(opens_on=TODAY + timedelta(days=1))
    with time_machine.travel(datetime(2027, 1, 14, 10, 0, tzinfo=UTC), tick=False):
        assert refused(phone, token)


def test_it_opens_in_three_browsers_and_then_a_new_one_is_asked_for(token):
    for _number in range(3):
        opened(Client(), token)
    fourth = press(Client(), token)
    assert (fourth.status_code, reverse("plans:answer-again") in fourth.content.decode()) == (404, True)
    assert "answer" not in fourth.cookies


def test_the_same_browser_counts_once(phone, token):
    for _press in range(5):
        opened(phone, token)
    assert UpdateLinkUse.objects.filter(kind="opened").count() == 1


def test_a_browser_can_be_made_to_forget_it(phone, token):
    opened(phone, token)
    cookie = phone.cookies["answer"].value
    phone.post(reverse("plans:answer-close"))
    phone.cookies["answer"] = cookie
    assert phone.get(reverse("plans:answer")).status_code == 404


# Asking for a new one


def ask(email, phone=None):
    return (phone or Client()).post(reverse("plans:answer-again"), {"email": email})


def test_a_new_link_goes_to_the_address_on_record(
    lead, led_deliverable, round_open, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        ask(lead.email.upper())
    assert [each.to for each in mail.outbox] == [[lead.email]]
    assert opened(Client(), ADDRESS.search(mail.outbox[0].body).group().split("/")[-2])


def test_the_answer_is_the_same_whoever_asks(lead, stranger, led_deliverable, round_open):
    answers = {ask(email).content for email in (lead.email, stranger.email, "nobody@example.com")}
    assert len({re.sub(rb"[A-Za-z0-9]{64}", b"", each) for each in answers}) == 1


def test_whoever_has_nothing_due_is_mailed_nothing(stranger, lead):
    mail_fresh_link(stranger.pk)
    mail_fresh_link(lead.pk)
    mail_fresh_link(0)
    assert mail.outbox == []


def test_only_so_many_are_mailed(lead, led_deliverable, round_open):
    for _number in range(5):
        mail_fresh_link(lead.pk)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("email", ["", "no address", "a" * 300 + "@example.org", "x@example.org\nBcc: y@example.org"])
def test_what_is_no_address_is_said_so(db, today, email):
    response = ask(email)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["email"])


# The list


def test_holder_sees_when_where_and_how_often_and_stops_it(client_of, phone, token, lead, led_deliverable, past_update):
    same(opened(phone, token), led_deliverable)
    rows = client_of(lead).get(reverse("plans:link-list")).context["table"].data.data
    assert [(each.state, each.browser_count, each.answer_count) for each in rows] == [("working", 1, 1)]
    link = UpdateLink.objects.get()
    page = client_of(lead).get(link.get_absolute_url()).content.decode()
    assert "Firefox on Windows" in page
    assert client_of(lead).post(reverse("plans:link-revoke", args=[link.pk])).status_code == 302
    assert refused(phone, token)


def test_office_stops_all_links_of_a_person_or_everybodys(client_of, office, token, lead, chair):
    make_link(chair, at=timezone.now())
    client_of(office).post(reverse("plans:links-revoke"), {"person": lead.pk})
    assert list(UpdateLink.objects.usable(at=timezone.now()).values_list("holder", flat=True)) == [chair.pk]
    client_of(office).post(reverse("plans:links-revoke"), {"person": ""})
    assert UpdateLink.objects.usable(at=timezone.now()).count() == 0


def test_nobody_else_sees_or_stops_it(client_of, token, chair, stranger):
    link = UpdateLink.objects.get()
    for user in (chair, stranger):
        client = client_of(user)
        assert client.get(link.get_absolute_url()).status_code == 404
        assert client.post(reverse("plans:link-revoke", args=[link.pk])).status_code == 404
        client.post(reverse("plans:links-revoke"), {"person": ""})
    assert UpdateLink.objects.usable(at=timezone.now()).count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(client_of, lead, round_open, led_deliverable, count, django_assert_num_queries):
    for _number in range(count):
        make_link(lead, at=timezone.now())
    client = client_of(lead)
    with django_assert_num_queries(9):
        client.get(reverse("plans:link-list"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on an iPhone"),
        ("Scanner/1.0", "Scanner/1.0"),
        ("", "A browser that gives no name"),
    ],
)
def test_browsers_are_named_as_people_name_them(name, words):
    assert browser_in_words(name) == words
