"""T10: A case whose time is up goes for good on the word of two of its group, in the history too.

Nobody else learns of it.
"""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ForeignKey
from django.urls import reverse

from partnership.data_protection.keeping import place_hold as hold_everything
from partnership.data_protection.keeping import set_period
from partnership.data_protection.map import event_models
from partnership.models import Dispute, Document, RetentionRun
from partnership.refusals import NotNow
from partnership.row_security import NOBODY, all_rows, tell
from partnership.sealing.chain import seal
from partnership.sealing.checking import check
from reviews import deletion as process
from reviews.models import (
    Advice,
    Briefing,
    Case,
    CaseDeletion,
    CaseDispute,
    CaseHold,
    LearningPoint,
    PartnerDecision,
    PracticeReview,
    RapidReview,
    ReCheck,
    Recommendation,
    RecommendationEvidence,
    ReviewDraft,
    ReviewPublication,
)
from reviews.releasing import release, take_back
from tests.conftest import hold
from tests.factories import (
    AdviceFactory,
    AgencySummaryFactory,
    BriefingFactory,
    CaseFactory,
    DisputeFactory,
    LearningPointFactory,
    PanelLetterFactory,
    PracticeReviewFactory,
    ReCheckFactory,
    RecommendationFactory,
)
from tests.partnership.test_erasure import everywhere

pytestmark = pytest.mark.usefixtures("rule_sets", "today")

NOW, TODAY = datetime(2027, 1, 12, 9, 0, tzinfo=UTC), date(2027, 1, 12)
CANARY = "Canary-91c4"
WHY = "The archivist looked, and nobody needs it."


@pytest.fixture
def second(case_group):
    return hold("Amara Whitlock", "Head of service", group=case_group)


@pytest.fixture
def old(partnership, case_group_member, hospital):
    """Closed in 1950, with something of every kind that can hang on a case."""
    return old_case(partnership, case_group_member, hospital)


def old_case(partnership, member, agency, number=1):
    case = CaseFactory(
        partnership=partnership,
        reference=f"{CANARY}-{number}",
        category=f"{CANARY} category",
        summary=f"{CANARY} summary",
        closed_on=date(1950, 3, 1),
        closed_because=f"{CANARY} closed",
    )
    words = {"partnership": partnership, "source_title": ""}
    RapidReview.objects.create(case=case, partnership=partnership, facts=f"{CANARY} facts")
    AgencySummaryFactory(case=case, organisation=agency, contact=member, asked_with=f"{CANARY} asked")
    AdviceFactory(case=case, given_by=member, reasons=f"{CANARY} advice")
    decided(case, agency, member)
    letter = PanelLetterFactory(case=case, words=f"{CANARY} letter")
    letter.points.create(partnership=partnership, position=1, point=f"{CANARY} point")
    case.note_reading(by=member)
    review = PracticeReviewFactory(partnership=partnership, reference=f"{CANARY}-LR-{number}", cases=[case])
    PracticeReview.objects.filter(pk=review.pk).update(terms=f"{CANARY} terms")
    document = Document.keep(filename=f"draft-{number}.docx", content=f"{CANARY} {number}".encode(), by=member)
    ReviewDraft.objects.create(partnership=partnership, review=review, number=1, document=document, added_by=member)
    hidden = RecommendationFactory(source="local", case=case, text=f"{CANARY} recommended", **words)
    ReCheckFactory(recommendation=hidden, method=f"{CANARY} method")
    file = Document.keep(filename=f"evidence-{number}.pdf", content=f"%PDF {number}".encode(), by=member)
    RecommendationEvidence.objects.create(
        recommendation=hidden, words=f"{CANARY} evidence", document=file, added_by=member
    )
    LearningPointFactory(case=case, text=f"{CANARY} learned", **words)
    BriefingFactory(partnership=partnership, review=review, title=f"{CANARY} briefing")
    return case


