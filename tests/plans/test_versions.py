"""A plan from draft to closed: what each stage keeps, what it refuses, and two who press at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse

from partnership.models import GroupMember, PostHolding
from partnership.refusals import NotNow
from plans.missing import Missing, missing_of
from plans.models import Activity, Deliverable, Plan, PlanComment, PlanVersion, StageNote
from plans.snapshots import hash_of, take_snapshot
from plans.table import read_table
from plans.versions import (
    Changes,
    NumberTaken,
    approve_plan,
    changes_since_published,
    close_plan,
    publish_plan,
    send_for_comment,
    suggested_number,
    take_back,
)
from tests.at_once import at_once
from tests.conftest import TODAY
from tests.factories import (
    ActivityFactory,
    DeliverableFactory,
    DeliverableLeadFactory,
    GroupFactory,
    OutcomeStatementFactory,
    PlanFactory,
    PriorityFactory,
)
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 12, 8, 30, tzinfo=UTC)
UNTIL = date(2027, 2, 2)
REASON = "The pilot starts a month later"


@pytest.fixture
def draft(draft_plan, lead, scrutiny_group, executive):
    """Next year's plan with one row of everything it needs."""
    priority = PriorityFactory(plan=draft_plan, position=1, ref="1", title="Fathers")
    OutcomeStatementFactory(priority=priority, position=1, text="Fathers are asked.")
    row = DeliverableFactory(priority=priority, position=1, ref="1", title="Ask every father")
    DeliverableLeadFactory(deliverable=row, text="Head of Midwifery", post=lead.holdings.get().post)
    ActivityFactory(deliverable=row, position=1, text="Ask.", timescale_text="ongoing", timescale_kind="continuous")
    return draft_plan


@pytest.fixture
def row(draft):
    return Deliverable.objects.get(priority__plan=draft)


@pytest.fixture
def desk(client_of, office):
    return client_of(office)


@pytest.fixture
def out(draft, office):
    """The draft, out for comment."""
    send_for_comment(draft, by=office, at=NOW, until=UNTIL, reason="Look at the leads.")
    draft.refresh_from_db()
    return draft


@pytest.fixture
def published(draft, office, executive, scrutiny_group):
    draft.scrutiny_group, draft.deciding_group = scrutiny_group, executive
    draft.save()
    publish_plan(draft, by=office, at=NOW, number="1.0", group=executive, on=TODAY)
    draft.refresh_from_db()
    return draft


def url(name, *args):
    return reverse(f"plans:{name}", args=args)


def day(name, on):
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def errors(response):
    return {name: list(said) for name, said in response.context["form"].errors.items()}


def stages(plan):
    return [(each.number, each.stage, each.reason) for each in plan.versions.order_by("pk")]


def change_a_row(plan, **values):
    Deliverable.objects.filter(priority__plan=plan).update(**values)


# Out for comment


def test_a_draft_sent_for_comment_is_kept_as_it_stands_and_seen_by_its_members(desk, client_of, draft, partner):
    assert client_of(partner).get(draft.get_absolute_url()).status_code == 404
    answers = {"number": "0.1", "reason": "Look at the leads.", **day("until", UNTIL)}
    response = desk.post(url("plan-consult", draft.pk), answers)
    draft.refresh_from_db()
    version = draft.versions.get()
    assert (response.status_code, draft.status, draft.version, draft.comments_until) == (
        302,
        "consultation",
        "0.1",
        UNTIL,
    )
    assert (version.stage, version.reason, version.sha256) == (
        "consultation",
        "Look at the leads.",
        hash_of(take_snapshot(draft)),
    )
    page = client_of(partner).get(draft.get_absolute_url())
    assert page.status_code == 200
    assert "Please comment until 2 February 2027." in page.content.decode()
    assert url("comment-add", draft.pk, "plan", draft.pk) in page.content.decode()


