"""Everything due from one person on one page: sent in one press, and nothing typed is lost."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from plans.models import DateMove, Evidence, Update, UpdateDraft
from plans.update_forms import a_month_after
from tests.conftest import TODAY
from tests.factories import ActivityFactory, DeliverableFactory, DeliverableLeadFactory

PAGE = "/updates/"
PDF = b"%PDF-1.7 an audit"


def address(name, *args):
    return reverse(f"plans:update-{name}", args=args)


def typed(deliverable, **answers):
    """``answers`` as the page names them."""
    return {f"d{deliverable.pk}-{name}": value for name, value in answers.items()}


@pytest.fixture
def second_line(led_deliverable, lead):
    """Another deliverable that ``lead``'s post leads: 1.3."""
    row = DeliverableFactory(priority=led_deliverable.priority, position=3, ref="3", title="Midwives meet weekly")
    DeliverableLeadFactory(deliverable=row, text="Head of Midwifery", post=lead.holdings.get().post)
    ActivityFactory(deliverable=row, position=1, text="Meet.", timescale_text="March 2027")
    return row


def shown(response):
    """{ref: what stands in the boxes} of the lines that are open."""
    return {row.line.deliverable.full_ref: row.values for row in response.context["rows"] if row.is_open}


# Pressing a button


def test_same_as_last_time_is_one_press(client_of, lead, led_deliverable, past_update, round_open, second_line):
    browser = client_of(lead)
    response = browser.post(address("same", led_deliverable.pk), typed(led_deliverable, seen="0"))
    assert response.headers["Location"] == f"{PAGE}#line-{second_line.pk}"
    update = led_deliverable.updates.in_round(round_open).get()
    assert (update.is_unchanged, update.progress, update.submitted_by) == (True, past_update.progress, lead)
    again = browser.post(address("same", led_deliverable.pk), typed(led_deliverable, seen="0"), follow=True)
    assert "was in already" in again.content.decode()
    assert led_deliverable.updates.in_round(round_open).count() == 1


def test_when_all_is_answered_the_page_says_so_and_asks_for_nothing(
    client_of, lead, led_deliverable, past_update, round_open
):
    browser = client_of(lead)
    asks, sent = "Send what I have answered", "Your line is answered"
    before = browser.get(PAGE).text
    assert (asks in before, sent in before) == (True, False)
    after = browser.post(address("same", led_deliverable.pk), typed(led_deliverable, seen="0"), follow=True).text
    assert (asks in after, sent in after) == (False, True)
    changing = browser.get(f"{PAGE}?change={led_deliverable.pk}").text
    assert (asks in changing, sent in changing) == (True, False)


def test_what_is_typed_in_other_lines_is_kept_whichever_button_is_pressed(
    client_of, lead, led_deliverable, past_update, round_open, second_line
):
    data = typed(led_deliverable, seen="0") | typed(second_line, seen="0", progress="Half a <b>sen")
    browser = client_of(lead)
    browser.post(address("same", led_deliverable.pk), data)
    page = browser.get(PAGE)
    assert shown(page) == {"1.3": {"progress": "Half a <b>sen"}}
    assert "Half a &lt;b&gt;sen" in page.content.decode()


def test_all_that_is_answered_is_sent_and_the_rest_asked_to_mend(
    client_of, lead, led_deliverable, round_open, second_line, ratings
):
    data = typed(led_deliverable, seen="0", rating=ratings["G"].pk, progress="Two visits")
    data |= typed(second_line, seen="0", progress="😀 no rating yet")
    response = client_of(lead).post(address("send"), data)
    assert response.status_code == 422
    assert led_deliverable.updates.get().progress == "Two visits"
    [second] = [row for row in response.context["rows"] if row.pk == second_line.pk]
    assert (second.errors, second.values["progress"]) == ({"rating": "Choose how it is going"}, "😀 no rating yet")
    assert UpdateDraft.objects.get().deliverable == second_line


def test_whoever_signed_in_after_the_session_ended_lands_on_the_page(client_of, lead, led_deliverable, round_open):
    assert Client().post(address("send")).headers["Location"].startswith("/sign-in/")
    for name in ("send", "send-one", "same", "evidence-add"):
        args = [] if name == "send" else [led_deliverable.pk]
        assert client_of(lead).get(address(name, *args)).headers["Location"] == PAGE