def decided(case, agency, member):
    """Twice: the later decision supersedes the one before."""
    fields = {"partnership": case.partnership, "case": case, "organisation": agency, "decided_on": TODAY}
    who = {"decided_by": member, "recorded_by": member, "reasons": f"{CANARY} reasons"}
    later = PartnerDecision.objects.create(outcome="local", **fields, **who)
    with transaction.atomic():
        earlier = PartnerDecision(outcome="none", superseded_by=later, **fields, **who)
        earlier.save()


def delete(case, *, asker, second, on=TODAY):
    asked = process.ask(case, because=WHY, by=asker, on=on, at=NOW)
    seen = process.digest(process.what_goes(case))
    process.confirm(asked, seen=seen, by=second, on=on, at=NOW)
    return CaseDeletion.objects.get(pk=asked.pk)


def address(case, verb="delete"):
    return reverse(f"reviews:case-{verb}", args=[case.pk])


# All of it goes


def test_afterwards_nothing_of_it_is_left_in_any_table_its_history_among_them(old, case_group_member, second):
    assert len(everywhere(CANARY)) > 30
    files = set(process.files_of(process.extent_of(old)))
    gone = delete(old, asker=case_group_member, second=second)
    assert everywhere(CANARY) == set()
    assert (len(files), Document.objects.filter(pk__in=files).count()) == (2, 0)
    assert (gone.under, gone.confirmed_by, RetentionRun.objects.count()) == (
        "75 years after it was closed",
        second,
        0,
    )


def test_another_case_and_its_review_are_as_they_were(old, case_group_member, second, hospital):
    other = old_case(old.partnership, case_group_member, hospital, number=2)
    shared = PracticeReviewFactory(partnership=old.partnership, reference="BOTH", cases=[old, other])
    rows = process.rows_of(process.extent_of(other))
    before = [process.keys(each.all()) for each in rows]
    delete(old, asker=case_group_member, second=second)
    assert [process.keys(each.all()) for each in rows] == before
    assert list(shared.cases.all()) == [other]
    delete(other, asker=case_group_member, second=second)
    assert not PracticeReview.objects.filter(pk=shared.pk).exists()


def test_every_table_that_hangs_on_a_case_is_named(old):
    """What is added later and hangs on one of these would keep a case from going, or stay behind."""
    extent = process.extent_of(old)
    going = {rows.model for rows in process.rows_of(extent)}
    linked = {model._meta.db_table for model, _which in process.links_of(extent)}
    hanging = {
        (relation.related_model._meta.label, model._meta.label)
        for model in going
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and isinstance(getattr(relation, "field", None), ForeignKey)
        and not hasattr(relation.related_model, "pgh_tracked_model")
        and relation.related_model not in going
        and relation.related_model._meta.db_table not in linked
    }
    assert hanging == {
        ("assurance.AuditFinding_recommendations", "reviews.Recommendation"),  # of no case
        ("assurance.Inspection_recommendations", "reviews.Recommendation"),
    }


def test_what_still_hangs_on_it_stops_all_of_it(old, case_group_member, second, monkeypatch):
    """The control of the list above: with one table forgotten nothing goes."""
    rows_of = process.rows_of
    without = lambda extent: [rows for rows in rows_of(extent) if rows.model is not Advice]  # noqa: E731
    monkeypatch.setattr(process, "rows_of", without)
    with pytest.raises(IntegrityError), transaction.atomic():
        delete(old, asker=case_group_member, second=second)
    assert Case.objects.filter(pk=old.pk).exists()
    assert CaseDeletion.objects.count() == 0


# What stays


