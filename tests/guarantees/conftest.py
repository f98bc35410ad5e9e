"""One world in which every door has something behind it, and everybody to try it."""

import logging
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.template import Template

from assurance.annual.content import content_of
from assurance.models import ReportBuild
from partnership import pdf, request_ids
from partnership.accounts.reviewing import begin_review
from partnership.models import (
    ActionImport,
    BoardPack,
    CalendarFeed,
    Document,
    EmergencyAccess,
    ExitPack,
    Nomination,
    OutboxMail,
    PeopleImport,
    Post,
    PublishedFile,
    Reminder,
    ReminderPause,
)
from partnership.models.exit_packs import KEPT
from partnership.publishing import publish_file
from partnership.reminders.bounces import record_bounce
from partnership.reminders.unsubscribing import unsubscribe_address
from partnership.row_security import EVERYTHING, ReaderOfRows, tell
from plans.highlights import begin_report, submit_report
from plans.links import make_link
from plans.models import Delegation, Evidence, PlanDocument, PlanImport, PlanIssue, UpdateImport
from plans.versions import add_comment, send_for_comment
from tests.conftest import hold
from tests.factories import (
    ActivityFactory,
    AnnualReportFactory,
    DeliverableFactory,
    PartnershipFactory,
    PlanFactory,
    PriorityFactory,
    PriorityReviewFactory,
    RatingFactory,
    RatingKeyFactory,
    ReportSectionFactory,
    TimetableEntryFactory,
    UserFactory,
)
from tests.guarantees.doors import ROLES
from tests.guarantees.figures import WORKING, record
from tests.guarantees.histories import now_is, rows_touched, unsaid
from tests.guarantees.world_assurance import assurance_of
from tests.guarantees.world_data_protection import data_protection_of
from tests.guarantees.world_judged import judged_of
from tests.guarantees.world_public_site import public_site_of
from tests.guarantees.world_report import report_of
from tests.guarantees.world_reviews import reviews_of
from tests.guarantees.world_training import training_of

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
PDF = b"%PDF-1.7 bytes that never change"
LAID_OUT = {}
WHO_LOG_REFUSALS = ["django.request", "partnership.middleware"]

UNDERSTOOD = {
    "plan": {
        "title": "Business plan 2027 to 2028",
        "period_start": "2027-04-01",
        "period_end": "2028-03-31",
        "version": "1.0",
        "context": "",
        "cross_cutting": [],
        "priorities": [
            {
                "ref": "1",
                "title": "Babies",
                "deliverables": [
                    {
                        "ref": "1",
                        "title": "A briefing",
                        "leads": [],
                        "activities": [
                            {"text": "Write it", "timescale_text": "tbc", "kind": "unset", "dates": []},
                            {"text": "Send it", "timescale_text": "tbc", "kind": "unset", "dates": []},
                        ],
                    },
                    {"ref": "2", "title": "A survey", "leads": [], "activities": []},
                ],
            }
        ],
    },
    "doubts": [],
    "notes": [],
}


@pytest.fixture(autouse=True)
def templates_tell_nobody(monkeypatch):
    """Nothing here asks by which templates a page was drawn; to note them is a twenty-fifth of its time."""
    monkeypatch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))


@pytest.fixture(autouse=True)
def refusals_are_not_logged():
    """Thousands are meant here, and each would be written to stderr, and kept with its request for a failure."""
    loggers = {logger: logger.level for logger in map(logging.getLogger, WHO_LOG_REFUSALS)}
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    yield
    for logger, level in loggers.items():
        logger.setLevel(level)


@pytest.fixture(autouse=True)
def requests_share_an_id(monkeypatch):
    """It is drawn by lot, so that answers which must not differ by a byte would by that."""
    monkeypatch.setattr(request_ids, "drawn", lambda: "0" * 32)


@pytest.fixture(autouse=True)
def lay_out_once(monkeypatch):
    """The layout process knows of its words and files alone, so that the same ones need no second PDF."""
    render = pdf._layout.render

    def remember(html, assets, on_progress, limits):
        made_of = (html, *assets.items())
        if made_of not in LAID_OUT:
            LAID_OUT[made_of] = render(html, assets, on_progress, limits)
        return LAID_OUT[made_of]

    monkeypatch.setattr(pdf._layout, "render", remember)


def is_whole(request):
    """Whether this run leaves none of the long tests out."""
    return "not long" not in request.config.option.markexpr


@pytest.fixture
def is_whole_run(request):
    """Whether a test that has a quick half does all of it; its figures say which it was."""
    WORKING["is_quick"] = not is_whole(request)
    return is_whole(request)


@pytest.fixture
def meddles_with_history():
    """For a control, which switches the history off in places: what it writes is not watched."""


