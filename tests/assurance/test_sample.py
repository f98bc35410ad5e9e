"""The sample: big enough that every page has something, and nobody's real name. ``test_sample_days``: never old."""

import re
from collections import Counter
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from assurance.dashboards import desk
from assurance.models import AnnualReport, Return, VoiceEntry
from assurance.sample.load_arrangements import publish_first_arrangements
from partnership.arrangements import waiting_partners
from partnership.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from partnership.models import Area, Arrangements, Dispute, Group, Organisation, Partnership, Post, User
from plans.models import (
    Activity,
    CarryDecision,
    Deliverable,
    EarlierDecision,
    Milestone,
    Plan,
    PlanVersion,
    PriorityReview,
    ReviewAction,
    Update,
)
from plans.outcomes import NOT_JUDGED, judged_outcomes
from plans.public import published_plan
from reviews.models import Case
from tests.plans.test_documents import read_back, rows_of, rows_read
from training.models import Event, Place

SOURCES = Path(__file__).resolve().parents[3] / "shared" / "sources"


def childrens_plan():
    return Plan.objects.get(status=Plan.Status.PUBLISHED, audience=Plan.Audience.CHILDREN)


def joint_plan():
    return Plan.objects.get(status=Plan.Status.PUBLISHED, audience=Plan.Audience.BOTH)


@pytest.fixture
def running(sample):
    return childrens_plan()


def user(email):
    return User.objects.get(email=email)


def test_every_kind_of_page_has_something(sample, running):
    counts = {
        "partnerships": Partnership.objects.published().count(),
        "organisations": Organisation.objects.count(),
        "groups": Group.objects.published().count(),
        "posts": Post.objects.count(),
        "deliverables": Deliverable.objects.filter(priority__plan=running).count(),
        "activities": Activity.objects.filter(deliverable__priority__plan=running).count(),
        "rounds": running.rounds.filter(opens_on__lte=timezone.localdate()).count(),
        "cases": Case.objects.count(),
        "reports": AnnualReport.objects.count(),
        "plans": Plan.objects.count(),
        "plans that follow another": Plan.objects.exclude(continues=None).count(),
        "what became of promises": CarryDecision.objects.count(),
        "promises carried": Deliverable.objects.exclude(carried_from=None).count(),
    }
    assert counts == {
        "partnerships": 2,
        "organisations": 27,
        "groups": 14,
        "posts": 50,
        "deliverables": 17,
        "activities": 41,
        "rounds": 4,
        "cases": 4,
        "reports": 2,
        "plans": 4,
        "plans that follow another": 2,
        "what became of promises": 14,
        "promises carried": 2,
    }
    many = [User, Update, PriorityReview, Milestone, Return, VoiceEntry, Event, Place]
    assert [model.__name__ for model in many if model.objects.count() < 15] == []


def test_every_kind_of_timescale_is_in_the_plan(running):
    kinds = Activity.objects.filter(deliverable__priority__plan=running).values_list("timescale_kind", flat=True)
    assert set(kinds) == set(Activity.Kind.values)


def test_some_answered_some_not_and_some_never(running):
    rounds = running.rounds.filter(opens_on__lte=timezone.localdate()).order_by("-closes_on")
    round_open = rounds[0]
    deliverables = Deliverable.objects.filter(priority__plan=running)
    answered = deliverables.filter(updates__in=Update.objects.current().in_round(round_open))
    silent = deliverables.exclude(updates__in=Update.objects.filter(round__in=rounds[:3]))
    assert (answered.count(), deliverables.count()) == (11, 17)
    assert [deliverable.full_ref for deliverable in silent] == ["2.3"]
    assert Update.objects.exclude(superseded_by=None).count() == 4


def test_ratings_that_differ_or_worsen_have_their_reasons(sample):
    decided = PriorityReview.objects.decided().select_related("proposed_rating", "decided_rating")
    differing = [review for review in decided if review.differs]
    assert len(differing) == 5
    assert [review for review in differing if not review.decision_reason] == []
    assert PriorityReview.objects.filter(decided_at=None).count() == 2


def test_outcomes_are_judged_and_one_is_a_gap(running):
    outcomes = judged_outcomes(running)
    unjudged = [each.text for each in outcomes if each.level == NOT_JUDGED and not each.evidence_count]
    assert (len(unjudged), outcomes.filter(evidence_count__gt=0).count()) == (1, 5)
    corrected = EarlierDecision.objects.get()
    assert (corrected.rating.code, corrected.review.decided_rating.code) == ("R", "A")
    assert len({line.review.round_id for line in ReviewAction.objects.select_related("review")}) == 3


def test_each_demo_account_stands_where_it_says(sample):
    standings = {account.role: user(account.email).standing for account in DEMO_ACCOUNTS}
    both = {partnership.pk for partnership in Partnership.objects.all()}
    ashford_vale = {Partnership.objects.get(short_name="AV").pk}
    group_ids = {group.name: group.pk for group in Group.objects.all()}
    assert set(standings["Business office"].office_ids) == both
    assert set(standings["Business office"].case_group_ids) == set()
    assert standings["Subgroup chair"].chaired_group_ids == {group_ids["Learning and Development Subgroup"]}
    assert standings["Scrutiny chair"].chaired_group_ids == {group_ids["Quality and Scrutiny Subgroup"]}
    assert standings["Executive"].chaired_group_ids == {group_ids["Executive"]}
    assert set(standings["Partner"].partnership_ids) == both
    assert set(standings["Training coordinator"].training_ids) == both
    assert set(standings["Case review group"].case_group_ids) == ashford_vale
    assert set(standings["Independent advisor"].advisor_ids) == both
    assert standings["Administrator"].is_administrator
    assert all(user(account.email).check_password(DEMO_PASSWORD) for account in DEMO_ACCOUNTS)


