"""However much is published, a list of data asks the database as often."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assurance.models import ReportCompanion
from partnership.api import resources
from partnership.models import PublishedFile
from partnership.publishing import publish_file
from tests.factories import (
    AnnualReportFactory,
    BriefingFactory,
    EventFactory,
    GroupFactory,
    MeetingFactory,
    PlanFactory,
    PlanVersionFactory,
    PriorityFactory,
    TermsFactory,
    VoiceEntryFactory,
)

AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def publish_more(partnership, office, rating_key):
    """``publish_more(n)``: one more of most kinds, with what hangs on it."""

    def file(kind, n):
        return publish_file(
            partnerships=[partnership],
            kind=kind,
            title=f"File {n}",
            filename="x.pdf",
            content=b"%PDF",
            by=office,
            at=AT,
        )

    def publish_more(n):
        ours = {"partnerships": [partnership]}
        group = GroupFactory(name=f"Group {n}", **ours)
        TermsFactory(group=group)
        MeetingFactory(group=group, meets_on=date(2027, 2, n))
        VoiceEntryFactory(is_public=True, did="We did.", **ours)
        plan = PlanFactory(title=f"Plan {n}", rating_key=rating_key, **ours)
        PriorityFactory(plan=plan)
        PlanVersionFactory(plan=plan, made_by=office)
        EventFactory(course__partnerships=[partnership], starts_at=datetime(2027, 3, n, 9, 0, tzinfo=UTC))
        BriefingFactory(partnership=partnership, published_at=AT, published_by=office, title=f"Briefing {n}")
        report = AnnualReportFactory(published_file=file(PublishedFile.Kind.ANNUAL_REPORT, n), **ours)
        ReportCompanion.objects.create(
            report=report, kind="summary", title="In short", published_file=file(PublishedFile.Kind.SUMMARY, n),
            added_by=office, added_at=AT,
        )  # fmt: skip

    return publish_more


def counts(client, partnership):
    found = {}
    for name in resources():
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(reverse("partnership:api-list", args=[partnership.slug, name]))
        found[name] = (answer.json()["count"], len(asked))
    return found


def test_a_list_of_three_asks_no_more_than_a_list_of_one(client, partnership, publish_more):
    publish_more(1)
    one = counts(client, partnership)
    publish_more(2)
    publish_more(3)
    three = counts(client, partnership)
    assert {name: asked for name, (_, asked) in three.items()} == {name: asked for name, (_, asked) in one.items()}
    grown = {name for name in one if three[name][0] == one[name][0] + 2}
    assert grown == set(resources()) - {"arrangements", "reviews"}
