"""T2: twin worlds of a draft return and a draft grading: more in them, and nothing changes outside their organisation.

Then the same with a fault in it, which must show. The pages alone must hold: the policies of PostgreSQL are off here.
"""

from dataclasses import replace

import pytest
from django.db import transaction

from assurance import deadlines as sources
from assurance.lists import ReturnFilter, ReturnTable
from assurance.models import Improvement, audits, returns
from partnership.deadlines import OFFICE, as_deadlines
from partnership.models import Organisation, people
from tests.guarantees.access_table import DOORS
from tests.guarantees.figures import record
from tests.guarantees.hidden import more_of_a_draft, more_of_a_grading
from tests.guarantees.leaks import allowed, both, everything_of
from tests.guarantees.mutants import Mutant
from tests.guarantees.test_twin_worlds import KILLED
from tests.guarantees.twins import pages
from tests.guarantees.walks import browser, differences, forget_sources

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_alone")]


def drafts_open(monkeypatch):
    """``visible_to`` forgets that only what was submitted is for others."""
    both(everything_of(returns.ReturnQuerySet), allowed("assurance.view_return"))(monkeypatch)


def counts_shown(monkeypatch):
    shown = ReturnTable.render_submitted_at
    monkeypatch.setattr(
        ReturnTable, "render_submitted_at", lambda table, record: f"{shown(table, record)} {record.answers.count()}"
    )


def words_searched(monkeypatch):
    monkeypatch.setattr(ReturnFilter, "search_fields", (*ReturnFilter.search_fields, "answers__text"))


def anybody_represents_all(monkeypatch):
    read = people.read_standing

    def wrong(user, *, on):
        ids = frozenset(Organisation.objects.values_list("pk", flat=True))
        return replace(read(user, on=on), organisation_ids=ids)

    monkeypatch.setattr(people, "read_standing", wrong)


def promises_due(monkeypatch):
    """What is due forgets that a promise counts only from the day it was submitted."""

    def wrong(on):
        return as_deadlines(
            Improvement.objects.filter(done_on=None),
            key="improvement",
            kind="Improvement",
            due_on="due_on",
            title="text",
            url_name="assurance:improvement-done",
            partnership="assessment__record__request__partnerships",
            organisation="assessment__record__organisation",
            audience=OFFICE,
            look_name="assurance:return-list",
        )

    monkeypatch.setattr(sources, "improvements", wrong)
    forget_sources()


def all_are_mine(monkeypatch):
    monkeypatch.setattr(returns.ReturnQuerySet, "of_organisations", lambda self, ids: self.all())


def gradings_open(monkeypatch):
    """``visible_to`` forgets that only what was submitted is for others."""
    both(everything_of(audits.AuditGradingQuerySet), allowed("assurance.view_auditgrading"))(monkeypatch)


def drafts_at_the_meeting(monkeypatch):
    monkeypatch.setattr(audits.AuditGradingQuerySet, "submitted", lambda self: self.all())


MUTANTS = [
    Mutant("drafts are open", "office", ("assurance:return-detail",), drafts_open),
    Mutant("drafts are open to the advisor", "advisor", ("assurance:return-detail",), drafts_open),
    Mutant("drafts are open to another organisation", "other_partner", ("assurance:return-detail",), drafts_open),
    Mutant("the history of a draft is open", "office", ("partnership:record-history",), drafts_open),
    Mutant("how much is answered is shown", "office", ("assurance:return-list",), counts_shown),
    Mutant("words of drafts are searched", "office", ("assurance:return-list",), words_searched),
    Mutant("anybody represents every organisation", "chair", ("assurance:return-detail",), anybody_represents_all),
    Mutant("promises of drafts are due", "office", ("partnership:deadline-list",), promises_due),
    Mutant("every return is one’s own", "chair", ("assurance:return-list",), all_are_mine),
    Mutant("gradings are open", "office", ("assurance:audit-grading",), gradings_open),
    Mutant("gradings are open to the group", "scrutiny_chair", ("assurance:audit-grading",), gradings_open),
    Mutant("gradings are open to another agency", "other_partner", ("assurance:audit-grading",), gradings_open),
    Mutant("drafts stand side by side", "advisor", ("assurance:audit-moderate",), drafts_at_the_meeting),
]


def seen_by(world, mutant):
    """The addresses at which more in a draft shows to the mutant's role."""
    client = browser(world, mutant.role)
    doors = [door for door in DOORS if door.name in mutant.doors]
    with transaction.atomic():
        before = pages(world, client, doors)
        more_of_a_draft(world)
        more_of_a_grading(world)
        changed = differences(before, pages(world, client, doors))
        transaction.set_rollback(True)
    return changed


def test_every_mutant_is_killed_and_without_one_nothing_is_seen(world, monkeypatch):
    survivors, leaks = [], {}
    for mutant in MUTANTS:
        leaks |= {str(mutant): seen for seen in [seen_by(world, mutant)] if seen}
        with monkeypatch.context() as faulty:
            mutant.apply(faulty)
            if not seen_by(world, mutant):
                survivors.append(str(mutant))
        forget_sources()
    assert (survivors, leaks) == ([], {})
    record("T2", KILLED, mutants=len(MUTANTS), killed=len(MUTANTS))
