"""T6: every source of what is due keeps the promises on which lists, mails and feeds rest."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.urls import resolve, reverse
from django.utils.module_loading import import_string

from assurance.models import AnnualReport, Return
from partnership.calendars import ALL, entries_between
from partnership.deadline_lists import WhatIsDue
from partnership.deadlines import COLUMNS, Deadline, deadlines
from partnership.models import AccessReview, Group, Membership, Post
from tests.factories import CaseFactory, PostFactory, RuleFactory, UpdateRoundFactory
from tests.factories_training import NeedsInvitationFactory
from tests.guarantees.doors import MEMBERS

TODAY = date(2027, 1, 12)
# What nobody may learn of who does not sit in the case review group, or owes the answer.
ALWAYS_RESTRICTED = {"notification", "rapid-review", "summary", "dispute-stage", "signature"}
# What may belong to a case review group, and is restricted where it does.
OF_GROUPS = {"meeting", "paper", "action", "recheck"}
# Where somebody leads a group, somebody hears of what stays undone.
HAVE_A_GROUP_ABOVE = {"milestone", "update", "highlight", "proposals", "action", "paper", "round-opens", "round-closes"}

OWNERS = {
    "deadline_owner_text",
    "deadline_post",
    "deadline_group",
    "deadline_organisation",
    "deadline_user",
    "deadline_instead_of",
}


@pytest.fixture
def everything(world, seats_that_end, today):
    """One of each kind; who of them owes it does not matter here."""


@pytest.fixture
def seats_that_end(world, partnership, other_partnership, learning_group, case_group, meeting_action):
    soon = date(2027, 3, 31)
    world.seat.to_on = soon
    world.seat.save()
    world.nomination.to_on = soon
    world.nomination.save()
    reviewed = {"begun_by": world.people["office"], "closed_by": world.people["office"], "due_on": date(2026, 3, 2)}
    one_day = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
    AccessReview.objects.create(partnership=other_partnership, begun_at=one_day, closed_at=one_day, **reviewed)
    advisor = world.people["advisor"].holdings.get()
    advisor.to_on = soon
    advisor.save()
    CaseFactory(partnership=partnership, notified_on=None)
    NeedsInvitationFactory(analysis=world.needs_analysis, organisation=world.submitted_return.organisation)
    for code, number, counted_from in [
        ("yearly-report-month", 6, "it"),
        ("yearly-report", 12, "it"),
        ("copies", 366, "it"),
    ]:
        RuleFactory(rule_set=world.rule_set, code=code, unit="months", number=number, counted_from=counted_from)
    council = Membership.objects.filter(partnership=partnership, role=Membership.Role.STATUTORY).first().organisation
    PostFactory(title="Chief executive", organisation=council, duty=Post.Duty.LEAD_PARTNER, partnerships=[partnership])
    world.plan.rounds.update(proposals_due_on=soon, decisions_due_on=soon)
    UpdateRoundFactory(
        plan=world.plan, starts_on=date(2027, 1, 1), ends_on=soon, opens_on=soon, closes_on=date(2027, 4, 21)
    )
    AnnualReport.objects.filter(pk=world.annual_report.pk).update(starts_on=date(2023, 4, 1), ends_on=date(2024, 3, 31))
    world.plan.review_dates.create(held_on=soon)
    world.agenda_item.papers.update(withdrawn_at=datetime(2027, 1, 11, 9, 0, tzinfo=UTC))
    Return.objects.filter(pk=world.draft_return.pk).update(
        signer=world.people["partner"], sign_off_asked_at=datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
    )


@pytest.fixture
def rows(everything):
    """{kind: its rows} of each source by itself, whose keys all begin with the word that is said of it."""
    found = defaultdict(list)
    for name, kind in settings.DEADLINE_SOURCES.items():
        own = list(import_string(name)(TODAY))
        assert {row["deadline_key"].partition(":")[0] for row in own} <= {kind}, name
        found[kind] += own
    return found


def test_each_kind_that_is_named_has_a_source_and_each_source_a_kind(rows):
    assert set(rows) == set(settings.DEADLINE_KINDS)


def test_rows_of_one_key_say_the_same_but_for_owner_and_partnership(rows):
    differs = {"deadline_partnership", "deadline_group_above", *(c for c in COLUMNS if c in OWNERS)}
    for kind in rows.values():
        said = defaultdict(set)
        for row in kind:
            assert tuple(row) == COLUMNS
            said[row["deadline_key"]].add(tuple(row[column] for column in COLUMNS if column not in differs))
        assert {len(each) for each in said.values()} == {1}


def test_everything_has_a_day_a_title_and_a_page(rows):
    for row in (row for kind in rows.values() for row in kind):
        assert row["deadline_due_on"] and row["deadline_title"] and row["deadline_kind"]
        pk = row["deadline_url_pk"]
        assert reverse(row["deadline_url_name"], args=[pk] if pk else [])


def test_what_is_restricted_is_restricted_in_every_row_and_nothing_else_is(rows):
    case_groups = set(Group.objects.filter(kind=Group.Kind.CASE_REVIEW).values_list("pk", flat=True))
    assert case_groups
    for kind, found in rows.items():
        restricted = {row["deadline_is_restricted"] for row in found}
        if kind in ALWAYS_RESTRICTED:
            assert restricted == {True}
        elif kind not in OF_GROUPS:
            assert restricted == {False}
    assert {row["deadline_is_restricted"] for row in rows["meeting"] if row["deadline_group"] in case_groups} == {True}


def test_whoever_stands_above_is_named(rows):
    for kind in HAVE_A_GROUP_ABOVE:
        assert all(row["deadline_group_above"] for row in rows[kind]), kind


def test_a_date_that_was_counted_names_its_rule_and_its_first_day(rows):
    for row in (row for kind in rows.values() for row in kind):
        assert (row["deadline_rule"] is None) == (row["deadline_counted_from"] is None)
    assert all(row["deadline_rule"] for kind in ("rapid-review", "notification", "report") for row in rows[kind])


def test_none_of_it_is_known_to_a_stranger(everything, stranger):
    seen = deadlines(on=TODAY, standing=stranger.standing, partnership_ids=stranger.standing.partnership_ids)
    assert seen == []


# Who is shown a row may open its page


def refused_pages(client, user):
    """{(page, status)} of those to which all that is due leads in lists, calendars and feeds, but for those that open.

    One address of each page.
    """
    rows = WhatIsDue(user, on=TODAY).rows(ALL)
    entries = entries_between(user, TODAY, TODAY + timedelta(days=366), on=TODAY, is_late_wanted=True)
    addresses = {row.url for row in rows} | {url for each in entries for url in (each.url, each.shared_url) if url}
    assert rows
    pages = {resolve(url).view_name: url for url in sorted(addresses)}
    answers = {(name, client.get(url).status_code) for name, url in pages.items()}
    return {(name, status) for name, status in answers if status != 200}


def test_whoever_is_shown_a_row_can_open_its_page(everything, people, client_of):
    found = {role: refused_pages(client_of(people[role]), people[role]) for role in MEMBERS}
    assert found == dict.fromkeys(MEMBERS, set())


def test_control_with_the_page_of_whoever_owes_it_others_are_refused(everything, partner, client_of, monkeypatch):
    monkeypatch.setattr(Deadline, "look_url", Deadline.url)
    assert refused_pages(client_of(partner), partner) == {("plans:deliverable-update", 403)}


def test_control_with_every_row_for_everybody_some_lead_to_nothing(everything, lead, client_of, monkeypatch):
    monkeypatch.setattr("partnership.deadlines._open_to", lambda standing: ("NOT deadline_is_restricted", []))
    monkeypatch.setattr(Deadline, "look_url", Deadline.url)
    found = {page for page, _status in refused_pages(client_of(lead), lead)}
    assert found >= {"assurance:report-detail", "assurance:return-change"}


def test_who_hears_of_what_stays_undone_is_led_to_a_page_they_may_open(everything, people, client_of):
    """The chair, the office and the executive, whatever it is."""
    above = [people[role] for role in ("scrutiny_chair", "office", "executive_chair")]
    addresses = {each.look_url for each in deadlines(on=TODAY) if not each.is_restricted}
    assert {client_of(user).get(url).status_code for user in above for url in addresses} == {200}


def test_what_is_not_for_all_members_is_for_readers_the_office_and_whoever_owes_it(everything, people):
    def known(user):
        standing = user.standing
        due = deadlines(on=TODAY, standing=standing, partnership_ids=standing.partnership_ids)
        return {each.key.partition(":")[0] for each in due} & {"report", "report-copies", "next-report", "return"}

    assert {role: known(people[role]) for role in MEMBERS} == dict.fromkeys(MEMBERS, set()) | {
        "office": {"report", "report-copies", "next-report", "return"},
        "advisor": {"report", "report-copies", "next-report"},
        "partner": {"return"},
    }