def test_save_for_later_sends_nothing(client_of, lead, led_deliverable, round_open, ratings):
    data = typed(led_deliverable, seen="0", rating=ratings["G"].pk, progress="Two visits") | {"later": "1"}
    client_of(lead).post(address("send"), data)
    assert (Update.objects.count(), UpdateDraft.objects.get().answers["progress"]) == (0, "Two visits")


def test_two_people_at_one_line_both_see_both(client_of, lead, office, led_deliverable, round_open, ratings):
    url = reverse("plans:deliverable-update", args=[led_deliverable.pk])
    mine = typed(led_deliverable, seen="0", rating=ratings["G"].pk, progress="Mine")
    theirs = typed(led_deliverable, seen="0", rating=ratings["A"].pk, progress="Theirs")
    client_of(office).post(url, theirs)
    refused = client_of(lead).post(address("send-one", led_deliverable.pk), mine)
    page = refused.content.decode()
    assert (refused.status_code, "Mine" in page, "Theirs" in page, "Nadia Fenwick" in page) == (409, True, True, True)
    [first] = Update.objects.all()
    sent = client_of(lead).post(
        address("send-one", led_deliverable.pk), mine | typed(led_deliverable, seen=refused.context["row"].seen)
    )
    assert sent.status_code == 302
    first.refresh_from_db()
    assert first.superseded_by.progress == "Mine"


# Whose


@pytest.mark.parametrize("name", ["send-one", "same", "draft", "evidence-add"])
def test_somebody_elses_row_is_refused(client_of, chair, stranger, led_deliverable, past_update, round_open, name):
    url = address(name, led_deliverable.pk)
    data = typed(led_deliverable, seen="0", progress="x")
    assert [client_of(person).post(url, data).status_code for person in (chair, stranger)] == [403, 403]
    assert (Update.objects.in_round(round_open).count(), UpdateDraft.objects.count()) == (0, 0)


def test_a_page_shows_only_what_is_due_from_its_reader(client_of, lead, chair, partner, round_open):
    pages = [client_of(person).get(PAGE) for person in (lead, chair, partner)]
    refs = [[row.line.deliverable.full_ref for row in page.context["rows"]] for page in pages]
    assert refs == [["1.1"], ["1.2"], []]
    assert "No line waits for you" in pages[2].content.decode()


def test_a_draft_is_its_authors_alone(client_of, lead, office, led_deliverable, round_open):
    client_of(lead).post(address("draft", led_deliverable.pk), typed(led_deliverable, progress="Secret thought"))
    page = client_of(office).get(reverse("plans:deliverable-update", args=[led_deliverable.pk]))
    assert "Secret thought" not in page.content.decode()
    assert shown(client_of(lead).get(PAGE)) == {"1.1": {"progress": "Secret thought"}}


# Bad input


def test_a_draft_answers_when_it_was_saved_or_why_not(client_of, lead, led_deliverable, round_open):
    url, browser = address("draft", led_deliverable.pk), client_of(lead)
    assert list(browser.post(url, typed(led_deliverable, progress="A\x00 thought")).json()) == ["saved", "at"]
    long = browser.post(url, typed(led_deliverable, progress="x" * 1_048_576))
    assert (long.status_code, list(long.json())) == (422, ["problem"])
    assert UpdateDraft.objects.get().answers["progress"] == "A thought"


def test_a_megabyte_pasted_gets_a_sentence_and_stays_on_the_page(client_of, lead, led_deliverable, round_open, ratings):
    words = "x" * 1_048_576
    data = typed(led_deliverable, seen="0", rating=ratings["G"].pk, progress=words)
    response = client_of(lead).post(address("send-one", led_deliverable.pk), data)
    row = response.context["row"]
    assert (response.status_code, row.errors["progress"], row.values["progress"] == words) == (
        422,
        "Use 5000 characters or fewer. You have 1048576",
        True,
    )


def test_a_key_that_is_no_rating_of_the_plan_is_refused(client_of, lead, led_deliverable, round_open):
    data = typed(led_deliverable, seen="0", rating="999999", progress="x")
    response = client_of(lead).post(address("send-one", led_deliverable.pk), data)
    assert response.context["row"].errors == {"rating": "Choose one of the ratings of this plan"}