def test_sent_out_again_it_is_a_new_version_only_where_words_changed(desk, out):
    later = UNTIL + timedelta(days=7)
    desk.post(url("plan-consult", out.pk), day("until", later))
    out.refresh_from_db()
    assert (out.comments_until, stages(out)) == (later, [("0.1", "consultation", "Look at the leads.")])
    change_a_row(out, title="Ask every father twice")
    desk.post(url("plan-consult", out.pk), {"number": "0.2", "reason": "", **day("until", later)})
    assert [number for number, *_ in stages(out)] == ["0.1", "0.2"]


@pytest.mark.parametrize(
    ("on", "number", "said"),
    [
        (date(2027, 1, 11), "0.1", {"until": ["That day is over. Enter today or a later day"]}),
        (date(2029, 1, 11), "0.1", {"until": ["That is more than a year away. Enter an earlier day"]}),
        (UNTIL, "first", {"number": ["Enter the number in figures with dots between them, like 1.0 or 1.1"]}),
        (UNTIL, "", {"number": ["Enter the number of this version, like 1.0"]}),
    ],
)
def test_a_wrong_day_or_number_is_refused_at_its_field(desk, draft, on, number, said):
    response = desk.post(url("plan-consult", draft.pk), {"number": number, **day("until", on)})
    assert (response.status_code, errors(response), draft.versions.count()) == (422, said, 0)


def test_taken_back_it_is_a_draft_again_and_keeps_why(desk, client_of, out, partner, office):
    response = desk.post(url("plan-redraft", out.pk), {"reason": "ok"})
    assert errors(response) == {
        "reason": ["Say it in a few words more, so that somebody who reads it later understands"]
    }
    desk.post(url("plan-redraft", out.pk), {"reason": "The budget has changed."})
    out.refresh_from_db()
    note = StageNote.objects.get()
    assert (out.status, note.step, note.words, note.made_by) == (
        "draft",
        "taken_back",
        "The budget has changed.",
        office,
    )
    assert client_of(partner).get(out.get_absolute_url()).status_code == 404
    assert "The budget has changed." in desk.get(out.get_absolute_url()).content.decode()


# Approved


def test_an_approval_keeps_the_group_and_the_day(desk, client_of, draft, executive, stranger, office):
    answers = {"group": executive.pk, "number": "1.0", **day("approved_on", date(2027, 1, 11))}
    desk.post(url("plan-approve", draft.pk), answers)
    draft.refresh_from_db()
    version = draft.versions.get()
    assert (draft.status, draft.version, version.stage, version.approved_by, version.approved_on, version.made_by) == (
        "approved",
        "1.0",
        "approved",
        executive,
        date(2027, 1, 11),
        office,
    )
    assert (draft.is_public, draft in Plan.objects.published(), draft in Plan.objects.running()) == (
        False,
        False,
        True,
    )
    assert client_of(stranger).get(draft.get_absolute_url()).status_code == 404
    assert client_of(stranger).get(version.get_absolute_url()).status_code == 404


def test_an_approval_in_the_future_by_a_strange_group_or_with_a_used_number_is_refused(
    desk, out, far_partnership, executive
):
    strange = GroupFactory(name="Strange", partnerships=[far_partnership])
    answers = {"group": strange.pk, "number": "0.1", **day("approved_on", date(2027, 1, 13))}
    change_a_row(out, title="Other words")
    response = desk.post(url("plan-approve", out.pk), answers)
    assert (response.status_code, errors(response), out.versions.count()) == (
        422,
        {
            "group": ["Choose a group of the partnerships whose plan it is"],
            "approved_on": ["That day is still to come. Enter it once the group has met"],
            "number": ["There is a version 0.1 of this plan already. The next is 1.0"],
        },
        1,
    )
    long_ago = {"group": executive.pk, "number": "1.0", **day("approved_on", date(207 * 5, 1, 13))}
    response = desk.post(url("plan-approve", out.pk), long_ago)
    assert errors(response) == {"approved_on": ["Check the year: the plan begins on 1 April 2027"]}


