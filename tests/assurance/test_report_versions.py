"""Versions of a report, and what differs between them."""

import pytest
from django.urls import reverse

from assurance.annual.builds import request_build, run_build
from assurance.annual.comparing import compare, lines_that_differ
from assurance.annual.versions import is_up_to_date, removable, versions_of
from tests.factories_report import ReportBuildFactory, ReportConsultationFactory, SignOffFactory

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"assurance:{name}", args=args)


def text_of(response):
    return response.content.decode()


def made(report, office):
    build = request_build(report, by=office)
    run_build(build.pk)
    build.refresh_from_db()
    return build


def content(**parts):
    """The least that a report prints."""
    return {"sections": [], "figures": [], "foreword": {"paragraphs": [], "signed": []}, **parts}


def section(title, *words, standfirst="", evidence=(), blocks=(), source="Required"):
    return {
        "title": title,
        "number": "1",
        "source": {"label": source},
        "is_required": source == "Required",
        "standfirst": standfirst,
        "paragraphs": [{"text": text} for text in words],
        "blocks": list(blocks),
        "evidence": [[{"reference": ref, "text": text, "facts": "update"} for ref, text in evidence]],
    }


def text(lines):
    return ["".join(piece.text for piece in line.pieces) for line in lines]


def changes_of(before, after):
    """{part: [(label, before, after)]} of two contents."""
    return {
        part.title: [(change.label, text(change.before), text(change.after)) for change in part.told_changes]
        for part in compare(before, after).parts
    }


# What differs


def test_of_a_section_that_is_the_same_nothing_is_told():
    same = content(sections=[section("Costs", "It cost £562,000.")])
    found = compare(same, content(sections=[section("Costs", "It cost £562,000.")]))
    assert (found.is_empty, found.same) == (True, ["Costs"])


def test_words_added_and_removed_are_marked_and_paragraphs_that_stayed_are_left_out():
    before = content(sections=[section("Costs", "It cost £562,000.", "We thank everybody who paid for it.")])
    after = content(sections=[section("Costs", "It cost £526,000.", "We thank everybody who paid for it.")])
    [part] = compare(before, after).parts
    [change] = part.told_changes
    marked = [[(piece.kind, piece.text.strip()) for piece in line.pieces if piece.kind] for line in change.before]
    assert (text(change.before), text(change.after)) == (["It cost £562,000."], ["It cost £526,000."])
    assert marked == [[("removed", "562")]]


def test_a_section_is_added_taken_out_or_renamed():
    duty = section("Impact", "It fell.", source="Required")
    before = content(sections=[duty, section("Our area", "Two towns.", source="Local heading")])
    renamed = {**duty, "title": "Evidence of impact"}
    after = content(sections=[renamed, section("Thanks", "To all.", source="Local heading")])
    found = {part.title: part.state for part in compare(before, after).parts}
    assert found == {"Evidence of impact": "", "Thanks": "added", "Our area": "taken-out"}
    assert changes_of(before, after)["Evidence of impact"] == [("Heading", ["Impact"], ["Evidence of impact"])]


def test_evidence_taken_and_dropped_is_told_by_its_reference():
    before = content(sections=[section("Impact", evidence=[("U 1", "Seen early"), ("U 2", "Written")])])
    after = content(sections=[section("Impact", evidence=[("U 1", "Seen early"), ("V 7", "Heard")])])
    assert changes_of(before, after) == {
        "Impact": [("Evidence U 2", ["Written · update"], []), ("Evidence V 7", [], ["Heard · update"])]
    }
    assert compare(before, after).summary == [
        "1 part changed: Impact.",
        "1 piece of evidence taken into the report.",
        "1 piece of evidence dropped.",
    ]


def test_figures_that_changed_stand_together():
    def figures(heard):
        return [{"value": heard, "of": "", "words": "people heard", "was": ""}]

    found = compare(content(figures=figures("112")), content(figures=figures("1,146")))
    assert [(change.label, text(change.before), text(change.after)) for change in found.figures] == [
        ("People heard", ["112"], ["1,146"])
    ]
    assert found.summary == ["1 figure of the year differs."]


def test_a_table_is_told_row_by_row_and_how_it_is_drawn_is_not():
    def table(booked, figure):
        return {
            "kind": "training",
            "figure": figure,
            "rows": [{"name": "Police", "booked": booked}, {"name": "NHS", "booked": 4}],
        }

    before = content(sections=[section("Impact", blocks=[table(12, 1)])])
    assert changes_of(before, content(sections=[section("Impact", blocks=[table(14, 2)])])) == {
        "Impact": [("Tables and boxes", ["Police · 12"], ["Police · 14"])]
    }
    assert compare(before, content(sections=[section("Impact", blocks=[table(12, 2)])])).is_empty


