"""An invented nation: what a command writes in bulk is as whole as what people would have written."""

import json
from collections import Counter
from dataclasses import replace
from io import StringIO

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assurance.nation.making import Nation, make_neighbours
from partnership.models import Meeting, Partnership, PostHolding, User
from partnership.nation.land import OFFICE, slug_of
from partnership.nation.rows import Table
from partnership.row_security import all_rows
from plans.models import Plan, PlanVersion, Update
from plans.snapshots import hash_of
from reviews.models import Case
from tests.conftest import TODAY
from tests.factories import PartnershipFactory
from tests.guarantees.histories import histories, now_is, told_of

NATION = Nation(seed=1, years=1, on=TODAY)
ROOMS = ("partnership", "plans", "reviews", "training", "assurance")
MAIN_PAGES = [
    "assurance:my-work",
    "assurance:desk",
    "partnership:calendar",
    "partnership:meeting-list",
    "partnership:action-list",
    "plans:plan-list",
    "assurance:indicator-list",
    "assurance:voice-list",
    "assurance:risk-list",
    "assurance:report-list",
    "training:course-list",
    "partnership:group-list",
    "assurance:school-list",
]


def make(numbers=(0, 1), nation=NATION):
    return make_neighbours(nation, numbers)


def nations_partnership(number):
    return Partnership.objects.get(slug=slug_of(number))


def office_of(number):
    """The manager of the office."""
    title = f"{OFFICE[0]}, {nations_partnership(number).name.split(' ')[0]}"
    return User.objects.get(pk=PostHolding.objects.get(post__title=title, to_on=None).user_id)


def generate(*arguments):
    said = StringIO()
    call_command("generate_nation", *arguments, stdout=said)
    return said.getvalue()


def records():
    """The models whose rows are what people do: not their history."""
    events = set(histories().values())
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ROOMS and not model._meta.proxy and model not in events
    ]


# The rows


def test_every_rule_of_every_form_holds_for_what_was_made(db, today):
    before = {model: set(model._base_manager.values_list("pk", flat=True)) for model in records()}
    make()
    problems, seen = [], Counter()
    with all_rows():
        for model in records():
            for row in model._base_manager.exclude(pk__in=before[model]).order_by("pk")[:8]:
                seen[model] += 1
                try:
                    row.full_clean()
                except ValidationError as problem:
                    problems.append((model._meta.label, problem.messages))
    assert problems == []
    assert len(seen) > 60


def wrong_histories(before):
    """Tables of which a row made since is not as its last entry says."""
    with all_rows(), connection.cursor() as cursor:
        wrong = []
        for table, events in histories().items():
            cursor.execute(told_of(table, events), [before, before])
            if cursor.fetchone()[0]:
                wrong.append(table)
        return wrong


def test_every_row_has_the_history_it_would_have_had(db, today):
    before = now_is()
    make()
    assert wrong_histories(before) == []


def test_a_history_left_out_would_be_noticed(db, today, monkeypatch):
    enter = Table._entered
    told_wrong = {"plans_update": "g0 + 1000000"}

    def entered(table, label, given):
        return enter(table, label, given).replace("SELECT g0", f"SELECT {told_wrong.get(table.name, 'g0')}")

    monkeypatch.setattr(Table, "_entered", entered)
    before = now_is()
    make()
    assert wrong_histories(before) == ["plans_update"]


def test_what_changed_since_tells_of_both(db, today):
    make()
    entries = histories()[Meeting._meta.db_table].objects.filter(pgh_context__metadata__source="nation")
    held = Meeting.objects.filter(status="held").order_by("pk").first()
    told = [(entry.pgh_label, entry.status) for entry in entries.filter(pgh_obj_id=held.pk).order_by("pgh_id")]
    assert told == [("insert", "planned"), ("update", "held")]