def test_unanswered_comments_are_listed_and_need_a_tick(desk, out, executive, partner, commented):
    commented(partner, text="Who pays?")
    answers = {"group": executive.pk, "number": "1.0", **day("approved_on", TODAY)}
    response = desk.post(url("plan-approve", out.pk), answers)
    assert errors(response) == {"despite": ["Answer the comments, or tick to go on although they are not answered"]}
    assert "Who pays?" in response.content.decode()
    desk.post(url("plan-approve", out.pk), answers | {"despite": "on"})
    out.refresh_from_db()
    assert out.status == "approved"


# Published


def test_a_draft_is_published_on_one_page(desk, draft, executive, scrutiny_group, django_capture_on_commit_callbacks):
    answers = {
        "number": "1.0",
        "group": executive.pk,
        "scrutiny_group": scrutiny_group.pk,
        "deciding_group": executive.pk,
        **day("approved_on", TODAY),
    }
    with django_capture_on_commit_callbacks() as callbacks:
        response = desk.post(url("plan-publish", draft.pk), answers)
    draft.refresh_from_db()
    version = draft.versions.get()
    assert (response.status_code, draft.status, draft.version, draft.deciding_group) == (
        302,
        "published",
        "1.0",
        executive,
    )
    assert (version.stage, version.approved_by, version.approved_on) == ("published", executive, TODAY)
    assert (version.documents.count(), len(callbacks)) == (1, 1)
    again = desk.post(url("plan-publish", draft.pk), answers)
    assert (again.status_code, draft.versions.count(), version.documents.count()) == (302, 1, 1)


def test_the_number_and_the_group_of_the_approval_are_those_of_the_publishing(desk, draft, office, executive):
    approve_plan(draft, by=office, at=NOW, group=executive, on=TODAY, number="1.0")
    form = desk.get(url("plan-publish", draft.pk)).context["form"]
    assert (form["number"].value(), list(form.fields)) == ("1.0", ["number", "scrutiny_group", "deciding_group"])
    version = publish_plan(draft, by=office, at=NOW, number="1.0")
    assert (version.approved_by, version.approved_on) == (executive, TODAY)


def test_words_changed_after_the_approval_need_an_approval_and_a_number_of_their_own(desk, draft, office, executive):
    approve_plan(draft, by=office, at=NOW, group=executive, on=TODAY, number="1.0")
    change_a_row(draft, title="Ask every father and grandfather")
    page = desk.get(url("plan-publish", draft.pk))
    assert page.context["form"]["number"].value() == "1.1"
    assert "group" in page.context["form"].fields
    assert "1 row changed since the plan was approved." in page.content.decode()
    with pytest.raises(NotNow, match="Say which group approved the plan, and when"):
        publish_plan(draft, by=office, at=NOW, number="1.1")
    with pytest.raises(NumberTaken, match="There is a version 1.0 of this plan already"):
        publish_plan(draft, by=office, at=NOW, number="1.0", group=executive, on=TODAY)


def test_the_groups_that_rate_a_plan_must_be_two(desk, draft, executive):
    answers = {
        "number": "1.0",
        "group": executive.pk,
        "scrutiny_group": executive.pk,
        "deciding_group": executive.pk,
        **day("approved_on", TODAY),
    }
    response = desk.post(url("plan-publish", draft.pk), answers)
    assert (response.status_code, errors(response)) == (
        422,
        {"deciding_group": ["Choose another group: one proposes and another decides"]},
    )


def test_an_empty_plan_is_not_published_and_nothing_typed_is_lost(desk, draft_plan, executive, scrutiny_group):
    answers = {
        "number": "1.0",
        "group": executive.pk,
        "scrutiny_group": scrutiny_group.pk,
        "deciding_group": executive.pk,
        **day("approved_on", TODAY),
    }
    response = desk.post(url("plan-publish", draft_plan.pk), answers)
    draft_plan.refresh_from_db()
    assert (response.status_code, draft_plan.status, draft_plan.scrutiny_group) == (422, "draft", None)
    assert response.context["blocking"] == [
        Missing("It has no priorities yet", url("row-add", draft_plan.pk, "priority", draft_plan.pk), True)
    ]
    assert response.context["form"]["scrutiny_group"].value() == str(scrutiny_group.pk)
    wrong_as_well = desk.post(url("plan-publish", draft_plan.pk), answers | {"number": "x" * 5000})
    assert (wrong_as_well.status_code, "number" in wrong_as_well.context["form"].errors) == (422, True)


