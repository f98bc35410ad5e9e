"""The yearly review of access: everybody is looked at, nobody by themselves, and what was ended is ended."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from partnership.accounts.reviewing import answer_lines, begin_review, close_review
from partnership.deadlines import deadlines_for
from partnership.models import AccessReview, AccessReviewLine, Invitation, Post, User
from partnership.refusals import NotNow
from tests.at_once import at_once
from tests.conftest import hold
from tests.factories import GroupFactory, GroupMemberFactory, PostFactory, PostHoldingFactory

LIST = reverse("partnership:access-review-list")
DUE = date(2027, 2, 9)


@pytest.fixture
def second_of_office(partnership):
    return hold("Percy Lane", "Business support", duty=Post.Duty.OFFICE, partnerships=[partnership])


@pytest.fixture
def lead_partner(partnership):
    return hold("Dame Aster Quill", "Chief constable", duty=Post.Duty.LEAD_PARTNER, partnerships=[partnership])


@pytest.fixture
def review(partnership, office, lead, second_of_office, lead_partner):
    return begin_review(partnership, due_on=DUE, by=office, at=timezone.now())


def line_of(review, person):
    return review.lines.get(user=person)


def answer(review, people, decision, by, note=""):
    keys = [line_of(review, person).pk for person in people]
    return answer_lines(review, keys, decision=decision, note=note, by=User.objects.get(pk=by.pk), at=timezone.now())


def of_lines(review):
    return {line.user.name: line.decision for line in review.lines.select_related("user")}


# Beginning


def test_each_person_with_a_post_is_a_line_as_they_stand(partnership, office, lead, stranger, leaver):
    seen_at = datetime(2027, 1, 5, 8, 0, tzinfo=UTC)
    User.objects.filter(pk=lead.pk).update(last_login=seen_at)
    review = begin_review(partnership, due_on=DUE, by=office, at=timezone.now())
    line = line_of(review, lead)
    assert (line.posts, line.last_signed_in_at, line.has_second_step, line.decision) == (
        "Head of Midwifery, Vale and Mill Integrated Care Board",
        seen_at,
        False,
        "",
    )
    assert {line.user for line in review.lines.select_related("user")} == {office, lead}


def test_pressed_twice_it_is_one(client_of, office, partnership):
    url = reverse("partnership:access-review-begin", args=[partnership.pk])
    answers = {"due_on_day": 9, "due_on_month": 2, "due_on_year": 2027}
    answered = [client_of(office).post(url, answers).url for _ in range(2)]
    assert answered == [AccessReview.objects.get().get_absolute_url()] * 2


@pytest.mark.django_db(transaction=True)
def test_two_offices_at_once_begin_one(partnership, office):
    jobs = [lambda: begin_review(partnership, due_on=DUE, by=office, at=timezone.now())] * 2
    assert len({each.pk for each in at_once(*jobs)}) == 1


def test_a_day_that_is_over_is_no_day_to_finish_by(client_of, office, partnership):
    url = reverse("partnership:access-review-begin", args=[partnership.pk])
    page = client_of(office).post(url, {"due_on_day": 1, "due_on_month": 1, "due_on_year": 2027})
    assert (page.status_code, dict(page.context["form"].errors)) == (422, {"due_on": ["Enter today or a day to come"]})


# Who answers for whom


def test_nobody_answers_for_themselves(review, office, administrator, partnership):
    assert answer(review, [office], "keep", office)[0] == 0
    PostHoldingFactory(post=PostFactory(partnerships=[partnership]), user=administrator)
    line = review.lines.create(user=administrator)
    assert answer_lines(review, [line.pk], decision="keep", note="", by=administrator, at=timezone.now())[0] == 0
    assert set(of_lines(review).values()) == {""}


def test_the_office_does_not_answer_for_the_office(review, office, second_of_office, lead_partner, administrator):
    said = answer(review, [second_of_office], "keep", office)
    assert said == (
        0,
        [
            "Percy Lane is of the business office: a lead safeguarding partner or an administrator answers for them, "
            "not the office"
        ],
    )
    assert answer(review, [second_of_office], "keep", lead_partner) == (1, [])
    assert answer(review, [office], "keep", administrator) == (1, [])


def test_a_lead_partner_answers_for_the_office_and_for_nobody_else(review, lead_partner, lead, office):
    assert answer(review, [lead, lead_partner], "keep", lead_partner)[0] == 0
    count, problems = answer(review, [office], "ended", lead_partner)
    assert (count, problems) == (
        0,
        ["A lead safeguarding partner can’t end posts: ask an administrator to end those of Nadia Fenwick"],
    )


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        ("office", [200, 200]),
        ("lead_partner", [200, 200]),
        ("administrator", [200, 200]),
        ("chair", [403, 404]),
        ("partner", [403, 404]),
        ("advisor", [403, 404]),
        ("stranger", [200, 404]),
    ],
)
def test_who_sees_it(request, client_of, review, role, statuses):
    client = client_of(request.getfixturevalue(role))
    assert [client.get(url).status_code for url in (LIST, review.get_absolute_url())] == statuses


# Answering


def test_many_are_answered_together_and_the_others_said(client_of, review, office, lead, lead_partner):
    client = client_of(office)
    keys = [line_of(review, person).pk for person in (lead, lead_partner, office)]
    page = client.post(review.get_absolute_url(), {"line": keys, "decision": "keep"}, follow=True)
    assert "Kept, for 2 people" in page.content.decode()
    assert "Nobody answers for themselves" in page.content.decode()
    assert of_lines(review) == {
        "Nadia Fenwick": "",
        "Delia Marchetti": "keep",
        "Percy Lane": "",
        "Dame Aster Quill": "keep",
    }


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"decision": "keep"}, {"__all__": ["Tick at least one person"]}),
        ({"line": "x", "decision": "keep"}, {"__all__": ["Tick at least one person"]}),
        ({"line": "1"}, {"decision": ["Choose what about those who are ticked"]}),
        ({"line": "1", "decision": "changed"}, {"note": ["Say in a few words what was changed"]}),
    ],
)
def test_wrong_answers_say_what_to_do(client_of, review, office, answers, errors):
    page = client_of(office).post(review.get_absolute_url(), answers)
    assert (page.status_code, dict(page.context["form"].errors)) == (422, errors)


def test_a_line_of_another_review_is_not_answered(review, office, lead, other_partnership):
    other = begin_review(other_partnership, due_on=DUE, by=office, at=timezone.now())
    line = other.lines.create(user=lead)
    assert answer_lines(review, [line.pk], decision="keep", note="", by=office, at=timezone.now()) == (0, [])


def test_ended_ends_all_that_they_hold_here_and_nothing_elsewhere(client_of, review, office, lead, far_partnership):
    elsewhere = PostHoldingFactory(post=PostFactory(partnerships=[far_partnership]), user=lead)
    theirs = client_of(lead)
    answer(review, [lead], "ended", office, note="Moved to another board")
    left = lead.holdings.not_over(on=date(2027, 1, 12)).get()
    assert (left, theirs.get(reverse("partnership:account")).status_code) == (elsewhere, 200)


def test_ended_with_nothing_left_signs_them_out(client_of, review, office, lead):
    theirs = client_of(lead)
    answer(review, [lead], "ended", office)
    assert theirs.get(reverse("partnership:account")).status_code == 302


def test_what_brings_something_elsewhere_is_not_an_offices_to_end(review, office, lead, far_partnership):
    post = lead.holdings.get().post
    GroupMemberFactory(group=GroupFactory(partnerships=[far_partnership]), post=post)
    count, problems = answer(review, [lead], "ended", office)
    assert (count, line_of(review, lead).decision, lead.holdings.not_over(on=date(2027, 1, 13)).count()) == (0, "", 1)
    assert problems[0].endswith("brings something in another partnership too: only an administrator can end it")


def test_it_can_be_interrupted_and_the_open_ones_come_first(client_of, review, office, lead, second_of_office):
    answer(review, [lead], "keep", office)
    rows = client_of(office).get(review.get_absolute_url()).context["table"].rows
    assert [row.record.user.name for row in rows] == [
        "Dame Aster Quill",
        "Nadia Fenwick",
        "Percy Lane",
        "Delia Marchetti",
    ]


# Closing, and taking it away


def finish(review, office, administrator):
    for line in review.lines.select_related("user"):
        by = administrator if line.user != administrator else office
        answer_lines(review, [line.pk], decision="keep", note="", by=by, at=timezone.now())


def test_it_is_closed_once_each_is_answered_and_then_stands(client_of, review, office, lead, administrator):
    client = client_of(office)
    url = reverse("partnership:access-review-close", args=[review.pk])
    page = client.post(url, follow=True)
    assert "4 of 4 people are not looked at yet" in page.content.decode()
    finish(review, office, administrator)
    client.post(url)
    client.post(url)
    review.refresh_from_db()
    assert (review.closed_by, review.counts()["keep"]) == (office, 4)
    with pytest.raises(NotNow):
        answer(review, [lead], "ended", office)
    assert b'name="line"' not in client.get(review.get_absolute_url()).content


def test_it_is_taken_away_as_excel_and_printed(client_of, review, office, lead):
    answer(review, [lead], "changed", office, note="=Now a deputy")
    client = client_of(office)
    sheet = load_workbook(BytesIO(client.get(review.get_absolute_url(), {"export": "xlsx"}).content)).active
    rows = {row[0]: row[1:] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert rows["Delia Marchetti"][3:] == ("Changed by Nadia Fenwick", "=Now a deputy")
    page = client.get(reverse("partnership:access-review-print", args=[review.pk])).content.decode()
    assert "=Now a deputy" in page


@pytest.mark.parametrize("people", [1, 3, 10, 60])
def test_pages_ask_the_same_however_many_there_are(client_of, office, partnership, people, django_assert_num_queries):
    for n in range(people):
        hold(f"Person {n}", f"Post {n}", partnerships=[partnership])
    review = begin_review(partnership, due_on=DUE, by=office, at=timezone.now())
    client = client_of(office)
    with django_assert_num_queries(11):
        client.get(review.get_absolute_url())
    with django_assert_num_queries(10):
        client.get(reverse("partnership:access-review-print", args=[review.pk]))
    with django_assert_num_queries(7):
        client.get(LIST)


@pytest.mark.parametrize("people", [1, 3, 10])
def test_beginning_asks_the_same_however_many_there_are(office, partnership, people, django_assert_num_queries):
    for n in range(people):
        hold(f"Person {n}", f"Post {n}", partnerships=[partnership])
    with django_assert_num_queries(8):
        begin_review(partnership, due_on=DUE, by=office, at=timezone.now())


# When it is due


def due_of(user, kind):
    found = deadlines_for(User.objects.get(pk=user.pk), on=date(2027, 1, 12))
    return [(each.due_on, each.title) for each in found if each.key.startswith(f"{kind}:")]


def test_the_office_is_asked_to_finish_what_was_begun(review, office, lead):
    name = "Ashford Vale Safeguarding Children Partnership"
    assert due_of(office, "access-review") == [(DUE, f"Finish the review of who has access to {name}")]
    assert due_of(lead, "access-review") == []


def test_the_next_is_due_a_year_after_the_last(review, office, administrator):
    finish(review, office, administrator)
    close_review(review, by=office, at=timezone.now())
    name = "Ashford Vale Safeguarding Children Partnership"
    assert due_of(office, "next-access-review") == [(date(2028, 1, 12), f"Look at who has access to {name}")]
    assert due_of(office, "access-review") == []


def test_the_first_is_due_a_year_after_the_first_was_invited_in(partnership, office):
    assert due_of(office, "next-access-review") == []
    at = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    Invitation.objects.create(
        user=office, token_hash="1" * 64, made_at=at, expires_at=at + timedelta(days=7), used_at=at
    )
    names = {title for _day, title in due_of(office, "next-access-review")}
    assert (len(names), {day for day, _title in due_of(office, "next-access-review")}) == (2, {date(2027, 3, 1)})


def test_the_first_is_due_a_year_after_anybody_came_in_who_was_not_invited(partnership, office):
    """An installation’s first accounts are made by hand, or joined to an organisation’s: nobody invites them."""
    made_at = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)
    User.objects.filter(pk=office.pk).update(created_at=made_at)
    assert due_of(office, "next-access-review") == []
    User.objects.filter(pk=office.pk).update(last_login=made_at + timedelta(days=40))
    assert {day for day, _title in due_of(office, "next-access-review")} == {date(2027, 2, 1)}
    Invitation.objects.create(
        user=office, token_hash="2" * 64, made_at=made_at, expires_at=made_at, used_at=made_at + timedelta(days=40)
    )
    assert {day for day, _title in due_of(office, "next-access-review")} == {date(2027, 3, 13)}


def test_every_answer_is_kept_in_the_history(review, office, lead):
    answer(review, [lead], "keep", office)
    answer(review, [lead], "changed", office, note="A new post")
    history = AccessReviewLine._meta.get_field("events").related_model
    kept = history.objects.filter(pgh_obj=line_of(review, lead)).order_by("pgh_id")
    assert [each.decision for each in kept] == ["", "keep", "changed"]
