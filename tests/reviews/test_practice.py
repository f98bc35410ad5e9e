"""Practice reviews: begun, led by somebody without conflicts, with the family's part, drafted, ended, carried over."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnership.downloads import POLICY
from partnership.models import PublishedFile
from reviews.models import Appointment, FamilyStep, PracticeReview, ReviewDraft, Reviewer, ReviewPublication
from reviews.practice import end_review
from tests.factories import AgencySummaryFactory, CaseFactory, PracticeReviewFactory, ReviewerFactory
from tests.reviews.pdfs import a_pdf

pytestmark = pytest.mark.usefixtures("rule_sets")

LIST = reverse("reviews:review-list")
ADD = reverse("reviews:review-add")
CARRY_OVER = reverse("reviews:review-carry-over")


def day(name, value):
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


@pytest.fixture
def review(partnership, case):
    return PracticeReviewFactory(partnership=partnership, reference="AV-LR-1", cases=[case])


@pytest.fixture
def member(client_of, case_group_member):
    return client_of(case_group_member)


def page_of(review, name, **more):
    return reverse(f"reviews:{name}", kwargs={"pk": review.pk, **more})


def errors_of(response):
    return {name: [str(each) for each in found] for name, found in response.context["form"].errors.items()}


# The list


def test_the_list_shows_what_is_next_first_and_can_be_narrowed(member, partnership, review, today):
    ended = PracticeReviewFactory(partnership=partnership, begun_on=date(2025, 3, 3), ended_on=date(2026, 2, 2))
    pages = [
        member.get(LIST, narrowed) for narrowed in ({}, {"state": "under-way"}, {"state": "ended"}, {"kind": "scr"})
    ]
    assert [[row.record for row in page.context["table"].rows] for page in pages] == [
        [review, ended],
        [review],
        [ended],
        [],
    ]
    rows = member.get(LIST, {"export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert [row.rpartition(",")[2] for row in rows] == [
        "Next",
        "Published. By 12 April 2027",
        "Ended 2 February 2026",
    ]


@pytest.mark.parametrize("role", ["office", "chair", "partner", "advisor", "administrator", "stranger"])
def test_nobody_else_learns_that_a_review_exists(request, client_of, review, role):
    client = client_of(request.getfixturevalue(role))
    addresses = [LIST, ADD, CARRY_OVER, reverse("reviews:reviewer-list"), review.get_absolute_url()]
    addresses += [page_of(review, name) for name in ("review-publication", "review-words", "draft-add")]
    assert [client.get(address).status_code for address in addresses] == [404] * len(addresses)
    assert client.get(LIST, {"export": "csv"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(member, partnership, django_assert_num_queries, count):
    for _ in range(count):
        PracticeReviewFactory(partnership=partnership)
    member.get(LIST)
    # session, user, savepoint (2), standing, frame, partnerships and themes to choose, count, reviews
    with django_assert_num_queries(9):
        member.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_page_query_count(member, review, django_assert_num_queries, case_group_member, count):
    for number in range(count):
        Appointment.objects.create(
            partnership=review.partnership,
            review=review,
            reviewer=ReviewerFactory(partnership=review.partnership),
            appointed_on=date(2026, 11, number + 1),
        )
        FamilyStep.objects.create(
            partnership=review.partnership, review=review, kind="met", done_on=date(2026, 11, number + 1)
        )
        member.post(page_of(review, "draft-add"), {"file": a_file(f"draft {number}"), "note": "First"})
    member.get(review.get_absolute_url())
    with django_assert_num_queries(24):
        member.get(review.get_absolute_url())


# Begun without a case, changed, ended


def test_a_thematic_review_begins_without_a_case(member, partnership, today):
    answers = {"partnership": partnership.pk, "kind": "thematic", "reference": "AV-TR-2", "title": "Neglect at home"}
    response = member.post(ADD, answers | day("begun_on", date(2027, 1, 4)))
    review = PracticeReview.objects.get()
    assert response.url == review.get_absolute_url()
    assert (review.kind, review.reference, list(review.cases.all())) == ("thematic", "AV-TR-2", [])
    assert [(each.code, each.done_on) for each in review.stages.all()] == [
        ("begun", date(2027, 1, 4)),
        ("notice", None),
        ("published", None),
    ]


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"reference": "AV-LR-1"}, "__all__", None),
        ({"kind": "sar-mandatory"}, "kind", None),
        ({"title": ""}, "title", ["Enter what it is about"]),
        (day("begun_on", date(2027, 1, 13)), "begun_on", ["Enter today or an earlier day"]),
    ],
)
def test_what_cannot_begin_is_said_at_its_field(member, partnership, review, wrong, field, words):
    answers = {"partnership": partnership.pk, "kind": "thematic", "reference": "AV-TR-2", "title": "Neglect at home"}
    response = member.post(ADD, answers | day("begun_on", date(2027, 1, 4)) | wrong)
    assert response.status_code == 422
    found = errors_of(response)
    assert list(found) == [field]
    assert words is None or found[field] == words
    assert PracticeReview.objects.count() == 1


def test_a_case_of_another_group_cannot_be_linked(member, partnership, other_partnership, review):
    elsewhere = CaseFactory(partnership=other_partnership)
    answers = {"title": review.title, "cases": [str(elsewhere.pk)]}
    response = member.post(page_of(review, "review-change"), answers)
    assert (response.status_code, list(errors_of(response))) == (422, ["cases"])


def test_terms_are_written_and_a_name_in_them_is_questioned(member, review):
    answers = {"title": review.title, "terms": "What did Leanne Broadbent tell the nurse?"}
    response = member.post(page_of(review, "review-change"), answers)
    assert (response.status_code, list(errors_of(response))) == (422, ["terms"])
    review.refresh_from_db()
    assert review.terms == ""
    answers["terms"] = "What did the nurse ask?"
    assert member.post(page_of(review, "review-change"), answers).status_code == 302
    review.refresh_from_db()
    assert review.terms == "What did the nurse ask?"


def test_a_review_can_end_without_publication_and_waits_for_nothing_then(member, review, today):
    assert member.post(page_of(review, "review-end"), {"because": "The Panel publishes it"}).status_code == 302
    review.refresh_from_db()
    assert (review.ended_on, list(review.stages.waiting())) == (today, [])
    assert [each.not_needed_because for each in review.stages.filter(done_on=None)] == ["The Panel publishes it"] * 2
    assert member.get(page_of(review, "review-end")).status_code == 302


# The reviewer


def test_a_reviewer_enters_the_register_and_is_appointed(member, partnership, review, today):
    answers = {"partnership": partnership.pk, "name": "Ottoline Marsh", "is_available": "on"}
    member.post(reverse("reviews:reviewer-add"), answers)
    reviewer = Reviewer.objects.get()
    response = member.post(
        page_of(review, "appointment-add"), {"reviewer": reviewer.pk} | day("appointed_on", date(2027, 1, 5))
    )
    assert response.status_code == 302
    appointment = review.appointments.get()
    assert (appointment.reviewer, appointment.conflicts) == (reviewer, "")


def test_the_register_is_narrowed_to_who_can_be_asked(member, partnership, review):
    free, busy = [ReviewerFactory(partnership=partnership, is_available=each) for each in (True, False)]
    asked = [{}, {"is_available": "1"}, {"is_available": "0"}]
    pages = [member.get(reverse("reviews:reviewer-list"), each) for each in asked]
    found = [{row.record for row in page.context["table"].paginated_rows} for page in pages]
    assert found == [{free, busy}, {free}, {busy}]


def test_a_conflict_that_nobody_judged_is_refused(member, review, today):
    reviewer = ReviewerFactory(partnership=review.partnership)
    answers = {"reviewer": reviewer.pk, "conflicts": "Reviewed the hospital before"}
    answers |= day("appointed_on", date(2027, 1, 5))
    response = member.post(page_of(review, "appointment-add"), answers)
    assert errors_of(response) == {
        "conflicts_judged": ["Enter why it is no obstacle, or appoint somebody else"],
    }
    answers["conflicts_judged"] = "It was about another service"
    assert member.post(page_of(review, "appointment-add"), answers).status_code == 302


def test_a_reviewer_of_an_agency_involved_is_pointed_out(member, review, case, hospital, today):
    AgencySummaryFactory(case=case, organisation=hospital, contact=None, asked_on=None, due_on=None)
    reviewer = ReviewerFactory(partnership=review.partnership, works_for="st brannoc's hospital trust")
    answers = {"reviewer": reviewer.pk} | day("appointed_on", date(2027, 1, 5))
    response = member.post(page_of(review, "appointment-add"), answers)
    assert errors_of(response) == {
        "conflicts": [
            "Ottoline Marsh works for St Brannoc’s Hospital Trust, which is involved. "
            "Enter that as an interest, or appoint somebody else"
        ]
    }
    answers |= {"conflicts": "Works there", "conflicts_judged": "In another county, and left in May"}
    member.post(page_of(review, "appointment-add"), answers)
    page = member.get(review.get_absolute_url()).content.decode()
    assert "Works for St Brannoc’s Hospital Trust, which is involved" in page


def test_an_appointment_ends_with_a_reason(member, review, today):
    appointment = Appointment.objects.create(
        partnership=review.partnership,
        review=review,
        reviewer=ReviewerFactory(partnership=review.partnership),
        appointed_on=date(2026, 11, 2),
    )
    url = reverse("reviews:appointment-end", args=[appointment.pk])
    response = member.post(url, day("ended_on", date(2026, 11, 1)) | {"ended_because": "Ill"})
    assert errors_of(response) == {"ended_on": ["Enter 2 November 2026 or a later day"]}
    assert member.post(url, day("ended_on", date(2027, 1, 11)) | {"ended_because": "Ill"}).status_code == 302
    appointment.refresh_from_db()
    assert (appointment.ended_on, appointment.ended_because) == (date(2027, 1, 11), "Ill")


def test_one_who_cannot_be_asked_is_not_offered(member, review, other_partnership):
    busy = ReviewerFactory(partnership=review.partnership, is_available=False)
    elsewhere = ReviewerFactory(partnership=other_partnership)
    form = member.get(page_of(review, "appointment-add")).context["form"]
    assert list(form.fields["reviewer"].queryset) == []
    for each in (busy, elsewhere):
        answers = {"reviewer": each.pk} | day("appointed_on", date(2027, 1, 5))
        assert list(errors_of(member.post(page_of(review, "appointment-add"), answers))) == ["reviewer"]


# The family


def test_what_nobody_recorded_with_the_family_is_said(member, review, today):
    gaps = member.get(review.get_absolute_url()).context["gaps"]
    assert [words for _kind, words in gaps][2] == "Nobody was offered an advocate"
    member.post(page_of(review, "family-step-add"), {"kind": "advocate", "not_done_because": "They did not want one"})
    member.post(page_of(review, "family-step-add"), {"kind": "informed"} | day("done_on", date(2026, 11, 2)))
    assert [(each.kind, each.done_on, each.not_done_because) for each in review.family_steps.order_by("kind")] == [
        ("advocate", None, "They did not want one"),
        ("informed", date(2026, 11, 2), ""),
    ]
    gaps = member.get(review.get_absolute_url()).context["gaps"]
    assert [kind.value for kind, _words in gaps] == ["invited", "met", "report", "publication"]


def test_the_familys_part_reads_in_its_order(member, review):
    for kind, done_on in {"met": 9, "advocate": 2, "informed": 2, "report": None}.items():
        FamilyStep.objects.create(
            partnership=review.partnership,
            review=review,
            kind=kind,
            done_on=done_on and date(2026, 11, done_on),
            not_done_because="" if done_on else "They did not want to",
        )
    steps = member.get(review.get_absolute_url()).context["family_steps"]
    assert [step.kind for step in steps] == ["informed", "advocate", "met", "report"]


def test_notice_is_counted_back_from_a_day_that_must_be_chosen_first(member, review):
    page = member.get(review.get_absolute_url()).content.decode()
    assert "Its day is counted back from publication, once that day is chosen" in page


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"kind": "met"}, {"done_on": ["Enter the day on which it was done, or below why it was not"]}),
        (
            {"kind": "met", "not_done_because": "No"} | day("done_on", date(2026, 11, 2)),
            {"not_done_because": ["Leave this empty, or take out the day on which it was done"]},
        ),
        ({"kind": "met"} | day("done_on", date(2027, 1, 13)), {"done_on": ["Enter today or an earlier day"]}),
    ],
)
def test_a_family_step_is_done_or_says_why_not(member, review, answers, errors):
    response = member.post(page_of(review, "family-step-add"), answers)
    assert (response.status_code, errors_of(response)) == (422, errors)


def test_a_name_in_what_came_of_it_is_questioned(member, review):
    answers = {"kind": "met", "note": "Saw Leanne Broadbent at home"} | day("done_on", date(2026, 11, 2))
    response = member.post(page_of(review, "family-step-add"), answers)
    assert (response.status_code, list(errors_of(response))) == (422, ["note"])
    assert FamilyStep.objects.count() == 0


# Drafts


def a_file(words="a draft", name="draft.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 " + words.encode(), content_type="application/pdf")


def test_drafts_are_numbered_and_the_same_file_is_one_draft(member, review):
    for words in ("one", "two", "one"):
        member.post(page_of(review, "draft-add"), {"file": a_file(words), "note": f"Says {words}"})
    assert [(each.number, each.note) for each in review.drafts.all()] == [(2, "Says two"), (1, "Says one")]


def test_taking_a_draft_is_recorded_and_it_is_never_shown(member, review, case_group_member, client_of, office):
    member.post(page_of(review, "draft-add"), {"file": a_file(), "note": ""})
    url = reverse("reviews:draft-download", args=[ReviewDraft.objects.get().pk])
    assert client_of(office).get(url).status_code == 404
    response = member.get(url)
    assert (response.content, response["Content-Disposition"], response["Content-Security-Policy"]) == (
        b"%PDF-1.7 a draft",
        'attachment; filename="draft.pdf"',
        POLICY,
    )
    assert [(each.read_by, each.what) for each in review.readings.all()] == [(case_group_member, "draft 1")]


def test_what_is_no_document_is_refused(member, review):
    response = member.post(page_of(review, "draft-add"), {"file": a_file(name="draft.exe"), "note": ""})
    assert response.status_code == 422
    assert review.drafts.count() == 0


# Older reviews


def older(partnership, **more):
    answers = {
        "partnership": partnership.pk,
        "kind": "scr",
        "reference": "AV-SCR-9",
        "title": "A child nobody saw",
        "summary": "What agencies knew stood in five places.",
    }
    return answers | day("published_on", date(2016, 5, 20)) | more


def test_an_older_review_stands_on_the_public_list_without_clocks(member, partnership, today):
    upload = SimpleUploadedFile("report.pdf", a_pdf(author="Leanne Broadbent"), content_type="application/pdf")
    assert member.post(CARRY_OVER, older(partnership, upload=upload)).status_code == 302
    review = PracticeReview.objects.get()
    publication = ReviewPublication.objects.get()
    assert (review.is_carried_over, review.ended_on, review.stages.count()) == (True, date(2016, 5, 20), 0)
    assert (publication.published_on, publication.stays_until, publication.file) == (date(2016, 5, 20), None, None)
    assert publication.attachment.page_count == 1
    assert b"Broadbent" not in bytes(publication.attachment.content)
    assert member.get(review.get_absolute_url()).status_code == 200
    page = member.get(reverse("reviews:public-review-list", args=[partnership.slug])).content.decode()
    assert ("A child nobody saw" in page, "2016" in page, "AV-SCR-9" in page) == (True, True, False)


def test_it_may_stand_elsewhere_and_must_stand_somewhere(member, partnership, today):
    response = member.post(CARRY_OVER, older(partnership))
    assert errors_of(response) == {"upload": ["Choose the PDF, or enter below where it can be read"]}
    assert member.post(CARRY_OVER, older(partnership, address="https://example.org/scr")).status_code == 302
    assert ReviewPublication.objects.get().address == "https://example.org/scr"
    response = member.post(CARRY_OVER, older(partnership, address="https://example.org/scr"))
    assert errors_of(response) == {"reference": ["AV-SCR-9 is in the list already. Enter another reference"]}
    assert PublishedFile.objects.count() == 0


def test_a_pdf_that_cannot_be_cleaned_leaves_nothing_behind(member, partnership, today):
    response = member.post(CARRY_OVER, older(partnership, upload=a_file()))
    assert (response.status_code, list(errors_of(response))) == (422, ["upload"])
    assert (PracticeReview.objects.count(), ReviewPublication.objects.count()) == (0, 0)


def test_ending_twice_ends_once(review, today):
    end_review(review, because="Held elsewhere", on=today)
    with pytest.raises(Exception, match="has ended already"):
        end_review(review, because="Again", on=today)