def test_a_round_closed_while_it_was_typed_keeps_the_words(client_of, lead, led_deliverable, round_open, ratings):
    round_open.closed_at = timezone.now()
    round_open.save()
    url = reverse("plans:deliverable-update", args=[led_deliverable.pk])
    answer = client_of(lead).post(url, typed(led_deliverable, rating=ratings["G"].pk, progress="Too late"))
    assert (answer.status_code, "Too late" in answer.content.decode()) == (409, True)
    assert client_of(lead).post(address("draft", led_deliverable.pk), {}).status_code == 409
    assert client_of(lead).get(PAGE).context["rows"] == []


# Evidence


def files(deliverable, *uploads):
    return {f"d{deliverable.pk}-files": list(uploads)}


def test_files_and_links_are_evidence_until_they_are_taken_away(client_of, lead, led_deliverable, round_open):
    browser, url = client_of(lead), address("evidence-add", led_deliverable.pk)
    uploads = [SimpleUploadedFile("audit_2026.pdf", PDF), SimpleUploadedFile("photo.png", b"\x89PNG\r\n\x1a\n...")]
    links = typed(led_deliverable, link="https://example.org/a", link_label="The survey", progress="Kept")
    for _press in range(2):
        browser.post(url, links | files(led_deliverable, *[SimpleUploadedFile(u.name, u.read()) for u in uploads]))
        for upload in uploads:
            upload.seek(0)
    labels = list(Evidence.objects.values_list("label", "address"))
    assert labels == [("audit 2026", ""), ("photo", ""), ("The survey", "https://example.org/a")]
    assert UpdateDraft.objects.get().answers["progress"] == "Kept"
    browser.post(reverse("plans:update-evidence-remove", args=[Evidence.objects.first().pk]))
    assert Evidence.objects.filter(removed_at=None).count() == 2


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("big.pdf", b"%PDF" + b"x" * 30 * 1024 * 1024, "big.pdf has 30 MB and 10 MB is the most"),
        ("virus.exe", b"MZ", "virus.exe: This kind of file can’t be read here"),
        ("page.html", b"<script>", "page.html: This kind of file can’t be read here"),
        ("not.png", b"<script>", "not.png: This file is named .png but is something else"),
        ("empty.pdf", b"", "empty.pdf: This file is empty"),
    ],
)
def test_a_file_that_cannot_be_taken_gets_a_sentence_and_nothing_is_lost(
    client_of, lead, led_deliverable, round_open, ratings, name, content, says
):
    data = typed(led_deliverable, seen="0", rating=ratings["G"].pk, progress="Typed")
    upload = files(led_deliverable, SimpleUploadedFile(name, content))
    response = client_of(lead).post(address("send-one", led_deliverable.pk), data | upload)
    row = response.context["row"]
    assert (response.status_code, row.errors["files"].startswith(says)) == (422, True)
    assert (row.values["progress"], Evidence.objects.count(), Update.objects.count()) == ("Typed", 0, 0)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://example.org", "https://", "data:text/html,x"])
def test_only_https_links_are_taken(client_of, lead, led_deliverable, round_open, link):
    response = client_of(lead).post(
        address("evidence-add", led_deliverable.pk), typed(led_deliverable, link=link, progress="Kept")
    )
    row = response.context["row"]
    assert (response.status_code, row.errors, row.values["link"]) == (
        422,
        {"link": "Enter a web address that starts with https://"},
        link,
    )
    assert Evidence.objects.count() == 0


def test_a_file_goes_as_a_file_to_the_plans_people_alone(
    client_of, lead, partner, stranger, led_deliverable, round_open
):
    client_of(lead).post(
        address("evidence-add", led_deliverable.pk), files(led_deliverable, SimpleUploadedFile("a.pdf", PDF))
    )
    url = reverse("plans:evidence-file", args=[Evidence.objects.get().pk])
    answer = client_of(partner).get(url)
    assert (answer.content, answer["Content-Disposition"], answer["Content-Type"]) == (
        PDF,
        'attachment; filename="a.pdf"',
        "application/octet-stream",
    )
    assert client_of(stranger).get(url).status_code == 404


