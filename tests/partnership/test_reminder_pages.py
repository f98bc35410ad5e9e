"""The office sees who will be told and who was, of its own partnerships, and stops or hastens one by hand."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from partnership.models import Closure, GroupMember, Message, OutboxMail, Post, Reminder, ReminderPause, ReminderPolicy
from partnership.reminder_words import days_in_words, ladder_in_words
from partnership.reminders.agenda import PlannedDays
from partnership.reminders.bounces import record_bounce
from partnership.reminders.choices import keep_paces
from partnership.reminders.loop import send_reminders
from tests.conftest import hold
from tests.factories import CaseFactory, GroupMemberFactory, MilestoneFactory

URL = "/reminders/"
SENT = "/reminders/sent/"
NOT_DELIVERED = "/reminders/not-delivered/"
NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
TOKEN = re.compile(r"[A-Za-z0-9]{64}")  # drawn by lot in each form
POSTERS = "1.2 Run the winter campaign. (Posters are up)"


def send_on(day):
    return send_reminders(on=day, now=datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC))


def listed(response):
    return [row.record for row in response.context["page_obj"]]


def words(response):
    return " ".join(response.content.decode().split())


def lines(response):
    """(person, about, why, why not) of each line."""
    return [
        (str(person or "Nobody"), line.title, line.why, line.why_not)
        for person, lines in response.context["people"]
        for line in lines
    ]


def errors(response):
    return {name: list(said) for name, said in response.context["form"].errors.items()}


def place(milestone, person, verb, day=""):
    where = [f"milestone:{milestone.pk}", milestone.due_on.isoformat(), person.pk]
    return reverse(f"partnership:reminder-{verb}", args=where) + (f"?day={day}" if day else "")


@pytest.fixture
def colleague(partnership):
    """Of the same office."""
    return hold("Jonah Pettifer", "Deputy manager", duty=Post.Duty.OFFICE, partnerships=[partnership])


# A day


def test_the_office_sees_who_will_be_told_and_why(milestone, client_of, office):
    page = client_of(office).get(URL)
    assert "Tomorrow 1 person will be reminded" in words(page)
    assert lines(page) == [
        ("Tomasz Brindle", POSTERS, "1 working day before, as Chair of Learning and Development Subgroup", "")
    ]
    assert Reminder.objects.count() == Message.objects.count() == 0


def test_each_line_leads_to_what_it_is_about(milestone, client_of, office):
    client = client_of(office)
    page = client.get(URL)
    [(_person, [line])] = page.context["people"]
    assert line.url == milestone.activity.deliverable.get_absolute_url()
    assert f'href="{line.url}"' in page.content.decode()
    assert client.get(line.url).status_code == 200


def test_a_later_day_says_what_comes_then_if_nothing_changes(milestone, client_of, office):
    client = client_of(office)
    page = client.get(URL, {"day": "2027-01-15"})
    assert "1 person will be reminded on Friday 15 January 2027" in words(page)
    assert [line[2].partition(",")[0] for line in lines(page)] == ["1 working day after"]
    assert lines(client.get(URL, {"day": "2027-01-14"})) == []


@pytest.mark.parametrize("day", ["2027-01-16", "2027-02-30"])
def test_a_day_on_which_nothing_goes_out_is_the_next_on_which_it_does(milestone, client_of, office, day):
    assert client_of(office).get(URL, {"day": day}).context["day"] == date(2027, 1, 13)


def test_the_day_is_narrowed_by_person_kind_and_group_and_taken_along(milestone, client_of, office, learning_group):
    client = client_of(office)
    asked = [
        {"words": "tomasz"},
        {"words": "nobody"},
        {"kind": "milestone"},
        {"kind": "event"},
        {"group": learning_group.pk},
        {"group": 999_999},
    ]
    assert [len(lines(client.get(URL, each))) for each in asked] == [1, 0, 1, 0, 1, 1]
    taken = client.get(URL, {"export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert taken == [
        "To,About,Due,Why,Why not",
        f'Tomasz Brindle,{POSTERS},2027-01-14,"1 working day before, as Chair of Learning and Development Subgroup",',
    ]


def test_why_somebody_is_not_told_stands_there_too(milestone, client_of, office, chair):
    keep_paces(chair, {"milestone": "weekly"})
    PlannedDays().planned(date(2027, 1, 11))
    assert lines(client_of(office).get(URL)) == [
        ("Tomasz Brindle", POSTERS, "", "Hears of this kind once a week: on 18 January 2027.")
    ]


def test_whom_nobody_can_tell_is_listed(plan, round_open, client_of, office):
    round_open.closes_on = date(2027, 1, 15)
    round_open.save()
    page = client_of(office).get(URL)
    assert [line[3] for line in lines(page) if line[0] == "Nobody"] != []
    assert "Nobody holds the post “Director of Early Help”." in words(page)


def test_a_case_changes_nothing_on_the_pages_of_an_office_outside_its_group(
    milestone, case_group, partnership, client_of, office, today
):
    hold("Morag Teale", "Chair", group=case_group, role=GroupMember.Role.CHAIR)
    day = date(2027, 1, 27)
    client = client_of(office)

    def shown():
        asked = [(URL, {}), (URL, {"day": "2027-01-28"}), (SENT, {}), (NOT_DELIVERED, {})]
        return [TOKEN.sub("", words(client.get(url, query))) for url, query in asked]

    send_on(day)
    without = shown()
    CaseFactory(partnership=partnership, reference="CANARY")
    assert send_on(day) == 1
    assert Reminder.objects.filter(is_restricted=True).count() == 1
    assert shown() == without


def test_an_office_that_sits_in_the_case_group_sees_one_neutral_line(
    case_group, partnership, client_of, office, colleague, today
):
    GroupMemberFactory(group=case_group, post=colleague.holdings.get().post, from_on=date(2025, 4, 1))
    hold("Morag Teale", "Chair", group=case_group, role=GroupMember.Role.CHAIR)
    CaseFactory(partnership=partnership, reference="CANARY")
    page = client_of(colleague).get(URL, {"day": "2027-01-14"})
    assert lines(page) == [("Morag Teale", "A restricted item", "10 working days before", "")]
    assert "CANARY" not in words(page)
    assert lines(client_of(office).get(URL, {"day": "2027-01-14"})) == []


def test_the_button_wakes_the_worker_and_nobody_is_told_twice(
    milestone, client_of, office, mailoutbox, django_capture_on_commit_callbacks
):
    client = client_of(office)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(URL).url == URL
    assert [message.to for message in mailoutbox] == [["tomasz.brindle@example.org"]]


def test_only_an_office_may_press_it(milestone, client_of, chair, administrator, mailoutbox):
    for user in (chair, administrator):
        assert client_of(user).post(URL).status_code == 403
    assert client_of(None).post(URL).status_code == 302
    assert mailoutbox == []


# By hand


def test_a_pause_keeps_it_back_says_why_and_is_lifted_again(milestone, client_of, office, chair, mailoutbox, today):
    client = client_of(office)
    answers = {
        "who": "one",
        "until_day": "20",
        "until_month": "1",
        "until_year": "2027",
        "reason": "On leave until then.",
    }
    assert client.post(place(milestone, chair, "pause"), answers).url == f"{URL}?day=2027-01-13"
    [kept] = ReminderPause.objects.all()
    assert (kept.recipient, kept.until, kept.reason, kept.made_by) == (
        chair,
        date(2027, 1, 20),
        "On leave until then.",
        office,
    )
    [(_person, _title, why, why_not)] = lines(client.get(URL))
    assert (why, "Nadia Fenwick" in why_not, "On leave until then." in why_not) == ("", True, True)
    assert (send_on(today), mailoutbox) == (0, [])
    for _press in range(2):
        assert client.post(reverse("partnership:reminder-pause-lift", args=[kept.pk])).url == URL
    kept.refresh_from_db()
    assert kept.lifted_by == office
    assert send_on(today) == 1


def test_pausing_twice_pauses_once_and_a_colleagues_pause_is_not_overwritten(
    milestone, client_of, office, colleague, chair
):
    url, answers = place(milestone, chair, "pause"), {"who": "all", "reason": "The venue has closed."}
    client = client_of(office)
    assert [client.post(url, answers).status_code for _press in range(2)] == [302, 302]
    other = {"who": "all", "reason": "Mine.", "until_day": "1", "until_month": "2", "until_year": "2027"}
    page = client_of(colleague).post(url, other)
    assert page.status_code == 409
    assert "Nadia Fenwick has paused it already, until somebody lifts it" in words(page)
    assert "Mine." in words(page)
    assert ReminderPause.objects.count() == 1


@pytest.mark.parametrize(
    ("answers", "field", "said"),
    [
        ({"reason": ""}, "reason", "Say why, in one sentence"),
        ({"reason": "x" * 201}, "reason", "Use 200 characters or fewer"),
        (
            {"until_day": "12", "until_month": "1", "until_year": "2027"},
            "until",
            "Choose a day after today, or leave it empty",
        ),
        (
            {"until_day": "12", "until_month": "3", "until_year": "2029"},
            "until",
            "Choose a day within a year, or leave it empty to pause until somebody lifts it",
        ),
        ({"until_day": "31", "until_month": "2", "until_year": "2027"}, "until", "Enter a real date, like 27 3 2027"),
        ({"who": "world"}, "who", "Choose an answer from the list"),
    ],
)
def test_a_pause_that_cannot_be_is_said_at_its_field(milestone, client_of, office, chair, answers, field, said):
    response = client_of(office).post(place(milestone, chair, "pause"), {"who": "one", "reason": "On leave."} | answers)
    assert (response.status_code, errors(response)) == (422, {field: [said]})
    assert not ReminderPause.objects.exists()


def test_one_step_is_skipped_with_a_reason_and_only_that(milestone, client_of, office, chair, today, mailoutbox):
    client = client_of(office)
    assert client.post(place(milestone, chair, "skip"), {"reason": ""}).status_code == 422
    for _press in range(2):
        assert client.post(place(milestone, chair, "skip"), {"reason": "We spoke this morning."}).status_code == 302
    [kept] = Reminder.objects.all()
    assert (kept.state, kept.reason, kept.skipped_by) == (Reminder.State.SKIPPED, "We spoke this morning.", office)
    assert send_on(date(2027, 1, 13)) == 0
    assert send_on(date(2027, 1, 15)) == 1


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (
            date(2027, 1, 12),
            "on Wednesday 13 January 2027. Only that one reminder is left out: the next comes on Friday 15 January",
        ),
        (
            date(2027, 1, 20),
            "on Thursday 21 January 2027. Only that one reminder is left out: it would have been the last",
        ),
    ],
)
def test_before_a_step_is_skipped_the_page_says_when_the_next_one_comes(milestone, client_of, office, chair, day, said):
    with time_machine.travel(datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)):
        page = client_of(office).get(place(milestone, chair, "skip"))
    assert f"Tomasz Brindle is not told of this {said}" in words(page)
    assert (place(milestone, chair, "pause") in page.content.decode()) == ("the next comes" in said)


def test_a_step_that_is_further_off_is_not_skipped_before_its_turn(milestone, client_of, office, chair):
    client = client_of(office)
    page = client.get(URL, {"day": "2027-01-15"})
    assert place(milestone, chair, "skip") not in page.content.decode()
    assert place(milestone, chair, "skip") in client.get(URL).content.decode()


def test_what_goes_now_is_asked_for_with_a_reason_and_goes_once(
    milestone, client_of, office, chair, mailoutbox, django_capture_on_commit_callbacks
):
    client = client_of(office)
    url = place(milestone, chair, "send-now")
    assert client.post(url, {"reason": ""}).status_code == 422
    for _press in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(url, {"reason": "The venue asks today."}).status_code == 302
    assert [message.to for message in mailoutbox] == [["tomasz.brindle@example.org"]]
    [kept] = Reminder.objects.filter(asked_by=office)
    assert (kept.reason, kept.state) == ("The venue asks today.", Reminder.State.DONE)


def test_what_is_done_meanwhile_is_said_to_be(milestone, client_of, office, chair, today):
    send_on(today)
    milestone.met_on = today
    milestone.save()
    client = client_of(office)
    for verb in ("pause", "skip", "send-now"):
        page = client.post(place(milestone, chair, verb), {"reason": "Why not."}, follow=True)
        assert "is done, or its date has moved" in words(page)
    assert not ReminderPause.objects.exists()


def test_nobody_else_does_anything_to_a_reminder_nor_learns_of_one(milestone, client_of, office, chair, stranger):
    client_of(office).post(place(milestone, chair, "pause"), {"who": "all", "reason": "The venue has closed."})
    [kept] = ReminderPause.objects.all()
    for user in (chair, stranger):
        client = client_of(user)
        for verb in ("pause", "skip", "send-now"):
            assert client.get(place(milestone, chair, verb)).status_code == 404
            assert client.post(place(milestone, chair, verb), {"reason": "Mine."}).status_code == 404
        assert client.post(reverse("partnership:reminder-pause-lift", args=[kept.pk])).status_code == 404
    kept.refresh_from_db()
    assert kept.lifted_at is None


def test_somebody_who_is_not_told_of_it_cannot_be_named(milestone, client_of, office, lead, stranger):
    for person in (lead, stranger):
        assert client_of(office).get(place(milestone, person, "pause")).status_code == 404


# What was sent, and what came back


def test_after_sending_it_stands_under_sent(milestone, client_of, office, stranger, today):
    send_on(today)
    [message] = listed(client_of(office).get(SENT))
    assert (message.recipient.name, [each.title for each in message.shown]) == ("Tomasz Brindle", [POSTERS])
    assert listed(client_of(stranger).get(SENT)) == []


def test_what_was_sent_is_narrowed_by_person_kind_and_day_and_never_by_what_it_was_about(
    milestone, client_of, office, today
):
    send_on(today)
    client = client_of(office)
    asked = [
        {"words": "tomasz"},
        {"words": "campaign"},
        {"kind": "milestone"},
        {"kind": "rapid-review"},
        {"first": "2027-01-12"},
        {"last": "2027-01-11"},
    ]
    assert [len(listed(client.get(SENT, each))) for each in asked] == [1, 0, 1, 0, 1, 0]
    taken = client.get(SENT, {"export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in taken] == ["To", "Tomasz Brindle"]
    assert f"{POSTERS} (due 14 January 2027, 5 working days before)" in taken[1]


def test_what_may_not_have_arrived_is_listed_with_what_to_do(
    milestone, client_of, office, stranger, today, mail_server
):
    def lost():
        raise TimeoutError

    mail_server.at["taken"] = lost
    send_on(today)
    client = client_of(office)
    assert "1 message of the last two weeks may not have arrived" in words(client.get(URL))
    page = words(client.get(NOT_DELIVERED))
    assert ("It may have arrived." in page, "1 try, the last on" in page) == (True, True)
    assert "may not have arrived" not in words(client_of(stranger).get(URL))
    assert "It may have arrived." not in words(client_of(stranger).get(NOT_DELIVERED))


def test_an_address_that_bounces_is_listed_until_somebody_has_asked(milestone, client_of, office, stranger, chair):
    bounce = record_bounce(chair.email, is_permanent=True, answer="550 No such user", message=None, at=NOW)
    client = client_of(office)
    page = client.get(URL)
    assert [(line[0], "Tomasz Brindle" in line[3]) for line in lines(page)] == [("Nobody", True)]
    assert [each.email for each in listed(client.get(NOT_DELIVERED))] == [chair.email]
    url = reverse("partnership:bounce-clear", args=[bounce.pk])
    assert errors(client.post(url, {})) == {
        "is_right": ["Ask the person first, then tick this: mail to a wrong address only comes back"]
    }
    assert client_of(stranger).post(url, {"is_right": "on"}).status_code == 404
    for _press in range(2):
        assert client.post(url, {"is_right": "on"}).url == NOT_DELIVERED
    bounce.refresh_from_db()
    assert bounce.cleared_by == office
    assert [line[0] for line in lines(client.get(URL))] == ["Tomasz Brindle"]


def test_what_people_have_turned_off_is_seen_by_their_office_alone(client_of, office, lead, stranger, chair):
    keep_paces(lead, {"event": "off", "": "weekly"})
    client = client_of(office)
    found = listed(client.get("/reminders/choices/"))
    assert [(each.user, each.kind, each.pace) for each in found] == [(lead, "", "weekly"), (lead, "event", "off")]
    assert len(listed(client.get("/reminders/choices/", {"pace": "off"}))) == 1
    assert listed(client_of(stranger).get("/reminders/choices/")) == []
    assert client_of(chair).get("/reminders/choices/").status_code == 403


# When they come


def test_days_are_read_in_plain_words():
    policy = ReminderPolicy(steps=[-5, -1, 1, 5], chair_after=5, office_after=10, executive_after=15)
    assert (days_in_words(policy.steps), ladder_in_words(policy)) == (
        "5 and 1 working days before, 1 and 5 after",
        "The chair hears after 5, the office after 10, the executive after 15",
    )
    assert [days_in_words(steps) for steps in ([], [0], [-1], [2, 1], [-3, 0, 1])] == [
        "Nobody is told",
        "On the day",
        "1 working day before",
        "1 and 2 working days after",
        "3 working days before, on the day, 1 after",
    ]


DAYS = {"before": "10, 2", "on_the_day": "on", "after": "3", "chair_after": "4", "may_be_slowed": "on"}


def policy_url(partnership, kind="milestone"):
    return reverse("partnership:reminder-policy-change", kwargs={"pk": partnership.pk, "kind": kind})


def test_an_office_gives_a_kind_its_own_days_and_takes_them_back(client_of, office, partnership, other_partnership):
    client = client_of(office)
    for _press in range(2):
        assert client.post(policy_url(partnership), DAYS).url == f"/reminders/when/?of={partnership.pk}"
    [kept] = ReminderPolicy.objects.all()
    assert (kept.partnership, kept.kind, kept.steps) == (partnership, "milestone", [-10, -2, 0, 3])
    assert (kept.chair_after, kept.office_after, kept.executive_after, kept.may_be_slowed) == (4, None, None, True)

    def whose(of):
        page = client.get("/reminders/when/", {"of": of.pk})
        return {line.kind: line.whose for line in page.context["lines"]}["milestone"]

    assert (whose(partnership), whose(other_partnership)) == ("Our own", "Usual")
    client.post(policy_url(partnership), {"usual": "yes"})
    assert not ReminderPolicy.objects.exists()


def test_the_administrator_sets_the_installations_days_and_no_partnerships(
    client_of, administrator, office, partnership
):
    installation = reverse("partnership:reminder-policy-change", kwargs={"kind": "event"})
    client = client_of(administrator)
    assert client.post(installation, DAYS).url == "/reminders/when/?of=all"
    assert ReminderPolicy.objects.get().partnership is None
    assert client.post(policy_url(partnership), DAYS).status_code == 403
    assert client_of(office).post(installation, DAYS).status_code == 403
    page = client_of(office).get("/reminders/when/")
    assert {line.kind: line.whose for line in page.context["lines"]}["event"] == "This installation’s"


@pytest.mark.parametrize(
    ("answers", "field", "said"),
    [
        ({"before": "five"}, "before", "Enter whole numbers of working days with commas between them, like 5, 1"),
        ({"before": "-5"}, "before", "Enter whole numbers of working days with commas between them, like 5, 1"),
        ({"before": "5, 5"}, "before", "Enter each number once. 5 stands there twice"),
        ({"after": "999"}, "after", "Enter numbers from 1 to 60. “999” is not one of them"),
        ({"after": "0"}, "after", "Enter numbers from 1 to 60. “0” is not one of them"),
        (
            {"after": ", ".join(map(str, range(1, 41)))},
            "after",
            "Enter 8 numbers at most: more would be nagging",
        ),
        (
            {"before": "", "after": "", "on_the_day": ""},
            "before",
            "Enter at least one day, before or after. It is a duty, so somebody must be told",
        ),
        (
            {"chair_after": "10", "office_after": "5"},
            "office_after",
            "Enter 10 or more, or leave it empty: the chair hears first, after 10",
        ),
        (
            {"chair_after": "", "office_after": "9", "executive_after": "3"},
            "executive_after",
            "Enter 9 or more, or leave it empty: the business office hears first, after 9",
        ),
        ({"chair_after": "soon"}, "chair_after", "Enter a whole number of working days, in figures, or leave it empty"),
        ({"chair_after": "999"}, "chair_after", "Enter a number from 1 to 60, or leave it empty"),
    ],
)
def test_days_that_cannot_be_are_said_at_their_field(client_of, office, partnership, answers, field, said):
    response = client_of(office).post(policy_url(partnership), DAYS | answers)
    assert (response.status_code, errors(response)) == (422, {field: [said]})
    assert not ReminderPolicy.objects.exists()


def test_an_example_is_shown_before_anything_is_saved(client_of, office, partnership):
    page = client_of(office).post(policy_url(partnership), DAYS | {"do": "show"})
    # Due on 9 February: ten, two and no working days before it, three after; four after, the chair.
    assert page.context["example"] == [
        (date(2027, 1, 26), "whoever it is asked of"),
        (date(2027, 2, 5), "whoever it is asked of"),
        (date(2027, 2, 9), "whoever it is asked of"),
        (date(2027, 2, 12), "whoever it is asked of"),
        (date(2027, 2, 15), "the chair"),
    ]
    assert not ReminderPolicy.objects.exists()


def test_the_example_steps_over_days_on_which_the_office_is_closed(client_of, office, partnership):
    day = date(2027, 2, 12)
    Closure.objects.create(partnership=partnership, title="Moving house", first_day=day, last_day=day)
    page = client_of(office).post(policy_url(partnership), DAYS | {"do": "show"})
    assert page.context["example"][-2:] == [
        (date(2027, 2, 15), "whoever it is asked of"),
        (date(2027, 2, 16), "the chair"),
    ]


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(client_of, office, colleague, partnership):
    mine, theirs = client_of(office), client_of(colleague)
    seen = mine.get(policy_url(partnership)).context["form"]["seen"].value()
    assert theirs.post(policy_url(partnership), DAYS).status_code == 302
    page = mine.post(policy_url(partnership), DAYS | {"before": "7", "seen": seen})
    assert page.status_code == 409
    assert ReminderPolicy.objects.get().steps == [-10, -2, 0, 3]
    assert "It now says “10, 2”" in words(page)


# How much it asks of the database


@pytest.mark.parametrize("count", [1, 3, 60])
def test_query_count(milestone, client_of, office, today, count, django_assert_num_queries):
    for number in range(count):
        MilestoneFactory(activity=milestone.activity, position=4 + number, due_on=date(2027, 1, 20))
    client = client_of(office)
    with django_assert_num_queries(38):
        client.get(URL)


@pytest.mark.parametrize(("verb", "expected"), [("pause", 37), ("skip", 44), ("send-now", 37)])
@pytest.mark.parametrize("count", [1, 3, 60])
def test_query_count_of_one_reminder(
    milestone, client_of, office, chair, verb, expected, count, django_assert_num_queries
):
    """Whatever else is due; and far fewer rows than for a whole day."""
    for number in range(count):
        MilestoneFactory(activity=milestone.activity, position=4 + number, due_on=date(2027, 1, 20))
    client = client_of(office)
    with django_assert_num_queries(expected) as asked:
        client.get(place(milestone, chair, verb))
    assert not [
        each for each in asked.captured_queries if "INSERT" in each["sql"] and each["sql"].count("milestone:") > 1
    ]


@pytest.mark.parametrize(("url", "expected"), [(SENT, 8), (NOT_DELIVERED, 10), ("/reminders/when/", 7)])
@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_the_lists(
    milestone, client_of, office, chair, lead, partner, today, url, expected, count, django_assert_num_queries
):
    for number, person in enumerate([chair, lead, partner][:count]):
        for state in (Message.State.ACCEPTED, Message.State.FAILED):
            message = Message.objects.create(
                idem_key=f"{state} {number}", recipient=person, day=today, state=state, accepted_at=NOW
            )
            Reminder.objects.create(
                deadline_key=f"milestone:{number}",
                due_on=today,
                step=number if state == Message.State.ACCEPTED else -number - 1,
                recipient=person,
                message=message,
                partnership_ids=list(office.standing.office_ids),
            )
        record_bounce(person.email, is_permanent=True, answer="550", message=None, at=NOW)
        ReminderPolicy.objects.create(kind=["milestone", "update", "event"][number], steps=[-1])
    client = client_of(office)
    with django_assert_num_queries(expected):
        client.get(url)


# The demo's outbox


def test_the_outbox_keeps_every_mail_word_for_word(milestone, client_of, chair, today, settings):
    settings.EMAIL_BACKEND = "partnership.outbox.EmailBackend"
    assert [send_on(today), send_on(today)] == [1, 0]
    [mail] = OutboxMail.objects.all()
    assert (mail.recipients, mail.subject) == (
        "tomasz.brindle@example.org",
        "One thing is due from you by 14 January 2027",
    )
    [message] = Message.objects.all()
    assert mail.message_id == f"<{message.idem_key}@localhost>"
    client = client_of(chair)
    assert listed(client.get("/outbox/")) == [mail]
    assert POSTERS in words(client.get(mail.get_absolute_url()))


def test_the_public_is_sent_to_sign_in(client_of, milestone):
    for name in ("partnership:outbox", "partnership:reminder-list", "partnership:preferences"):
        assert client_of(None).get(reverse(name)).url.startswith("/sign-in/")