@pytest.fixture
def history_is_watched(db, request):
    """All that this test writes must stand in the history: see ``histories.py``."""
    before, since = rows_touched(), now_is()
    yield
    if connection.needs_rollback or "meddles_with_history" in request.fixturenames:
        return
    missing, rows, events = unsaid(before, since=since)
    WORKING["is_quick"] = not is_whole(request)  # of a whole run the figure is that of all tests together
    record(
        "T10",
        "{rows:,} rows written by {tests} tests, {events:,} events of them, {missing} missing",
        rows=rows,
        tests=1,
        events=events,
        missing=len(missing),
    )
    assert missing == []


@pytest.fixture(autouse=True)
def history_is_watched_in_whole_runs(request):
    """In a run that leaves none out, every test whose work is one transaction is watched."""
    of_database = request.node.get_closest_marker("django_db")
    if is_whole(request) and of_database and not of_database.kwargs.get("transaction"):
        request.getfixturevalue("history_is_watched")


@pytest.fixture
def people(request):
    """Each role's person; None for the public."""
    return {role: None if role == "anonymous" else request.getfixturevalue(role) for role in ROLES}


@pytest.fixture
def staged_import(partnership, office):
    document = Document.keep(filename="plan.docx", content=b"a document", by=office)
    staged = PlanImport.objects.create(document=document, understood=UNDERSTOOD, created_by=office)
    staged.partnerships.add(partnership)
    return staged


@pytest.fixture
def published_report(partnership, rule_set, office):
    """The year before last's."""
    report = AnnualReportFactory(
        title="Annual report 2024 to 2025",
        starts_on=date(2024, 4, 1),
        ends_on=date(2025, 3, 31),
        rule_set=rule_set,
        partnerships=[partnership],
    )
    ReportSectionFactory(report=report)
    report.published_file = publish_file(
        partnerships=[partnership],
        kind=PublishedFile.Kind.ANNUAL_REPORT,
        title=report.title,
        filename="annual-report.pdf",
        content=PDF,
        page_count=1,
        manifest=content_of(report, on=date(2025, 9, 30)),
        at=datetime(2025, 9, 30, 9, 0, tzinfo=UTC),
        by=office,
    )
    report.save()
    return report


@pytest.fixture
def consulted_plan(partnership, other_partnership, rating_key, office):
    """The year after next's, out for comment, with one comment on it."""
    plan = PlanFactory(
        title="Business plan 2028 to 2029",
        starts_on=date(2028, 4, 1),
        ends_on=date(2029, 3, 31),
        status="draft",
        rating_key=rating_key,
        partnerships=[partnership, other_partnership],
    )
    send_for_comment(plan, by=office, at=NOW, until=date(2027, 2, 1))
    said = {"text": "Say who answers for it.", "organisation": None}
    add_comment(plan, kind="plan", row=plan, by=office, at=NOW, **said)
    return plan


@pytest.fixture
def delegation(lead, partner):
    """``partner`` answers for ``lead``, not before February, so that nobody may do more today."""
    return Delegation.objects.create(
        given_by=lead,
        given_to=partner,
        starts_on=date(2027, 2, 1),
        ends_on=date(2027, 2, 12),
        made_by=lead,
        made_at=NOW,
    )


@pytest.fixture
def carried_deliverable(partnership, other_partnership, rating_key):
    """Of a plan of years ago, which is being carried into a draft that follows it."""
    both = {"partnerships": [partnership, other_partnership], "rating_key": rating_key}
    plan = PlanFactory(starts_on=date(2022, 4, 1), ends_on=date(2023, 3, 31), **both)
    PlanFactory(starts_on=date(2023, 4, 1), ends_on=date(2024, 3, 31), status="draft", continues=plan, **both)
    deliverable = DeliverableFactory(priority=PriorityFactory(plan=plan))
    ActivityFactory(deliverable=deliverable)
    return deliverable


@pytest.fixture
def highlight_sent(learning_group, executive, round_past, chair):
    """What the chair's group reported on July to September."""
    report = begin_report(learning_group, round_past, by=chair, at=NOW)
    voice = "Nothing this quarter, because the group did not meet."
    return submit_report(report, to=executive, voice=voice, by=chair, at=NOW)[0]


@pytest.fixture
def highlight_draft(learning_group, round_open, chair, highlight_sent):
    """What it has begun to write on October to December."""
    return begin_report(learning_group, round_open, by=chair, at=NOW)


@pytest.fixture
def review_decided(plan, review_proposed, ratings, executive_chair):
    """Priority 2, in the same round: decided as it was proposed."""
    return PriorityReviewFactory(
        priority=plan.priorities.get(position=2),
        round=review_proposed.round,
        proposed_rating=ratings["G"],
        proposed_by=review_proposed.proposed_by,
        proposed_at=review_proposed.proposed_at,
        decided_rating=ratings["G"],
        decided_by=executive_chair,
        decided_at=NOW,
    )