def test_what_was_released_stays_as_everybody_read_it_without_its_link(
    client_of, office, old, case_group_member, second
):
    recommendation = Recommendation.objects.get(case=old)
    point = LearningPoint.objects.get(case=old)
    for record, words in ((recommendation, {"measure": "Visits"}), (point, {})):
        release(record, label="A local review", by=case_group_member, on=date(1951, 5, 2), text="For all", **words)
    ReCheck.objects.update(method="A look")
    RecommendationEvidence.objects.update(words="Seen")
    client = client_of(office)
    addresses = [recommendation.get_absolute_url(), point.get_absolute_url(), reverse("reviews:recommendation-list")]
    before = [stable(client.get(each)) for each in addresses]
    delete(old, asker=case_group_member, second=second)
    assert [stable(client.get(each)) for each in addresses] == before
    for record in (recommendation, point):
        record.refresh_from_db()
        assert (record.case, record.review, record.is_of_group, record.source_words) == (
            None,
            None,
            True,
            "A local review",
        )
        history = event_models()[type(record)].objects.filter(pgh_obj_id=record.pk)
        assert {(each.case_id, each.released_on) for each in history} == {(None, date(1951, 5, 2))}
        assert client.get(
            reverse("partnership:record-history", args=[record._meta.label_lower, record.pk])
        ).status_code in {403, 404}
        with pytest.raises(NotNow, match="stays released"):
            take_back(record)


def stable(response):
    """Its status and what stands on it, without the secrets that are drawn for each page."""
    body = re.sub(r"[A-Za-z0-9]{64}", "", response.content.decode())
    return response.status_code, body.partition("<main")[2].partition("</main>")[0]


def test_a_published_report_and_a_briefing_that_is_out_stay(old, case_group_member, second, partnership):
    review = PracticeReview.objects.get(cases=old)
    report = ReviewPublication.objects.create(
        partnership=partnership,
        review=review.pk,
        kind=review.kind,
        title="What we learned",
        summary="In short",
        published_on=date(1951, 1, 1),
        published_by=case_group_member,
    )
    briefing = BriefingFactory(partnership=partnership, review=review, title="Safer sleep")
    Briefing.objects.filter(pk=briefing.pk).update(published_at=NOW)
    delete(old, asker=case_group_member, second=second)
    assert ReviewPublication.objects.get() == report
    briefing.refresh_from_db()
    assert (briefing.review, briefing.title) == (None, "Safer sleep")
    assert not event_models()[Briefing].objects.filter(pgh_obj_id=briefing.pk).exclude(review=None).exists()


def test_a_dispute_stays_and_says_nothing_of_the_case(old, case_group_member, second, partnership):
    dispute = DisputeFactory(partnership=partnership)
    CaseDispute.objects.create(partnership=partnership, case=old, dispute=dispute, begun_on=date(1949, 1, 3))
    delete(old, asker=case_group_member, second=second)
    assert (Dispute.objects.count(), CaseDispute.objects.count()) == (1, 0)


# When, and by whom


@pytest.mark.parametrize(
    ("closed_on", "words"),
    [
        (None, "The case is open"),
        (date(1952, 1, 12), "kept until 12 January 2027"),
        (date(2020, 1, 1), "kept until 1 January 2095"),
    ],
)
def test_before_its_time_is_up_nobody_asks(old, case_group_member, closed_on, words):
    Case.objects.filter(pk=old.pk).update(closed_on=closed_on)
    with pytest.raises(NotNow, match=words):
        process.ask(old, because=WHY, by=case_group_member, on=TODAY, at=NOW)


def test_a_hold_keeps_it_and_so_does_one_on_everything(old, case_group_member, second, office):
    asked = process.ask(old, because=WHY, by=case_group_member, on=TODAY, at=NOW)
    seen = process.digest(process.what_goes(old))
    own = process.place_hold(old, because="An inquiry asks.", by=second, at=NOW)
    assert process.place_hold(old, because="Pressed twice", by=second, at=NOW) == own
    with pytest.raises(NotNow, match="An inquiry asks"):
        process.confirm(asked, seen=seen, by=second, on=TODAY, at=NOW)
    process.lift_hold(own, because="It is over.", by=case_group_member, at=NOW)
    hold_everything(old.partnership_id, "", because="A court asks.", by=office, at=NOW)
    with pytest.raises(NotNow, match="A court asks"):
        process.confirm(asked, seen=seen, by=second, on=TODAY, at=NOW)
    assert Case.objects.filter(pk=old.pk).exists()