def test_two_who_publish_at_once_make_one_version(transactional_db, draft, office, executive):
    press = lambda: publish_plan(draft, by=office, at=NOW, number="1.0", group=executive, on=TODAY)  # noqa: E731
    one, other = at_once(press, press)
    assert one == other == draft.versions.get()
    assert one.documents.count() == 1


def test_the_database_lets_nobody_change_or_delete_a_version(published, office):
    version = published.versions.get()
    for act in (lambda: PlanVersion.objects.update(number="9.9"), version.delete):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            act()
    close_plan(published, by=office, at=NOW, words="It ended well.")
    with pytest.raises(InternalError), transaction.atomic():
        StageNote.objects.update(words="It ended badly.")


# Changed


def test_the_office_is_told_what_changed_and_everyone_reads_the_version(desk, client_of, published, stranger):
    assert not changes_since_published(published)
    change_a_row(published, title="Ask every father and grandfather")
    Activity.objects.filter(deliverable__priority__plan=published).update(text="Ask twice.")
    assert changes_since_published(published) == Changes(rows=1, is_head=False, is_order=False)
    page = desk.get(url("plan-changes", published.pk)).content.decode()
    assert "1 row changed since version 1.0 was published." in page
    assert "grandfather" in desk.get(published.get_absolute_url()).content.decode()
    seen = client_of(stranger).get(published.get_absolute_url(), follow=True)
    assert (seen.status_code, "Ask every father" in seen.content.decode()) == (200, True)
    assert "grandfather" not in seen.content.decode()
    assert client_of(stranger).get(url("plan-changes", published.pk)).status_code == 403


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (Changes(1, False, False), "1 row"),
        (Changes(3, True, True), "3 rows and the first page"),
        (Changes(0, True, False), "the first page"),
        (Changes(0, False, True), "the order of rows"),
    ],
)
def test_how_much_changed_is_said_in_words(changes, words):
    assert str(changes) == words


def test_a_change_is_published_with_a_number_and_a_reason(desk, published, executive):
    change_a_row(published, title="Ask every father and grandfather")
    page = desk.get(url("plan-publish", published.pk))
    assert page.context["form"]["number"].value() == "1.1"
    wrong = desk.post(url("plan-publish", published.pk), {"number": "1.0", "reason": "", "group": executive.pk})
    assert (wrong.status_code, errors(wrong)) == (
        422,
        {
            "number": ["There is a version 1.0 of this plan already. The next is 1.1"],
            "reason": ["Say what changed and why: everyone who reads the plan sees it"],
            "approved_on": ["Enter the day on which Executive agreed it"],
        },
    )
    desk.post(url("plan-publish", published.pk), {"number": "1.1", "reason": REASON})
    assert stages(published) == [("1.0", "published", ""), ("1.1", "published", REASON)]
    published = Plan.objects.get(pk=published.pk)
    assert (published.published_version.number, published.version) == ("1.1", "1.1")


def test_where_nothing_changed_no_version_is_made(desk, published):
    response = desk.post(url("plan-publish", published.pk), {"number": "1.1", "reason": REASON}, follow=True)
    assert "Version 1.0 is published, and nothing has changed since." in response.content.decode()
    assert published.versions.count() == 1


def test_a_plan_published_before_there_were_versions_gets_its_first_without_a_reason(office, draft, executive):
    Plan.objects.filter(pk=draft.pk).update(status="published", version="1.2")
    assert suggested_number(Plan.objects.get(pk=draft.pk), "published") == "1.2"
    publish_plan(draft, by=office, at=NOW, number="1.2", group=executive, on=TODAY)
    assert stages(draft) == [("1.2", "published", "")]


# Closed