def test_the_foreword_and_what_comes_with_later_work_are_compared_too():
    before = content(foreword={"paragraphs": [{"text": "A good year."}], "signed": []})
    after = content(foreword={"paragraphs": [{"text": "A hard year."}], "signed": []}, statement={"words": "Slow."})
    assert changes_of(before, after) == {
        "Foreword": [("Words", ["A good year."], ["A hard year."])],
        "Statement": [("Words", [], ["Slow."])],
    }


def test_many_lines_that_all_differ_are_told_without_looking_which_are_alike():
    before, after = ([f"{word} number {n}" for n in range(200)] for word in ("Plan", "Promise"))
    change = lines_that_differ("Words", before, after)
    assert (len(change.before), len(change.after)) == (200, 200)


# The list


def test_every_finished_proof_is_a_version_with_what_it_was_used_for(report, office, quick_pdf):
    first, second = made(report, office), made(report, office)
    failed = request_build(report, by=office)
    ReportConsultationFactory(report=report, build=first, name="Members")
    SignOffFactory(report=report, build=second)
    versions = versions_of(report)
    assert failed not in [version.build for version in versions]
    assert [
        (version.build.number, [words for words, _url in version.uses], version.earlier) for version in versions
    ] == [
        (2, ["Put before the lead partners, signed by 0"], 1),
        (1, ["Draft for comment: Members"], None),
    ]


def test_what_may_be_cleaned_up_is_never_what_somebody_relied_on_nor_the_newest(report, office):
    builds = [ReportBuildFactory(report=report, number=number) for number in range(1, 6)]
    ReportConsultationFactory(report=report, build=builds[0])
    SignOffFactory(report=report, build=builds[1])
    assert set(removable(report)) == {builds[2], builds[3]}


def test_versions_are_for_those_inside_alone(client_of, report, office, quick_pdf, advisor, lead_partner, partner):
    build = made(report, office)
    urls = [
        address("version-list", report.pk),
        address("version-compare", report.pk),
        address("version-read", build.pk),
        address("build-proof", build.pk),
    ]
    for user in (office, advisor, lead_partner):
        assert [client_of(user).get(url).status_code for url in urls] == [200] * 4
    assert [client_of(partner).get(url).status_code for url in urls] == [404] * 4


def test_a_version_is_compared_with_the_words_as_they_are_now(client_of, report, office, quick_pdf):
    made(report, office)
    costs = report.sections.get(rule__code="costs")
    costs.narrative = "It cost £562,000."
    costs.save()
    client = client_of(office)
    page = text_of(client.get(address("version-compare", report.pk)))
    assert "The words as they are now" in page
    assert "It cost £562,000." in page and "[added: " in page
    assert "unchanged" in page


def test_two_versions_are_compared_by_a_link_that_can_be_shared(client_of, report, office, quick_pdf):
    made(report, office)
    report.foreword = "We did what we said."
    report.save()
    made(report, office)
    client = client_of(office)
    url = address("version-compare", report.pk)
    assert "We did what we said." in text_of(client.get(url, {"from": "1", "to": "2"}))
    assert "The first of these is the newer one" in text_of(client.get(url, {"from": "2", "to": "1"}))
    assert "the same version twice" in text_of(client.get(url, {"from": "2", "to": "2"}))
    assert [client.get(url, {"from": code}).status_code for code in ("9", "x", "")] == [422] * 3


def test_without_a_version_the_page_says_what_will_stand_there(client_of, report, office):
    page = text_of(client_of(office).get(address("version-compare", report.pk)))
    assert "There is nothing to compare yet" in page


def test_a_version_is_read_as_it_was_printed(client_of, report, office, quick_pdf):
    report.foreword = "As it was then."
    report.save()
    build = made(report, office)
    report.foreword = "As it is now."
    report.save()
    page = text_of(client_of(office).get(address("version-read", build.pk)))
    assert "As it was then." in page and "As it is now." not in page
    assert not is_up_to_date(build)


@pytest.mark.parametrize("count", [1, 3, 10])
def test_the_list_asks_as_often_for_ten_versions_as_for_one(
    client_of, office, report, count, django_assert_num_queries
):
    for number in range(1, count + 1):
        build = ReportBuildFactory(report=report, number=number, requested_by=office)
        ReportConsultationFactory(report=report, build=build)
        SignOffFactory(report=report, build=build, withdrawn_at=build.finished_at)
    client = client_of(office)
    client.get(address("version-list", report.pk))
    with django_assert_num_queries(13):
        client.get(address("version-list", report.pk))
