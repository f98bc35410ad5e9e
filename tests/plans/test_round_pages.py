"""A year of rounds: planned in one table, changed, closed for good; who has answered, and one press to ask again."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from partnership.deadlines import deadlines_for
from partnership.models import Message, Reminder
from partnership.reminders.loop import send_reminders
from plans.answering import send_line
from plans.chasing import chase_round
from plans.models import PriorityReview, ReviewDate, Update, UpdateRound
from plans.responders import Responders
from plans.round_year import Steps, proposed_rounds
from plans.rounds import (
    Clashes,
    RoundClosed,
    change_round,
    close_round,
    delete_round,
    open_round,
    plan_rounds,
    reopen_round,
)
from tests.at_once import at_once
from tests.conftest import TODAY
from tests.factories import (
    DeliverableFactory,
    DeliverableLeadFactory,
    MilestoneFactory,
    UpdateFactory,
    UpdateRoundFactory,
)

NINE = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
NIGHT = datetime(2027, 1, 12, 22, 0, tzinfo=UTC)
TOMORROW = date(2027, 1, 13)


def a_round(**fields):
    """January to March, after the one that is open."""
    return {
        "name": "January to March 2027",
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2027, 3, 31),
        "opens_on": date(2027, 4, 1),
        "closes_on": date(2027, 4, 23),
        "proposals_due_on": date(2027, 4, 30),
        "decisions_due_on": date(2027, 5, 10),
    } | fields


# The year, proposed


def test_the_round_before_a_review_date_is_counted_back_in_working_days(plan):
    for day in (date(2026, 10, 15), date(2027, 1, 14)):
        ReviewDate.objects.create(plan=plan, held_on=day)
    found = proposed_rounds(plan, standing=[])
    assert [round["name"] for round in found] == ["April to September 2026", "October to December 2026"]
    assert found[1] == {
        "name": "October to December 2026",
        "starts_on": date(2026, 10, 1),
        "ends_on": date(2026, 12, 31),
        "opens_on": date(2026, 12, 7),  # two bank holidays lie between
        "closes_on": date(2026, 12, 30),
        "proposals_due_on": date(2027, 1, 7),
        "decisions_due_on": date(2027, 1, 14),
    }


def test_without_review_dates_the_quarters_are_offered_but_for_what_is_asked_about_already(plan, round_open):
    found = proposed_rounds(plan, standing=[round_open], steps=Steps(to_answer=10, to_propose=0, to_decide=1))
    assert [round["name"] for round in found] == [
        "April to June 2026",
        "July to September 2026",
        "January to March 2027",
    ]
    last = found[-1]
    assert [last[name] for name in ("opens_on", "closes_on", "proposals_due_on", "decisions_due_on")] == [
        date(2027, 4, 1),
        date(2027, 4, 15),
        date(2027, 4, 15),
        date(2027, 4, 16),
    ]


def typed(rows):
    data = {"rounds-TOTAL_FORMS": len(rows), "rounds-INITIAL_FORMS": len(rows)}
    for number, row in enumerate(rows):
        fields = {"is_wanted": "on"} | row
        data |= {f"rounds-{number}-{name}": value for name, value in fields.items() if value}
    return data


def year_url(plan):
    return reverse("plans:round-year", args=[plan.pk])


def test_the_office_plans_a_year_at_once_and_each_opens_by_itself(client_of, office, plan, round_open):
    client = client_of(office)
    rows = [form.initial for form in client.get(year_url(plan)).context["rows"]]
    assert [row["is_wanted"] for row in rows] == [False, False, True]  # quarters gone by are not asked about again
    for _press in range(2):
        assert client.post(year_url(plan), typed([a_round()])).status_code == 302
    planned = plan.rounds.get(name="January to March 2027")
    days = [date(2027, 3, 31), date(2027, 4, 1), date(2027, 4, 23), date(2027, 4, 24)]
    assert [planned.state(on=day) for day in days] == ["planned", "open", "open", "late"]


def test_a_row_that_is_not_ticked_is_not_looked_at(client_of, office, plan):
    rows = [a_round(), {"is_wanted": "", "name": "", "starts_on": "nonsense"}]
    assert client_of(office).post(year_url(plan), typed(rows)).status_code == 302
    assert plan.rounds.count() == 1


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"closes_on": "31 April 2027"}, "closes_on", "Enter a real day, like 2 July 2026"),
        ({"closes_on": ""}, "closes_on", "Enter the day"),
        ({"closes_on": date(2027, 3, 1)}, "closes_on", "The last day to answer must not be before the round opens"),
        ({"decisions_due_on": date(2072, 5, 1)}, "decisions_due_on", "Enter a day from 2025 to 2028"),
        ({"starts_on": date(2026, 12, 1)}, "starts_on", "This period overlaps the round October to December 2026."),
        (
            {"opens_on": date(2027, 1, 20)},
            "opens_on",
            "The round October to December 2026 takes answers from 4 January",
        ),
    ],
)
def test_what_does_not_go_together_is_said_at_its_row_and_nothing_is_lost(
    client_of, office, plan, round_open, change, field, said
):
    response = client_of(office).post(year_url(plan), typed([a_round(**change)]))
    assert response.status_code == 422
    [form] = response.context["rows"]
    assert form.errors[field][0].startswith(said)
    assert form["name"].value() == "January to March 2027"
    assert list(plan.rounds.all()) == [round_open]


def test_two_rows_that_clash_are_refused_together(plan):
    with pytest.raises(Clashes) as clashes:
        plan_rounds(
            plan, rounds=[a_round(), a_round(name="Again", opens_on=date(2027, 5, 1), closes_on=date(2027, 5, 9))]
        )
    assert list(clashes.value.problems) == [1]
    assert plan.rounds.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_plan_the_same_round_at_once_make_one(plan):
    found = at_once(*[lambda: plan_rounds(plan, rounds=[a_round()])] * 2)
    assert sorted(len(made) for made in found) == [0, 1]
    assert plan.rounds.count() == 1


def test_steps_that_make_no_sense_are_said_and_the_usual_ones_stand(client_of, office, plan):
    response = client_of(office).get(year_url(plan), {"to_answer": "x", "to_propose": "5", "to_decide": "5"})
    assert response.status_code == 422
    assert list(response.context["steps"].errors) == ["to_answer"]


# Changed, taken out, closed, reopened


def test_all_of_a_planned_round_can_change_and_only_what_is_to_come_of_an_open_one(plan, round_open):
    planned = open_round(plan, **a_round())
    assert change_round(planned, on=TODAY, opens_on=date(2027, 4, 6)).opens_on == date(2027, 4, 6)
    longer = change_round(round_open, on=TODAY, closes_on=date(2027, 1, 29))
    assert (longer.closes_on, longer.is_open(on=date(2027, 1, 27))) == (date(2027, 1, 29), True)
    with pytest.raises(ValidationError):
        change_round(round_open, on=TODAY, opens_on=date(2027, 1, 5))
    with pytest.raises(ValidationError):
        change_round(round_open, on=TODAY, closes_on=date(2027, 4, 7))


def test_the_page_offers_what_may_change(client_of, office, plan, round_open):
    planned = open_round(plan, **a_round())
    client = client_of(office)
    forms = [
        client.get(reverse("plans:round-change", args=[each.pk])).context["form"] for each in (planned, round_open)
    ]
    assert [list(form.fields)[:3] for form in forms] == [
        ["name", "starts_on", "ends_on"],
        ["name", "closes_on", "proposals_due_on"],
    ]


def test_a_planned_round_is_taken_out_and_one_that_has_opened_stays(client_of, office, plan, round_open):
    planned = open_round(plan, **a_round())
    client = client_of(office)
    for round in (planned, round_open):
        client.post(reverse("plans:round-delete", args=[round.pk]))
    assert list(plan.rounds.all()) == [round_open]
    with pytest.raises(ValidationError):
        delete_round(round_open, on=TODAY)


def say(deliverable, round, *, by, at=NINE):
    rating = deliverable.priority.plan.ratings[1]
    return send_line(deliverable, round=round, by=by, at=at, answers={"rating": rating, "progress": "Two visits"})[0]


def test_after_the_last_day_an_answer_is_late_until_the_office_closes_the_round(
    led_deliverable, round_open, lead, office
):
    late = datetime(2027, 2, 3, 9, 0, tzinfo=UTC)
    assert say(led_deliverable, round_open, by=lead, at=late).is_late
    assert close_round(round_open, by=office, at=late)
    assert not close_round(round_open, by=office, at=late)
    with pytest.raises(RoundClosed):
        say(led_deliverable, round_open, by=lead, at=late)
    assert reopen_round(round_open, reason="A lead was ill")
    assert not reopen_round(round_open, reason="A lead was ill")
    round_open.refresh_from_db()
    assert (round_open.closed_at, round_open.closed_by, round_open.is_answerable(on=TODAY)) == (None, None, True)


def test_the_reason_of_reopening_stays_in_the_history(client_of, office, round_open):
    client = client_of(office)
    client.post(reverse("plans:round-close", args=[round_open.pk]))
    url = reverse("plans:round-reopen", args=[round_open.pk])
    refused = client.post(url, {"reason": " "})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
    client.post(url, {"reason": "The chair was ill"})
    history = reverse("partnership:record-history", args=["plans.updateround", round_open.pk])
    assert "The chair was ill" in client.get(history).content.decode()


def test_who_never_answered_stays_on_record_as_it_was_on_the_day_of_closing(
    client_of, office, lead, led_deliverable, group_deliverable, round_open
):
    say(led_deliverable, round_open, by=lead)
    close_round(round_open, by=office, at=NINE)
    group_deliverable.retired_on = TODAY + timedelta(days=30)
    group_deliverable.save()
    later = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
    round_open.refresh_from_db()
    silent = Responders(round_open, on=later.date()).silent
    assert [line.deliverable.title for line in silent] == [
        "Safer sleep advice that reaches fathers",
        "Families get help before neglect becomes harm",
    ]
    page = client_of(office).get(round_open.get_absolute_url()).content.decode()
    assert "Never answered (2)" in page


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_arrives_while_the_round_is_closed_is_in_it_or_refused(
    led_deliverable, round_open, lead, office
):
    closed, answered = at_once(
        lambda: close_round(round_open, by=office, at=NINE), lambda: say(led_deliverable, round_open, by=lead)
    )
    assert closed is True
    count = Update.objects.count()
    assert (isinstance(answered, RoundClosed), count) in [(True, 0), (False, 1)]


# What stays due


def due_updates(user, on):
    return [(each.key, each.due_on) for each in deadlines_for(user, on=on) if each.kind == "Update"]


def test_an_update_stays_due_while_late_answers_are_taken_and_of_the_newest_round_alone(
    plan, lead, office, led_deliverable, round_past, round_open
):
    key = f"update:{round_open.pk}:{led_deliverable.pk}"
    assert due_updates(lead, TODAY) == [(key, round_open.closes_on)]
    march = date(2027, 3, 1)
    assert due_updates(lead, march) == [(key, round_open.closes_on)]
    close_round(round_open, by=office, at=NINE)
    assert due_updates(lead, march) == []  # and July to September, never closed, does not come back


# Who has answered


def counts(tallies):
    return [(each.name, each.answered_count, len(each.silent)) for each in tallies]


def test_the_page_says_by_group_and_by_person_who_is_silent(client_of, office, plan, lead, led_deliverable, round_open):
    say(led_deliverable, round_open, by=lead)
    context = client_of(office).get(round_open.get_absolute_url()).context
    waiting, done = map(counts, context["circles"])
    assert waiting == [("Learning and Development Subgroup", 0, 1), ("Posts of no group or organisation", 0, 1)]
    assert done == [("Vale and Mill Integrated Care Board", 1, 0)]
    waiting, done = map(counts, context["people"])
    assert (waiting, done) == ([("Tomasz Brindle", 0, 1)], [("Delia Marchetti", 1, 0)])
    assert [line.missing for line in context["unreached"]] == [
        ["Nobody holds the post “Director of Early Help”.", "Nobody holds the post “Early Help Manager”."]
    ]


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"state": "silent"}, ["1.2", "2.1"]),
        ({"state": "answered"}, ["1.1"]),
        ({"state": "late"}, ["1.1"]),
        ({"state": "nobody"}, ["2.1"]),
        ({"words": "fathers"}, ["1.2"]),
        ({"state": "nonsense"}, ["1.1", "1.2", "2.1"]),
    ],
)
def test_the_list_is_narrowed(client_of, chair, plan, lead, led_deliverable, round_open, asked, titles):
    UpdateFactory(
        deliverable=led_deliverable, round=round_open, rating=plan.ratings[0], submitted_by=lead, is_late=True
    )
    table = client_of(chair).get(round_open.get_absolute_url(), asked).context["table"]
    assert [row.record.full_ref for row in table.rows] == titles


def test_the_list_is_narrowed_to_a_person_and_to_a_group(client_of, office, plan, learning_group, lead, round_open):
    client, url = client_of(office), round_open.get_absolute_url()
    asked = [{"person": f"person-{lead.pk}"}, {"circle": f"group-{learning_group.pk}"}]
    found = [[row.record.full_ref for row in client.get(url, each).context["table"].rows] for each in asked]
    assert found == [["1.1"], ["1.2"]]


def test_the_list_is_taken_away_as_excel_with_late_answers_marked(
    client_of, office, plan, lead, led_deliverable, round_open
):
    UpdateFactory(
        deliverable=led_deliverable, round=round_open, rating=plan.ratings[1], submitted_by=lead, is_late=True
    )
    response = client_of(office).get(round_open.get_absolute_url(), {"export": "xlsx"})
    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    assert rows[:3] == [
        ("Deliverable", "Lead", "Who answers today", "Answered", "Rating"),
        (
            "1.1 A shared plan with every family before a birth",
            "Head of Midwifery",
            "Delia Marchetti",
            "11 January 2027, late, by Delia Marchetti",
            "Green",
        ),
        (
            "1.2 Safer sleep advice that reaches fathers",
            "Chair, Learning and Development Subgroup",
            "Tomasz Brindle",
            "Not answered",
            None,
        ),
    ]


def test_a_lead_who_is_not_linked_is_said_in_words(client_of, office, led_deliverable, round_open):
    led_deliverable.leads.update(post=None)
    context = client_of(office).get(round_open.get_absolute_url()).context
    assert context["unreached"][0].missing == [
        "“Head of Midwifery” is not yet linked to a post, a group or an organisation."
    ]
    assert "Not linked to a post, group or organisation" in {each.name for each in context["circles"][0]}


def test_only_an_open_round_folds_away_who_has_answered(client_of, office, lead, led_deliverable, round_open):
    say(led_deliverable, round_open, by=lead)
    close_round(round_open, by=office, at=NINE)
    context = client_of(office).get(round_open.get_absolute_url()).context
    assert [len(part) for part in context["people"]] == [2, 0]


def test_nobody_is_called_silent_before_the_round_opens(client_of, office, plan):
    later = UpdateRoundFactory(plan=plan, opens_on=TODAY + timedelta(days=30), closes_on=TODAY + timedelta(days=50))
    page = client_of(office).get(later.get_absolute_url()).content.decode()
    assert "Who will be asked, by group and by person" in page
    assert [words for words in ('data-l="Silent"', 'data-l="Answered"', 'data-l="Rating"') if words in page] == []


@pytest.mark.parametrize("count", [1, 3, 10, 60])
def test_page_query_count(client_of, office, plan, led_deliverable, round_open, count, django_assert_num_queries):
    lead_post = led_deliverable.leads.get().post
    for number in range(count):
        row = DeliverableFactory(priority=led_deliverable.priority, position=number + 5, ref=str(number + 5))
        DeliverableLeadFactory(deliverable=row, post=lead_post, text="Head of Midwifery")
    client = client_of(office)
    client.get(round_open.get_absolute_url())
    with django_assert_num_queries(PAGE):
        client.get(round_open.get_absolute_url())


PAGE = 23


# Asked again


def chase(round, *, by, now=NINE, who="all"):
    return chase_round(round, who=who, by=by, now=now)


def send(now):
    return send_reminders(on=now.date(), now=now)


def names(people):
    return [str(person) for person in people]


def test_one_press_asks_everybody_who_is_silent_and_says_who_cannot_be(
    plan, round_open, office, lead, chair, led_deliverable
):
    came_to = chase(round_open, by=office)
    assert (came_to.day, names(came_to.told), came_to.later, came_to.already) == (
        TODAY,
        ["Delia Marchetti", "Tomasz Brindle"],
        (),
        (),
    )
    assert [reach.missing for reach in came_to.unreached] == [
        ("Nobody holds the post “Director of Early Help”.", "Nobody holds the post “Early Help Manager”.")
    ]
    assert send(NINE) == 2
    asked = Reminder.objects.filter(deadline_key__startswith="update:")
    assert [row.asked_by for row in asked] == [office, office]
    [body] = [each.body for each in mail.outbox if each.to == [lead.email]]
    asked = body.index("Asked for now")
    assert asked < body.index("Late")  # a milestone of hers is late, and comes after
    assert "Nadia Fenwick asks for it. Due on 22 January 2027." in body


def test_nobody_is_mailed_twice_on_a_day(plan, round_open, office, lead, chair):
    chase(round_open, by=office)
    send(NINE)
    again = chase(round_open, by=office)
    assert (again.told, again.later) == ((), ())
    assert [(str(person), words.startswith("was told today at ")) for person, words in again.already] == [
        ("Delia Marchetti", True),
        ("Tomasz Brindle", True),
    ]
    assert (send(NINE), len(mail.outbox)) == (0, 2)


def test_whoever_had_todays_mail_about_other_things_hears_tomorrow(plan, round_open, office, group_deliverable):
    activity = group_deliverable.activities.get(position=2)
    MilestoneFactory(activity=activity, position=4, label="Briefing sent", due_on=TOMORROW)
    led = plan.priorities.get(position=1).deliverables.get(position=1)
    led.activities.all().delete()  # else she is told of her late milestone too
    assert send(NINE) == 1
    came_to = chase(round_open, by=office)
    assert (names(came_to.told), [(str(who), day) for who, day, _why in came_to.later]) == (
        ["Delia Marchetti"],
        [("Tomasz Brindle", TOMORROW)],
    )
    assert (send(NINE), send(NINE + timedelta(days=1))) == (1, 1)
    assert mail.outbox[-1].body.count("Nadia Fenwick asks for it.") == 1


def test_at_night_it_waits_for_the_morning_and_says_so(client_of, plan, round_open, office):
    came_to = chase(round_open, by=office, now=NIGHT)
    assert (came_to.day, names(came_to.told)) == (TOMORROW, ["Delia Marchetti", "Tomasz Brindle"])
    assert (send(NIGHT), len(mail.outbox)) == (0, 0)
    assert set(Reminder.objects.values_list("state", "step")) == {("planned", -7)}
    assert send(NINE + timedelta(days=1)) == 2


def test_what_was_answered_meanwhile_is_not_asked_for(plan, round_open, office, lead, led_deliverable):
    led_deliverable.activities.all().delete()
    chase(round_open, by=office, now=NIGHT)
    say(led_deliverable, round_open, by=lead, at=NIGHT)
    send(NINE + timedelta(days=1))
    assert [message.recipient.name for message in Message.objects.filter(state="accepted")] == ["Tomasz Brindle"]


def test_one_group_or_one_person_is_asked_alone(plan, round_open, office, lead, learning_group):
    assert names(chase(round_open, by=office, who=f"group-{learning_group.pk}").told) == ["Tomasz Brindle"]
    assert names(chase(round_open, by=office, who=f"person-{lead.pk}").told) == ["Delia Marchetti"]


def test_a_late_round_is_chased_and_the_usual_steps_go_on(plan, round_open, office, lead, led_deliverable):
    late = datetime(2027, 2, 10, 9, 0, tzinfo=UTC)  # 13 working days after the last day: no usual step any more
    led_deliverable.activities.all().delete()
    came_to = chase(round_open, by=office, now=late, who=f"person-{lead.pk}")
    # And the chair of what is late since January, and the office of what a post owes that nobody holds.
    assert (names(came_to.told), send(late)) == (["Delia Marchetti"], 3)
    assert Reminder.objects.get(recipient=lead).step == 13


def test_a_closed_or_planned_round_asks_nobody(plan, round_open, office):
    planned = open_round(plan, **a_round())
    close_round(round_open, by=office, at=NINE)
    assert [chase(each, by=office) for each in (planned, round_open)] == [None, None]


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_press_at_once_send_one_mail_a_person(plan, round_open, office):
    found = at_once(*[lambda: chase(round_open, by=office)] * 2)
    assert sorted(len(each.told) for each in found) == [0, 2]
    assert (send(NINE), Message.objects.count(), len(mail.outbox)) == (2, 2, 2)


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_press_waits_for_beat(client_of, plan, round_open, office, monkeypatch):
    def no_broker(*args, **kwargs):
        raise ConnectionError("Redis is gone")

    monkeypatch.setattr("plans.round_page.send_reminders.delay", no_broker)
    response = client_of(office).post(reverse("plans:round-chase", args=[round_open.pk]), {"who": "all"})
    assert (response.status_code, len(mail.outbox)) == (302, 0)
    assert (send(NINE), len(mail.outbox)) == (2, 2)


def test_the_page_says_what_a_press_came_to_and_refuses_others(client_of, office, lead, partner, plan, round_open):
    url = reverse("plans:round-chase", args=[round_open.pk])
    assert [client_of(who).post(url).status_code for who in (lead, partner)] == [403, 403]
    assert client_of(office).post(url, {"who": "person-0"}).status_code == 404
    assert Reminder.objects.count() == 0
    page = client_of(office).post(url, {"who": "all"}, follow=True).content.decode()
    assert "2 people are mailed within a minute or two: Delia Marchetti; Tomasz Brindle." in page
    assert "Cannot be mailed: Nobody holds the post “Director of Early Help”; Nobody holds" in page
    ledger = client_of(office).get(reverse("partnership:reminder-list")).content.decode()
    assert "asked for by Nadia Fenwick" in ledger


@pytest.mark.parametrize("count", [1, 3, 10, 60])
def test_chase_query_count(plan, led_deliverable, round_open, office, count, django_assert_num_queries):
    lead_post = led_deliverable.leads.get().post
    for number in range(count):
        row = DeliverableFactory(priority=led_deliverable.priority, position=number + 5, ref=str(number + 5))
        DeliverableLeadFactory(deliverable=row, post=lead_post, text="Head of Midwifery")
    with django_assert_num_queries(CHASE):
        chase(round_open, by=office)


CHASE = 26


def test_a_round_of_another_plan_counts_for_itself(plan, round_open, draft_plan):
    other = UpdateRoundFactory(plan=draft_plan)
    newest = UpdateRound.objects.newest_answerable_on(TODAY)
    assert {round.pk for round in newest} == {round_open.pk, other.pk}


# What waits for whoever rates


def test_whoever_is_to_propose_or_decide_has_the_priorities_first(
    client_of, office, scrutiny_chair, executive_chair, plan, led_deliverable, review_proposed, round_open, round_past
):
    def seen(user, round):
        html = client_of(user).get(round.get_absolute_url()).content.decode()
        is_first = html.index('id="reviews"') < html.index('id="answers"')
        return is_first, re.findall(r'">(Propose a rating|Decide|Open)<span class="govuk-visually-hidden"> the r', html)

    priorities = plan.priorities.in_plan().count()
    assert seen(scrutiny_chair, round_open)[0]
    assert seen(executive_chair, round_past) == (True, ["Decide"] + ["Open"] * (priorities - 1))
    assert seen(executive_chair, round_open) == (False, ["Open"] * priorities)
    assert seen(office, round_open) == (False, ["Open"] * priorities)
    html = client_of(scrutiny_chair).get(round_open.get_absolute_url()).content.decode()
    assert html.count("Propose a rating<span") == priorities


def test_nobody_decides_what_they_proposed(client_of, plan, review_proposed, executive_chair, round_past):
    PriorityReview.objects.filter(pk=review_proposed.pk).update(proposed_by=executive_chair)
    html = client_of(executive_chair).get(round_past.get_absolute_url()).content.decode()
    assert "Decide<span" not in html and html.index('id="reviews"') > html.index('id="answers"')
