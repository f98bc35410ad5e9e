"""Consultation on a draft: members and committees are asked, every comment is answered, and only they read it."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assurance.annual import consulting
from assurance.annual.consulting_forms import comments_in
from assurance.annual.headings import add_heading, remove_heading, rename_heading
from assurance.models import ConsultationComment, ReportConsultation
from partnership.deadlines import deadlines_for
from partnership.refusals import NotNow
from tests.factories import ReportSectionFactory
from tests.factories_report import (
    LAST_WEEK,
    ConsultationCommentFactory,
    ReportBuildFactory,
    ReportConsultationFactory,
)
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db

TODAY = date(2027, 1, 12)
SECRET = "Page four counts children twice."
Audience, Result = ReportConsultation.Audience, ConsultationComment.Result


def day(name, day):
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def url(name, record):
    return reverse(f"assurance:{name}", args=[record.pk])


def text_of(response):
    return response.content.decode()


@pytest.fixture
def report(annual_report):
    return annual_report


@pytest.fixture
def proof(report, office):
    return ReportBuildFactory(report=report, requested_by=office, number=7, pdf=b"%PDF-1.7 the draft")


@pytest.fixture
def consultation(report, proof, office):
    return ReportConsultationFactory(report=report, build=proof, opened_by=office)


@pytest.fixture
def committee(report, proof, office):
    return ReportConsultationFactory(
        report=report, build=proof, opened_by=office, audience=Audience.COMMITTEE, name="Families scrutiny committee"
    )


@pytest.fixture
def comment(consultation, other_partner, hospital):
    return ConsultationCommentFactory(
        consultation=consultation, made_by=other_partner, organisation=hospital, words=SECRET, said_by="Owen Tarrant"
    )


@pytest.fixture
def section(report):
    return ReportSectionFactory(report=report, position=40, title="Voices of children")


# Opening


def opened(proof, **more):
    return {"audience": "members", "name": "", "build": str(proof.pk), "note": "What is missing?"} | more


def test_the_office_asks_members_about_a_proof_and_pressed_twice_it_is_one(client_of, office, report, proof):
    for _ in range(2):
        answer = client_of(office).post(
            url("consultation-open", report), opened(proof, **day("closes_on", date(2027, 1, 29)))
        )
    made = ReportConsultation.objects.get()
    assert (answer.status_code, answer.url) == (302, made.get_absolute_url())
    assert (made.name, made.build, made.opens_on, made.closes_on) == (
        "Members of the partnership",
        proof,
        TODAY,
        date(2027, 1, 29),
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"closes_on_day": ""}, "Add the day to the date"),
        (day("closes_on", date(2027, 1, 11)), "Enter a last day for comments that is not before the consultation"),
        (day("closes_on", date(2127, 1, 11)), "Check the year"),
        ({"audience": "committee"}, "Enter the name of the committee or body that is asked"),
        ({"build": "00000000-0000-0000-0000-000000000000"}, "Choose an answer from the list"),
    ],
)
def test_a_consultation_that_makes_no_sense_comes_back_with_what_was_typed(
    client_of, office, report, proof, wrong, sentence
):
    typed = opened(proof, **day("closes_on", date(2027, 1, 29))) | wrong
    answer = client_of(office).post(url("consultation-open", report), typed)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "What is missing?" in text_of(answer)
    assert not ReportConsultation.objects.exists()


def test_without_a_finished_proof_nobody_is_asked(client_of, office, report):
    answer = client_of(office).get(url("consultation-open", report), follow=True)
    assert "Make the PDF first" in text_of(answer)


def test_the_proof_of_another_report_is_refused(report, proof, office):
    other = ReportBuildFactory(requested_by=office)
    with pytest.raises(NotNow, match="no finished proof"):
        consulting.open_consultation(
            report,
            build=other,
            by=office,
            at=LAST_WEEK,
            audience="members",
            name="M",
            note="",
            closes_on=TODAY,
            meets_on=None,
        )


# Reading


def test_members_read_the_very_bytes_of_the_proof_and_nobody_else_does(
    client_of, partner, stranger, consultation, committee
):
    answer = client_of(partner).get(url("consultation-proof", consultation))
    assert (answer.status_code, answer.content) == (200, b"%PDF-1.7 the draft")
    assert client_of(stranger).get(url("consultation-proof", consultation)).status_code == 404
    assert client_of(partner).get(url("consultation-proof", committee)).status_code == 404
    assert client_of(partner).get(reverse("assurance:build-proof", args=[consultation.build_id])).status_code == 404


def test_the_consultation_stands_on_my_work_until_the_organisation_has_commented(
    client_of, partner, other_partner, office, stranger, consultation, comment
):
    def due(user, word):
        return [each.key for each in deadlines_for(user, on=TODAY) if each.key.startswith(f"{word}:")]

    asked, closing = [f"report-comment:{consultation.pk}"], [f"report-consultation:{consultation.pk}"]
    assert due(partner, "report-comment") == asked
    assert due(other_partner, "report-comment") == []
    assert due(stranger, "report-comment") == []
    assert set(due(office, "report-consultation")) == set(closing)
    assert "Comment on the draft of" in text_of(client_of(partner).get(reverse("assurance:my-work")))
    ReportConsultation.objects.update(closed_at=LAST_WEEK)
    assert due(partner, "report-comment") == due(office, "report-consultation") == []


# Commenting


def test_a_member_comments_on_a_section_for_their_organisation_and_twice_is_once(
    client_of, partner, charity, consultation, section
):
    form = client_of(partner).get(f"{url('comment-add', consultation)}?section={section.pk}").context["form"]
    assert (form["section"].value(), form["organisation"].value()) == (section.pk, charity.pk)
    for _ in range(2):
        client_of(partner).post(
            url("comment-add", consultation),
            {"section": str(section.pk), "words": "Say who was not heard.", "organisation": str(charity.pk)},
        )
    made = consultation.comments.get()
    assert (made.section, made.organisation, made.made_by) == (section, charity, partner)
    assert made.said_by == f"{partner.name}, {charity.name}"


def test_nobody_speaks_for_an_organisation_that_is_not_theirs(client_of, partner, hospital, consultation):
    answer = client_of(partner).post(
        url("comment-add", consultation), {"section": "", "words": "Hm.", "organisation": str(hospital.pk)}
    )
    assert answer.status_code == 422
    assert "Choose an organisation that you may speak for" in text_of(answer)


def test_a_comment_on_a_consultation_closed_meanwhile_is_not_lost(client_of, partner, consultation):
    consulting.close_consultation(consultation, at=LAST_WEEK)
    answer = client_of(partner).post(url("comment-add", consultation), {"section": "", "words": "My long thought."})
    assert answer.status_code == 422
    assert "The consultation is closed" in text_of(answer)
    assert "My long thought." in text_of(answer)
    assert not consultation.comments.exists()


def test_others_read_a_comment_only_once_all_are_answered(client_of, partner, office, consultation, comment):
    comments = url("consultation-comments", consultation)
    assert SECRET not in text_of(client_of(partner).get(comments))
    assert SECRET not in text_of(client_of(partner).get(consultation.get_absolute_url()))
    assert SECRET in text_of(client_of(office).get(comments))
    consulting.note_comment(comment, by=office, at=LAST_WEEK)
    consulting.close_consultation(consultation, at=LAST_WEEK)
    assert SECRET in text_of(client_of(partner).get(comments))


def test_a_comment_is_changed_by_its_side_alone_and_not_once_it_is_answered(
    client_of, other_partner, partner, office, hospital, consultation, comment
):
    change = url("comment-change", comment)
    typed = {"section": "", "words": "Page five does.", "organisation": str(hospital.pk)}
    assert client_of(partner).post(change, typed).status_code == 404
    assert client_of(office).post(change, typed).status_code == 403
    assert client_of(other_partner).post(change, typed).status_code == 302
    comment.refresh_from_db()
    assert comment.words == "Page five does."
    consulting.note_comment(comment, by=office, at=LAST_WEEK)
    late = client_of(other_partner).post(change, typed | {"words": "Page six."})
    assert late.status_code == 422
    assert "answered meanwhile" in text_of(late)
    assert "Page six." in text_of(late)


def test_two_who_change_a_comment_at_once_see_each_others_words(client_of, other_partner, comment):
    change = url("comment-change", comment)
    page = client_of(other_partner).get(change)
    seen = page.context["form"]["seen"].value()
    ConsultationComment.objects.filter(pk=comment.pk).update(words="The other’s words.")
    answer = client_of(other_partner).post(change, {"section": "", "words": "Mine.", "seen": seen})
    assert answer.status_code == 409
    assert "The other’s words." in text_of(answer)
    assert "Mine." in text_of(answer)


def test_a_comment_is_taken_back_while_nobody_has_answered_it(client_of, other_partner, office, comment):
    consulting.note_comment(comment, by=office, at=LAST_WEEK)
    client_of(other_partner).post(url("comment-take-back", comment))
    assert ConsultationComment.objects.count() == 1
    ConsultationComment.objects.update(answered_at=None, answered_by=None, result="")
    client_of(other_partner).post(url("comment-take-back", comment))
    assert not ConsultationComment.objects.exists()


# What a committee says


@pytest.mark.parametrize(
    ("pasted", "comments"),
    [
        ("- Too long\n- Too dear\n\n", ["Too long", "Too dear"]),
        ("1. One\n2) Two", ["One", "Two"]),
        ("A thought\nover two lines.\n\nAnother.", ["A thought\nover two lines.", "Another."]),
        (" \n - \n", []),
        ("2026 was hard.", ["2026 was hard."]),
    ],
)
def test_lines_pasted_from_minutes_are_comments(pasted, comments):
    assert comments_in(pasted) == comments


def test_the_office_enters_what_a_committee_said_several_at_once(client_of, office, committee, section):
    typed = {"said_by": "Minute 12", "section": str(section.pk), "organisation": "", "lines": "- Too long\n- Too dear"}
    for _ in range(2):
        client_of(office).post(url("comment-enter", committee), typed)
    assert list(committee.comments.values_list("said_by", "words", "section")) == [
        ("Minute 12", "Too long", section.pk),
        ("Minute 12", "Too dear", section.pk),
    ]
    empty = client_of(office).post(url("comment-enter", committee), typed | {"lines": " - "})
    assert empty.status_code == 422


# Answering and closing


def test_not_changed_needs_a_reason_and_changed_does_not(client_of, office, comment):
    answer = url("comment-answer", comment)
    refused = client_of(office).post(answer, {"result": "not-changed", "answer": " "})
    assert refused.status_code == 422
    assert "Enter why the report is not changed" in text_of(refused)
    client_of(office).post(answer, {"result": "changed", "answer": ""})
    comment.refresh_from_db()
    assert (comment.result, comment.answered_by) == (Result.CHANGED, office)


def test_noted_is_one_press_and_takes_no_answer_away(client_of, office, comment):
    client_of(office).post(url("comment-note", comment))
    comment.refresh_from_db()
    assert comment.result == Result.NOTED
    consulting.answer_comment(comment, result=Result.PARTLY, answer="Half of it.", by=office, at=LAST_WEEK)
    client_of(office).post(url("comment-note", comment))
    comment.refresh_from_db()
    assert (comment.result, comment.answer) == (Result.PARTLY, "Half of it.")


def test_it_closes_only_when_every_comment_has_an_answer_and_says_which_has_none(
    client_of, office, partner, consultation, comment
):
    close = url("consultation-close", consultation)
    refused = client_of(office).post(close, follow=True)
    assert "1 comment has no answer yet: Owen Tarrant on the whole report" in text_of(refused)
    consulting.note_comment(comment, by=office, at=LAST_WEEK)
    client_of(office).post(close)
    consultation.refresh_from_db()
    assert consultation.closed_at is not None
    assert client_of(office).post(url("comment-answer", comment), {"result": "changed"}).status_code == 403
    assert client_of(partner).post(close).status_code == 403


def test_the_list_is_narrowed_and_taken_away(client_of, office, consultation, comment, section):
    ConsultationCommentFactory(consultation=consultation, words="Another.", section=section, made_by=office)
    consulting.note_comment(comment, by=office, at=LAST_WEEK)
    comments = url("consultation-comments", consultation)

    def shown(query):
        page = text_of(client_of(office).get(comments + query))
        return SECRET in page, "Another." in page

    assert shown("?answered=no") == (False, True)
    assert shown("?answered=yes") == (True, False)
    assert shown(f"?about={section.pk}") == (False, True)
    assert shown("?about=whole") == (True, False)
    assert shown(f"?organisation={comment.organisation_id}") == (True, False)
    assert shown("?result=noted") == (True, False)
    sheet = load_workbook(BytesIO(client_of(office).get(comments + "?export=xlsx").content)).active
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert head[:4] == ["About", "Comment", "From", "For"]
    assert {row[1] for row in rows} == {SECRET, "Another."}


# What the report tells and lacks


def test_the_report_tells_who_was_asked_and_what_changed(report, consultation, committee, comment, office):
    consulting.answer_comment(comment, result=Result.PARTLY, answer="Half.", by=office, at=LAST_WEEK)
    consulting.close_consultation(consultation, at=LAST_WEEK)
    assert consulting.consultation_content(report) == [
        {"name": "Members of the partnership", "closed": "5 January 2027", "comments": 1, "changed": 1},
        {"name": "Families scrutiny committee", "closed": "", "comments": 0, "changed": 0},
    ]


def test_what_a_consultation_lacks_is_said(report, proof, office):
    def lacks(on=TODAY):
        return [each.what for each in consulting.lacks_of_consultation(report, on=on)]

    assert lacks() == ["What members think of the draft: nobody has asked them"]
    consultation = ReportConsultationFactory(report=report, build=proof, opened_by=office)
    assert lacks() == []
    over = date(2027, 2, 1)
    assert lacks(over) == [
        "An end to the consultation of: Members of the partnership. Its last day was 29 January 2027"
    ]
    comment = ConsultationCommentFactory(consultation=consultation)
    assert lacks(over) == ["An answer to 1 comment of: Members of the partnership"]
    consulting.note_comment(comment, by=office, at=LAST_WEEK)
    consulting.close_consultation(consultation, at=LAST_WEEK)
    assert lacks(over) == []


# Many of them


@pytest.mark.parametrize("who", ["office", "partner"])
def test_pages_cost_the_same_for_one_and_for_many(client_of, request, who, report, consultation, hospital, charity):
    client = client_of(request.getfixturevalue(who))
    pages = [
        consultation.get_absolute_url(),
        url("consultation-comments", consultation),
        url("comment-add", consultation),
        *([url("consultation-list", report)] if who == "office" else []),
    ]
    counts = []
    made = 0
    for number in (1, 3, 10, 60):
        while made < number:
            made += 1
            ConsultationCommentFactory(
                consultation=consultation,
                words=f"Comment {made}",
                organisation=charity,
                section=ReportSectionFactory(report=report, position=100 + made),
            )
        for page in pages:
            client.get(page)
        counts.append([count_queries(client, page) for page in pages])
    assert counts[0] == counts[1] == counts[2] == counts[3]


def test_a_comment_on_a_heading_that_was_removed_says_which_it_was(
    client_of, office, other_partner, report, consultation
):
    look = add_heading(report, title="Forward look")
    client_of(other_partner).post(url("comment-add", consultation), {"section": look.pk, "words": "Say by when."})
    comment = consultation.comments.get()
    whole = ConsultationCommentFactory(consultation=consultation, words="Well done.")
    rename_heading(look, title="What comes next")
    comment = ConsultationComment.objects.get(pk=comment.pk)
    assert (comment.heading, comment.about) == (
        f"Section {look.position}, Forward look",
        f"Section {look.position}, What comes next",
    )
    remove_heading(look)
    comment = ConsultationComment.objects.get(pk=comment.pk)
    assert (comment.about, whole.about) == (
        f"Section {look.position}, Forward look (removed since)",
        "The whole report",
    )
    listed = url("consultation-comments", consultation)
    client = client_of(office)
    assert [
        [row.record.words for row in client.get(f"{listed}?about={about}").context["table"].rows]
        for about in ("removed", "whole")
    ] == [["Say by when."], ["Well done."]]
    client_of(other_partner).post(url("comment-change", comment), {"section": "", "words": "Say by when, please."})
    assert ConsultationComment.objects.get(pk=comment.pk).heading == f"Section {look.position}, Forward look"


def test_an_older_comment_keeps_what_its_heading_was_called_when_it_goes(report, consultation):
    look = add_heading(report, title="Forward look")
    comment = ConsultationCommentFactory(consultation=consultation, section=look)
    remove_heading(look)
    comment.refresh_from_db()
    assert comment.about == f"Section {look.position}, Forward look (removed since)"