def test_the_office_decides_how_long_and_that_counts(old, case_group_member, office):
    set_period(old.partnership_id, "cases", months=1200, is_by_itself=False, because="Our schedule", by=office, at=NOW)
    with pytest.raises(NotNow, match="kept until 1 March 2050"):
        process.ask(old, because=WHY, by=case_group_member, on=TODAY, at=NOW)


def test_who_asked_does_not_confirm_by_any_way(client_of, old, case_group_member, second):
    asked = process.ask(old, because=WHY, by=case_group_member, on=TODAY, at=NOW)
    seen = process.digest(process.what_goes(old))
    with pytest.raises(NotNow, match="second person"):
        process.confirm(asked, seen=seen, by=case_group_member, on=TODAY, at=NOW)
    assert client_of(case_group_member).post(address(old, "delete-confirm"), {"seen": seen}).status_code == 403
    with pytest.raises(IntegrityError, match="case_deletion_takes_two"), transaction.atomic():
        CaseDeletion.objects.update(confirmed_by=case_group_member)
    assert Case.objects.filter(pk=old.pk).exists()


def test_more_than_was_seen_does_not_go(old, case_group_member, second):
    asked = process.ask(old, because=WHY, by=case_group_member, on=TODAY, at=NOW)
    seen = process.digest(process.what_goes(old))
    PanelLetterFactory(case=old)
    with pytest.raises(NotNow, match="More hangs on this case"):
        process.confirm(asked, seen=seen, by=second, on=TODAY, at=NOW)


def test_withdrawn_it_stays_and_may_be_asked_again(old, case_group_member, second):
    asked = process.ask(old, because=WHY, by=case_group_member, on=TODAY, at=NOW)
    assert process.ask(old, because="Twice", by=case_group_member, on=TODAY, at=NOW) == asked
    process.withdraw(asked, because="It is needed.", by=second, at=NOW)
    with pytest.raises(NotNow, match="answered already"):
        process.confirm(asked, seen="", by=second, on=TODAY, at=NOW)
    assert process.ask(old, because=WHY, by=second, on=TODAY, at=NOW) != asked


# The pages


def test_two_members_do_it_by_their_pages(client_of, old, case_group_member, second):
    asker, other = client_of(case_group_member), client_of(second)
    page = asker.get(address(old)).content.decode()
    assert ("What goes" in page, "Ask for it to be deleted" in page) == (True, True)
    assert asker.post(address(old), {"because": WHY}).status_code == 302
    asked = asker.get(address(old)).content.decode()
    assert "Another member of the group confirms it" in asked
    assert "Delete the case for good" not in asked
    response = other.get(address(old))
    assert "Delete the case for good" in response.content.decode()
    answer = other.post(address(old, "delete-confirm"), {"seen": response.context["seen"]}, follow=True)
    assert "A case was deleted on 12 January 2027 under “75 years after it was closed”" in answer.content.decode()
    assert CANARY not in answer.content.decode()
    assert other.get(address(old)).status_code == 404


def test_its_reference_is_not_taken_for_a_reason_that_stays(client_of, old, case_group_member):
    response = client_of(case_group_member).post(address(old), {"because": f"{old.reference} is of no use"})
    assert response.status_code == 422
    assert "is of no use" in response.content.decode()
    assert CaseDeletion.objects.count() == 0


@pytest.mark.parametrize("role", ["office", "chair", "partner", "advisor", "administrator", "lead_partner", "stranger"])
@pytest.mark.parametrize("verb", ["delete", "delete-confirm", "delete-withdraw", "hold", "hold-lift"])
def test_to_everybody_else_no_such_page_exists(request, client_of, old, second, role, verb):
    process.ask(old, because=WHY, by=second, on=TODAY, at=NOW)
    client = client_of(request.getfixturevalue(role))
    assert client.post(address(old, verb), {"because": WHY, "seen": ""}).status_code == 404
    assert client.get(reverse("reviews:kept-list")).status_code == 404
    assert (Case.objects.filter(pk=old.pk).count(), CaseHold.objects.count()) == (1, 0)