def test_what_was_published_is_frozen_as_it_stands(db, today):
    make()
    versions = PlanVersion.objects.filter(stage="published")
    assert [version.number for version in versions] == ["1.0"] * 3  # of two partnerships, and of their joint plan
    for version in versions:
        assert version.sha256 == hash_of(version.snapshot)
        assert sum(len(each["deliverables"]) for each in version.snapshot["priorities"]) in (60, 12)


def content():
    """What people would read, without the keys that the database counted."""
    said = Update.objects.order_by("pk").values_list("progress", "submitted_at", "submitted_by__name", "rating__word")
    people = User.objects.order_by("pk").values_list("name", "email")
    with all_rows():
        cases = list(Case.objects.order_by("reference").values_list("pk", "reference", "summary"))
    return json.dumps([list(said), list(people), cases], default=str)


def test_the_same_seed_gives_the_same_and_another_one_does_not(db, today):
    made = []
    for nation in (NATION, NATION, replace(NATION, seed=2)):
        with transaction.atomic():
            make((0,), nation)
            made.append(content())
            transaction.set_rollback(True)
    first, again, other = made
    assert first == again
    assert first != other


def test_few_sentences_are_said_twice(db, today):
    make()
    said = list(Update.objects.values_list("progress", flat=True))
    assert len(set(said)) > 0.95 * len(said)


# The pages


def test_every_main_page_opens_for_an_office(db, today, client_of):
    make()
    client = client_of(office_of(0))
    plan = Plan.objects.filter(partnerships=nations_partnership(0)).order_by("pk").first()
    addresses = [reverse(name) for name in MAIN_PAGES] + [
        plan.get_absolute_url(),
        plan.rounds.first().get_absolute_url(),
        nations_partnership(0).get_absolute_url(),
    ]
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


def test_the_office_of_another_partnership_learns_of_no_case(db, today):
    make((0, 1))
    with all_rows():
        own = set(Case.objects.filter(partnership=nations_partnership(0)).values_list("pk", flat=True))
        seen = set(Case.objects.visible_to(office_of(0)).values_list("pk", flat=True))
        seen_by_neighbours = set(Case.objects.visible_to(office_of(1)).values_list("pk", flat=True))
    assert own
    assert seen == own  # the manager sits in their own case review group
    assert seen_by_neighbours & own == set()


def queries_of_the_main_pages(client):
    counts = {}
    for name in MAIN_PAGES:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(name))
        counts[name] = len(asked)
    return counts


def test_the_main_pages_ask_as_much_in_a_nation_as_in_one_partnership(db, today, client_of):
    make((0,))
    client = client_of(office_of(0))
    queries_of_the_main_pages(client)
    alone = queries_of_the_main_pages(client)
    make((2, 3))
    assert queries_of_the_main_pages(client) == alone


# The command


def test_broken_off_and_begun_again_it_goes_on(db, today):
    generate("--partnerships=2", "--years=1")
    assert "1 pairs of neighbours are here already" in generate("--partnerships=3", "--years=1")
    assert [slug_of(number) for number in range(3)] == list(
        Partnership.objects.order_by("pk").values_list("slug", flat=True)
    )


def test_nothing_is_made_beside_a_real_partnership(db, today):
    PartnershipFactory(name="Northshire Safeguarding Partnership")
    with pytest.raises(CommandError, match="Northshire Safeguarding Partnership is here"):
        generate("--partnerships=2", "--years=1")
    assert Partnership.objects.count() == 1


def test_nothing_is_made_outside_a_demonstration_unless_it_is_said(db, today, settings):
    settings.MODE = "production"
    with pytest.raises(CommandError, match="--yes-into-this-database"):
        generate("--partnerships=1", "--years=1")
    generate("--partnerships=1", "--years=1", "--yes-into-this-database")
    assert Partnership.objects.count() == 1


@pytest.mark.parametrize("asked", [["--partnerships=0"], ["--partnerships=561"], ["--years=0"], ["--years=26"]])
def test_what_cannot_be_made_is_refused(db, asked):
    with pytest.raises(CommandError, match="can be made"):
        generate(*asked)