@pytest.fixture
def outcome_evidence(review_proposed, office):
    """A file that shows the outcome of the priority that is under review."""
    document = Document.keep(filename="audit.pdf", content=PDF, by=office)
    return Evidence.objects.create(
        outcome=review_proposed.priority.outcomes.get(),
        round=review_proposed.round,
        label="Audit of 20 birth plans",
        document=document,
        added_by=office,
        added_at=NOW,
    )


@pytest.fixture
def own_key(partnership):
    """A rating key of Ashford Vale’s own, which no plan uses."""
    key = RatingKeyFactory(name="Our own key")
    key.partnerships.add(partnership)
    for position, (code, token) in enumerate([("O", "red"), ("T", "green")], start=1):
        RatingFactory(key=key, position=position, code=code, word=f"Rating {code}", token=token)
    return key


def milestone_reminder(milestone, person, partnership):
    """That ``person`` was told of it in December, by the ledger."""
    return Reminder.objects.create(
        deadline_key=f"milestone:{milestone.pk}",
        due_on=milestone.due_on,
        step=-5,
        recipient=person,
        state=Reminder.State.DONE,
        partnership_ids=[partnership.pk],
    )


def staged_actions(group, *, by):
    """A spreadsheet of actions that was read for the log of ``group``."""
    document = Document.keep(filename="actions.xlsx", content=group.name.encode(), by=by)
    return ActionImport.objects.create(
        group=group, document=document, understood={"rows": [], "problems": []}, created_by=by
    )


@pytest.fixture
def pages_alone(monkeypatch):
    """Every request reads every row, so that only the pages' own rules hide anything."""

    def call(reader, request):
        tell(EVERYTHING)
        return reader.get_response(request)

    monkeypatch.setattr(ReaderOfRows, "__call__", call)


def exit_pack_of(partnership, *, by):
    """One that is ready to be downloaded, and of which nobody asks what is in it."""
    pack = partnership.exit_packs.create(
        requested_by=by, state=ExitPack.State.DONE, size=2, finished_at=NOW, expires_at=NOW + KEPT
    )
    pack.parts.create(number=0, content=b"PK")
    return pack


