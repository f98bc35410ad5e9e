"""The plan in public: the latest published version, whatever the office has changed since."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnership.models import PublishedFile
from partnership.publishing import publish_file
from plans.models import Activity, Deliverable, Plan, PlanDocument, PlanVersion, Priority
from plans.public import published_plan
from plans.snapshots import take_snapshot
from tests.conftest import TODAY
from tests.factories import (
    DeliverableFactory,
    PartnershipFactory,
    PlanFactory,
    PlanVersionFactory,
    PriorityFactory,
    PriorityReviewFactory,
    UpdateRoundFactory,
)
from tests.plans.test_plan_page import add_deliverables

LATER = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


def address(name, partnership, *args):
    return reverse(f"plans:{name}", args=[partnership.slug, *args])


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def read(client, partnership, plan):
    """``read()``: the words of the home page, the plan, its first priority and the versions, one after another."""
    key = plan.priorities.first().pk
    urls = [
        reverse("partnership:public-home", args=[partnership.slug]),
        address("public-plan", partnership),
        address("public-priority", partnership, key),
        address("public-versions", partnership),
    ]
    return lambda: "".join(text_of(client.get(url)) for url in urls)


def change_everything(plan):
    """What an office may do to a plan after it was published."""
    Plan.objects.filter(pk=plan.pk).update(title="Canary plan", introduction="Canary words", status="draft")
    Priority.objects.filter(plan=plan).update(title="Canary priority", retired_on=TODAY, retired_reason="Over")
    Deliverable.objects.filter(priority__plan=plan).update(title="Canary promise", retired_on=TODAY)
    Activity.objects.filter(deliverable__priority__plan=plan).update(text="Canary work", timescale_text="Canary day")
    plan.drivers.create(position=1, text="Canary driver")
    plan.review_dates.create(held_on=date(2027, 3, 1), label="Canary review")


PROMISED = [
    "Business plan 2026 to 2027",
    "What we promise children in the year to March 2027.",
    "1. Babies: a safe first year",
    "A shared plan with every family before a birth",
    "by end of Nov 2026",
    "Seeing neglect early",
]


def test_the_office_s_later_edits_show_only_once_they_are_published(plan, read, chair):
    change_everything(plan)
    page = read()
    assert ([words for words in PROMISED if words not in page], page.count("Canary")) == ([], 0)

    Priority.objects.filter(plan=plan).update(retired_on=None)
    Deliverable.objects.filter(priority__plan=plan).update(retired_on=None)
    PlanVersionFactory(plan=plan, number="1.1", made_by=chair, made_at=LATER, reason="A canary sang")
    page = read()  # the control: now they do
    wanted = ["plan", "words", "priority", "promise", "work", "day", "driver", "review"]
    assert [word for word in wanted if f"Canary {word}" not in page] == []
    assert "A canary sang" in page


@pytest.mark.parametrize("stage", ["consultation", "approved"])
def test_a_version_that_is_not_published_is_not_public(plan, read, executive, chair, stage):
    Plan.objects.filter(pk=plan.pk).update(title="Canary plan")
    PlanVersionFactory(
        plan=plan, number="1.1", stage=stage, made_by=chair, made_at=LATER, reason="Canary reason",
        approved_by=executive, approved_on=TODAY,
    )  # fmt: skip
    assert "Canary" not in read()


@pytest.mark.parametrize("status", Plan.Status.values)
def test_a_plan_without_a_published_version_is_not_public_whatever_it_calls_itself(client, partnership, status):
    PriorityFactory(plan=PlanFactory(partnerships=[partnership], status=status))
    assert published_plan(partnership, on=TODAY) is None
    assert "No plan is published yet" in text_of(client.get(address("public-plan", partnership)))
    assert "No plan is published yet" in text_of(client.get(address("public-versions", partnership)))


def test_the_plan_of_the_day_is_shown_and_before_the_first_begins_the_one_that_is_coming(plan, plan_version, chair):
    def version_of(starts_on, ends_on, **version):
        own = PlanFactory(starts_on=starts_on, ends_on=ends_on, rating_key=plan.rating_key)
        own.partnerships.set(plan.partnerships.all())
        return PlanVersionFactory(plan=own, made_by=chair, **version)

    nearest = version_of(date(2027, 4, 1), date(2028, 3, 31))
    version_of(date(2028, 4, 1), date(2029, 3, 31))
    partnership = plan.partnerships.first()
    days = [date(2026, 4, 1), date(2027, 3, 31), date(2027, 4, 1), date(2020, 1, 1)]
    assert [published_plan(partnership, on=day) for day in days] == [plan_version, plan_version, nearest, plan_version]


def test_a_version_that_moved_the_first_day_is_the_plan_s_only_one(plan, plan_version, chair):
    Plan.objects.filter(pk=plan.pk).update(starts_on=date(2026, 2, 1))
    later = PlanVersionFactory(plan=plan, number="1.1", made_by=chair, made_at=LATER)
    assert published_plan(plan.partnerships.first(), on=TODAY) == later


def test_a_plan_shared_by_two_partnerships_is_on_both_of_their_pages(client, plan, partnership, other_partnership):
    pages = [text_of(client.get(address("public-plan", each))) for each in (partnership, other_partnership)]
    assert f"Shared with {other_partnership.name}." in pages[0]
    assert f"Shared with {partnership.name}." in pages[1]


# One priority


def test_a_priority_says_how_it_was_judged_each_quarter_and_nothing_of_how_it_came_to_it(
    client, plan, partnership, review_proposed, ratings, executive_chair
):
    key = plan.priorities.first().pk
    earlier = UpdateRoundFactory(
        plan=plan, name="April to June 2026", starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 30),
        opens_on=date(2026, 7, 1), closes_on=date(2026, 7, 20),
    )  # fmt: skip
    PriorityReviewFactory(
        priority=plan.priorities.first(), round=earlier, proposed_rating=ratings["G"], decided_rating=ratings["G"],
        decision_comments="Canary", decided_by=executive_chair, decided_at=LATER, proposed_by=executive_chair,
        proposed_at=LATER,
    )  # fmt: skip
    UpdateRoundFactory(plan=plan)  # open today
    page = client.get(address("public-priority", partnership, key))
    assert [(round.name, review and review.decided_rating) for round, review in page.context["judged"]] == [
        ("July to September 2026", None),
        ("April to June 2026", ratings["G"]),
    ]
    words = text_of(page)
    assert [said for said in ("Canary", "Amber", review_proposed.scrutiny_comments) if said in words] == []
    assert "Most serious incidents were to babies." in words

    review_proposed.decided_rating, review_proposed.decided_by = ratings["R"], executive_chair
    review_proposed.decided_at = LATER
    review_proposed.save()
    strips = [each.strip for each in client.get(address("public-plan", partnership)).context["table"].priorities]
    assert [[point.rating for point in strip] for strip in strips] == [[ratings["G"], ratings["R"]], [None, None]]


def test_one_leads_to_the_next_and_back(client, plan, partnership):
    first, second = plan.priorities.all()
    pages = [text_of(client.get(address("public-priority", partnership, each.pk))) for each in (first, second)]
    hrefs = [address("public-priority", partnership, each.pk) for each in (first, second)]
    found = [
        (f'rel="prev" href="{href}"' in page, f'rel="next" href="{href}"' in page) for page in pages for href in hrefs
    ]
    assert found == [(False, False), (False, True), (True, False), (False, False)]


def test_a_priority_of_elsewhere_or_of_nothing_published_is_not_there(
    client, plan, draft_plan, partnership, far_partnership, chair
):
    far = PlanFactory(partnerships=[far_partnership])
    theirs = PriorityFactory(plan=far)
    PlanVersionFactory(plan=far, made_by=chair)
    added = PriorityFactory(plan=plan, title="Added since")
    keys = [theirs.pk, added.pk, PriorityFactory(plan=draft_plan).pk, 0, 10**12]
    assert [client.get(address("public-priority", partnership, key)).status_code for key in keys] == [404] * 5
    assert client.get(address("public-priority", far_partnership, theirs.pk)).status_code == 200
    assert client.get(address("public-priority", far_partnership, plan.priorities.first().pk)).status_code == 404
    closed = PartnershipFactory(slug="closed", is_public=False)
    plan.partnerships.add(closed)
    pages = ["public-plan", "public-versions"]
    assert [client.get(address(name, closed)).status_code for name in pages] == [404, 404]
    assert client.get(address("public-priority", closed, plan.priorities.first().pk)).status_code == 404


def test_last_year_s_priority_keeps_its_address_and_says_so(client, plan, partnership, chair):
    last = PlanFactory(
        title="Business plan 2025 to 2026", starts_on=date(2025, 4, 1), ends_on=date(2026, 3, 31), status="closed",
        partnerships=[partnership], rating_key=plan.rating_key,
    )  # fmt: skip
    old = PriorityFactory(plan=last, title="An old worry")
    PlanVersionFactory(plan=last, made_by=chair)
    page = text_of(client.get(address("public-priority", partnership, old.pk)))
    assert "This priority was part of Business plan 2025 to 2026" in page
    page = text_of(client.get(address("public-priority", partnership, plan.priorities.first().pk)))
    assert "This priority was part of" not in page


# Files and versions


def published(version, by):
    files = [
        publish_file(
            partnerships=version.plan.partnerships.all(), kind=PublishedFile.Kind.PLAN, title=str(version),
            filename=f"plan-{version.number}.{ending}", content=b"%PDF" * 25_000, page_count=pages, by=by,
            at=version.made_at, content_type=kind,
        )
        for ending, kind, pages in [("pdf", "application/pdf", 10), ("docx", "application/word", None)]
    ]  # fmt: skip
    return PlanDocument.objects.create(
        version=version, requested_by=by, state="done", pdf=b"%PDF", published_pdf=files[0], published_word=files[1]
    )


def test_the_page_offers_both_files_with_their_size_and_says_why_the_plan_changed(
    client, plan, plan_version, partnership, executive, chair
):
    published(plan_version, chair)
    version = PlanVersionFactory(
        plan=plan, number="1.1", made_by=chair, made_at=LATER, reason="The school year begins later.",
        approved_by=executive, approved_on=date(2026, 10, 20),
    )  # fmt: skip
    document = PlanDocument.objects.create(version=version, requested_by=chair, step="Waiting for a worker")
    url = address("public-plan", partnership)
    assert "are being made" in text_of(client.get(url))
    document.delete()
    made = published(version, chair)
    page = text_of(client.get(url))
    wanted = [
        "Version 1.1, published 3 November 2026.",
        "The school year begins later.",
        "Approved by Executive on 20 October 2026.",
        made.published_pdf.get_absolute_url(),
        "PDF, 10 pages, 100 kB",
        made.published_word.get_absolute_url(),
        "Word, 100 kB",
        made.published_pdf.sha256,
        "This and 1 earlier version",
    ]
    assert [words for words in wanted if words not in page] == []


def test_every_published_version_stands_with_its_reason_and_files(client, plan, plan_version, partnership, chair):
    first = published(plan_version, chair)
    version = PlanVersionFactory(plan=plan, number="1.1", made_by=chair, made_at=LATER, reason="A date moved.")
    PlanVersionFactory(plan=plan, number="1.2", stage="consultation", made_by=chair, made_at=LATER, reason="Canary")
    page = client.get(address("public-versions", partnership))
    [group] = page.context["groups"]
    assert [(each.number, each.published_documents) for each in group["versions"]] == [("1.1", []), ("1.0", [first])]
    words = text_of(page)
    wanted = [version.reason, "The first version", "No file yet", first.published_word.get_absolute_url()]
    assert [said for said in wanted if said not in words] == []
    assert "Canary" not in words


# What it costs


def queries_of(client, url):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200
    return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]


@pytest.mark.parametrize(("name", "count"), [("public-plan", 7), ("public-priority", 5), ("public-versions", 3)])
def test_pages_cost_the_same_for_10_and_60_deliverables_and_for_1_and_3_versions(
    client, plan, partnership, round_past, chair, name, count
):
    key = [plan.priorities.first().pk] if name == "public-priority" else []
    add_deliverables(plan, 10)
    published(PlanVersionFactory(plan=plan, number="1.1", made_by=chair, made_at=LATER), chair)
    client.get(address(name, partnership, *key))
    at_10 = queries_of(client, address(name, partnership, *key))
    add_deliverables(plan, 50)
    for number in (2, 3):
        for n in range(number):
            PriorityFactory(plan=plan, position=50 + n, title=f"Priority {n}")
        version = PlanVersionFactory(
            plan=plan, number=f"1.{number}", made_by=chair, made_at=LATER.replace(hour=10 + number)
        )
        published(version, chair)
    at_60 = queries_of(client, address(name, partnership, *key))
    assert (len(at_60), len(at_10)) == (count, count)
    assert [sql for sql in at_60 if '."content"' in sql.split(" FROM ")[0]] == []


def test_a_snapshot_that_was_stored_reads_as_it_was_taken(plan, plan_version):
    assert PlanVersion.objects.get(pk=plan_version.pk).snapshot == take_snapshot(plan)


def test_words_of_a_plan_are_never_markup(client, plan, partnership, chair):
    row = DeliverableFactory(priority=plan.priorities.first(), position=9, title="<script>canary()</script>")
    PlanVersionFactory(plan=plan, number="1.1", made_by=chair, made_at=LATER, reason="<script>canary()</script>")
    urls = [address("public-plan", partnership), address("public-versions", partnership)]
    urls.append(address("public-priority", partnership, row.priority_id))
    assert ["<script>canary" in text_of(client.get(url)) for url in urls] == [False] * 3
