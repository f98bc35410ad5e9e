"""What a digest says in which order, to whom, and that its two forms say the same."""

import re
from datetime import date
from html import unescape

import pytest

from partnership.deadlines import Deadline, Owner
from partnership.models import Reminder
from partnership.reminders import mails
from partnership.reminders.agenda import Told
from partnership.reminders.bounces import record_bounce
from tests.conftest import TODAY
from tests.partnership.test_carriers import message_to

Rung = Reminder.Rung


def told(number, due_on, *, title="", is_restricted=False, partnerships=(), owners=(), heard_by=(), **reminder):
    deadline = Deadline(
        key=f"milestone:{number}",
        due_on=due_on,
        title=title or f"Thing {number}",
        kind="Milestone",
        url_name="plans:deliverable-detail",
        url_pk=str(number),
        is_restricted=is_restricted,
        owners=tuple(owners),
        partnership_ids=frozenset(each.pk for each in partnerships),
    )
    as_who = {"step": -1, "why": "" if is_restricted else "Head of Midwifery"} | reminder
    return Told(Reminder(deadline_key=deadline.key, due_on=due_on, **as_who), deadline, tuple(heard_by))


def mail_with(*items):
    return mails.mail_of(message_to("Ada"), items, on=TODAY)


def list_of(mail):
    """The text between the opening and the closing words, without addresses."""
    body = mail.body.partition("\n\nEverything that is due from you")[0].partition(".\n\n")[2]
    return [line.strip() for line in body.splitlines() if line.strip() and "://" not in line]


def words_of_html(mail):
    [(html, kind)] = mail.alternatives
    assert kind == "text/html"
    return re.sub(r"\s+", " ", unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)))


def test_late_things_come_first_then_todays_then_others(partnership):
    mail = mail_with(
        told(1, date(2027, 1, 14), partnerships=[partnership]),
        told(2, TODAY, partnerships=[partnership]),
        told(3, date(2027, 1, 8), partnerships=[partnership]),
        told(4, date(2027, 1, 7), partnerships=[partnership]),
    )
    assert mail.subject == "Four things are due from you, the first since 7 January 2027"
    assert list_of(mail) == [
        "Late",
        "* Thing 4",
        "It was due on 7 January 2027: 5 days late.",
        "Asked of you as Head of Midwifery.",
        "* Thing 3",
        "It was due on 8 January 2027: 4 days late.",
        "Asked of you as Head of Midwifery.",
        "Due today",
        "* Thing 2",
        "Due on 12 January 2027.",
        "Asked of you as Head of Midwifery.",
        "Coming up",
        "* Thing 1",
        "Due on 14 January 2027.",
        "Asked of you as Head of Midwifery.",
    ]


def test_whoever_has_several_partnerships_reads_which(partnership, other_partnership):
    mail = mail_with(
        told(1, date(2027, 1, 14), partnerships=[other_partnership]),
        told(2, date(2027, 1, 15), partnerships=[partnership], why=""),
        told(3, date(2027, 1, 18), partnerships=[other_partnership], why=""),
    )
    assert list_of(mail) == [
        "Coming up",
        "Millbrook Safeguarding Children Partnership:",
        "* Thing 1",
        "Due on 14 January 2027.",
        "Asked of you as Head of Midwifery.",
        "* Thing 3",
        "Due on 18 January 2027.",
        "Ashford Vale Safeguarding Children Partnership:",
        "* Thing 2",
        "Due on 15 January 2027.",
    ]


def test_whoever_hears_of_what_others_owe_reads_whose_it_is_and_why_they_are_told(partnership, chair, learning_group):
    mail = mail_with(
        told(
            1,
            date(2027, 1, 5),
            partnerships=[partnership],
            owners=[Owner("", group_id=learning_group.pk), Owner("Somebody")],
            rung=Rung.OFFICE,
            step=5,
            why="Business office",
        ),
    )
    assert mail.subject == "One thing that others owe is late"
    assert list_of(mail) == [
        "Late",
        "* Thing 1",
        "It was due on 5 January 2027: 7 days late.",
        "Asked of Tomasz Brindle (Chair of Learning and Development Subgroup).",
        "“Somebody” is not yet linked to a post, a group or an organisation.",
        "You are told as the business office because it was not done 5 working days after its date.",
    ]


def test_whoever_owes_it_reads_who_else_hears_of_it(partnership):
    mail = mail_with(
        told(1, date(2027, 1, 5), partnerships=[partnership], heard_by=["the chair", "the business office"]),
        told(2, date(2027, 1, 6), partnerships=[partnership], heard_by=["the chair"]),
    )
    assert [line for line in list_of(mail) if "hear" in line] == [
        "The chair and the business office hear of this too.",
        "The chair hears of this too.",
    ]


def test_both_forms_say_the_same(partnership, other_partnership, office):
    mail = mail_with(
        told(1, date(2027, 1, 5), partnerships=[partnership], title="<b>Tea</b> & “cake”", heard_by=["the chair"]),
        told(2, date(2027, 1, 14), partnerships=[other_partnership], asked_by=office),
        told(3, date(2027, 1, 14), is_restricted=True),
    )
    shown = words_of_html(mail)
    said = [line.removeprefix("* ").removesuffix(":") for line in list_of(mail)]
    assert [line for line in said if line not in shown] == []
    assert "Nadia Fenwick asks for it. Due on 14 January 2027." in said
    [(html, _)] = mail.alternatives
    assert "<b>" not in html
    addresses = set(re.findall(r"https?://[^\s)]+", mail.body))
    assert addresses - set(re.findall(r'href="([^"]+)"', html)) == set()


def test_of_restricted_things_both_forms_say_one_neutral_line_and_no_number(partnership):
    message = message_to("Ada")

    def mail_of(*restricted):
        plain = told(1, date(2027, 1, 14), partnerships=[partnership])
        mail = mails.mail_of(message, [plain, *restricted], on=TODAY)
        return mail.subject, mail.body, mail.alternatives

    canary = {"title": "CANARY", "is_restricted": True, "partnerships": [partnership]}
    one = mail_of(told(8, date(2027, 1, 5), **canary))
    assert one == mail_of(told(8, date(2027, 1, 5), **canary), told(9, date(2027, 1, 4), rung=Rung.CHAIR, **canary))
    assert one[0] == "One thing is due from you by 14 January 2027"
    assert "Something else is due as well. You can read what it is after you sign in." in one[1]
    assert "CANARY" not in str(one)


def test_nothing_is_loaded_from_anywhere_when_a_mail_is_opened(partnership):
    [(html, _)] = mail_with(told(1, TODAY, partnerships=[partnership])).alternatives
    assert re.findall(r"<(?:img|link|script|iframe)|\bsrc=|url\(|@import", html) == []


def test_to_an_address_from_which_mail_comes_back_nothing_is_written(db, today):
    message = message_to("Ada")
    record_bounce("ada@example.org", is_permanent=True, answer="no", message=None, at=message.created_at)
    [reminder] = message.reminders.all()
    assert mails.write(message, on=TODAY) == (None, {reminder.pk: "Mail to their address comes back."})


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_a_mail(partnership, chair, learning_group, django_assert_num_queries, count):
    message = message_to("Ada")
    owners = [Owner("", group_id=learning_group.pk)]
    items = [
        told(number, date(2027, 1, 5), partnerships=[partnership], owners=owners, rung=Rung.CHAIR, step=5)
        for number in range(count)
    ]
    with django_assert_num_queries(4):  # partnerships; who owes it: the group, its seats, their holders
        mails.mail_of(message, items, on=TODAY)