def test_a_plan_is_closed_with_a_sentence_and_edited_no_more(desk, published, row):
    early = desk.post(url("plan-close", published.pk), {"words": "All promises were kept."})
    words = "Close it although it runs until 31 March 2028"
    assert errors(early) == {"early": [f"Tick “{words}”, or wait until then"]}
    desk.post(url("plan-close", published.pk), {"words": "All promises were kept.", "early": "on"})
    published.refresh_from_db()
    assert (published.status, published.is_public) == ("closed", True)
    assert desk.get(url("cell-change", published.pk, "deliverable", row.pk, "ref")).status_code == 403
    assert "All promises were kept." in desk.get(published.get_absolute_url()).content.decode()

    desk.post(url("plan-reopen", published.pk), {"reason": "Two updates came late."})
    published.refresh_from_db()
    assert published.status == "published"
    assert [(note.step, note.words) for note in published.stage_notes.order_by("pk")] == [
        ("closed", "All promises were kept."),
        ("reopened", "Two updates came late."),
    ]


def test_at_its_end_a_plan_is_closed_without_a_tick(published, desk):
    Plan.objects.filter(pk=published.pk).update(starts_on=date(2025, 4, 1), ends_on=date(2026, 3, 31))
    desk.post(url("plan-close", published.pk), {"words": "All promises were kept."})
    published.refresh_from_db()
    assert published.status == "closed"


def test_an_approved_plan_is_not_closed_for_it_would_become_public(office, draft, executive):
    approve_plan(draft, by=office, at=NOW, group=executive, on=TODAY, number="1.0")
    with pytest.raises(NotNow, match="Only a published plan is closed"):
        close_plan(draft, by=office, at=NOW, words="It ended.")


def test_what_cannot_be_done_now_is_said(office, published, executive):
    refused = {
        lambda: send_for_comment(published, by=office, at=NOW, until=UNTIL),
        lambda: approve_plan(published, by=office, at=NOW, group=executive, on=TODAY, number="2.0"),
        lambda: take_back(published, by=office, at=NOW, reason=REASON),
    }
    for act in refused:
        with pytest.raises(NotNow):
            act()
    assert stages(published) == [("1.0", "published", "")]


# Numbers


@pytest.mark.parametrize(
    ("there", "stage", "number"),
    [
        ([], "consultation", "0.1"),
        (["0.1", "0.9"], "consultation", "0.10"),
        (["0.1", "1.0"], "consultation", "0.2"),
        ([], "published", "1.0"),
        (["0.1"], "approved", "1.0"),
        (["1.0"], "published", "1.1"),
        (["1.9", "1.0"], "published", "1.10"),
        (["2"], "published", "2.1"),
    ],
)
def test_the_next_number_is_suggested(draft_plan, office, there, stage, number):
    for each in there:
        kept = "consultation" if each.startswith("0") else "published"
        draft_plan.versions.create(number=each, stage=kept, snapshot={}, sha256=each, made_by=office, made_at=NOW)
    assert suggested_number(draft_plan, stage, sha256="x") == number


# What is missing


def test_what_blocks_comes_first_and_each_leads_to_its_cell(draft, row, lead, executive, scrutiny_group):
    post = lead.holdings.get().post
    PostHolding.objects.filter(post=post).update(to_on=date(2026, 12, 31))
    ActivityFactory(deliverable=row, position=2, text="Soon.", timescale_text="when pigs fly", timescale_kind="unset")
    ActivityFactory(deliverable=row, position=3, text="Later.", timescale_text="", timescale_kind="unset")
    bare = PriorityFactory(plan=draft, position=2, ref="2", title="Neglect")
    PriorityFactory(plan=draft, position=3, ref="", title="Across all", is_cross_cutting=True)
    naked = DeliverableFactory(priority=bare.plan.priorities.get(ref="1"), position=2, ref="2", title="Nobody’s")
    DeliverableLeadFactory(deliverable=row, position=2, text="A friend")
    closed = GroupFactory(name="Old group", partnerships=draft.partnerships.all(), closed_on=date(2026, 6, 1))
    DeliverableLeadFactory(deliverable=row, position=3, text="Old group", group=closed)
    found = missing_of(draft, on=TODAY)
    _first, second, third = row.activities.order_by("position")
    leads = url("plan-leads", draft.pk)

    def cell(each, name):
        return url("cell-change", draft.pk, each._meta.model_name, each.pk, name)

    assert found == [
        Missing("1.2 Nobody’s has no lead", cell(naked, "leads"), True),
        Missing("1.2 Nobody’s has no activity", url("row-add", draft.pk, "activity", naked.pk), True),
        Missing("Priority 2. Neglect has no deliverables", url("row-add", draft.pk, "deliverable", bare.pk), True),
        Missing("1.1 “Later.” has no timescale", cell(third, "timescale")),
        Missing("1.1 “Soon.”: we find no time in “when pigs fly”", cell(second, "timescale")),
        Missing("Priority 2. Neglect does not say what will be different", cell(bare, "outcomes")),
        Missing("Nobody can be asked for an update where the lead is no post or group yet: “A friend”", leads),
        Missing("Nobody holds the post of “Head of Midwifery”", post.get_absolute_url()),
        Missing("Old group is closed: say who leads in place of “Old group”", leads),
    ]