def test_what_each_demo_account_comes_for_is_there(sample, running):
    def leads_of(role):
        email = next(account.email for account in DEMO_ACCOUNTS if account.role == role)
        led = Deliverable.objects.filter(priority__plan=running).led_by(user(email).standing)
        return [deliverable.full_ref for deliverable in led.order_by("priority__position", "position")]

    assert leads_of("Subgroup chair") == ["1.2", "2.1", "3.4"]
    assert leads_of("Lead") == ["1.1"]
    partner = user("greta.holloway@example.org")
    assert Return.objects.visible_to(partner).filter(submitted_at=None).count() == 3


def test_eight_leads_have_lines_of_two_plans(sample, running):
    asked = Counter()
    for person in User.objects.filter(is_active=True):
        rows = Deliverable.objects.led_by(person.standing).filter(priority__plan__in=[running, joint_plan()])
        if rows.values("priority__plan").distinct().count() > 1:
            asked[person.name] = rows.count()
    assert asked == {
        "Amber Whitlock": 3,
        "Bronwen Pugh": 7,
        "Darius Quayle": 2,
        "Delia Marchetti": 2,
        "Dominic Ashby": 2,
        "Kofi Mensah": 2,
        "Tomasz Brindle": 5,
        "Wendy Prior": 2,
    }


def test_the_older_of_two_running_plans_never_stands_first(sample, running):
    public = published_plan(Partnership.objects.get(short_name="AV"), on=timezone.localdate())
    assert (public.plan_id, desk(user("nadia.fenwick@example.org"), on=timezone.localdate()).plan) == (
        running.pk,
        running,
    )


def test_only_the_case_review_group_has_cases(sample):
    readers = [person.name for person in User.objects.all() if Case.objects.visible_to(person).exists()]
    assert sorted(readers) == ["Dr Samuel Achterberg", "Edmund Vale-Price", "Imani Greaves", "Sunita Rao"]


def test_nobody_else_can_sign_in(sample):
    offered = {account.email for account in DEMO_ACCOUNTS}
    others = User.objects.exclude(email__in=offered)
    assert [person.email for person in others if person.has_usable_password()] == []
    assert {person.email.partition("@")[2] for person in User.objects.all()} == {"example.org"}


def test_no_name_comes_from_a_real_document(sample):
    if not SOURCES.exists():
        pytest.skip("The real documents are not on this machine.")
    real = " ".join(re.sub(r"\s+", " ", path.read_text().casefold()) for path in SOURCES.glob("*.txt"))
    ours = [User, Area, Partnership, Organisation]
    names = [name for model in ours for name in model.objects.values_list("name", flat=True)]
    assert [name for name in names if name.casefold() in real] == []


def test_loading_twice_is_refused_kindly(sample):
    with pytest.raises(CommandError) as refusal:
        call_command("load_sample")
    assert str(refusal.value) == "There is a partnership here already, so the sample was not loaded."
    call_command("load_sample", "--if-empty")
    assert Partnership.objects.count() == 2


def test_the_accounts_are_printed(sample, capsys):
    call_command("demo_accounts")
    printed = capsys.readouterr().out
    assert [account.email for account in DEMO_ACCOUNTS if account.email not in printed] == []
    assert DEMO_PASSWORD in printed


def test_every_plan_comes_back_from_its_word_document_as_the_same_plan(sample, tmp_path):
    versions = list(PlanVersion.objects.select_related("plan"))
    assert {version.plan.title for version in versions} >= {plan.title for plan in Plan.objects.published()}
    for version in versions:
        read = read_back(version, tmp_path)
        assert rows_read(read) == rows_of(version.snapshot)
        assert read["period_start"] == version.snapshot["plan"]["starts_on"]


# Its arrangements and disputes: published, waiting, and seen by those whom they concern alone


def test_versions_are_published_and_one_waits_for_the_last_of_three(sample):
    today = timezone.localdate()
    publish_first_arrangements(sample)
    versions = Arrangements.objects.order_by("partnership__short_name", "version")
    assert [(each.partnership.short_name, each.version, each.status) for each in versions] == [
        ("AV", 1, "published"),
        ("AV", 2, "endorsing"),
        ("MB", 1, "published"),
    ]
    assert [each.name for each in waiting_partners(versions[1], on=today)] == ["Ashford Vale County Council"]
    for each in (versions[0], versions[2]):
        with pikepdf.open(BytesIO(bytes(each.published_file.content))) as pdf:
            assert (len(pdf.pages) > 1, pdf.Root.MarkInfo.Marked) == (True, True)


def test_each_dispute_is_seen_by_those_involved(sample):
    seen = {
        name: sorted(Dispute.objects.visible_to(User.objects.get(name=name)).values_list("ref", flat=True))
        for name in ("Nadia Fenwick", "Delia Marchetti", "Greta Holloway", "Ivor Penhale", "Carys Llewellin")
    }
    assert seen == {
        "Nadia Fenwick": ["AV-3XMTH", "AV-K7PWD", "MB-R4LCV"],
        "Delia Marchetti": ["AV-K7PWD"],
        "Greta Holloway": [],
        "Ivor Penhale": [],
        "Carys Llewellin": ["MB-R4LCV"],
    }
