"""The cast: the same partnerships, people and records in every test.

Ashford Vale and Millbrook share a business office, most groups and one plan; Farholme is another
installation's neighbour, and ``stranger``, its own business manager, belongs nowhere else. Whoever
uses the cast is in the morning of ``TODAY`` (fixture ``today``), so that nothing here grows old.
"""

import os
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.signals import connection_created
from django.test import Client, TransactionTestCase
from django.test.client import ClientHandler

from partnership.models import (
    Arrangements,
    BudgetYear,
    Document,
    Group,
    GroupMember,
    Meeting,
    Membership,
    Organisation,
    Paper,
    Post,
    PublishedFile,
    Rule,
    RuleSet,
)
from partnership.publishing import publish_file
from partnership.roles import APP
from partnership.row_security import EVERYTHING, tell
from partnership.statutory import load_rule_sets
from plans.models import Activity
from tests.emptying import empty_database
from tests.factories import (
    ActivityFactory,
    AgendaItemFactory,
    AnnualReportFactory,
    AnswerFactory,
    AreaFactory,
    ArrangementsChangeFactory,
    ArrangementsFactory,
    AssuranceRequestFactory,
    BudgetYearFactory,
    CaseFactory,
    ContributionFactory,
    CourseFactory,
    DeliverableFactory,
    DeliverableLeadFactory,
    DisputeFactory,
    DisputeStageFactory,
    EventFactory,
    GroupFactory,
    GroupMemberFactory,
    MeetingActionFactory,
    MeetingFactory,
    MembershipFactory,
    MilestoneFactory,
    OrganisationFactory,
    OutcomeStatementFactory,
    PartnershipFactory,
    PlaceFactory,
    PlanFactory,
    PlanVersionFactory,
    PostFactory,
    PostHoldingFactory,
    PriorityFactory,
    PriorityReviewFactory,
    QuestionFactory,
    RatingFactory,
    RatingKeyFactory,
    RationaleItemFactory,
    ReportSectionFactory,
    ReturnFactory,
    RuleFactory,
    RuleSetFactory,
    SpendingLineFactory,
    TermsFactory,
    UpdateFactory,
    UpdateRoundFactory,
    UserFactory,
    VoiceEntryFactory,
)
from tests.guarantees.figures import WORKING
from tests.mail_server import MailServer
from tests.notify_server import SECRET, SERVICE, NotifyServer

TODAY = date(2027, 1, 12)


def pytest_runtest_setup(item):
    WORKING["is_quick"] = item.get_closest_marker("long") is None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """The tests' database begins as a copy of the one that is migrated already, where there is one."""
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("TESTS_TEMPLATE")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """All works in the product's own role; after a test that committed, only what has rows is emptied."""
    TransactionTestCase._fixture_teardown = lambda case: empty_database()
    options = connection.settings_dict["OPTIONS"]
    of_owner = options["options"]
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [APP])
            if cursor.rowcount:
                options["options"] += f" -c role={APP}"
        connection.close()
    yield
    options["options"] = of_owner  # who made the database takes it away
    with django_db_blocker.unblock():
        connection.close()


@pytest.fixture(autouse=True, scope="session")
def tests_read_every_row():
    """What a test asks for itself is hidden from it by no policy; what a request asks is, as anywhere."""

    def answer_and_see_again(handler, environ):
        try:
            return answer(handler, environ)
        finally:
            if connection.connection is not None and not connection.needs_rollback:
                tell(EVERYTHING)

    def see_all(connection, **_):
        if connection.alias == DEFAULT_DB_ALIAS:
            tell(EVERYTHING)

    answer, ClientHandler.__call__ = ClientHandler.__call__, answer_and_see_again
    connection_created.connect(see_all, weak=False, dispatch_uid="tests_read_every_row")
    yield
    ClientHandler.__call__ = answer
    connection_created.disconnect(dispatch_uid="tests_read_every_row")


@pytest.fixture(autouse=True)
def nothing_counted():
    """How often an address tried something is forgotten from test to test."""
    cache.clear()


@pytest.fixture
def today():
    """Tuesday 12 January 2027, from nine in the morning. Time goes on from there."""
    with time_machine.travel(datetime(2027, 1, 12, 9, 0, tzinfo=UTC), tick=True):
        yield TODAY


