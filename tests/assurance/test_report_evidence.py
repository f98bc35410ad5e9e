"""Evidence of the annual report: decided with one press, followed to its source, filed under its heading."""

from datetime import date

import pytest
from django.apps import apps
from django.urls import reverse

from assurance.annual.content import content_of
from assurance.annual.deciding import (
    NotAPart,
    decide,
    decide_all,
    file_under,
    gone_from,
    words_when_taken,
)
from assurance.annual.gathering import gather_everywhere, gather_evidence
from assurance.annual.headings import DOWN, UP, add_heading, move_heading, remove_heading, rename_heading
from assurance.annual.offers import offers_to
from assurance.annual.starting import start_report
from assurance.models import AnnualReport, ReportEvidence, ReportSection, VoiceEntry
from assurance.tasks import gather_report_evidence
from partnership.models import RuleSet
from partnership.refusals import NotNow
from plans.models import Update
from tests.conftest import TODAY
from tests.factories import ReportEvidenceFactory

pytestmark = pytest.mark.django_db
Use = ReportEvidence.Use
PLANS = "Plans were in place in 14 of 20 cases."


@pytest.fixture
def section(report):
    return report.sections.get(rule__code="impact")


@pytest.fixture
def plans(section):
    return section.evidence.get(text=PLANS)


def page(section, **query):
    return reverse("assurance:report-evidence", args=[section.report_id, section.pk], query=query or None)


def use(evidence):
    return reverse("assurance:evidence-use", args=[evidence.section.report_id, evidence.pk])


def printed(report, section):
    shown = content_of(report, on=TODAY)["sections"][section.position - 1]
    return [each["text"] for part in shown["evidence"] for each in part], [each["words"] for each in shown["quotes"]]


# One press


@pytest.mark.parametrize(
    ("press", "use_now", "is_printed"),
    [
        ("take", Use.ACCEPTED, ([PLANS], [])),
        ("quote", Use.QUOTED, ([], [PLANS])),
        ("leave", Use.LEFT_OUT, ([], [])),
    ],
)
def test_one_press_decides_and_another_takes_it_back(
    client, office, report, section, plans, press, use_now, is_printed
):
    client.force_login(office)
    answer = client.post(use(plans), {"do": press, "back": "kind=update"})
    assert (answer.status_code, answer.url) == (
        302,
        f"{page(section)}?kind=update&shown={plans.pk}#evidence-{plans.pk}",
    )
    plans.refresh_from_db()
    assert (plans.use, plans.used_by) == (use_now, office)
    assert printed(report, section) == is_printed
    client.post(use(plans), {"do": "undo"})
    plans.refresh_from_db()
    assert plans.use == Use.OFFERED
    assert printed(report, section) == ([], [])


def test_htmx_swaps_the_one_piece_and_the_counts(client, office, plans):
    client.force_login(office)
    answer = client.post(use(plans), {"do": "take"}, headers={"HX-Request": "true"})
    words = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in words
    assert f'id="evidence-{plans.pk}"' in words
    assert 'hx-swap-oob="true"' in words


def test_a_part_is_quoted_where_it_is_a_part(client, office, report, section, plans):
    client.force_login(office)
    client.post(use(plans), {"do": "quote", "quote": " “in place in\n14 of 20 cases” "})
    plans.refresh_from_db()
    assert (plans.use, plans.quote) == (Use.QUOTED, "in place in 14 of 20 cases")
    assert printed(report, section) == ([], ["in place in 14 of 20 cases"])
    answer = client.post(use(plans), {"do": "quote", "quote": "in place in all cases"})
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "in place in all cases" in words
    assert "Choose words that stand in the evidence" in words
    plans.refresh_from_db()
    assert plans.quote == "in place in 14 of 20 cases"