def test_a_whole_plan_lacks_nothing(draft, lead):
    assert missing_of(draft, on=TODAY) == []


def test_leads_that_mean_nobody_are_said_in_one_line(draft, row):
    for n in range(5):
        DeliverableLeadFactory(deliverable=row, position=2 + n, text=f"Friend {n}")
    assert [each.words for each in missing_of(draft, on=TODAY)] == [
        "Nobody can be asked for an update where the lead is no post or group yet: "
        "“Friend 0”, “Friend 1”, “Friend 2” and 2 others"
    ]


def test_a_group_without_a_chair_is_said(draft, row, learning_group, chair):
    DeliverableLeadFactory(deliverable=row, position=2, text="Learning", group=learning_group)
    assert missing_of(draft, on=TODAY) == []
    GroupMember.objects.filter(group=learning_group).update(to_on=date(2026, 12, 31))
    assert [each.words for each in missing_of(draft, on=TODAY)] == [
        "Learning and Development Subgroup has no chair who could be asked"
    ]


def test_what_is_missing_takes_as_many_queries_for_three_rows_as_for_one(draft, row, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        missing_of(draft, on=TODAY)
    for n in range(3):
        DeliverableFactory(priority=row.priority, position=10 + n, ref=str(10 + n))
    with django_assert_max_num_queries(7):
        assert len(missing_of(draft, on=TODAY)) == 6


# Comments


@pytest.fixture
def commented(client_of, out):
    """``commented(user, kind, row, text=…)``: send a comment through the page; gives the answer."""

    def commented(user, kind="plan", row=None, **answers):
        row = row or out
        return client_of(user).post(url("comment-add", out.pk, kind, row.pk), {"text": "Say who pays.", **answers})

    return commented


def test_members_comment_on_the_plan_a_priority_and_a_row_and_all_read_it(
    commented, client_of, out, row, partner, charity, other_partner, advisor
):
    commented(partner, organisation=charity.pk)
    commented(partner, "priority", row.priority, text="Fathers of babies, or all?")
    commented(advisor, "deliverable", row)
    said = out.comments.order_by("pk").values_list("about", "text", "made_by__name", "organisation__name")
    assert list(said) == [
        ("The whole plan", "Say who pays.", "Greta Holloway", "Lantern Family Trust"),
        ("Priority 1. Fathers", "Fathers of babies, or all?", "Greta Holloway", None),
        ("1.1 Ask every father", "Say who pays.", "Marguerite Lowell", None),
    ]
    assert {each.version for each in out.comments.all()} == {out.versions.get()}
    page = client_of(other_partner).get(url("comment-list", out.pk)).content.decode()
    assert "Fathers of babies, or all?" in page
    plan_page = client_of(other_partner).get(out.get_absolute_url()).content.decode()
    assert "1 so far" in plan_page


def test_the_same_comment_sent_twice_is_one(commented, out, partner):
    for _twice in range(2):
        assert commented(partner).status_code == 302
    assert out.comments.count() == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Enter your comment"),
        ("x" * 200_000, "Use 5000 characters or fewer. You have 200000"),
        ("a\x00b", "Null characters are not allowed."),
    ],
)
def test_a_comment_that_cannot_be_kept_is_refused_at_its_field(commented, out, partner, text, said):
    response = commented(partner, text=text)
    assert (response.status_code, errors(response), out.comments.count()) == (422, {"text": [said]}, 0)