@pytest.fixture
def sign_in():
    """``sign_in(client, user)``: sign ``user`` in without a password, and give the client back."""

    def sign_in(client, user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def mail_server(settings):
    """A mail server that keeps what it took, and fails as it is told: see ``MailServer``."""
    settings.EMAIL_BACKEND = "tests.mail_server.MailServer"
    MailServer.delivered.clear()
    MailServer.at.clear()
    yield MailServer
    MailServer.at.clear()


@pytest.fixture
def notify(settings):
    """GOV.UK Notify on this machine, and reminders that go by it: see ``NotifyServer``."""
    server = NotifyServer()
    settings.MAIL_CARRIER = "partnership.reminders.carriers.NotifyCarrier"
    settings.NOTIFY_API_KEY = f"ours-{SERVICE}-{SECRET}"
    settings.NOTIFY_TEMPLATE_ID = "0b9c7f62-0000-4000-8000-000000000003"
    settings.NOTIFY_BASE_URL = server.base_url
    yield server
    server.stop()


@pytest.fixture
def client_of(today, sign_in):
    """``client_of(user)``: a browser of their own, signed in; ``client_of(None)`` is the public."""

    def client_of(user):
        return sign_in(Client(), user) if user else Client()

    return client_of


# Partnerships and organisations


@pytest.fixture
def partnership(db, today):
    return PartnershipFactory(
        name="Ashford Vale Safeguarding Children Partnership",
        short_name="AV",
        slug="ashford-vale",
        house_colour="#0b4f5c",
        areas=[AreaFactory(name="Ashford Vale")],
        office_email="office@example.org",
        office_phone="01632 960 417",
    )


@pytest.fixture
def other_partnership(db, today):
    """Millbrook, which shares the plan and the office."""
    return PartnershipFactory(
        name="Millbrook Safeguarding Children Partnership",
        short_name="MB",
        slug="millbrook",
        house_colour="#7a3b0c",
        areas=[AreaFactory(name="Millbrook")],
    )


@pytest.fixture
def far_partnership(db, today):
    """One to which nobody of ours belongs."""
    return PartnershipFactory(
        name="Farholme Safeguarding Children Partnership",
        short_name="FH",
        slug="farholme",
        areas=[AreaFactory(name="Farholme")],
    )


@pytest.fixture
def health_board(partnership):
    """``lead``'s organisation: Ashford Vale's safeguarding partner for health."""
    organisation = OrganisationFactory(name="Vale and Mill Integrated Care Board", kind=Organisation.Kind.HEALTH)
    MembershipFactory(organisation=organisation, partnership=partnership, role=Membership.Role.STATUTORY)
    return organisation


@pytest.fixture
def hospital(partnership, other_partnership):
    """``other_partner``'s organisation, a member of both partnerships."""
    organisation = OrganisationFactory(name="St Brannoc’s Hospital Trust")
    MembershipFactory(organisation=organisation, partnership=partnership)
    MembershipFactory(organisation=organisation, partnership=other_partnership)
    return organisation


@pytest.fixture
def charity(partnership):
    """``partner``'s organisation, a member of Ashford Vale alone."""
    organisation = OrganisationFactory(name="Lantern Family Trust", kind=Organisation.Kind.VOLUNTARY)
    MembershipFactory(organisation=organisation, partnership=partnership)
    return organisation


# Groups


@pytest.fixture
def executive(partnership, other_partnership):
    """Decides ratings."""
    return GroupFactory(
        name="Executive",
        kind=Group.Kind.EXECUTIVE,
        partnerships=[partnership, other_partnership],
    )


@pytest.fixture
def scrutiny_group(partnership, other_partnership, executive):
    """Proposes ratings."""
    return GroupFactory(
        name="Quality and Scrutiny Subgroup",
        partnerships=[partnership, other_partnership],
        parent=executive,
    )


@pytest.fixture
def learning_group(partnership, other_partnership, executive):
    """The group that ``chair`` chairs."""
    return GroupFactory(
        name="Learning and Development Subgroup",
        partnerships=[partnership, other_partnership],
        parent=executive,
        purpose="Plans what people who work with children learn together.",
    )


@pytest.fixture
def case_group(partnership, executive):
    return GroupFactory(
        name="Case Review Group, Ashford Vale",
        kind=Group.Kind.CASE_REVIEW,
        partnerships=[partnership],
        parent=executive,
    )


# People: each holds one post


def hold(name, title, *, partnerships=(), group=None, role=GroupMember.Role.MEMBER, **post):
    """A person of ``name`` in a new post of ``title``, with a seat in ``group`` where one is given."""
    user = UserFactory(name=name)
    held = PostFactory(title=title, partnerships=partnerships, **post)
    PostHoldingFactory(post=held, user=user, from_on=date(2025, 4, 1))
    if group:
        GroupMemberFactory(group=group, post=held, role=role, from_on=date(2025, 4, 1))
    return user


@pytest.fixture
def office(partnership, other_partnership):
    """Of both partnerships' business office; not in a case review group."""
    return hold(
        "Nadia Fenwick",
        "Business manager",
        duty=Post.Duty.OFFICE,
        partnerships=[partnership, other_partnership],
    )


@pytest.fixture
def chair(learning_group):
    """Chairs the Learning and Development Subgroup, which leads deliverable 1.2."""
    return hold(
        "Tomasz Brindle",
        "Chair of Learning and Development",
        group=learning_group,
        role=GroupMember.Role.CHAIR,
    )


@pytest.fixture
def scrutiny_chair(scrutiny_group):
    return hold(
        "Ruth Adeyinka-Cole",
        "Chair of Quality and Scrutiny",
        group=scrutiny_group,
        role=GroupMember.Role.CHAIR,
    )


@pytest.fixture
def executive_chair(executive):
    return hold(
        "Imogen Stallard",
        "Chair of the Executive",
        group=executive,
        role=GroupMember.Role.CHAIR,
    )


@pytest.fixture
def lead(health_board):
    """Holds the post that leads deliverable 1.1, and leads nothing else."""
    return hold("Delia Marchetti", "Head of Midwifery", organisation=health_board)


@pytest.fixture
def partner(charity):
    """Represents Lantern Family Trust, whose return is ``draft_return``."""
    return hold("Greta Holloway", "Safeguarding manager", organisation=charity)


@pytest.fixture
def other_partner(hospital):
    """Represents St Brannoc’s, whose return is ``submitted_return``."""
    return hold("Owen Tarrant", "Named nurse", organisation=hospital)


@pytest.fixture
def case_group_member(case_group):
    return hold("Sunita Rao", "Detective inspector", group=case_group)


@pytest.fixture
def former_case_member(case_group):
    """Sat in the group until the end of last year, and holds the same post still."""
    user = hold("Beatrix Oyelaran", "Team manager", group=case_group)
    case_group.members.filter(post__holdings__user=user).update(to_on=date(2026, 12, 31))
    return user


@pytest.fixture
def other_case_group_member(other_partnership):
    """Of Millbrook's case review group: Ashford Vale's cases do not exist for them."""
    group = GroupFactory(
        name="Case Review Group, Millbrook",
        kind=Group.Kind.CASE_REVIEW,
        partnerships=[other_partnership],
    )
    return hold("Piers Okonjo", "Designated doctor", group=group)


@pytest.fixture
def advisor(partnership, other_partnership):
    return hold(
        "Marguerite Lowell",
        "Independent advisor",
        duty=Post.Duty.ADVISOR,
        partnerships=[partnership, other_partnership],
    )


@pytest.fixture
def lead_partner(partnership):
    """A lead safeguarding partner of Ashford Vale."""
    return hold(
        "Helena Crossfield",
        "Chief executive",
        duty=Post.Duty.LEAD_PARTNER,
        partnerships=[partnership],
    )


@pytest.fixture
def training_coordinator(partnership, other_partnership):
    return hold(
        "Fatima Roscoe",
        "Training coordinator",
        duty=Post.Duty.TRAINING,
        partnerships=[partnership, other_partnership],
    )


@pytest.fixture
def administrator(db, today):
    """Of the installation: no post, no partnership."""
    return UserFactory(name="Ivor Penhale", is_administrator=True)


@pytest.fixture
def stranger(far_partnership):
    """Signed in, with every right that an office has, in a partnership far away."""
    return hold(
        "Edwin Farrow",
        "Business manager",
        duty=Post.Duty.OFFICE,
        partnerships=[far_partnership],
    )


@pytest.fixture
def leaver(partnership, other_partnership):
    """Was in the business office until the end of last year; still has an account."""
    user = UserFactory(name="Lorna Haddow")
    post = PostFactory(
        title="Deputy business manager",
        duty=Post.Duty.OFFICE,
        partnerships=[partnership, other_partnership],
    )
    PostHoldingFactory(post=post, user=user, from_on=date(2022, 4, 1), to_on=date(2026, 12, 31))
    return user


# The plan and its cycle


@pytest.fixture
def rating_key(db):
    """Blue, green, amber, red: the worst first."""
    key = RatingKeyFactory(name="Blue, green, amber, red")
    for position, (code, word, meaning, shape) in enumerate(
        [
            ("R", "Red", "Off track", "diamond"),
            ("A", "Amber", "At risk", "triangle"),
            ("G", "Green", "On track", "circle"),
            ("B", "Blue", "Done, difference shown", "square"),
        ],
        start=1,
    ):
        RatingFactory(
            key=key,
            position=position,
            code=code,
            word=word,
            meaning=meaning,
            token=word.lower(),
            shape=shape,
            is_done=code == "B",
        )
    return key


@pytest.fixture
def ratings(rating_key):
    """The ratings by their letter: ``ratings["G"]``."""
    return {rating.code: rating for rating in rating_key.ratings.all()}


@pytest.fixture
def plan(partnership, other_partnership, rating_key, scrutiny_group, executive, lead, learning_group, chair):
    """Published and running: two priorities, three deliverables, six activities.

    1.1 is led by ``lead``'s post and has a milestone met and one overdue; 1.2 by the group that
    ``chair`` chairs; 2.1 by another post in each partnership, with nothing that can be overdue.
    The public reads its version 1.0, which holds these rows and nothing that a test adds.
    """
    plan = PlanFactory(
        partnerships=[partnership, other_partnership],
        rating_key=rating_key,
        scrutiny_group=scrutiny_group,
        deciding_group=executive,
        introduction="What we promise children in the year to March 2027.",
    )
    _fill_babies(plan, lead=lead, learning_group=learning_group)
    _fill_neglect(plan, partnership, other_partnership)
    PlanVersionFactory(plan=plan, made_by=chair)
    return plan


@pytest.fixture
def plan_version(plan):
    """What the public reads of ``plan``."""
    return plan.versions.get()


def _fill_babies(plan, *, lead, learning_group):
    babies = PriorityFactory(plan=plan, position=1, ref="1", title="Babies: a safe first year")
    RationaleItemFactory(priority=babies, position=1, text="Most serious incidents were to babies.")
    OutcomeStatementFactory(priority=babies, position=1, text="Babies are safe in their first year.")

    before_birth = DeliverableFactory(
        priority=babies,
        position=1,
        ref="1",
        title="A shared plan with every family before a birth",
        other_partnerships="Adults boards of both areas",
        evidence_measures="Plans in place by 28 weeks in 9 of 10 cases",
    )
    DeliverableLeadFactory(deliverable=before_birth, text="Head of Midwifery", post=lead.holdings.get().post)
    checklist = ActivityFactory(
        deliverable=before_birth,
        position=1,
        text="Agree one pre-birth checklist.",
        timescale_text="Sept 2026",
        timescale_kind=Activity.Kind.DATE,
    )
    MilestoneFactory(activity=checklist, due_on=date(2026, 9, 30), met_on=date(2026, 9, 24))
    trial = ActivityFactory(
        deliverable=before_birth,
        position=2,
        text="Try it in two maternity units.",
        timescale_text="by end of Nov 2026",
        timescale_kind=Activity.Kind.DATE,
    )
    MilestoneFactory(activity=trial, due_on=date(2026, 11, 30))

    sleep = DeliverableFactory(priority=babies, position=2, ref="2", title="Safer sleep advice that reaches fathers")
    DeliverableLeadFactory(deliverable=sleep, text="Chair, Learning and Development Subgroup", group=learning_group)
    briefing = ActivityFactory(
        deliverable=sleep,
        position=1,
        text="Write a ten-minute briefing.",
        timescale_text="Oct 2026",
        timescale_kind=Activity.Kind.DATE,
    )
    MilestoneFactory(activity=briefing, due_on=date(2026, 10, 31), met_on=date(2026, 10, 19))
    campaign = ActivityFactory(
        deliverable=sleep,
        position=2,
        text="Run the winter campaign.",
        timescale_text="Dec 2026 and Feb 2027",
        timescale_kind=Activity.Kind.DATES,
    )
    MilestoneFactory(activity=campaign, position=1, due_on=date(2026, 12, 31), met_on=date(2026, 12, 15))
    MilestoneFactory(activity=campaign, position=2, due_on=date(2027, 2, 28))


def _fill_neglect(plan, partnership, other_partnership):
    neglect = PriorityFactory(plan=plan, position=2, ref="2", title="Seeing neglect early")
    OutcomeStatementFactory(priority=neglect, position=1, text="Neglect is noticed sooner.")

    early_help = DeliverableFactory(
        priority=neglect, position=1, ref="1", title="Families get help before neglect becomes harm"
    )
    for position, (where, title) in enumerate(
        [(partnership, "Director of Early Help"), (other_partnership, "Early Help Manager")], start=1
    ):
        DeliverableLeadFactory(
            deliverable=early_help,
            position=position,
            partnership=where,
            text=title,
            post=PostFactory(title=title),
        )
    ActivityFactory(
        deliverable=early_help,
        position=1,
        text="Every school uses the guide.",
        timescale_text="ongoing",
        timescale_kind=Activity.Kind.CONTINUOUS,
    )
    ActivityFactory(
        deliverable=early_help,
        position=2,
        text="Agree what happens when a family says no to help.",
        timescale_text="tbc",
        timescale_kind=Activity.Kind.UNSET,
    )


@pytest.fixture
def led_deliverable(plan):
    """1.1, which ``lead`` leads."""
    return _deliverable(plan, 1, 1)


@pytest.fixture
def group_deliverable(plan):
    """1.2, which the group that ``chair`` chairs leads."""
    return _deliverable(plan, 1, 2)


@pytest.fixture
def shared_deliverable(plan):
    """2.1, led by another post in each partnership; nobody of the cast holds either."""
    return _deliverable(plan, 2, 1)


def _deliverable(plan, priority, position):
    return plan.priorities.get(position=priority).deliverables.get(position=position)


@pytest.fixture
def draft_plan(partnership, other_partnership, rating_key):
    """Next year's, which only the office and the advisor may see."""
    return PlanFactory(
        title="Business plan 2027 to 2028",
        starts_on=date(2027, 4, 1),
        ends_on=date(2028, 3, 31),
        status="draft",
        version="0.1",
        rating_key=rating_key,
        partnerships=[partnership, other_partnership],
    )


@pytest.fixture
def round_past(plan):
    """July to September 2026, closed on 22 October."""
    return UpdateRoundFactory(
        plan=plan,
        name="July to September 2026",
        starts_on=date(2026, 7, 1),
        ends_on=date(2026, 9, 30),
        opens_on=date(2026, 10, 1),
        closes_on=date(2026, 10, 22),
    )


@pytest.fixture
def round_open(plan):
    """October to December 2026, open on ``TODAY`` and until 22 January."""
    return UpdateRoundFactory(plan=plan)


@pytest.fixture
def past_update(led_deliverable, round_past, ratings, lead):
    """What ``lead`` said of 1.1 in October: amber."""
    return UpdateFactory(
        deliverable=led_deliverable,
        round=round_past,
        rating=ratings["A"],
        progress="Checklist agreed. Only one unit has begun.",
        risk="Two midwives are leaving.",
        difference_made="Plans were in place in 14 of 20 cases.",
        voice="A mother said she wrote the plan herself.",
        submitted_by=lead,
        submitted_at=datetime(2026, 10, 9, 10, 0, tzinfo=UTC),
    )


@pytest.fixture
def review_proposed(plan, round_past, ratings, scrutiny_chair):
    """Priority 1, July to September: amber proposed, nothing decided."""
    return PriorityReviewFactory(
        priority=plan.priorities.get(position=1),
        round=round_past,
        proposed_rating=ratings["A"],
        scrutiny_comments="Liked and used, but in one unit only.",
        scrutiny_recommendations="Begin the second unit.",
        scrutiny_risks="Vacancies.",
        proposed_by=scrutiny_chair,
        proposed_at=datetime(2026, 10, 29, 15, 0, tzinfo=UTC),
    )


# Terms, meetings, money, arrangements, disputes


@pytest.fixture
def terms(learning_group):
    """Of the group that ``chair`` chairs: agreed, in force."""
    return TermsFactory(group=learning_group)


@pytest.fixture
def draft_terms(learning_group, terms):
    """Version 2 of them, which the office and ``chair`` are writing."""
    return TermsFactory(group=learning_group, version=2, status="draft", agreed_on=None, remit="A new remit")


@pytest.fixture
def meeting(learning_group, chair):
    """Planned for 9 March by the group that ``chair`` chairs."""
    return MeetingFactory(group=learning_group)


@pytest.fixture
def held_meeting(learning_group, chair):
    """Of 10 November, its minutes not yet agreed."""
    return MeetingFactory(
        group=learning_group,
        meets_on=date(2026, 11, 10),
        papers_due_on=date(2026, 11, 3),
        status=Meeting.Status.HELD,
    )


@pytest.fixture
def agenda_item(meeting, lead):
    """On the agenda of 9 March, led by ``lead``'s post, whose paper is wanted by 2 March."""
    return AgendaItemFactory(
        meeting=meeting,
        title="Safer sleep: what fathers say",
        lead_post=lead.holdings.get().post,
        needs_paper=True,
        paper_due_on=date(2027, 3, 2),
    )


@pytest.fixture
def paper(agenda_item, office):
    document = Document.keep(filename="fathers.pdf", content=b"%PDF-1.7 a paper", by=office)
    return Paper.objects.create(item=agenda_item, document=document, title="What fathers say", added_by=office)


@pytest.fixture
def meeting_action(held_meeting, lead):
    """Agreed on 10 November, led by ``lead``'s post, due on 26 February."""
    return MeetingActionFactory(
        group=held_meeting.group, meeting=held_meeting, ref="LD-1", lead_post=lead.holdings.get().post
    )


@pytest.fixture
def case_meeting(case_group, case_group_member):
    """Of Ashford Vale's case review group: nobody outside it learns that it is held."""
    return MeetingFactory(group=case_group, title="Canary: extraordinary meeting")


@pytest.fixture
def budget(partnership, other_partnership, health_board):
    """This year's, agreed, shared by both partnerships: £10,000 in, £5,000 planned."""
    budget = BudgetYearFactory(partnerships=[partnership, other_partnership])
    ContributionFactory(budget=budget, organisation=health_board)
    SpendingLineFactory(budget=budget, title="Staff", planned=Decimal("5000.00"))
    return budget


@pytest.fixture
def draft_budget(partnership, health_board):
    """Next year's of Ashford Vale alone: £8,000 in, £7,000 planned."""
    budget = BudgetYearFactory(
        partnerships=[partnership],
        starts_on=date(2027, 4, 1),
        ends_on=date(2028, 3, 31),
        status=BudgetYear.Status.DRAFT,
        agreed_on=None,
    )
    ContributionFactory(budget=budget, organisation=health_board, amount=Decimal("8000.00"))
    SpendingLineFactory(budget=budget, title="Training", planned=Decimal("7000.00"))
    return budget


@pytest.fixture
def draft_arrangements(partnership):
    """Ashford Vale's next version, with one change."""
    arrangements = ArrangementsFactory(partnership=partnership, version=2)
    ArrangementsChangeFactory(arrangements=arrangements)
    return arrangements


@pytest.fixture
def published_arrangements(partnership, office):
    """Ashford Vale's first version, on its public page."""
    file = publish_file(
        partnerships=[partnership],
        kind=PublishedFile.Kind.ARRANGEMENTS,
        title="How we work together",
        filename="arrangements.pdf",
        content=b"%PDF-1.7 arrangements",
        page_count=1,
        manifest={},
        at=datetime(2026, 6, 30, 9, 0, tzinfo=UTC),
        by=office,
    )
    return ArrangementsFactory(
        partnership=partnership,
        status=Arrangements.Status.PUBLISHED,
        published_file=file,
        published_at=file.published_at,
        in_force_from=date(2026, 7, 1),
    )


@pytest.fixture
def dispute(partnership, charity, health_board, partner, lead, office):
    """Between Lantern Family Trust and the health board: ``partner``, ``lead`` and ``office`` are involved."""
    people = [person.holdings.get().post for person in (partner, lead, office)]
    dispute = DisputeFactory(
        partnership=partnership, ref="D-1", raised_by=charity, raised_with=[health_board], people=people
    )
    DisputeStageFactory(dispute=dispute, owed_by=lead.holdings.get().post)
    return dispute


# Cases, returns, training, voice, report


@pytest.fixture
def rule_sets(db):
    """The editions that a migration loads, by which dates are counted: a flushed database has none."""
    if not RuleSet.objects.filter(code="wt2018").exists():
        load_rule_sets(RuleSet, Rule)


@pytest.fixture
def case(partnership, rule_sets):
    """Ashford Vale's; seen by its case review group alone."""
    return CaseFactory(partnership=partnership, reference="AV-2027-01")


@pytest.fixture
def assurance_request(partnership, other_partnership):
    """Of both partnerships, due on 29 January, with two questions."""
    request = AssuranceRequestFactory(partnerships=[partnership, other_partnership])
    QuestionFactory(request=request, position=1, text="Are we improving, and how do we know?")
    QuestionFactory(request=request, position=2, text="What difference did it make?")
    return request


@pytest.fixture
def draft_return(assurance_request, charity, partner):
    """Begun by ``partner``, not submitted; one of two questions answered."""
    record = ReturnFactory(
        request=assurance_request, organisation=charity, begun_at=datetime(2027, 1, 6, 10, 0, tzinfo=UTC)
    )
    AnswerFactory(
        record=record,
        question=assurance_request.questions.get(position=1),
        text="A draft that nobody else may read.",
    )
    return record


@pytest.fixture
def submitted_return(assurance_request, hospital, other_partner):
    """Submitted by ``other_partner``: both partnerships' office and advisor read it."""
    record = ReturnFactory(
        request=assurance_request,
        organisation=hospital,
        signed_off_by="Chief nurse",
        submitted_by=other_partner,
        submitted_at=datetime(2027, 1, 8, 14, 0, tzinfo=UTC),
    )
    for question in assurance_request.questions.all():
        AnswerFactory(record=record, question=question, text=f"Our answer to {question.position}.")
    return record


@pytest.fixture
def event(partnership, other_partnership, charity):
    """On 9 February, 20 places, one booked."""
    course = CourseFactory(partnerships=[partnership, other_partnership])
    event = EventFactory(course=course)
    PlaceFactory(event=event, organisation=charity)
    return event


@pytest.fixture
def voice_entry(partnership, other_partnership):
    return VoiceEntryFactory(partnerships=[partnership, other_partnership])


@pytest.fixture
def rule_set(db):
    """Guidance with two headings that a yearly report must have."""
    rules = RuleSetFactory(code="guidance", title="Guidance 2023")
    RuleFactory(rule_set=rules, code="impact", position=1, title="Evidence of impact")
    RuleFactory(rule_set=rules, code="feedback", position=2, title="Children’s and families’ feedback")
    return rules


@pytest.fixture
def annual_report(partnership, other_partnership, rule_set):
    """Last year's, unpublished: one section for each heading."""
    report = AnnualReportFactory(
        partnerships=[partnership, other_partnership],
        rule_set=rule_set,
        foreword="What was different for children.",
        foreword_by="Helena Crossfield",
    )
    for rule in rule_set.rules.all():
        ReportSectionFactory(
            report=report,
            position=rule.position,
            title=rule.title,
            rule=rule,
            standfirst="One sentence that says the main thing.",
            narrative="What we did and what came of it.",
        )
    return report