@pytest.fixture
def world(
    people,
    partnership,
    plan,
    draft_plan,
    consulted_plan,
    carried_deliverable,
    led_deliverable,
    group_deliverable,
    round_open,
    round_past,
    past_update,
    review_proposed,
    review_decided,
    outcome_evidence,
    own_key,
    highlight_sent,
    highlight_draft,
    case,
    charity,
    hospital,
    draft_return,
    submitted_return,
    event,
    voice_entry,
    annual_report,
    published_report,
    staged_import,
    learning_group,
    office,
    health_board,
    terms,
    draft_terms,
    meeting,
    held_meeting,
    agenda_item,
    paper,
    meeting_action,
    case_meeting,
    budget,
    draft_budget,
    draft_arrangements,
    published_arrangements,
    dispute,
    lead,
    delegation,
    scrutiny_group,
):
    draft_priority = PriorityFactory(plan=draft_plan)
    update_link, link_token = make_link(lead, at=NOW)
    return SimpleNamespace(
        people=people,
        somebody=UserFactory(name="Somebody Else"),
        partnership=partnership,
        closed_partnership=PartnershipFactory(name="Closed", slug="closed", is_public=False),
        group=learning_group,
        organisation=health_board,
        membership=health_board.memberships.get(),
        post=lead.holdings.get().post,
        holding=lead.holdings.get(),
        nomination=Nomination.objects.create(
            organisation=health_board, post=learning_group.members.first().post, from_on=date(2026, 4, 1)
        ),
        person=lead,
        seat=learning_group.members.first(),
        terms=terms,
        draft_terms=draft_terms,
        meeting=meeting,
        held_meeting=held_meeting,
        case_meeting=case_meeting,
        agenda_item=agenda_item,
        paper=paper,
        meeting_action=meeting_action,
        pack=BoardPack.objects.create(
            meeting=meeting, requested_by=office, state=BoardPack.State.DONE, pdf=PDF, word=b"PK"
        ),
        exit_pack=exit_pack_of(partnership, by=office),
        budget=budget,
        contribution=budget.contributions.get(),
        closure=partnership.closures.create(
            title="Christmas closure", first_day=date(2027, 12, 24), last_day=date(2027, 12, 31)
        ),
        glossary_term=partnership.glossary.create(term="LCSPR", stands_for="Local child safeguarding practice review"),
        rule_set=annual_report.rule_set,
        rule=annual_report.rule_set.rules.first(),
        spending_line=budget.spending.get(),
        draft_budget=draft_budget,
        draft_arrangements=draft_arrangements,
        published_arrangements=published_arrangements,
        dispute=dispute,
        action_import=staged_actions(learning_group, by=office),
        case_action_import=staged_actions(case_meeting.group, by=office),
        people_import=PeopleImport.objects.create(
            partnership=partnership,
            document=Document.keep(filename="people.xlsx", content=b"a spreadsheet", by=office),
            understood={"rows": [], "problems": []},
            created_by=office,
        ),
        plan=plan,
        draft_plan=draft_plan,
        consulted_plan=consulted_plan,
        version_out=consulted_plan.versions.get(),
        plan_comment=consulted_plan.comments.get(),
        version_published=plan.versions.get(),
        plan_document=PlanDocument.objects.create(
            version=plan.versions.get(), requested_by=office, state=PlanDocument.State.DONE, pdf=PDF, word=b"PK"
        ),
        led_deliverable=led_deliverable,
        group_deliverable=group_deliverable,
        led_milestone=led_deliverable.activities.get(position=2).milestones.get(),
        carried_plan=carried_deliverable.priority.plan,
        carried_deliverable=carried_deliverable,
        draft_deliverable=DeliverableFactory(priority=draft_priority),
        round_open=round_open,
        delegation=delegation,
        update_link=update_link,
        link_token=link_token,
        review=review_proposed,
        review_decided=review_decided,
        outcome_evidence=outcome_evidence,
        own_key=own_key,
        highlight_sent=highlight_sent,
        highlight_draft=highlight_draft,
        case=case,
        draft_return=draft_return,
        submitted_return=submitted_return,
        event=event,
        annual_report=annual_report,
        published_report=published_report,
        published_file=published_report.published_file,
        build=ReportBuild.objects.create(
            report=annual_report, requested_by=office, state=ReportBuild.State.DONE, pdf=PDF
        ),
        staged=staged_import,
        issue=PlanIssue.objects.create(
            plan=plan,
            staged=PlanImport.objects.create(document=staged_import.document, understood=UNDERSTOOD, created_by=office),
            content={"rows": {}, "left_out": []},
            brought_by=office,
            brought_at=NOW,
        ),
        feed=CalendarFeed.objects.create(
            owner=people["lead"], token_hash="0" * 64, made_at=datetime(2027, 1, 12, tzinfo=UTC)
        ),
        tracker=UpdateImport.objects.create(
            round=round_open,
            document=Document.keep(filename="tracker.xlsx", content=b"a tracker", by=office),
            understood={"rows": [], "notes": []},
            created_by=office,
        ),
        reminder=milestone_reminder(
            led_deliverable.activities.get(position=2).milestones.get(), people["lead"], partnership
        ),
        pause=ReminderPause.objects.create(
            deadline_key="milestone:0",
            due_on=date(2027, 1, 29),
            reason="The venue has closed.",
            made_by=office,
            title="Posters are up",
            partnership_ids=[partnership.pk],
        ),
        bounce=record_bounce(people["chair"].email, is_permanent=True, answer="550 No such user", message=None, at=NOW),
        unsubscribe_token=unsubscribe_address(people["lead"]).rstrip("/").rpartition("/")[2],
        timetable_entry=TimetableEntryFactory(partnerships=[partnership]),
        mail=OutboxMail.objects.create(recipients="a@example.org", subject="Due", body="Words"),
        emergency=EmergencyAccess.objects.create(
            partnership=partnership, reason="Somebody is in danger tonight.", asked_by=office, asked_at=NOW
        ),
        access_review=begin_review(partnership, due_on=date(2027, 2, 9), by=office, at=NOW),
        **reviews_of(case, people, charity, hospital),
        **assurance_of(partnership, people, draft_return, submitted_return, scrutiny_group),
        **judged_of(
            partnership,
            people,
            (round_past, round_open),
            draft_return.organisation,
            submitted_return.organisation,
            scrutiny_group,
        ),
        **public_site_of(partnership, office),
        **data_protection_of(partnership, people, office),
        **report_of(annual_report, published_report, people, draft_return.organisation, submitted_return.organisation),
        **training_of(
            partnership,
            people,
            event,
            draft_return.organisation,
            submitted_return.organisation,
            staged_import.document,
        ),
    )


@pytest.fixture
def colleague(world):
    """Of the same office as ``office``."""
    world.people["colleague"] = hold(
        "Jonah Pettifer", "Deputy manager", duty=Post.Duty.OFFICE, partnerships=[world.partnership]
    )
    return world.people["colleague"]