def test_nobody_else_takes_evidence_away_and_nobody_after_the_round(
    client_of, lead, chair, led_deliverable, round_open
):
    url = address("evidence-add", led_deliverable.pk)
    client_of(lead).post(url, typed(led_deliverable, link="https://example.org/a"))
    remove = address("evidence-remove", Evidence.objects.get().pk)
    assert client_of(chair).post(remove).status_code == 403
    round_open.closed_at = timezone.now()
    round_open.save()
    client_of(lead).post(remove)
    assert Evidence.objects.get().removed_at is None


# A new date


def test_a_new_date_is_read_as_it_is_typed_by_whoever_answers(client_of, lead, chair, led_deliverable, round_open):
    activity = led_deliverable.activities.get(position=2)
    url = address("words", led_deliverable.pk, activity.pk)
    answer = client_of(lead).get(url, {"words": "end of March 2027"})
    assert answer.content.decode() == "We read this as due 31 March 2027, 121 days later"
    assert client_of(chair).get(url, {"words": "x"}).status_code == 403


def test_a_new_date_is_asked_for_with_its_reason(client_of, lead, led_deliverable, round_open, ratings):
    activity = led_deliverable.activities.get(position=2)
    date = {f"date_{activity.pk}": "no", f"words_{activity.pk}": "end of March 2027"}
    data = typed(led_deliverable, seen="0", rating=ratings["A"].pk, progress="Slow", **date)
    refused = client_of(lead).post(address("send-one", led_deliverable.pk), data)
    assert refused.context["row"].errors == {f"why_{activity.pk}": "Say why the date moves"}
    client_of(lead).post(
        address("send-one", led_deliverable.pk), data | typed(led_deliverable, **{f"why_{activity.pk}": "Vacancies"})
    )
    assert DateMove.objects.get().reason == "Vacancies"
    page = client_of(lead).get(f"{PAGE}?change={led_deliverable.pk}")
    assert shown(page)["1.1"][f"words_{activity.pk}"] == "end of March 2027"


def move_of(deliverable, ratings, activity, **said):
    answers = {f"{name}_{activity.pk}": words for name, words in said.items()} | {f"date_{activity.pk}": "no"}
    return typed(deliverable, seen="0", rating=ratings["A"].pk, progress="Slow", **answers)


def test_a_new_date_and_its_reason_are_two_presses(client_of, lead, led_deliverable, plan, round_open, ratings):
    plan.review_dates.create(held_on=date(2027, 2, 3))
    plan.review_dates.create(held_on=date(2027, 3, 3))
    activity = led_deliverable.activities.get(position=2)
    browser = client_of(lead)
    [row] = browser.get(PAGE).context["rows"]
    [question] = [each for each in row.dates if each.line.pk == activity.pk]
    assert question.days == [
        ("3 February 2027", "when the plan is looked at"),
        ("12 February 2027", "a month later"),
        ("31 March 2027", "the end of the plan"),
    ]
    chosen = {"day": "12 February 2027", "because": "A post is vacant"}
    browser.post(address("send-one", led_deliverable.pk), move_of(led_deliverable, ratings, activity, **chosen))
    move = DateMove.objects.get()
    assert (move.after_text, move.after_due_on, move.reason) == (
        "12 February 2027",
        date(2027, 2, 12),
        "A post is vacant",
    )


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"day": "3 February 2027", "words": "May 2027", "because": "", "why": "Vacancies"}, ("May 2027", "Vacancies")),
        (
            {"day": "3 February 2027", "because": "A post is vacant", "why": "Two of four"},
            ("3 February 2027", "A post is vacant. Two of four"),
        ),
    ],
)
def test_own_words_go_before_a_day_chosen_and_after_a_reason_chosen(
    client_of, lead, led_deliverable, round_open, ratings, said, asked
):
    activity = led_deliverable.activities.get(position=2)
    client_of(lead).post(address("send-one", led_deliverable.pk), move_of(led_deliverable, ratings, activity, **said))
    assert DateMove.objects.values_list("after_text", "reason").get() == asked