def test_whoever_saw_the_first_decision_may_decide_otherwise_and_the_history_shows_both(office, chair, plans):
    decide(plans, use=Use.ACCEPTED, by=office)
    decide(plans, use=Use.LEFT_OUT, by=chair)
    events = apps.get_model("assurance", "ReportEvidenceEvent").objects.filter(id=plans.pk).order_by("pgh_id")
    assert list(events.values_list("use", "used_by")) == [
        ("offered", None),
        ("accepted", office.pk),
        ("left-out", chair.pk),
    ]
    plans.refresh_from_db()
    assert (plans.use, plans.used_by) == (Use.LEFT_OUT, chair)


def test_pressing_twice_is_pressing_once(office, plans):
    decide(plans, use=Use.ACCEPTED, by=office)
    events = apps.get_model("assurance", "ReportEvidenceEvent").objects.filter(id=plans.pk)
    before = events.count()
    decide(plans, use=Use.ACCEPTED, by=office)
    assert events.count() == before


def test_all_that_is_left_of_a_kind_is_taken_but_not_what_came_later(client, office, section):
    decided = ReportEvidenceFactory(section=section, kind="briefing", use=Use.LEFT_OUT)
    left = [ReportEvidenceFactory(section=section, kind="briefing") for _ in range(2)]
    other = ReportEvidenceFactory(section=section, kind="briefing", shows="difference")
    later = ReportEvidenceFactory(section=section, kind="briefing")
    client.force_login(office)
    answer = client.post(
        reverse("assurance:evidence-use-all", args=[section.report_id, section.pk]),
        {"do": "take", "kind": "briefing", "shows": "how-much", "last": str(other.pk)},
        follow=True,
    )
    assert "2 pieces of evidence are in the report: briefing" in answer.content.decode()
    uses = dict(section.evidence.filter(kind="briefing").values_list("pk", "use"))
    assert uses == {
        decided.pk: "left-out",
        **{each.pk: "accepted" for each in left},
        other.pk: "offered",
        later.pk: "offered",
    }


def test_a_published_report_takes_no_decision_any_more(office, report, plans, annual_report):
    report.published_file = make_published(report, office)
    report.save()
    with pytest.raises(NotNow, match="published meanwhile"):
        decide(plans, use=Use.ACCEPTED, by=office)
    with pytest.raises(NotNow):
        decide_all(plans.section, kind="update", shows="difference", last=10**9, use=Use.ACCEPTED, by=office)
    with pytest.raises(NotNow):
        add_heading(report, title="Forward look")


def make_published(report, by):
    from_file = apps.get_model("partnership", "PublishedFile")
    return from_file.objects.create(
        kind="annual-report",
        title="T",
        filename="t.pdf",
        content=b"%PDF",
        sha256="0" * 64,
        size=4,
        published_by=by,
        published_at="2027-01-01T00:00Z",
    )


def test_what_is_decided_is_kept_and_what_was_left_out_is_never_offered_again(office, report, section, plans):
    decide(plans, use=Use.LEFT_OUT, by=office)
    taken = section.evidence.get(kind="training")
    decide(taken, use=Use.QUOTED, quote="2 places booked", by=office)
    for _ in range(2):
        gather_evidence(report, on=TODAY)
    assert sorted(section.evidence.values_list("use", "quote")) == [
        ("left-out", ""),
        ("offered", ""),
        ("quoted", "2 places booked"),
    ]


# At its source


def test_what_changed_at_its_source_is_told_and_prints_as_it_is_now(client, office, report, section, plans):
    decide(plans, use=Use.ACCEPTED, by=office)
    assert words_when_taken([plans]) == {}
    Update.objects.filter(difference_made=PLANS).update(difference_made="Plans were in place in 15 of 20 cases.")
    gather_evidence(report, on=TODAY)
    plans.refresh_from_db()
    assert words_when_taken([plans]) == {plans.pk: PLANS}
    assert printed(report, section) == (["Plans were in place in 15 of 20 cases."], [])
    client.force_login(office)
    assert "Changed at its source since it was taken" in client.get(page(section, use="all")).content.decode()
    client.post(use(plans), {"do": "take"})
    plans.refresh_from_db()
    assert words_when_taken([plans]) == {}
    assert plans.use == Use.ACCEPTED