def test_nobody_comments_for_an_organisation_that_is_not_theirs(commented, out, partner, hospital, charity):
    response = commented(partner, organisation=hospital.pk)
    assert errors(response) == {"organisation": ["Choose an organisation that you may speak for"]}
    commented(partner, organisation=charity.pk)
    assert out.comments.get().organisation == charity


def test_the_office_writes_down_what_a_member_told_it(commented, out, office, hospital):
    commented(office, organisation=hospital.pk)
    assert out.comments.get().organisation == hospital


def test_a_row_of_another_plan_a_retired_one_or_an_activity_is_not_there(commented, client_of, out, row, plan, partner):
    another = plan.priorities.first()
    assert commented(partner, "priority", another).status_code == 404
    assert commented(partner, "activity", row.activities.first()).status_code == 404
    change_a_row(out, retired_on=TODAY)
    assert commented(partner, "deliverable", row).status_code == 404
    assert PlanComment.objects.count() == 0


def test_after_the_last_day_a_comment_is_late_and_still_kept(commented, client_of, out, partner, office):
    Plan.objects.filter(pk=out.pk).update(comments_until=date(2027, 1, 11))
    page = client_of(partner).get(url("comment-add", out.pk, "plan", out.pk)).content.decode()
    assert "The last day for comments was 11 January 2027." in page
    commented(partner)
    assert PlanComment.objects.get().is_late
    assert "after the last day" in client_of(office).get(url("comment-list", out.pk)).content.decode()


def test_a_plan_no_longer_out_for_comment_takes_none_and_loses_no_words(commented, client_of, out, partner):
    Plan.objects.filter(pk=out.pk).update(status="approved")
    response = commented(partner, text="My long words")
    assert (response.status_code, out.comments.count()) == (422, 0)
    assert "Your words are still here" in response.content.decode()
    assert "My long words" in response.content.decode()
    assert client_of(partner).get(url("comment-add", out.pk, "plan", out.pk)).status_code == 302


def test_an_answer_says_what_became_of_the_comment(commented, desk, client_of, out, partner, office):
    commented(partner)
    comment = out.comments.get()
    page = url("comment-answer", comment.pk)
    wrong = desk.post(page, {"outcome": "", "answer": ""})
    assert (wrong.status_code, errors(wrong)) == (
        422,
        {
            "outcome": ["Choose what became of the comment"],
            "answer": ["Enter your answer, so that whoever wrote it knows that it was read"],
        },
    )
    desk.post(page, {"outcome": "changed", "answer": "It says so now."})
    comment.refresh_from_db()
    assert (comment.outcome, comment.answer, comment.answered_by) == ("changed", "It says so now.", office)
    assert client_of(partner).post(page, {"outcome": "kept", "answer": "No."}).status_code == 403
    assert "It says so now." in client_of(partner).get(url("comment-list", out.pk)).content.decode()


def test_of_two_who_answer_at_once_the_second_sees_both(commented, desk, out, partner):
    commented(partner)
    comment = out.comments.get()
    page = url("comment-answer", comment.pk)
    seen = desk.get(page).context["form"]["seen"].value()
    desk.post(page, {"outcome": "changed", "answer": "Theirs.", "seen": seen})
    late = desk.post(page, {"outcome": "kept", "answer": "Mine.", "seen": seen})
    comment.refresh_from_db()
    assert (late.status_code, comment.answer) == (409, "Theirs.")
    assert "It now says “Theirs.”" in late.content.decode()
    assert late.context["form"]["answer"].value() == "Mine."