def test_the_offices_pages_are_the_same_whatever_is_asked_and_done(
    client_of, office, administrator, old, case_group_member, second
):
    def seen():
        return [
            stable(client_of(who).get(each))
            for who in (office, administrator)
            for each in (
                reverse("partnership:retention-list"),
                reverse("partnership:retention-kind", args=[old.partnership.slug, "cases"]),
                reverse("partnership:retention-run-list"),
            )
        ]

    before = seen()
    asked = process.ask(old, because=WHY, by=case_group_member, on=TODAY, at=NOW)
    assert seen() == before
    digest = process.digest(process.what_goes(old))
    process.confirm(asked, seen=digest, by=second, on=TODAY, at=NOW)
    assert seen() == before


def test_the_database_itself_shows_it_to_nobody_else(old, office, case_group_member, second):
    process.place_hold(old, because="An inquiry asks.", by=second, at=NOW)
    with all_rows():
        CaseDeletion.objects.create(
            partnership=old.partnership, case=old.pk, under="1 year", because=WHY, asked_by=second, asked_at=NOW
        )
    models = [CaseDeletion, CaseHold, event_models()[CaseDeletion], event_models()[CaseHold]]
    found = {}
    for who, key in (("office", office.pk), ("member", case_group_member.pk), ("nobody", NOBODY)):
        tell(key)
        found[who] = [model.objects.count() for model in models]
        tell("*")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            pytest.skip("A superuser passes by every policy")
    assert found == {"office": [0] * 4, "member": [1] * 4, "nobody": [0] * 4}


@pytest.mark.parametrize("number", [1, 3, 10])
def test_query_count_of_the_list(
    client_of, old, case_group_member, second, hospital, number, django_assert_num_queries
):
    for each in range(2, number + 1):
        case = old_case(old.partnership, case_group_member, hospital, number=each)
        process.ask(case, because=WHY, by=second, on=TODAY, at=NOW)
    client = client_of(case_group_member)
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(reverse("reviews:kept-list")).status_code == 200


LIST_QUERIES = 13  # session, user, standing, periods, holds, partnerships, cases, their holds, who asked, what went


# The seal, and backups


def test_the_seal_over_the_history_knows_why(old, case_group_member, second, capsys):
    seal(at=NOW, age=timedelta(0), patience=0)
    gone = delete(old, asker=case_group_member, second=second)
    found = check()
    assert (found.faults, set(found.explained)) == ([], {"retention cases"})
    call_command("verify_history")
    assert "cases" not in capsys.readouterr().out
    CaseDeletion.objects.filter(pk=gone.pk).update(confirmed_at=None, confirmed_by=None)
    assert "not known here" in str(check().faults)


def test_a_backup_that_is_put_back_does_not_bring_it_back(
    old, case_group_member, second, settings, tmp_path, hospital, capsys
):
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    delete(old, asker=case_group_member, second=second)
    [line] = [json.loads(each) for each in settings.ERASURE_LOG.read_text().splitlines()]
    assert line == {"kind": "cases", "key": str(old.pk), "at": NOW.isoformat()}
    CaseFactory(
        pk=old.pk, partnership=old.partnership, summary=CANARY, closed_on=date(1950, 3, 1), closed_because="Old"
    )
    call_command("replay_erasures")
    assert not Case.objects.filter(pk=old.pk).exists()
    assert everywhere(CANARY) == set()
    call_command("replay_erasures")
    assert "Erased again: 0" in capsys.readouterr().out


def test_without_what_stands_outside_it_would_come_back(old, case_group_member, second, settings):
    assert settings.ERASURE_LOG is None
    delete(old, asker=case_group_member, second=second)
    CaseFactory(pk=old.pk, partnership=old.partnership, closed_on=date(1950, 3, 1), closed_because="Old")
    call_command("replay_erasures")
    assert Case.objects.filter(pk=old.pk).exists()
