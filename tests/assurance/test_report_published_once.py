"""Two people press publish at the same moment: one file, one list, nothing half-published. PostgreSQL decides."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection

from assurance.annual import publishing, signing
from assurance.models import AnnualReport, ReportSignature, SignOff
from assurance.printed import content_hash
from partnership.models import Membership, Organisation, PublishedFile, Rule
from partnership.publishing import CannotPublish
from tests.factories import AnnualReportFactory, MembershipFactory, OrganisationFactory
from tests.factories_report import ReportBuildFactory

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
TODAY = date(2027, 1, 12)
SECONDS_APART = 1.5  # how long the first waits for the second, who must not come while it holds the report


@pytest.fixture
def report(partnership, rule_set):
    """Of whom nobody has to sign, with one recipient by rule."""
    Rule.objects.create(
        rule_set=rule_set, code="to-panel", title="The Panel", unit=Rule.Unit.RECIPIENT, number=7, source="Here"
    )
    return AnnualReportFactory(partnerships=[partnership], rule_set=rule_set)


@pytest.fixture
def proof(report, office, monkeypatch):
    """A finished proof; nothing that it prints has changed."""
    content = {"dated_on": "2027-01-12", "sections": []}
    monkeypatch.setattr(publishing, "is_up_to_date", lambda build: True)
    monkeypatch.setattr(signing, "is_up_to_date", lambda build: True)
    return ReportBuildFactory(
        report=report, number=1, requested_by=office, content=content, content_hash=content_hash(content)
    )


def all_at_once(acts):
    """What came of each of ``acts``, each on a connection of its own."""

    def one(act):
        try:
            act()
        except (CannotPublish, signing.NotNow) as refusal:
            return str(refusal).partition(".")[0]
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(one, acts))


@pytest.fixture
def meet(monkeypatch):
    """Have two who look at a report wait for each other, once both have read that it is not published."""
    meeting = Barrier(2)

    def wait():
        with suppress(BrokenBarrierError):
            meeting.wait(SECONDS_APART)

    return wait


@pytest.fixture
def press_twice(report, proof, office, meet, monkeypatch):
    kept = publishing.publish_file

    def wait_and_publish(**file):
        meet()
        return kept(**file)

    monkeypatch.setattr(publishing, "publish_file", wait_and_publish)

    def press():
        publishing.publish_report(report, build=proof, by=office, at=NOW)

    return lambda: all_at_once([press, press])


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_once(press_twice, report):
    assert press_twice() == ["This edition is published already", "done"]
    assert PublishedFile.objects.count() == 1
    assert AnnualReport.objects.get(pk=report.pk).recipients.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_two_files_would_be_published(press_twice, report, monkeypatch):
    monkeypatch.setattr(publishing, "locked_report", lambda report: AnnualReport.objects.get(pk=report.pk))
    assert press_twice() == ["done", "done"]
    assert PublishedFile.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["publish_file", "publish_companions", "make_recipients"])
def test_whoever_falls_out_half_way_leaves_nothing_published(report, proof, office, monkeypatch, step):
    done = getattr(publishing, step)

    def fall(*args, **kwargs):
        done(*args, **kwargs)
        raise ConnectionError("killed")

    monkeypatch.setattr(publishing, step, fall)
    with pytest.raises(ConnectionError):
        publishing.publish_report(report, build=proof, by=office, at=NOW)
    report.refresh_from_db()
    assert (report.is_published, report.recipients.count(), PublishedFile.objects.count()) == (False, 0, 0)
    monkeypatch.setattr(publishing, step, done)
    publishing.publish_report(report, build=proof, by=office, at=NOW)
    report.refresh_from_db()
    assert (report.is_published, report.recipients.count(), PublishedFile.objects.count()) == (True, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_whoever_signs_while_it_is_published_without_them_is_told_so(
    report, proof, partnership, office, meet, monkeypatch
):
    council = OrganisationFactory(name="County Council", kind=Organisation.Kind.LOCAL_AUTHORITY)
    MembershipFactory(organisation=council, partnership=partnership, role=Membership.Role.STATUTORY)
    asked = signing.ask_to_sign(report, build=proof, note="", due_on=TODAY, because="", by=office, at=NOW)
    kept = publishing.publish_file

    def wait_and_publish(**file):
        meet()
        return kept(**file)

    monkeypatch.setattr(publishing, "publish_file", wait_and_publish)

    def publish():
        publishing.publish_report(report, build=proof, by=office, at=NOW, without="The post was vacant.")

    def sign():
        meet()  # the other holds the report by now
        signing.sign(
            SignOff.objects.get(pk=asked.pk),
            organisation=council,
            decision=signing.Decision.SIGNED,
            name="Imogen Vance",
            post_title="Chief executive",
            signed_on=TODAY,
            by=office,
            at=NOW,
        )

    assert all_at_once([publish, sign]) == ["The report is published already", "done"]
    assert ReportSignature.objects.count() == 0
    assert PublishedFile.objects.get().manifest["signatures"] == []
