"""The annual report: what is filed, what is missing, how a proof is made, what publishing takes."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import page
import pikepdf
import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assurance.annual import builds as report_builds
from assurance.annual import publishing
from assurance.annual.builds import print_html, request_build, run_build
from assurance.annual.content import content_of
from assurance.annual.deciding import decide
from assurance.annual.gathering import gather_evidence
from assurance.annual.missing import missing
from assurance.annual.starting import start_edition
from assurance.annual.versions import is_up_to_date
from assurance.models import ReportBuild, ReportEvidence, VoiceEntry
from assurance.printed import as_objects, content_hash, paragraphs
from assurance.tasks import resume_report_builds
from partnership.builds import Claim, LeaseLost
from partnership.models import Rule, RuleSet
from partnership.pdf import PdfProblem
from partnership.publishing import CannotPublish
from partnership.statutory import load_rule_sets
from plans.models import Update
from tests.assurance.conftest import PROOF
from tests.conftest import TODAY
from tests.factories import (
    ActivityFactory,
    BriefingFactory,
    CaseFactory,
    DeliverableFactory,
    DeliverableLeadFactory,
    PlaceFactory,
    PracticeReviewFactory,
    ReceiptFactory,
    ReCheckFactory,
    RecommendationFactory,
    UpdateFactory,
    VoiceEntryFactory,
)

pytestmark = pytest.mark.django_db


def filed(report):
    """{code of the heading: [(reference, text, what it shows)]}"""
    found = {}
    evidence = ReportEvidence.objects.filter(section__report=report).select_related("section__rule")
    for each in evidence.order_by("section__position", "kind", "text"):
        found.setdefault(each.section.rule.code, []).append((each.kind, each.text, each.shows))
    return found


def made(report, by):
    build = request_build(report, by=by)
    run_build(build.pk)
    build.refresh_from_db()
    return build


def in_words(report):
    return json.dumps(content_of(report, on=TODAY), ensure_ascii=False)


# Headings


def test_a_report_has_a_section_for_each_heading_of_its_rules(report):
    assert [(section.position, section.rule.code) for section in report.sections.select_related("rule")] == [
        (1, "contribution"),
        (2, "impact"),
        (3, "little-progress"),
        (4, "learning"),
        (5, "feedback"),
        (6, "decisions"),
        (7, "costs"),
        (8, "education"),
        (9, "data"),
        (10, "scrutiny"),
        (11, "arrangements"),
        (12, "reforms"),
    ]


def test_rule_sets_loaded_again_keep_what_somebody_changed():
    rule = Rule.objects.get(rule_set__code="wt2018", code="rapid-review")
    Rule.objects.filter(pk=rule.pk).update(number=10)
    Rule.objects.filter(rule_set__code="wt2018", code="copies").delete()
    before = Rule.objects.count()
    load_rule_sets(RuleSet, Rule)
    assert Rule.objects.get(pk=rule.pk).number == 10
    assert Rule.objects.count() == before + 1


def test_what_nobody_has_verified_says_so():
    unverified = Rule.objects.filter(rule_set__code="wt2026").exclude(verified_on=None)
    headings_2018 = Rule.objects.filter(rule_set__code="wt2018", unit=Rule.Unit.HEADING, verified_on=None)
    assert [list(unverified), list(headings_2018)] == [[], []]


# Evidence


def test_everything_is_filed_under_the_heading_it_serves(report):
    assert filed(report) == {
        "contribution": [
            ("returns", "Assurance return 2026 to 2027: 1 of 2 organisations answered.", "how-much"),
        ],
        "impact": [
            ("training", "Safer sleep for every home visitor: 1 event, 2 places booked, 1 taken up.", "how-much"),
            ("update", "Plans were in place in 14 of 20 cases.", "difference"),
            ("update", "The briefing is written.", "how-much"),
        ],
        "little-progress": [
            ("priority reviews", "Babies: a safe first year: Red (proposed Amber) in Jul–Sep.", "how-well"),
        ],
        "feedback": [
            ("update", "A mother said she wrote the plan herself.", "how-well"),
            ("voice", "A group of young parents: Nobody asked me what worried me.", "how-well"),
        ],
        "decisions": [
            ("priority reviews", "Babies: a safe first year: Red (proposed Amber) in Jul–Sep.", "how-well"),
        ],
    }


def test_gathering_again_changes_nothing_and_leaves_no_trace(report):
    before = list(ReportEvidence.objects.order_by("pk").values())
    history = apps.get_model("assurance", "ReportEvidenceEvent").objects
    events = history.count()
    gather_evidence(report)
    assert list(ReportEvidence.objects.order_by("pk").values()) == before
    assert history.count() == events


def test_what_was_left_out_stays_out_and_what_was_withdrawn_goes(report, office):
    section = report.sections.get(rule__code="feedback")
    voice = section.evidence.get(kind="voice")
    decide(voice, use=ReportEvidence.Use.LEFT_OUT, by=office)
    Update.objects.filter(voice="A mother said she wrote the plan herself.").update(voice="")
    VoiceEntry.objects.filter(is_public=True).update(public_said="Somebody asked me at last.")
    gather_evidence(report)
    assert list(section.evidence.values_list("text", "use")) == [
        ("A group of young parents: Somebody asked me at last.", ReportEvidence.Use.LEFT_OUT)
    ]


def test_a_year_before_or_after_is_not_filed(report):
    report.starts_on, report.ends_on = date(2025, 4, 1), date(2026, 3, 31)
    report.save()
    assert gather_evidence(report) == 0
    assert filed(report) == {}


def test_nothing_of_a_case_or_of_a_draft_or_of_another_partnership_is_printed(
    report, case, draft_return, far_partnership
):
    CaseFactory(partnership=case.partnership, reference="CANARY-1", summary="Canary of a case")
    VoiceEntryFactory(partnerships=[far_partnership], said="Canary of another partnership", is_public=True)
    gather_evidence(report)
    words = in_words(report)
    assert [
        word for word in ("CANARY", "Canary", case.reference, "A draft that nobody", "Not cleared") if word in words
    ] == []
    assert "Nobody asked me what worried me." in words


def test_of_recommendations_only_what_every_member_may_read_is_offered(report, case, office):
    own = {"partnership": case.partnership, "source": "local", "source_title": "", "case": case, "label": "A review"}
    answered = {"answer": "declined", "answer_because": "Done already.", "answered_on": date(2027, 1, 4)}
    RecommendationFactory(**own, **answered, text="Canary of a recommendation.")
    released = RecommendationFactory(**own, **answered, text="Share it.", ref="1", released_on=date(2027, 1, 5))
    RecommendationFactory(**answered, text="Of another partnership.")
    looked_at = {"done_on": date(2027, 1, 6), "judgement": "partly", "evidence": "Six of ten."}
    for recommendation in (released, RecommendationFactory(**own, text="Canary of another.")):
        ReCheckFactory(recommendation=recommendation, **looked_at)
    gather_evidence(report)
    assert filed(report)["learning"] == [
        ("re-check", "Share it. Partly embedded. Six of ten.", "how-well"),
        ("recommendation", "A review: Share it. Not to be done. Done already.", "how-much"),
    ]
    assert not any(word in in_words(report) for word in ("Canary", case.reference))


def test_of_briefings_each_that_came_out_is_offered_with_how_many_agencies_used_it(
    report, case, partnership, other_partnership, far_partnership
):
    def out(title, *, of=partnership, on=TODAY, **more):
        published_at = datetime(on.year, on.month, on.day, 9, 0, tzinfo=UTC) if on else None
        return BriefingFactory(partnership=of, title=title, published_at=published_at, **more)

    used = out("Bruises on babies")
    ReceiptFactory(briefing=used, used_on=TODAY, used_with="Canary of a team")
    for more in ({}, {"not_used_because": "Canary of a reason"}):
        ReceiptFactory(briefing=used, **more)
    out("Safer sleep", of=other_partnership)
    out("Canary of last year", on=date(2026, 3, 31))
    out("Canary of another partnership", of=far_partnership)
    review = PracticeReviewFactory(partnership=partnership, cases=[case])
    out("Canary of a draft", on=None, review=review)
    out("Safer sleep, again", supersedes=out("Canary of a first edition"))
    gather_evidence(report)
    assert filed(report)["learning"] == [
        ("briefing", "Briefing “Bruises on babies” was published. 1 of 3 agencies say that they used it.", "how-much"),
        ("briefing", "Briefing “Safer sleep, again” was published.", "how-much"),
        ("briefing", "Briefing “Safer sleep” was published.", "how-much"),
    ]
    assert "Canary" not in in_words(report)


# What is printed


def test_only_what_somebody_took_is_printed(report, office):
    section = report.sections.get(rule__code="impact")
    decide(section.evidence.get(kind="training"), use=ReportEvidence.Use.LEFT_OUT, by=office)
    decide(
        section.evidence.get(text="Plans were in place in 14 of 20 cases."), use=ReportEvidence.Use.ACCEPTED, by=office
    )
    decide(section.evidence.get(text="The briefing is written."), use=ReportEvidence.Use.QUOTED, by=office)
    printed = content_of(report, on=TODAY)["sections"]
    assert [
        ([each["text"] for part in each["evidence"] for each in part], [quote["words"] for quote in each["quotes"]])
        for each in printed
        if each["evidence"] or each["quotes"]
    ] == [(["Plans were in place in 14 of 20 cases."], ["The briefing is written."])]


def write(section, *, standfirst, narrative):
    section.standfirst, section.narrative = standfirst, narrative
    section.save()


def test_people_s_words_are_printed_as_words(report):
    section = report.sections.get(rule__code="costs")
    write(section, standfirst="<b>5 < 6</b>", narrative="<script>x</script>\n\n- one\n- two")
    html = print_html(content_of(report, on=TODAY))
    assert "<script" not in html
    assert "&lt;b&gt;5 &lt; 6&lt;/b&gt;" in html
    assert "<p>&lt;script&gt;x&lt;/script&gt;</p>\n<ul><li>one</li><li>two</li></ul>" in html


def test_paragraphs_and_lists():
    assert paragraphs(" One\nline. \n\n\n- a\n- b\n\n") == [{"text": "One line."}, {"items": ["a", "b"]}]


def test_a_heading_without_evidence_says_so(report):
    ReportEvidence.objects.filter(section__report=report).update(use=ReportEvidence.Use.ACCEPTED)
    html = print_html(content_of(report, on=TODAY))
    empty = [section for section in content_of(report, on=TODAY)["sections"] if not section["evidence"]]
    assert html.count("No evidence was filed under this heading") == len(empty) == 7


def test_the_year_in_four_figures(report):
    assert [(figure["value"], figure["of"], figure["was"]) for figure in content_of(report, on=TODAY)["figures"]] == [
        ("1", "2", ""),
        ("12", "", ""),
        ("1", "2", ""),
        ("1", "2", ""),
    ]


def test_the_same_year_has_the_same_hash_and_a_changed_word_another(report, past_update):
    first, second = (content_hash(content_of(report, on=TODAY)) for _ in range(2))
    past_update.difference_made = "Plans were in place in 15 of 20 cases."
    past_update.save()
    assert first == second != content_hash(content_of(report, on=TODAY))


def grow(plan, round, ratings, lead, organisation, event):
    """Another priority with two deliverables, an update, a voice and a place."""
    priority = plan.priorities.create(position=plan.priorities.count() + 1, title="One more")
    for position in (1, 2):
        deliverable = DeliverableFactory(priority=priority, position=position, ref=str(position))
        DeliverableLeadFactory(deliverable=deliverable)
        ActivityFactory(deliverable=deliverable)
        UpdateFactory(
            deliverable=deliverable, round=round, rating=ratings["G"], difference_made="Some", submitted_by=lead
        )
    VoiceEntryFactory(partnerships=plan.partnerships.all(), is_public=True)
    PlaceFactory(event=event, organisation=organisation)


def test_a_report_asks_no_more_of_the_database_for_a_fuller_year(
    report, plan, round_past, ratings, lead, hospital, django_assert_num_queries
):
    event = report.partnerships.first().courses.get().held_events.get()
    with CaptureQueriesContext(connection) as of_one:
        gather_evidence(report)
        content_of(report, on=TODAY)
    for _ in range(3):
        grow(plan, round_past, ratings, lead, hospital, event)
    with CaptureQueriesContext(connection) as of_three:
        gather_evidence(report)
        content_of(report, on=TODAY)
    assert len(of_three) <= len(of_one) + 1  # one more, that writes what is new


# What is missing


def test_the_office_sees_what_is_missing_and_who_can_mend_it(report, plan, shared_deliverable):
    for section in report.sections.all():
        write(section, standfirst="Said.", narrative="Written.")
    due = [(each.what, each.who) for each in missing(report, on=TODAY) if each.is_due]
    office = "Business office"
    assert due == [
        ("A decision on 1 piece of evidence in section 1, Contribution of each safeguarding partner", office),
        ("A decision on 3 pieces of evidence in section 2, Evidence of impact, including training", office),
        ("A decision on 1 piece of evidence in section 3, Little or no progress, and why", office),
        ("Any evidence under section 4, Learning from reviews, and what was done", office),
        (
            "A decision on 2 pieces of evidence in section 5, Children’s and families’ feedback, and how it was used",
            office,
        ),
        ("A decision on 1 piece of evidence in section 6, Decisions and actions", office),
        ("Any evidence under section 7, Costs, contributions and value", office),
        ("Any evidence under section 8, How education is represented", office),
        ("Any evidence under section 9, Use of data and information sharing", office),
        ("Any evidence under section 10, Impact of independent scrutiny", office),
        ("Any evidence under section 11, Updates to our arrangements", office),
        ("Any evidence under section 12, National reforms", office),
        ("Evidence of impact for priority 2, Seeing neglect early", office),
        ("Feedback of children: none of it is used in the report", office),
        (
            "Evidence of what training changed in practice: nobody was asked weeks later, or too few answered",
            "Training coordinator",
        ),
        (
            "An update on 2.1 Families get help before neglect becomes harm, July to September 2026",
            "Director of Early Help, Early Help Manager",
        ),
        ("A rating of 2. Seeing neglect early, July to September 2026", "Quality and Scrutiny Subgroup"),
    ]


# The proof


def test_a_proof_is_made_once_however_often_it_is_asked_for(report, office, quick_pdf):
    first, second = request_build(report, by=office), request_build(report, by=office)
    assert first == second
    assert [run_build(first.pk), run_build(first.pk)] == [True, False]
    first.refresh_from_db()
    assert (first.state, bytes(first.pdf), first.page_count, len(quick_pdf)) == ("done", PROOF + b"1", 3, 1)
    assert request_build(report, by=office) != first


def test_whoever_watches_is_told_how_far_it_is(report, office, quick_pdf, monkeypatch):
    said = []
    say = Claim.say
    monkeypatch.setattr(Claim, "say", lambda claim, *words: (said.append(words), say(claim, *words)))
    made(report, office)
    assert said == [
        ("Gathering evidence",),
        ("Setting 12 sections", 0, 12),
        ("Laying out page 1 of about 21", 1, 21),
        ("Laying out page 2 of about 21", 2, 21),
        ("Laying out page 3 of about 21", 3, 21),
        ("Settling page numbers: page 1 of 3", 3, 3),
        ("Writing the Word edition",),
        ("Setting the report on one page",),
    ]


def test_a_build_left_behind_by_a_killed_worker_is_taken_up(report, office, quick_pdf):
    build = request_build(report, by=office)
    Claim.take(ReportBuild, build.pk)
    resume_report_builds()
    assert ReportBuild.objects.get(pk=build.pk).state == "running"

    ReportBuild.objects.filter(pk=build.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    resume_report_builds()
    assert ReportBuild.objects.get(pk=build.pk).state == "done"
    assert len(quick_pdf) == 1


def test_a_worker_that_lost_its_lease_writes_nothing(report, office):
    build = request_build(report, by=office)
    slow = Claim.take(ReportBuild, build.pk)
    ReportBuild.objects.filter(pk=build.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    other = Claim.take(ReportBuild, build.pk)
    with pytest.raises(LeaseLost):
        slow.say("Still at it")
    other.say("At it")
    assert ReportBuild.objects.get(pk=build.pk).step == "At it"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (PdfProblem("The PDF was not made within 90 seconds."), "The PDF was not made within 90 seconds."),
        (ZeroDivisionError(), "A fault of ours. It has been written to the log."),
    ],
)
def test_a_build_that_fails_says_why(report, office, monkeypatch, fault, words):
    def render_pdf(*args, **options):
        raise fault

    monkeypatch.setattr(report_builds, "render_pdf", render_pdf)
    build = request_build(report, by=office)
    if isinstance(fault, PdfProblem):
        run_build(build.pk)
    else:
        with pytest.raises(ZeroDivisionError):
            run_build(build.pk)
    build.refresh_from_db()
    assert (build.state, build.problem) == ("failed", words)
    assert request_build(report, by=office) != build


def test_the_printed_report_conforms_to_pdf_ua(report, office, tmp_path):
    report.foreword, report.foreword_by = (
        "What was different.\n\nAnd what was not.",
        "Helena Crossfield, Chief executive",
    )
    report.save()
    build = made(report, office)
    path = tmp_path / "report.pdf"
    path.write_bytes(bytes(build.pdf))
    checked = page.validate_pdf(str(path), profile=page.ValidationProfile.PDF_UA_1)
    assert (build.state, checked.is_compliant, checked.rules.failed) == ("done", True, 0)
    with pikepdf.open(io.BytesIO(bytes(build.pdf))) as opened:
        kinds = [str(each.S) for each in opened.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each]
        figures = [
            each for each in opened.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
        ]
        assert (kinds.count("/H1"), len(opened.pages)) == (1, build.page_count)
        assert all("/Alt" in figure for figure in figures)
        with opened.open_outline() as outline:
            assert len(outline.root) >= 1


# Publishing


def publish_report(report, *, build, by):
    """Without a signature: who signs stands in ``test_report_sign_off``."""
    return publishing.publish_report(report, build=build, by=by, at=timezone.now(), without="The post was vacant.")


def test_publishing_takes_exactly_the_proof(report, office, quick_pdf):
    build = made(report, office)
    published = publish_report(report, build=build, by=office)
    report.refresh_from_db()
    assert report.published_file == published
    assert (bytes(published.content), published.edition, published.filename, published.page_count) == (
        PROOF + b"1",
        1,
        "annual-report-2026-27-edition-1.pdf",
        3,
    )
    assert set(published.partnerships.all()) == set(report.partnerships.all())
    assert {key: published.manifest[key] for key in build.content} == build.content


def test_a_report_that_changed_since_its_proof_is_not_published(report, office, quick_pdf, past_update):
    build = made(report, office)
    past_update.difference_made = "Another word."
    past_update.save()
    with pytest.raises(CannotPublish, match="has changed since this proof was made"):
        publish_report(report, build=build, by=office)
    build = made(report, office)
    assert publish_report(report, build=build, by=office).edition == 1


def test_a_proof_of_yesterday_is_up_to_date_today(report, office, quick_pdf, today):
    build = made(report, office)
    build.content["dated_on"], build.content["dated"] = "2027-01-11", "11 January 2027"
    build.content_hash = content_hash(content_of(report, on=date(2027, 1, 11)))
    assert is_up_to_date(build)


def test_a_report_is_published_once_and_only_from_its_own_finished_proof(report, annual_report, office, quick_pdf):
    build = made(report, office)
    with pytest.raises(CannotPublish, match="no finished proof"):
        publish_report(annual_report, build=build, by=office)
    with pytest.raises(CannotPublish, match="no finished proof"):
        publish_report(report, build=request_build(report, by=office), by=office)
    publish_report(report, build=build, by=office)
    with pytest.raises(CannotPublish, match="published already"):
        publish_report(report, build=build, by=office)


def test_a_correction_is_a_new_edition_beside_the_old_one(report, office, quick_pdf):
    with pytest.raises(CannotPublish):
        start_edition(report, changes="Too early")
    section = report.sections.get(rule__code="costs")
    write(section, standfirst="Said.", narrative="£562,000.")
    first = publish_report(report, build=made(report, office), by=office)
    report.refresh_from_db()

    edition = start_edition(report, changes="The total in section 7 was wrong.")
    copied = edition.sections.get(rule__code="costs")
    write(copied, standfirst="Said.", narrative="£526,000.")
    second = publish_report(edition, build=made(edition, office), by=office)

    assert (second.supersedes, second.edition, first.edition) == (first, 2, 1)
    assert [section.narrative for section in (report.sections.get(rule__code="costs"), copied)] == [
        "£562,000.",
        "£526,000.",
    ]
    assert second.manifest["changes"] == [{"text": "The total in section 7 was wrong."}]
    with pytest.raises(CannotPublish, match="once"):
        start_edition(report, changes="Again")


def test_the_content_has_names_for_templates(report):
    objects = as_objects(content_of(report, on=TODAY))
    assert objects.sections[0].title == "Contribution of each safeguarding partner"