def test_another_day_and_reason_take_the_place_of_those_chosen_before(
    client_of, lead, led_deliverable, round_open, ratings
):
    activity = led_deliverable.activities.get(position=2)
    browser = client_of(lead)
    first = {"day": "12 February 2027", "because": "A post is vacant", "why": "Two of four"}
    browser.post(address("send-one", led_deliverable.pk), move_of(led_deliverable, ratings, activity, **first))
    [row] = browser.get(f"{PAGE}?change={led_deliverable.pk}").context["rows"]
    [asked] = [each for each in row.dates if each.line.pk == activity.pk]
    offered = {name: getattr(asked, name).value for name in ("day", "words", "because", "why")}
    assert offered == first | {"words": ""}
    second = offered | {"day": "31 March 2027", "because": "Waiting for figures"}
    data = move_of(led_deliverable, ratings, activity, **second) | typed(led_deliverable, seen=str(row.seen))
    browser.post(address("send-one", led_deliverable.pk), data)
    assert [(move.after_text, move.reason) for move in DateMove.objects.order_by("-pk")] == [
        ("31 March 2027", "Waiting for figures. Two of four"),
        ("12 February 2027", "A post is vacant. Two of four"),
    ]


def test_a_reason_that_is_none_of_ours_is_not_taken(client_of, lead, led_deliverable, round_open, ratings):
    activity = led_deliverable.activities.get(position=2)
    said = move_of(led_deliverable, ratings, activity, day="3 February 2027", because="<script>")
    assert client_of(lead).post(address("send-one", led_deliverable.pk), said).status_code == 422
    assert not DateMove.objects.exists()


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2027, 2, 28), date(2027, 3, 31)),
        (date(2027, 11, 30), date(2027, 12, 31)),
        (date(2026, 12, 15), date(2027, 1, 15)),
        (date(2028, 1, 30), date(2028, 2, 29)),
    ],
)
def test_a_month_later_keeps_the_end_of_a_month(day, later):
    assert a_month_after(day) == later


def test_last_times_words_are_put_into_empty_boxes_to_be_changed_and_nothing_is_sent(
    client_of, lead, stranger, led_deliverable, past_update, round_open, second_line
):
    data = typed(second_line, progress="Met twice.") | typed(led_deliverable, risk="My own words") | {"start": "1"}
    answer = client_of(lead).post(address("send-one", led_deliverable.pk), data)
    assert (answer.status_code, answer.url) == (302, f"{PAGE}?change={led_deliverable.pk}#line-{led_deliverable.pk}")
    boxes = shown(client_of(lead).get(answer.url))
    assert (boxes["1.1"]["progress"], boxes["1.1"]["risk"]) == (past_update.progress, "My own words")
    assert (boxes["1.1"].get("rating", ""), boxes["1.3"]["progress"]) == ("", "Met twice.")
    assert not Update.objects.filter(round=round_open).exists()
    alone = client_of(lead).post(
        address("send-one", led_deliverable.pk), {"only": led_deliverable.pk, "start": led_deliverable.pk}
    )
    assert alone.url == reverse("plans:deliverable-update", args=[led_deliverable.pk])
    assert client_of(stranger).post(address("send-one", led_deliverable.pk), data).status_code in (403, 404)


# How much the page costs


@pytest.mark.parametrize("count", [1, 3, 10, 60])
def test_the_page_asks_the_database_the_same_however_many_lines(
    client_of, lead, led_deliverable, past_update, round_open, django_assert_num_queries, count
):
    post = lead.holdings.get().post
    for position in range(10, 9 + count):
        row = DeliverableFactory(priority=led_deliverable.priority, position=position, title=f"One more, {position}")
        DeliverableLeadFactory(deliverable=row, text="Head of Midwifery", post=post)
        ActivityFactory(deliverable=row, position=1, text="Do it.", timescale_text="March 2027")
    browser = client_of(lead)
    with django_assert_num_queries(18):
        response = browser.get(PAGE)
    assert len(response.context["rows"]) == count


def test_a_late_round_says_so(client_of, lead, led_deliverable, round_open):
    round_open.closes_on = TODAY - timedelta(days=1)
    round_open.save()
    page = client_of(lead).get(PAGE).content.decode()
    assert "It was due on Monday 11 January 2027." in page