def test_a_quotation_whose_words_are_gone_prints_all_of_it(office, report, section, plans):
    decide(plans, use=Use.QUOTED, quote="14 of 20 cases", by=office)
    Update.objects.filter(difference_made=PLANS).update(difference_made="Nobody knows.")
    gather_evidence(report, on=TODAY)
    assert printed(report, section) == ([], ["Nobody knows."])


def test_what_was_withdrawn_at_its_source_is_gone_and_told(client, office, report):
    feedback = report.sections.get(rule__code="feedback")
    voice = feedback.evidence.get(kind="voice")
    decide(voice, use=Use.QUOTED, by=office)
    VoiceEntry.objects.filter(is_public=True).update(is_public=False)
    gather_evidence(report, on=TODAY)
    assert [(each.kind, each.text) for each in gone_from(feedback)] == [("voice", voice.text)]
    assert printed(report, feedback) == ([], [])
    client.force_login(office)
    assert "Withdrawn at its source" in client.get(page(feedback)).content.decode()
    VoiceEntry.objects.filter(public_said__startswith="Nobody asked").update(is_public=True)
    gather_evidence(report, on=TODAY)
    assert gone_from(feedback) == []


def test_a_part_must_be_a_part(office, plans):
    with pytest.raises(NotAPart):
        decide(plans, use=Use.QUOTED, quote="Plans. were", by=office)


# Elsewhere


def test_it_is_filed_under_another_heading_and_stays_there(client, office, report, section, plans):
    look = add_heading(report, title="Forward look", after=section)
    client.force_login(office)
    client.post(reverse("assurance:evidence-file", args=[report.pk, plans.pk]), {"section": look.pk})
    gather_evidence(report, on=TODAY)
    assert list(ReportEvidence.objects.filter(source_key=plans.source_key).values_list("section__title", "use")) == [
        (section.title, "left-out"),
        ("Forward look", "accepted"),
    ]
    Update.objects.filter(difference_made=PLANS).update(difference_made="Another word.")
    gather_evidence(report, on=TODAY)
    assert look.evidence.get().text == "Another word."


# Through the year


def test_every_night_the_list_of_every_unpublished_report_fills(office, report, section):
    Update.objects.filter(progress="The briefing is written.").update(difference_made="It is read.")
    gather_report_evidence()
    assert "It is read." in set(section.evidence.values_list("text", flat=True))
    count = ReportEvidence.objects.count()
    gather_everywhere(on=TODAY)
    assert ReportEvidence.objects.count() == count


@pytest.mark.parametrize("is_broken", [True, False])
def test_a_report_that_fails_is_logged_and_keeps_no_other_back(monkeypatch, caplog, report, partnership, is_broken):
    later = start_report([partnership], starts_on=report.starts_on, ends_on=report.ends_on, rule_set=report.rule_set)
    Update.objects.filter(progress="The briefing is written.").update(difference_made="It is read.")

    def offers(each, *, on):
        if each.pk == report.pk and is_broken:
            raise ValueError("A record that nobody thought of")
        return offers_to(each, on=on)

    monkeypatch.setattr("assurance.annual.gathering.offers_to", offers)
    assert gather_everywhere(on=TODAY) == (1 if is_broken else 2)
    filled = ReportEvidence.objects.filter(text="It is read.").values_list("section__report", flat=True)
    assert set(filled) == ({later.pk} if is_broken else {report.pk, later.pk})
    failed = [f"Evidence of report {report.pk} could not be gathered"] if is_broken else []
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == failed


def test_under_a_published_report_nothing_is_filed_any_more(report, section, office):
    stale = AnnualReport.objects.get(pk=report.pk)
    report.published_file = make_published(report, office)
    report.save()
    Update.objects.filter(progress="The briefing is written.").update(difference_made="It is read.")
    assert gather_evidence(stale, on=TODAY) == ReportEvidence.objects.count()
    assert not ReportEvidence.objects.filter(text="It is read.").exists()