def test_a_row_with_comments_is_retired_and_not_deleted(commented, desk, out, row, partner):
    commented(partner, "deliverable", row)
    response = desk.post(url("row-arrange", out.pk, "deliverable", row.pk), {"do": "delete"}, follow=True)
    assert "This deliverable has comments, which stay on record." in response.content.decode()
    assert Deliverable.objects.filter(pk=row.pk).exists()
    on_priority = desk.post(url("row-arrange", out.pk, "priority", row.priority.pk), {"do": "delete"}, follow=True)
    assert "This priority has comments, which stay on record." in on_priority.content.decode()


def test_comments_are_narrowed_and_taken_away(commented, desk, out, row, partner, charity):
    commented(partner, organisation=charity.pk)
    commented(partner, "deliverable", row, text="=1+1")
    listed = url("comment-list", out.pk)

    def shown(**asked):
        return [each.about for each in desk.get(listed, asked).context["table"].data]

    assert shown(about="plan") == ["The whole plan"]
    assert shown(about=row.priority.pk) == ["1.1 Ask every father"]
    assert shown(organisation=charity.pk) == ["The whole plan"]
    assert shown(answered="yes") == []
    assert len(shown(answered="no")) == 2
    export = desk.get(listed, {"export": "csv"}).content.decode()
    assert export.splitlines()[0].removeprefix("\ufeff") == (
        "About,Comment,From,For,Made,On version,What became of it,Answer,Answered by,Answered"
    )
    assert "'=1+1" in export


# Pages


def test_pages_take_as_many_queries_for_three_versions_and_comments_as_for_one(commented, desk, out, partner, office):
    pages = [url("version-list", out.pk), url("comment-list", out.pk), out.versions.get().get_absolute_url()]
    commented(partner)
    before = [count_queries(desk, page) for page in [*pages, out.get_absolute_url()]]
    for n in (2, 3):
        change_a_row(out, title=f"Words {n}")
        send_for_comment(out, by=office, at=NOW + timedelta(days=n), until=UNTIL)
        commented(partner, text=f"Words {n}")
    assert [count_queries(desk, page) for page in [*pages, out.get_absolute_url()]] == before


def test_a_version_shows_the_plan_as_it_stood(desk, published):
    version = published.versions.get()
    change_a_row(published, title="Other words")
    response = desk.get(version.get_absolute_url())
    assert [row.title for row in response.context["table"].deliverables] == ["Ask every father"]
    assert [row.title for row in read_table(published, on=TODAY).deliverables] == ["Other words"]
    assert version.sha256[:12] in response.content.decode()


def test_what_was_sent_to_members_stays_theirs_when_the_plan_is_taken_back(client_of, out, office, partner, stranger):
    version = out.versions.get()
    take_back(out, by=office, at=NOW, reason=REASON)
    assert client_of(partner).get(version.get_absolute_url()).status_code == 200
    assert client_of(stranger).get(version.get_absolute_url()).status_code == 404


def test_versions_are_listed_with_what_was_said(desk, client_of, published, office, stranger):
    change_a_row(published, title="Other words")
    publish_plan(published, by=office, at=NOW + timedelta(days=1), number="1.1", reason=REASON)
    close_plan(published, by=office, at=NOW + timedelta(days=2), words="It ended well.")
    lines = desk.get(url("version-list", published.pk)).context["lines"]
    assert [getattr(each, "words", None) or each.number for each in lines] == ["It ended well.", "1.1", "1.0"]
    page = client_of(stranger).get(url("version-list", published.pk)).content.decode()
    assert (REASON in page, "It ended well." in page) == (True, False)


def test_members_are_told_of_plans_out_for_comment_where_they_look(client_of, out, partner, stranger, office):
    for page in (reverse("plans:plan-list"), reverse("assurance:my-work")):
        assert "Please comment" in client_of(partner).get(page).content.decode()
        assert "Please comment" not in client_of(stranger).get(page).content.decode()
    assert (
        "Out for comment until 2 February 2027" in client_of(partner).get(reverse("plans:plan-list")).content.decode()
    )


def test_plans_of_others_are_not_in_it(client_of, out, far_partnership, stranger):
    PlanFactory(partnerships=[far_partnership], status="consultation", comments_until=UNTIL, title="Far plan")
    assert "Far plan" in client_of(stranger).get(reverse("plans:plan-list")).content.decode()
