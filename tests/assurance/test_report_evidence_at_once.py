"""Two people at one piece of evidence: nobody undoes unknowingly what another decided, and nothing typed is lost."""

import pytest
from django.urls import reverse

from assurance.annual.deciding import decide, file_under
from assurance.models import ReportEvidence
from partnership.refusals import ChangedMeanwhile, NotNow
from tests.at_once import at_once
from tests.factories import AnnualReportFactory, ReportEvidenceFactory, ReportSectionFactory

Use = ReportEvidence.Use
TEXT = "Plans were in place in 14 of 20 cases."


@pytest.fixture
def evidence(partnership, rule_set):
    report = AnnualReportFactory(partnerships=[partnership], rule_set=rule_set)
    section = ReportSectionFactory(report=report, position=1, title="Impact")
    return ReportEvidenceFactory(section=section, text=TEXT, source_key="update:1")


@pytest.fixture
def other_section(evidence):
    return ReportSectionFactory(report=evidence.section.report, position=2, title="Forward look")


def use(evidence):
    return reverse("assurance:evidence-use", args=[evidence.section.report_id, evidence.pk])


def stands(evidence):
    evidence = ReportEvidence.objects.get(pk=evidence.pk)
    return evidence.use, evidence.quote, evidence.used_by


# At the same moment: PostgreSQL decides


def both(evidence, office, advisor, *, seen):
    return at_once(
        lambda: decide(evidence, use=Use.QUOTED, quote="14 of 20 cases", by=office, seen=seen).use,
        lambda: decide(evidence, use=Use.LEFT_OUT, by=advisor, seen=seen).use,
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_decides_and_the_other_is_told(evidence, office, advisor):
    came_to = both(evidence, office, advisor, seen=evidence.mark)
    refused = [each for each in came_to if isinstance(each, ChangedMeanwhile)]
    done = [each for each in came_to if isinstance(each, str)]
    assert (len(refused), len(done)) == (1, 1)
    assert refused[0].there.use == done[0] == stands(evidence)[0]
    events = ReportEvidence.pgh_event_model.objects.filter(pgh_obj=evidence.pk).exclude(use=Use.OFFERED)
    assert events.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_what_they_saw_both_believe_that_theirs_stands(evidence, office, advisor):
    assert sorted(both(evidence, office, advisor, seen="")) == ["left-out", "quoted"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_the_same_nobody_is_refused(evidence, office, advisor):
    seen = evidence.mark
    assert at_once(
        lambda: decide(evidence, use=Use.ACCEPTED, by=office, seen=seen).use,
        lambda: decide(evidence, use=Use.ACCEPTED, by=advisor, seen=seen).use,
    ) == ["accepted", "accepted"]


# From a page that is old


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_who_presses_on_an_old_page_sees_what_the_other_did_and_keeps_what_was_typed(
    client_of, office, advisor, evidence, headers
):
    seen = evidence.mark
    decide(evidence, use=Use.LEFT_OUT, by=advisor)
    form = {"do": "quote", "quote": "in place in 14 of 20", "seen": seen}
    answer = client_of(office).post(use(evidence), form, headers=headers)
    words = answer.content.decode()
    assert answer.status_code == 409
    assert f"{advisor} left it out meanwhile." in words
    assert ">in place in 14 of 20</textarea>" in words
    assert stands(evidence) == ("left-out", "", advisor)
    now = ReportEvidence.objects.get(pk=evidence.pk).mark
    assert f'value="{now}"' in words
    answer = client_of(office).post(use(evidence), form | {"seen": now})
    assert (answer.status_code, stands(evidence)) == (302, ("quoted", "in place in 14 of 20", office))


@pytest.mark.django_db
def test_words_that_changed_at_their_source_are_read_before_they_are_taken(client_of, office, evidence):
    seen = evidence.mark
    ReportEvidence.objects.filter(pk=evidence.pk).update(text="Plans were in place in 9 of 20 cases.")
    answer = client_of(office).post(use(evidence), {"do": "take", "seen": seen})
    words = answer.content.decode()
    assert (answer.status_code, stands(evidence)[0]) == (409, "offered")
    assert "Its words were changed at its source meanwhile." in words
    assert "9 of 20" in words


@pytest.mark.django_db
def test_what_another_decided_is_not_filed_away_unseen(client_of, office, advisor, evidence, other_section):
    seen = evidence.mark
    decide(evidence, use=Use.QUOTED, quote="14 of 20 cases", by=advisor)
    url = reverse("assurance:evidence-file", args=[evidence.section.report_id, evidence.pk])
    answer = client_of(office).post(url, {"section": other_section.pk, "seen": seen})
    words = answer.content.decode()
    assert answer.status_code == 409 and f"{advisor} quoted it meanwhile." in words
    assert f'<option value="{other_section.pk}" selected>' in words
    assert stands(evidence) == ("quoted", "14 of 20 cases", advisor)
    assert not other_section.evidence.exists()


@pytest.mark.django_db
def test_what_is_quoted_under_another_heading_stays_quoted_when_it_is_filed_there_again(
    office, advisor, evidence, other_section
):
    there = file_under(evidence, other_section, by=advisor)
    decide(there, use=Use.QUOTED, quote="14 of 20 cases", by=advisor)
    decide(evidence, use=Use.OFFERED, by=office)
    file_under(evidence, other_section, by=office)
    assert stands(there) == ("quoted", "14 of 20 cases", advisor)
    assert stands(evidence)[0] == "left-out"


@pytest.mark.django_db
def test_what_was_withdrawn_at_its_source_is_told_to_whoever_presses(office, evidence):
    ReportEvidence.objects.filter(pk=evidence.pk).delete()
    with pytest.raises(NotNow, match="withdrawn at its source"):
        decide(evidence, use=Use.ACCEPTED, by=office)