def test_next_years_report_begins_when_the_year_does(partnership):
    report = start_report(
        [partnership],
        starts_on=date(2027, 4, 1),
        ends_on=date(2028, 3, 31),
        rule_set=RuleSet.objects.get(code="wt2023"),
    )
    assert report.sections.count() == 12


# The page


@pytest.mark.parametrize("more", [1, 3, 60])
def test_the_page_asks_the_same_of_the_database_however_much_there_is(
    client, office, section, more, django_assert_num_queries
):
    for number in range(more):
        ReportEvidenceFactory(section=section, kind=f"kind {number % 5}", use=list(Use)[(number + 1) % 4])
    client.force_login(office)
    with django_assert_num_queries(20):
        assert client.get(page(section, use="all")).status_code == 200


def test_the_page_begins_with_what_is_undecided_and_is_narrowed(client, office, section, plans):
    decide(plans, use=Use.ACCEPTED, by=office)
    client.force_login(office)

    def shown(**query):
        return [
            each.text
            for _heading, kinds in client.get(page(section, **query)).context["groups"]
            for kind in kinds
            for each in kind.items
        ]

    assert PLANS not in shown()
    assert shown(use="accepted") == [PLANS]
    assert shown(use="all", source="plan") == [PLANS, "The briefing is written."]
    assert shown(use="accepted", priority=plans.priority_id) == [PLANS]
    assert shown(use="all", kind="training", words="sleep") == [
        "Safer sleep for every home visitor: 1 event, 2 places booked, 1 taken up."
    ]
    assert shown(shown=plans.pk)[0] == PLANS
    assert client.get(page(section, use="x", kind="y", shown="z", page="w")).status_code == 200


# Headings


def titles(report):
    return list(report.sections.order_by("position").values_list("position", "title"))


def test_headings_of_ones_own_are_added_renamed_moved_and_removed(report):
    count = report.sections.count()
    first = report.sections.first()
    look = add_heading(report, title="Forward look", after=first)
    assert titles(report)[:3] == [
        (1, "Contribution of each safeguarding partner"),
        (2, "Forward look"),
        (3, "Evidence of impact, including training"),
    ]
    rename_heading(look, title="What comes next")
    assert move_heading(look, UP)
    assert not move_heading(look, UP)
    assert titles(report)[0] == (1, "What comes next")
    assert move_heading(look, DOWN)
    remove_heading(ReportSection.objects.get(pk=look.pk))
    assert [place for place, _title in titles(report)] == list(range(1, count + 1))


def test_a_heading_that_a_rule_asks_for_stays_under_another_name(report, section):
    with pytest.raises(NotNow, match="rules ask for this heading"):
        remove_heading(section)
    rename_heading(section, title="What changed for children")
    gather_evidence(report, on=TODAY)
    assert report.sections.get(rule__code="impact").evidence.exists()


def test_what_was_filed_under_a_removed_heading_is_offered_again(office, report, section, plans):
    look = add_heading(report, title="Forward look")
    file_under(plans, look, by=office)
    remove_heading(look)
    plans.refresh_from_db()
    assert plans.use == Use.OFFERED


def test_two_headings_are_told_apart(client, office, report):
    client.force_login(office)
    address = reverse("assurance:heading-add", args=[report.pk])
    answer = client.post(address, {"title": " forward  look "}, follow=True)
    assert answer.status_code == 200
    answer = client.post(address, {"title": "Forward look"})
    assert (answer.status_code, "Forward look" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("more", [1, 3])
def test_the_headings_ask_the_same_of_the_database(client, office, report, more, django_assert_num_queries):
    for number in range(more):
        add_heading(report, title=f"Heading {number}")
    client.force_login(office)
    with django_assert_num_queries(10):
        client.get(reverse("assurance:heading-list", args=[report.pk]))
