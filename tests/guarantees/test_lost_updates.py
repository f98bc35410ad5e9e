"""T4: twenty people save the same record at the same moment, through a real web server, and nobody's words are lost.

What is done once is asked twenty times at once: a submission, a publication, an import, and the last administrator's
account. The server has two workers of four threads, so that eight requests are in it together. The controls take the
guards out, one kind at a time, and find what they kept.
"""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from openpyxl import Workbook

from assurance.annual.content import content_of
from assurance.models import Return, ReturnCopy
from assurance.printed import content_hash
from partnership.action_sheet import read_actions
from partnership.models import (
    ActionImport,
    Document,
    GroupMember,
    Organisation,
    PeopleImport,
    Post,
    PublishedFile,
    User,
)
from partnership.people_sheet import read_people
from plans.models import Plan, PlanImport, PlanVersion
from tests.conftest import hold
from tests.factories import AnswerFactory, PriorityReviewFactory, UserFactory
from tests.factories_report import ReportBuildFactory
from tests.guarantees.editing import FIRST, Editor, Place, Typist, write_at_once
from tests.guarantees.figures import record
from tests.guarantees.live import Browser, live_web

EDITORS, TURNS = 20, 50
FEW_EDITORS, FEW_TURNS = 6, 3
CONTROL_TURNS = 12  # without locks alone two have to meet within milliseconds
TIMES = 20
LAST_TWO_TURNS = 10
AT = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
KINDS = ["plan item", "answer", "rating"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def web(tmp_path, today):
    with live_web(tmp_path) as web:
        yield web


@pytest.fixture
def web_without(tmp_path, today):
    """``web_without(guard)``: the same server with one guard taken out."""
    return lambda guard: live_web(tmp_path, without=guard)


def events_of(app, model, column, pk):
    rows = apps.get_model(app, model).objects.filter(pgh_obj=pk).order_by("pgh_id")
    return lambda: rows.values_list(column, flat=True)


# What many write


@pytest.fixture
def plan_item(partnership, other_partnership, led_deliverable):
    """(its place, who may write there)."""
    led_deliverable.title = FIRST
    led_deliverable.save()
    plan = led_deliverable.priority.plan
    page = reverse("plans:cell-change", args=[plan.pk, "deliverable", led_deliverable.pk, "promise"])
    stored = events_of("plans", "DeliverableEvent", "title", led_deliverable.pk)

    def newcomer(number):
        both = [partnership, other_partnership]
        return hold(f"Office {number}", "Business support", duty=Post.Duty.OFFICE, partnerships=both)

    return Place(page, page, "title", stored), newcomer, [Editor]


@pytest.fixture
def answer(draft_return, charity, partner):
    """Every second editor sends the page, the others are saved as they type."""
    kept = draft_return.answers.get()
    kept.text, kept.updated_by, kept.updated_at = FIRST, partner, AT
    kept.save()
    page = reverse("assurance:return-change", args=[draft_return.pk])
    stored = events_of("assurance", "AnswerEvent", "text", kept.pk)
    place = Place(page, page, f"q{kept.question_id}-text", stored, shows_what_was=False)
    return place, lambda number: hold(f"Colleague {number}", "Manager", organisation=charity), [Editor, Typist]


@pytest.fixture
def rating(plan, round_open, ratings, executive, scrutiny_chair, executive_chair):
    """A decision that is put right again and again."""
    review = PriorityReviewFactory(
        priority=plan.priorities.get(position=1),
        round=round_open,
        proposed_rating=ratings["A"],
        proposed_by=scrutiny_chair,
        proposed_at=AT,
        decided_rating=ratings["A"],
        decided_by=executive_chair,
        decided_at=AT,
        decision_comments=FIRST,
    )

    def also(number, turn):
        chosen = ratings["RAGB"[(number + turn) % 4]]
        return {"decided_rating": chosen.pk, "decision_reason": "So it was said.", "because": "Misheard."}

    def newcomer(number):
        return hold(f"Vice chair {number}", "Vice chair", group=executive, role=GroupMember.Role.VICE_CHAIR)

    stored = events_of("plans", "PriorityReviewEvent", "decision_comments", review.pk)
    page = reverse("plans:review-correct", args=[review.priority_id, round_open.pk])
    return Place(page, page, "decision_comments", stored, also), newcomer, [Editor]


@pytest.fixture
def editors_of(request, client_of):
    """``editors_of(kind, count, web)``: so many people at one record of that kind."""

    def editors_of(kind, count, web):
        place, newcomer, kinds = request.getfixturevalue(kind.replace(" ", "_"))
        found = []
        for number in range(1, count + 1):
            of_kind = kinds[number % len(kinds)]
            own = place
            if of_kind is Typist:
                own = replace(place, door=door_of_typing(place))
            found.append(of_kind(number, own, Browser.of(client_of(newcomer(number)), web)))
        return found

    return editors_of


def door_of_typing(place):
    question = place.box.removeprefix("q").removesuffix("-text")
    return place.page.replace("/answer/", f"/questions/{question}/")


def deadlocks():
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


# Nobody's words are lost


def try_writing(kinds, editors_of, web_without, *, count, turns):
    before = deadlocks()
    with web_without("") as web:
        tallies = [write_at_once(editors_of(kind, count, web), turns=turns) for kind in kinds]
    stuck = deadlocks() - before  # every worker has told what it knew of them when it ended
    record(
        "T4",
        "{sent:,} saves of one record by {worst_editors} editors at once: {accepted:,} taken, {conflicts:,} shown both "
        "versions, {lost} lost, {stuck} deadlocks, {errors} server errors",
        sent=sum(each.sent for each in tallies),
        worst_editors=count,
        accepted=sum(each.accepted for each in tallies),
        conflicts=sum(each.conflicts for each in tallies),
        lost=sum(each.lost for each in tallies),
        stuck=stuck,
        errors=web.error_count,
    )
    assert (web.error_count, stuck, [each.lost for each in tallies]) == (0, 0, [0] * len(kinds)), (tallies, web.seen)
    assert all(each.is_whole and each.conflicts for each in tallies), (tallies, web.seen)
    assert {each.turns_won for each in tallies} == {turns}, "whoever saves again from a conflict's page is taken"


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_twenty_editors_lose_nothing(kind, editors_of, web_without):
    try_writing([kind], editors_of, web_without, count=EDITORS, turns=TURNS)


def test_a_few_editors_lose_nothing(editors_of, web_without):
    try_writing(KINDS, editors_of, web_without, count=FEW_EDITORS, turns=FEW_TURNS)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("guard", ["without_looking", "without_locks"])
def test_control_without_the_guard_words_are_lost(guard, kind, editors_of, web_without):
    with web_without(guard) as web:
        tally = write_at_once(editors_of(kind, FEW_EDITORS, web), turns=CONTROL_TURNS)
    assert tally.lost > 0, (tally, web.seen)


# Done once, however often it is pressed


@pytest.fixture
def submission(draft_return, partner, client_of):
    """(how to press it, what it came to)."""
    second = draft_return.request.questions.get(position=2)
    AnswerFactory(record=draft_return, question=second, text="A difference.")
    page = reverse("assurance:return-sign-off", args=[draft_return.pk])

    def pressed(web):
        browser = Browser.of(client_of(partner), web)
        fields = browser.get(page).form("signed_off_by")
        fields |= {"signed_off_by": "Jo Marsh, chief nurse", "action": "submit"}
        return [lambda: browser.post(page, fields)] * TIMES

    def came_to():
        kept = Return.objects.get(pk=draft_return.pk)
        copies = ReturnCopy.objects.filter(record=kept)
        return kept.edition, copies.count() - copies.values("partnership").distinct().count()

    return pressed, came_to, (1, 0)


@pytest.fixture
def publication(plan, led_deliverable, shared_deliverable, office, client_of):
    shared_deliverable.activities.filter(timescale_kind="unset").update(
        timescale_text="ongoing", timescale_kind="continuous"
    )
    led_deliverable.title = "Changed since."
    led_deliverable.save()
    page = reverse("plans:plan-publish", args=[plan.pk])

    def pressed(web):
        browser = Browser.of(client_of(office), web)
        fields = browser.get(page).form("reason") | {"reason": "A word was wrong.", "group": ""}
        return [lambda: browser.post(page, fields)] * TIMES

    return pressed, lambda: PlanVersion.objects.filter(plan=plan).published().count(), 2


UNDERSTOOD = {
    "plan": {
        "title": "Plan of both valleys",
        "period_start": "2029-04-01",
        "period_end": "2030-03-31",
        "version": "v2.1",
        "context": "Why we do this.",
        "priorities": [{"ref": "1", "title": "Babies", "deliverables": [{"ref": "1", "title": "A briefing"}]}],
    },
    "doubts": [],
    "notes": [],
}


@pytest.fixture
def confirmation(partnership, rating_key, office, client_of):
    document = Document.keep(filename="plan.docx", content=b"as it came", by=office)
    staged = PlanImport.objects.create(document=document, understood=UNDERSTOOD, created_by=office)
    staged.partnerships.set([partnership])

    def pressed(web):
        browser = Browser.of(client_of(office), web)
        return [lambda: browser.post(reverse("plans:import-confirm", args=[staged.pk]), {})] * TIMES

    return pressed, lambda: Plan.objects.filter(title="Plan of both valleys").count(), 1


@pytest.fixture
def report_publication(annual_report, office, executive_chair, client_of):
    """Of last year's report, which no statutory partner has signed: the office says why."""
    content = content_of(annual_report, on=AT.date())
    ReportBuildFactory(
        report=annual_report, requested_by=office, content=content, content_hash=content_hash(content), number=1
    )
    page = reverse("assurance:report-publish", args=[annual_report.pk])

    def pressed(web):
        browser = Browser.of(client_of(office), web)
        fields = browser.get(page).form("build")
        fields |= dict.fromkeys((name for name in fields if name.startswith("is_")), "on")
        fields |= {"without": "The posts were vacant, and the law names a day."}
        return [lambda: browser.post(page, fields)] * TIMES

    def came_to():
        files = PublishedFile.objects.filter(kind=PublishedFile.Kind.ANNUAL_REPORT, title=annual_report.title)
        return files.count()

    return pressed, came_to, 1


def sheet_of(*rows):
    """A workbook as its bytes; the first of ``rows`` are the headings."""
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@pytest.fixture
def people_import(partnership, office, client_of):
    """Five posts of an organisation that is new, and who holds them."""
    rows = [[f"Post {number}", f"Person {number}", f"person{number}@example.org"] for number in range(5)]
    content = sheet_of(
        ["Organisation", "Kind of organisation", "Post", "Name", "E-mail"],
        *[["Harbour Trust", "Charity", *row] for row in rows],
    )
    staged = PeopleImport.objects.create(
        partnership=partnership,
        document=Document.keep(filename="people.xlsx", content=content, by=office),
        understood=read_people(content, ".xlsx"),
        created_by=office,
    )

    def pressed(web):
        browser = Browser.of(client_of(office), web)
        return [lambda: browser.post(reverse("partnership:people-import-confirm", args=[staged.pk]), {})] * TIMES

    def came_to():
        made = User.objects.filter(email__startswith="person", email__endswith="@example.org")
        posts = Post.objects.filter(organisation__name="Harbour Trust")
        return made.count(), posts.count(), Organisation.objects.filter(name="Harbour Trust").count()

    return pressed, came_to, (5, 5, 1)


@pytest.fixture
def action_import(learning_group, office, client_of):
    """Five actions that are new to the log of a group."""
    rows = [[f"Write to school {number}", "31/03/2027"] for number in range(5)]
    content = sheet_of(["Action", "Due"], *rows)
    staged = ActionImport.objects.create(
        group=learning_group,
        document=Document.keep(filename="actions.xlsx", content=content, by=office),
        understood=read_actions(content, ".xlsx"),
        created_by=office,
    )

    def pressed(web):
        browser = Browser.of(client_of(office), web)
        return [lambda: browser.post(reverse("partnership:action-import-confirm", args=[staged.pk]), {})] * TIMES

    return pressed, lambda: learning_group.actions.filter(text__startswith="Write to school").count(), 5


def press_at_once(presses):
    with ThreadPoolExecutor(len(presses)) as pool:
        return [each.result() for each in [pool.submit(press) for press in presses]]


PLANS_AND_RETURNS = ["submission", "publication", "confirmation"]
ONCE = [*PLANS_AND_RETURNS, "report_publication", "people_import", "action_import"]


@pytest.mark.long
@pytest.mark.parametrize("what", ONCE)
def test_what_is_pressed_twenty_times_is_done_once(what, request, web):
    pressed, came_to, wanted = request.getfixturevalue(what)
    answers = press_at_once(pressed(web))
    is_once = came_to() == wanted
    record(
        "T4",
        f"one {what.replace('_', ' ')} pressed {{times}} times at once, done once: {{done}}",
        times=TIMES,
        done=int(is_once),
    )
    assert is_once, (came_to(), web.seen)
    # Whoever presses once it is published may publish it no more.
    assert {each.status for each in answers} <= {302, 403, 409, 422}, web.seen


@pytest.mark.long
@pytest.mark.parametrize("what", PLANS_AND_RETURNS)
def test_control_without_the_locks_it_is_done_again_or_falls(what, request, web_without):
    """Of a version and of a copy there is only one in the database even so: the second press falls upon it."""
    pressed, came_to, wanted = request.getfixturevalue(what)
    with web_without("without_locks") as web:
        press_at_once(pressed(web))
    assert came_to() != wanted or web.error_count, web.seen


# The last administrator


def both_go(web, client_of, pair):
    """Each of the last two switches the other off, several times at once; how many are left."""
    User.objects.filter(pk__in=[each.pk for each in pair]).update(is_active=True)
    presses = []
    for one, other in [pair, pair[::-1]]:
        browser, door = Browser.of(client_of(one), web), reverse("partnership:person-switch", args=[other.pk])
        presses += [lambda browser=browser, door=door: browser.post(door, {"because": "Left."})] * 2
    press_at_once(presses)
    return User.objects.filter(is_administrator=True, is_active=True).count()


@pytest.fixture
def last_two(db, today):
    return [UserFactory(name=name, is_administrator=True) for name in ("One", "Two")]


@pytest.mark.long
def test_of_the_last_two_administrators_one_is_left(web, client_of, last_two):
    left = [both_go(web, client_of, last_two) for _ in range(LAST_TWO_TURNS)]
    record(
        "T4",
        "the last two administrators switched off from two sides, {times} times: {kept} times one was left",
        times=LAST_TWO_TURNS,
        kept=left.count(1),
    )
    assert (left, web.error_count) == ([1] * LAST_TWO_TURNS, 0), web.seen


@pytest.mark.long
def test_control_without_the_locks_none_is_left(web_without, client_of, last_two):
    with web_without("without_locks") as web:
        assert min(both_go(web, client_of, last_two) for _ in range(LAST_TWO_TURNS)) == 0, web.seen
