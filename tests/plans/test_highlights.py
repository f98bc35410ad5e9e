"""A group's highlight report: filled from updates and meetings, edited by its chair, frozen when it is sent."""

import io
import json
from datetime import UTC, date, datetime

import pdfplumber
import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from docx import Document

from partnership.deadlines import deadlines, deadlines_for
from partnership.models import Group, MeetingDecision
from plans.highlight_content import content_of, deliverables_of, differences, gather, lines_of
from plans.highlight_pdf import make_pdf
from plans.highlight_progress import progress_of
from plans.highlights import (
    begin_report,
    correct_report,
    due_on,
    move_line,
    submit_report,
    submitted_reports,
    take_updates,
    updates_of,
    use_words,
    usual_recipient,
    voice_problem,
    write_report,
)
from plans.models import HighlightReport
from tests.factories import (
    AttendanceFactory,
    DeliverableFactory,
    DeliverableLeadFactory,
    GroupFactory,
    MeetingActionFactory,
    MeetingFactory,
    PlanFactory,
    PostFactory,
    UpdateFactory,
    UpdateRoundFactory,
)

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
TODAY = date(2027, 1, 12)
HEARD = "Fathers told us that nobody asks them. We ask now."


@pytest.fixture
def delivery_group(partnership, other_partnership, executive):
    return GroupFactory(
        name="Planning and Delivery Group",
        kind=Group.Kind.DELIVERY,
        partnerships=[partnership, other_partnership],
        parent=executive,
    )


@pytest.fixture
def group_update(group_deliverable, round_open, ratings, chair):
    return UpdateFactory(
        deliverable=group_deliverable,
        round=round_open,
        rating=ratings["G"],
        progress="The campaign ran in both areas.",
        difference_made="Sixty fathers took the leaflet.",
        voice="“Nobody had asked me before.”",
        risk="",
        submitted_by=chair,
        submitted_at=datetime(2027, 1, 11, 9, 30, tzinfo=UTC),
    )


@pytest.fixture
def report(learning_group, round_open, group_update, chair):
    return begin_report(learning_group, round_open, by=chair, at=NOW)


@pytest.fixture
def submitted(report, delivery_group, chair):
    return submit_report(report, to=delivery_group, voice=HEARD, by=chair, at=NOW)[0]


def line_values(report):
    return [(str(line.deliverable), line.rating and line.rating.code, line.progress) for line in report.lines.all()]


# Beginning


def test_a_report_begins_with_a_line_for_what_the_group_leads_and_nothing_else(report):
    assert line_values(report) == [
        ("1.2 Safer sleep advice that reaches fathers", "G", "The campaign ran in both areas.")
    ]
    assert (report.achievements, report.difference_made, report.voice, report.risks) == ("", "", "", "")


def test_a_post_with_a_seat_brings_its_deliverable_but_an_observer_s_does_not(
    learning_group, round_open, led_deliverable, lead, plan, chair
):
    seat = learning_group.members.create(post=lead.holdings.get().post, role="member")
    assert [str(each) for each in deliverables_of(learning_group, plan, on=TODAY)] == [
        "1.1 A shared plan with every family before a birth",
        "1.2 Safer sleep advice that reaches fathers",
    ]
    seat.role = "observer"
    seat.save()
    assert [each.full_ref for each in deliverables_of(learning_group, plan, on=TODAY)] == ["1.2"]


def test_without_an_update_the_line_has_no_words(learning_group, round_open, chair):
    report = begin_report(learning_group, round_open, by=chair, at=NOW)
    assert line_values(report) == [("1.2 Safer sleep advice that reaches fathers", None, "")]


def test_a_superseded_update_and_one_of_another_round_fill_nothing(
    learning_group, group_deliverable, round_open, round_past, ratings, chair, group_update
):
    UpdateFactory(deliverable=group_deliverable, round=round_past, rating=ratings["R"], progress="Old")
    UpdateFactory(
        deliverable=group_deliverable,
        round=round_open,
        rating=ratings["R"],
        progress="Superseded",
        superseded_by=group_update,
    )
    report = begin_report(learning_group, round_open, by=chair, at=NOW)
    assert line_values(report)[0][1:] == ("G", "The campaign ran in both areas.")


def test_a_retired_deliverable_has_no_line(learning_group, round_open, group_deliverable, chair):
    group_deliverable.retired_on = TODAY
    group_deliverable.save()
    assert line_values(begin_report(learning_group, round_open, by=chair, at=NOW)) == []


def test_begun_twice_it_is_the_same_report(report, learning_group, round_open, office):
    assert begin_report(learning_group, round_open, by=office, at=NOW) == report
    assert HighlightReport.objects.count() == 1


# What is offered and taken


def test_offered_words_go_in_at_one_press_and_only_once(client_of, chair, report, group_update):
    client = client_of(chair)
    page = client.get(f"/highlights/{report.pk}/change/")
    assert page.context["form"]["achievements"].value() == ""
    offers = {name: [(each.key, each.words) for each in found] for name, found in offers_on(page).items() if found}
    assert offers == {
        "achievements": [(f"achievements:{group_update.pk}", "The campaign ran in both areas.")],
        "difference_made": [(f"difference_made:{group_update.pk}", "Sixty fathers took the leaflet.")],
        "voice": [(f"voice:{group_update.pk}", "“Nobody had asked me before.”")],
        "next_period": [(f"next_period:m{milestone_of(report).pk}", "Run the winter campaign, by 28 February 2027.")],
    }
    data = typed(page, achievements="We began.", use=f"achievements:{group_update.pk}")
    answer = client.post(f"/highlights/{report.pk}/change/", data)
    assert (answer.status_code, answer.url) == (302, f"/highlights/{report.pk}/change/#section-achievements")
    report.refresh_from_db()
    assert report.achievements == "We began.\n\nThe campaign ran in both areas."
    use_words(report, "achievements", "The campaign ran in both areas.")
    report.refresh_from_db()
    assert report.achievements == "We began.\n\nThe campaign ran in both areas."


@pytest.mark.parametrize("key", ["voice:999999", "group:1", "seen:1", "nonsense", ""])
def test_words_that_are_offered_no_more_change_nothing_and_what_was_typed_is_kept(client_of, chair, report, key):
    client = client_of(chair)
    page = client.get(f"/highlights/{report.pk}/change/")
    answer = client.post(f"/highlights/{report.pk}/change/", typed(page, risks="Mine", use=key), follow=True)
    assert [str(each) for each in answer.context["messages"]] == [
        "Those words have changed since the page was opened. All you wrote is saved."
    ]
    report.refresh_from_db()
    assert (report.achievements, report.voice, report.risks) == ("", "", "Mine")


def test_words_of_a_deliverable_the_group_does_not_lead_are_not_offered(
    client_of, chair, report, led_deliverable, round_open, ratings
):
    other = UpdateFactory(
        deliverable=led_deliverable, round=round_open, rating=ratings["G"], difference_made="Somebody else’s"
    )
    client = client_of(chair)
    page = client.get(f"/highlights/{report.pk}/change/")
    client.post(f"/highlights/{report.pk}/change/", typed(page, use=f"difference_made:{other.pk}"))
    report.refresh_from_db()
    assert report.difference_made == ""


def test_filling_again_takes_only_what_is_ticked(client_of, chair, report, round_open, plan, learning_group, ratings):
    priority = plan.priorities.get(position=2)
    for number in (2, 3):
        deliverable = DeliverableFactory(priority=priority, position=number, ref=str(number), title=f"New {number}")
        DeliverableLeadFactory(deliverable=deliverable, group=learning_group)
        UpdateFactory(deliverable=deliverable, round=round_open, rating=ratings["A"], progress=f"Begun {number}")
    write_report(report, words={}, lines={report.lines.get().pk: (ratings["A"].pk, "The chair’s own words")})
    client = client_of(chair)
    page = client.get(f"/highlights/{report.pk}/fill/")
    assert [str(each.deliverable) for each in page.context["found"]] == [
        "1.2 Safer sleep advice that reaches fathers",
        "2.2 New 2",
        "2.3 New 3",
    ]
    nothing = client.post(f"/highlights/{report.pk}/fill/", {"csrfmiddlewaretoken": ""})
    assert nothing.status_code == 422
    assert nothing.context["form"].errors == {"take": ["Tick the lines that the report should take"]}
    chosen = page.context["found"][1].deliverable
    answer = client.post(f"/highlights/{report.pk}/fill/", {"take": [chosen.pk]})
    assert answer.status_code == 302
    assert line_values(report) == [
        ("1.2 Safer sleep advice that reaches fathers", "A", "The chair’s own words"),
        ("2.2 New 2", "A", "Begun 2"),
    ]


def test_filling_again_refuses_another_group_s_deliverable(client_of, chair, report, led_deliverable):
    answer = client_of(chair).post(f"/highlights/{report.pk}/fill/", {"take": [led_deliverable.pk]})
    assert answer.status_code == 422
    assert take_updates(report, {led_deliverable.pk}, on=TODAY) == 0


def test_an_update_sent_since_is_told_apart(report, group_deliverable, group_update, ratings, chair):
    later = UpdateFactory(
        deliverable=group_deliverable,
        round=report.round,
        rating=ratings["A"],
        progress="A printer failed.",
        submitted_at=datetime(2027, 1, 13, 9, 0, tzinfo=UTC),
    )
    group_update.superseded_by = later
    group_update.save()
    deliverables = list(deliverables_of(report.group, report.round.plan, on=TODAY))
    found = differences(report, deliverables, updates_of(report.round, deliverables))
    assert [(each.update, each.is_since) for each in found] == [(later, True)]
    take_updates(report, {group_deliverable.pk}, on=TODAY)
    assert differences(report, deliverables, updates_of(report.round, deliverables)) == []


# Meetings and what was said last time


def test_the_period_s_meetings_attendance_decisions_and_actions_stand_in_it(report, learning_group, hospital, charity):
    held = MeetingFactory(group=learning_group, meets_on=date(2026, 10, 20), status="held")
    second = MeetingFactory(group=learning_group, meets_on=date(2026, 11, 24), status="held")
    MeetingFactory(
        group=learning_group, meets_on=date(2026, 12, 8), status="cancelled", cancelled_reason="Too few could come."
    )
    MeetingFactory(group=learning_group, meets_on=date(2026, 9, 8), status="held")  # before the period
    AttendanceFactory(meeting=held, organisation=hospital, status="present")
    AttendanceFactory(meeting=held, organisation=charity, status="apologies")
    AttendanceFactory(meeting=second, organisation=hospital, status="deputy")
    AttendanceFactory(meeting=second, organisation=charity, status="none")
    MeetingDecision.objects.create(meeting=held, ref="D1", text="Run it twice.")
    MeetingActionFactory(group=learning_group, ref="A7", text="Print it", due_on=date(2027, 1, 8))
    MeetingActionFactory(
        group=learning_group,
        ref="A5",
        text="Ask",
        due_on=date(2026, 11, 1),
        closed_on=date(2026, 11, 3),
        outcome="Done",
    )
    said = gather(report, on=TODAY)
    assert said["held"] == ["20 October 2026", "24 November 2026"]
    assert said["cancelled"] == [{"day": "8 December 2026", "reason": "Too few could come."}]
    assert said["attendance"] == [
        {"name": "Lantern Family Trust", "there": 0, "asked": 2, "is_seldom": True},
        {"name": "St Brannoc’s Hospital Trust", "there": 2, "asked": 2, "is_seldom": False},
    ]
    assert said["decisions"] == [{"ref": "D1", "text": "Run it twice.", "day": "20 October 2026"}]
    assert said["actions"] == [{"ref": "A7", "text": "Print it", "lead": "", "due": "8 January 2027", "is_late": True}]
    assert said["closed_count"] == 1
    assert json.loads(json.dumps(said)) == said


def test_of_a_case_review_group_nothing_but_its_updates_is_filled(case_group, round_open, case_group_member, office):
    held = MeetingFactory(group=case_group, meets_on=date(2026, 10, 20), status="held")
    MeetingDecision.objects.create(meeting=held, ref="D1", text="What nobody else may know")
    MeetingActionFactory(group=case_group, ref="A1", text="What nobody else may know")
    report = begin_report(case_group, round_open, by=office, at=NOW)
    said = gather(report, on=TODAY)
    assert said["is_restricted"] is True
    assert "20 October" not in json.dumps(said)
    assert "nobody else may know" not in json.dumps(said)


def test_what_was_promised_last_time_stands_beside_achievements(
    client_of, chair, learning_group, round_past, report, delivery_group
):
    last = begin_report(learning_group, round_past, by=chair, at=NOW)
    write_report(last, words={"next_period": "Run the campaign."})
    assert "promised" not in gather(report, on=TODAY)  # a draft promises nothing
    submit_report(last, to=delivery_group, voice=HEARD, by=chair, at=NOW)
    said = gather(report, on=TODAY)
    assert (said["promised"], said["promised_in"]) == ("Run the campaign.", "July to September 2026")
    page = client_of(chair).get(f"/highlights/{report.pk}/change/").content.decode()
    assert "You said you would" in page
    assert "Run the campaign." in page


# Writing


def typed(page, **changes):
    """What a browser would send of the page's form, with ``changes``."""
    form = page.context["form"]
    data = {field.html_name: field.value() or "" for field in form}
    return {name: value for name, value in (data | changes).items() if value is not None and value is not False}


def offers_on(page):
    return {field.name: offers for field, offers in page.context["sections"]}


def milestone_of(report):
    return report.lines.get().deliverable.activities.get(position=2).milestones.get(position=2)


def test_the_chair_edits_sections_and_lines_on_one_page(client_of, chair, report, ratings):
    client = client_of(chair)
    line = report.lines.get()
    page = client.get(f"/highlights/{report.pk}/change/")
    answer = client.post(
        f"/highlights/{report.pk}/change/",
        typed(
            page,
            **{
                "risks": "Money ends in March 🙁 <script>alert(1)</script>",
                f"rating-{line.pk}": str(ratings["A"].pk),
                f"progress-{line.pk}": "Half done.",
            },
        ),
    )
    assert answer.status_code == 302
    report.refresh_from_db()
    assert report.risks == "Money ends in March 🙁 <script>alert(1)</script>"
    assert line_values(report) == [("1.2 Safer sleep advice that reaches fathers", "A", "Half done.")]
    shown = client.get(f"/highlights/{report.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert(1)" not in shown


def test_a_line_is_left_out_when_save_is_pressed_and_not_while_writing(client_of, chair, report):
    client = client_of(chair)
    line = report.lines.get()
    page = client.get(f"/highlights/{report.pk}/change/")
    data = typed(page, **{f"out-{line.pk}": "on"})
    assert client.post(f"/highlights/{report.pk}/change/", data, headers={"hx-request": "true"}).status_code == 200
    assert report.lines.count() == 1
    client.post(f"/highlights/{report.pk}/change/", data)
    assert report.lines.count() == 0
    content = client.get(f"/highlights/{report.pk}/").context["content"]
    assert content.left_out_words == "Left out by the group: 1.2 Safer sleep advice that reaches fathers."
    found = client.get(f"/highlights/{report.pk}/fill/").context["found"]
    assert [(str(each.deliverable), each.line) for each in found] == [
        ("1.2 Safer sleep advice that reaches fathers", None)
    ]


@pytest.fixture
def three_lines(report, plan):
    """The group's own line and two more, in the plan's order."""
    mine = report.lines.get().deliverable
    for position in (90, 91):
        row = DeliverableFactory(priority=mine.priority, position=position, ref=str(position), title="More")
        report.lines.create(deliverable=row)
    return report


def order_of(report):
    return [each["ref"] for each in content_of(HighlightReport.objects.get(pk=report.pk), on=TODAY).lines]


def test_the_chair_moves_a_line_and_what_was_typed_with_the_press_is_kept(client_of, chair, three_lines):
    client, page = client_of(chair), f"/highlights/{three_lines.pk}/change/"
    first, second, third = order_of(three_lines)
    line = three_lines.lines.get(deliverable__ref="91")
    form = client.get(page).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"seen": form.fields["seen"].initial}
    answer = client.post(page, {**typed, "risks": "Typed before the press", "up": line.pk})
    assert (answer.status_code, answer.url) == (302, f"{page}#line-{line.pk}")
    assert order_of(three_lines) == [first, third, second]
    assert HighlightReport.objects.get().risks == "Typed before the press"


def test_a_line_at_an_end_stays_and_no_other_report_s_line_is_moved(three_lines, round_open, chair, executive):
    other = HighlightReport.objects.create(group=executive, round=round_open, begun_by=chair, begun_at=NOW)
    stray = other.lines.create(deliverable=three_lines.lines.first().deliverable)
    before = order_of(three_lines)
    first, *_, last = lines_of(three_lines)
    assert [
        move_line(three_lines, first.pk, by=-1),
        move_line(three_lines, last.pk, by=1),
        move_line(three_lines, stray.pk, by=1),
    ] == [False] * 3
    assert order_of(three_lines) == before


def test_the_chair_s_order_is_kept_on_paper_by_an_edition_and_when_a_line_is_taken_again(
    client_of, chair, three_lines, delivery_group, group_deliverable
):
    first, second, third = order_of(three_lines)
    move_line(three_lines, three_lines.lines.get(deliverable=group_deliverable).pk, by=1)
    assert order_of(three_lines) == [second, first, third]
    three_lines.lines.get(deliverable=group_deliverable).delete()
    take_updates(three_lines, {group_deliverable.pk}, on=TODAY)
    assert order_of(three_lines) == [second, third, first]
    sent, _item = submit_report(three_lines, to=delivery_group, voice=HEARD, by=chair, at=NOW)
    table = Document(io.BytesIO(client_of(chair).get(f"/highlights/{sent.pk}/word/").content)).tables[0]
    assert [row.cells[0].text.split()[0] for row in table.rows[1:]] == [second, third, first]
    again = correct_report(sent, reason="The figure was wrong.", by=chair, at=NOW)
    assert order_of(again) == [second, third, first]
    with pytest.raises(ValidationError):
        move_line(sent, sent.lines.first().pk, by=1)


def test_words_are_saved_while_they_are_written(client_of, chair, report):
    client = client_of(chair)
    page = client.get(f"/highlights/{report.pk}/change/")
    answer = client.post(f"/highlights/{report.pk}/change/", typed(page, voice="Hea"), headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert "Saved at 09:00. You can close this page and come back." in answer.content.decode()
    seen = answer.context["form"]["seen"].value()
    again = client.post(
        f"/highlights/{report.pk}/change/", typed(page, voice="Heard", seen=seen), headers={"hx-request": "true"}
    )
    assert again.status_code == 200
    report.refresh_from_db()
    assert report.voice == "Heard"


def test_saving_the_same_words_writes_nothing_into_the_history(client_of, chair, report):
    client = client_of(chair)
    page = client.get(f"/highlights/{report.pk}/change/")
    before = report.events.count(), report.lines.get().events.count()
    client.post(f"/highlights/{report.pk}/change/", typed(page))
    assert (report.events.count(), report.lines.get().events.count()) == before


def test_two_who_write_the_same_words_see_both(client_of, chair, office, report):
    theirs, ours = client_of(office), client_of(chair)
    line = report.lines.get()
    page = ours.get(f"/highlights/{report.pk}/change/")
    theirs.post(f"/highlights/{report.pk}/change/", typed(page, voice="The office’s", risks="Theirs alone"))
    name = f"progress-{line.pk}"
    quiet = ours.post(
        f"/highlights/{report.pk}/change/", typed(page, voice="The chair’s"), headers={"hx-request": "true"}
    )
    assert quiet.status_code == 409
    assert "Not saved: somebody else has written here meanwhile." in quiet.content.decode()
    answer = ours.post(f"/highlights/{report.pk}/change/", typed(page, voice="The chair’s", **{name: "Mine"}))
    assert answer.status_code == 409
    assert list(answer.context["form"].errors) == ["voice"]
    assert "It now says “The office’s”" in answer.context["form"].errors["voice"][0]
    assert answer.context["form"]["voice"].value() == "The chair’s"
    report.refresh_from_db()
    assert (report.voice, report.risks) == ("The office’s", "Theirs alone")
    assert ours.post(f"/highlights/{report.pk}/change/", typed(answer)).status_code == 302
    report.refresh_from_db()
    assert (report.voice, report.risks) == ("The chair’s", "Theirs alone")
    assert report.lines.get().progress == "Mine"


def test_two_who_write_the_same_line_see_both(client_of, chair, office, report):
    name = f"progress-{report.lines.get().pk}"
    theirs, ours = client_of(office), client_of(chair)
    page = ours.get(f"/highlights/{report.pk}/change/")
    theirs.post(f"/highlights/{report.pk}/change/", typed(page, **{name: "The office’s"}))
    answer = ours.post(f"/highlights/{report.pk}/change/", typed(page, **{name: "The chair’s"}))
    assert answer.status_code == 409
    assert list(answer.context["form"].errors) == [name]
    assert report.lines.get().progress == "The office’s"


def test_a_megabyte_is_refused_in_a_sentence_and_kept_on_the_page(client_of, chair, report):
    client = client_of(chair)
    page = client.get(f"/highlights/{report.pk}/change/")
    answer = client.post(f"/highlights/{report.pk}/change/", typed(page, achievements="x" * 1_000_000))
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"achievements": ["Use 5000 characters or fewer. You have 1000000"]}
    assert len(answer.context["form"]["achievements"].value()) == 1_000_000
    report.refresh_from_db()
    assert report.achievements == ""


@pytest.mark.parametrize("rating", ["999999", "x", "-1"])
def test_a_rating_of_another_key_is_refused(client_of, chair, report, rating):
    client = client_of(chair)
    name = f"rating-{report.lines.get().pk}"
    page = client.get(f"/highlights/{report.pk}/change/")
    answer = client.post(f"/highlights/{report.pk}/change/", typed(page, **{name: rating}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [name]


# Voice


@pytest.mark.parametrize(
    "text",
    ["", "  ", ".", "-", "…", "n/a", "N/A.", "None", "nil", "Nothing to report", "none this quarter", "TBC", "?!",
     "Nothing this quarter", "Nothing this quarter, because", "nothing this quarter, because …", "123"],
)  # fmt: skip
def test_voice_left_out_or_waved_away_is_questioned(plan, text):
    assert voice_problem(text, plan=plan) != ""


@pytest.mark.parametrize(
    "text",
    [HEARD, "Nothing this quarter, because the group did not meet.", "None of the children wished to speak to us.",
     "Not yet asked: the survey goes out in May."],
)  # fmt: skip
def test_an_answer_on_voice_is_taken(plan, text):
    assert voice_problem(text, plan=plan) == ""


@pytest.mark.parametrize(
    ("audience", "whose"), [("children", "children"), ("adults", "adults"), ("both", "children and adults")]
)
def test_the_question_on_voice_follows_whom_the_plan_is_for(client_of, chair, report, plan, audience, whose):
    plan.audience = audience
    plan.save()
    page = client_of(chair).get(f"/highlights/{report.pk}/change/")
    assert page.context["form"]["voice"].label == f"Voice of {whose}"
    assert voice_problem("", plan=plan).startswith(f"Say how the group heard {whose} and what came of it.")


def test_no_report_is_submitted_without_voice_by_page_command_or_database(client_of, chair, report, delivery_group):
    answer = client_of(chair).post(
        f"/highlights/{report.pk}/submit/", {"voice": " ", "submitted_to": delivery_group.pk}
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"voice": [voice_problem("", plan=report.round.plan)]}
    with pytest.raises(ValidationError) as problem:
        submit_report(report, to=delivery_group, voice=".", by=chair, at=NOW)
    assert list(problem.value.message_dict) == ["voice"]
    report.refresh_from_db()
    assert report.submitted_at is None
    with pytest.raises(IntegrityError, match="submitted_highlight_report_says_voice"), transaction.atomic():
        HighlightReport.objects.filter(pk=report.pk).update(submitted_at=NOW)


# Submitting


def test_the_report_goes_to_the_planning_and_delivery_group_and_onto_its_agenda(
    client_of, chair, report, delivery_group
):
    meeting = MeetingFactory(group=delivery_group, meets_on=date(2027, 2, 2))
    MeetingFactory(group=delivery_group, meets_on=date(2027, 5, 2))
    client = client_of(chair)
    page = client.get(f"/highlights/{report.pk}/submit/")
    assert page.context["form"]["submitted_to"].value() == delivery_group.pk
    answer = client.post(
        f"/highlights/{report.pk}/submit/", {"voice": HEARD, "submitted_to": delivery_group.pk}, follow=True
    )
    assert [str(each) for each in answer.context["messages"]] == [
        "The report has gone to the Planning and Delivery Group and stands on the agenda of 2 February 2027."
    ]
    report.refresh_from_db()
    assert (report.submitted_to, report.submitted_by, report.voice) == (delivery_group, chair, HEARD)
    assert [(item.title, item.source_path, item.kind) for item in meeting.items.all()] == [
        (
            "Highlight report: Learning and Development Subgroup, October to December 2026",
            f"/highlights/{report.pk}/",
            "assurance",
        )
    ]


def test_without_a_meeting_to_come_it_waits_on_the_forward_plan(submitted, delivery_group):
    assert [item.meeting for item in delivery_group.agenda_items.all()] == [None]


def test_the_group_above_takes_it_where_there_is_no_planning_and_delivery_group(report, executive):
    assert usual_recipient(report) == executive


@pytest.mark.parametrize("taker", ["case_group", "learning_group", "far_group", "closed_group"])
def test_a_group_that_can_not_take_it_is_refused(client_of, chair, report, far_partnership, taker, request):
    group = {
        "far_group": lambda: GroupFactory(partnerships=[far_partnership]),
        "closed_group": lambda: GroupFactory(partnerships=report.group.partnerships.all(), closed_on=TODAY),
    }.get(taker, lambda: request.getfixturevalue(taker))()
    answer = client_of(chair).post(f"/highlights/{report.pk}/submit/", {"voice": HEARD, "submitted_to": group.pk})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["submitted_to"]


def test_what_was_submitted_stands_whatever_changes_after(submitted, group_deliverable, learning_group, rating_key):
    before = content_of(submitted, on=TODAY)
    group_deliverable.title = "Another title"
    group_deliverable.save()
    learning_group.name = "Another name"
    learning_group.save()
    rating_key.ratings.filter(code="G").update(word="Going well")
    after = content_of(HighlightReport.objects.get(pk=submitted.pk), on=date(2027, 9, 1))
    assert (after.said, after.lines) == (before.said, before.lines)
    assert after.lines[0]["title"] == "Safer sleep advice that reaches fathers"
    assert after.lines[0]["rating"].word == "Green"


def test_a_submitted_report_is_no_more_changed(client_of, chair, submitted, delivery_group):
    with pytest.raises(ValidationError):
        write_report(submitted, words={"risks": "Later"})
    with pytest.raises(ValidationError):
        submit_report(submitted, to=delivery_group, voice=HEARD, by=chair, at=NOW)
    client = client_of(chair)
    for page in ("change", "submit", "fill"):
        answer = client.post(f"/highlights/{submitted.pk}/{page}/", {"risks": "Later", "voice": HEARD})
        assert (answer.status_code, answer.url) == (302, f"/highlights/{submitted.pk}/")
    quiet = client.post(f"/highlights/{submitted.pk}/change/", {"risks": "Later"}, headers={"hx-request": "true"})
    assert quiet.status_code == 409
    assert "the report was submitted meanwhile" in quiet.content.decode()
    assert client.post(f"/highlights/{submitted.pk}/discard/").status_code == 302
    assert HighlightReport.objects.get().risks == ""


def test_a_correction_is_a_new_edition_and_the_earlier_one_stays_readable(
    client_of, chair, partner, submitted, delivery_group
):
    client = client_of(chair)
    refused = client.post(f"/highlights/{submitted.pk}/correct/", {"reason": " "})
    assert refused.status_code == 422
    client.post(f"/highlights/{submitted.pk}/correct/", {"reason": "The figure was wrong."})
    again = HighlightReport.objects.get(edition=2)
    assert correct_report(submitted, reason="Pressed twice", by=chair, at=NOW) == again
    assert (again.voice, line_values(again)) == (HEARD, line_values(submitted))
    assert list(submitted_reports(submitted.round)) == [submitted]  # the first stands until the second is sent
    write_report(again, words={"risks": "Put right."})
    submit_report(again, to=delivery_group, voice=HEARD, by=chair, at=NOW)
    submitted.refresh_from_db()
    assert submitted.replaced_by == again
    assert list(submitted_reports(submitted.round)) == [again]
    with pytest.raises(ValidationError):
        correct_report(submitted, reason="Again", by=chair, at=NOW)
    reader = client_of(partner)
    assert "This edition was replaced." in reader.get(f"/highlights/{submitted.pk}/").content.decode()
    assert "Why: The figure was wrong." in reader.get(f"/highlights/{again.pk}/").content.decode()
    assert [item.source_path for item in delivery_group.agenda_items.all()] == [f"/highlights/{again.pk}/"]


def test_a_draft_is_thrown_away_and_what_was_submitted_stays(client_of, chair, submitted):
    again = correct_report(submitted, reason="By mistake", by=chair, at=NOW)
    answer = client_of(chair).post(f"/highlights/{again.pk}/discard/")
    assert answer.url == f"/groups/{submitted.group_id}/highlights/"
    assert list(HighlightReport.objects.all()) == [submitted]


# Who sees and writes


def test_a_draft_is_for_its_chair_and_the_office_and_a_submitted_report_for_the_partnership(
    report, chair, office, partner, scrutiny_chair, advisor, stranger, leaver, delivery_group
):
    def seen_by(*people):
        return [bool(HighlightReport.objects.visible_to(person)) for person in people]

    everyone = (chair, office, partner, scrutiny_chair, advisor, stranger, leaver)
    assert seen_by(*everyone) == [True, True, False, False, False, False, False]
    submit_report(report, to=delivery_group, voice=HEARD, by=chair, at=NOW)
    assert seen_by(*everyone) == [True, True, True, True, True, False, False]


def test_only_the_chair_and_the_office_begin_a_report(
    client_of, chair, office, scrutiny_chair, stranger, round_open, learning_group, far_partnership, partner
):
    address = f"/groups/{learning_group.pk}/highlights/{round_open.pk}/begin/"
    assert client_of(scrutiny_chair).post(address).status_code == 403
    assert client_of(partner).post(address).status_code == 403
    assert client_of(stranger).post(address).status_code == 404
    assert not HighlightReport.objects.exists()
    assert client_of(chair).post(address).url == f"/highlights/{HighlightReport.objects.get().pk}/change/"
    far = UpdateRoundFactory(plan=PlanFactory(partnerships=[far_partnership]))
    assert client_of(office).post(f"/groups/{learning_group.pk}/highlights/{far.pk}/begin/").status_code == 404


def test_a_round_that_has_not_opened_is_not_reported_on(client_of, chair, plan, learning_group):
    later = UpdateRoundFactory(plan=plan, opens_on=date(2027, 4, 1), closes_on=date(2027, 4, 22))
    answer = client_of(chair).post(f"/groups/{learning_group.pk}/highlights/{later.pk}/begin/")
    assert answer.status_code == 404


# When it is wanted


def wanted(found):
    return [(each.key, each.due_on, each.title, [owner.text for owner in each.owners]) for each in found]


def highlights_due(**kwargs):
    return [each for each in deadlines(on=TODAY, **kwargs) if each.kind == "Highlight report"]


def test_a_group_that_leads_something_owes_a_report_until_it_is_submitted(
    report, round_open, learning_group, chair, delivery_group
):
    owed = (
        f"highlight:{round_open.pk}:{learning_group.pk}",
        date(2027, 1, 29),
        "Highlight report for October to December 2026",
        ["Learning and Development Subgroup"],
    )
    assert wanted(highlights_due()) == [owed]
    mine = [each for each in deadlines_for(chair, on=TODAY) if each.kind == "Highlight report"]
    assert wanted(mine) == [owed]
    assert mine[0].url == f"/groups/{learning_group.pk}/highlights/"
    submit_report(report, to=delivery_group, voice=HEARD, by=chair, at=NOW)
    assert wanted(highlights_due()) == []


def test_it_is_due_when_ratings_are_proposed_where_the_round_says_so(round_open, plan):
    round_open.proposals_due_on = date(2027, 2, 5)
    round_open.save()
    assert due_on(round_open) == date(2027, 2, 5)
    assert [each.due_on for each in highlights_due()] == [date(2027, 2, 5)]


def test_the_chair_s_own_post_makes_its_group_owe_a_report(
    plan, round_open, scrutiny_group, scrutiny_chair, shared_deliverable
):
    DeliverableLeadFactory(deliverable=shared_deliverable, post=scrutiny_chair.holdings.get().post)
    assert sorted(each.owners[0].text for each in highlights_due()) == [
        "Learning and Development Subgroup",
        "Quality and Scrutiny Subgroup",
    ]


def test_nothing_is_owed_for_an_old_round_a_closed_group_another_plan_or_by_the_executive(
    plan, round_open, round_past, learning_group, executive, shared_deliverable, partnership, rating_key
):
    DeliverableLeadFactory(deliverable=shared_deliverable, group=executive)
    other = PlanFactory(partnerships=[partnership], rating_key=rating_key)  # in which nobody of ours leads
    UpdateRoundFactory(plan=other, name="Of the other plan")
    assert [each.key for each in highlights_due()] == [f"highlight:{round_open.pk}:{learning_group.pk}"]
    learning_group.closed_on = TODAY
    learning_group.save()
    assert highlights_due() == []


# Lists and progress


def test_a_round_says_who_has_reported_and_who_has_not(
    report, round_open, scrutiny_group, shared_deliverable, partner, chair, delivery_group
):
    DeliverableLeadFactory(deliverable=shared_deliverable, group=scrutiny_group)

    def seen(user):
        progress = progress_of(round_open, user, on=TODAY)
        return (
            progress.words,
            [(str(each.group), bool(each.report)) for each in progress.waiting],
            [str(each.group) for each in progress.submitted],
        )

    learning, scrutiny = "Learning and Development Subgroup", "Quality and Scrutiny Subgroup"
    assert seen(partner) == ("0 of 2 groups reported", [(learning, False), (scrutiny, False)], [])
    assert seen(chair) == ("0 of 2 groups reported", [(learning, True), (scrutiny, False)], [])
    submit_report(report, to=delivery_group, voice=HEARD, by=chair, at=NOW)
    assert seen(partner) == ("1 of 2 groups reported", [(scrutiny, False)], [learning])


def test_the_planning_and_delivery_group_lists_what_it_was_sent(client_of, partner, submitted, delivery_group):
    rows = client_of(partner).get(f"/groups/{delivery_group.pk}/highlights/").context["table"].rows
    assert [row.record for row in rows] == [submitted]


def test_the_list_is_given_away_with_the_words(client_of, partner, submitted):
    answer = client_of(partner).get(f"/groups/{submitted.group_id}/highlights/?export=csv")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert HEARD in text
    assert "October to December 2026" in text


def test_an_empty_list_teaches(client_of, partner, learning_group, round_open):
    page = client_of(partner).get(f"/groups/{learning_group.pk}/highlights/").content.decode()
    assert "No report yet" in page
    assert "Begin the report" not in page


def test_the_chair_begins_on_the_group_s_page(client_of, chair, partner, learning_group, round_open):
    assert (
        "Begin the report for October to December 2026"
        in client_of(chair).get(f"/groups/{learning_group.pk}/").content.decode()
    )
    assert "Begin the report" not in client_of(partner).get(f"/groups/{learning_group.pk}/").content.decode()


# On paper


def words_of(content):
    return " ".join(" ".join(page.extract_text() or "" for page in pdfplumber.open(io.BytesIO(content)).pages).split())


def test_a_usual_report_is_one_tagged_page(submitted):
    pdf = make_pdf(content_of(submitted, on=TODAY))
    assert pdf.page_count == 1
    with pikepdf.open(io.BytesIO(pdf.content)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert "pdfuaid" in str(opened.Root.Metadata.read_bytes())
    words = words_of(pdf.content)
    assert "The campaign ran in both areas." in words
    assert HEARD in words


def test_a_long_report_runs_on_and_loses_no_word(report, chair, delivery_group):
    long = {
        name: " ".join(f"{name[:4]}{number}." for number in range(500))
        for name in ("achievements", "difference_made", "risks", "next_period")
    }
    write_report(report, words=long)
    sent, _item = submit_report(report, to=delivery_group, voice=HEARD, by=chair, at=NOW)
    pdf = make_pdf(content_of(sent, on=TODAY))
    assert pdf.page_count > 1
    there = words_of(pdf.content)
    assert [word for text in long.values() for word in text.split() if word not in there] == []


def test_word_says_the_same(client_of, partner, submitted):
    answer = client_of(partner).get(f"/highlights/{submitted.pk}/word/")
    document = Document(io.BytesIO(answer.content))
    said = [paragraph.text for paragraph in document.paragraphs]
    assert HEARD in said
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows][1] == [
        "1.2 Safer sleep advice that reaches fathers",
        "Green: On track",
        "The campaign ran in both areas.",
    ]
    name = "highlight-report-learning-and-development-subgroup-october-to-december-2026.docx"
    assert name in answer["Content-Disposition"]


def test_what_no_document_can_hold_is_left_out_of_word(client_of, chair, report):
    write_report(report, words={"risks": "A bell\x07 rang\x0b twice"})
    answer = client_of(chair).get(f"/highlights/{report.pk}/word/")
    assert "A bell rang twice" in [each.text for each in Document(io.BytesIO(answer.content)).paragraphs]


# Queries


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(client_of, chair, count, plan, learning_group, round_open, ratings, delivery_group):
    group = learning_group
    priority = plan.priorities.get(position=2)
    for number in range(2, count + 2):
        deliverable = DeliverableFactory(priority=priority, position=number, ref=str(number))
        DeliverableLeadFactory(deliverable=deliverable, group=group)
        UpdateFactory(deliverable=deliverable, round=round_open, rating=ratings["G"])
        MeetingFactory(group=group, meets_on=date(2026, 11, number), status="held")
        MeetingActionFactory(group=group, lead_post=PostFactory())
        other = GroupFactory(partnerships=group.partnerships.all())
        DeliverableLeadFactory(deliverable=deliverable, group=other)
        begin_report(other, round_open, by=chair, at=NOW)
    report = begin_report(group, round_open, by=chair, at=NOW)
    client = client_of(chair)
    pages = {
        f"/highlights/{report.pk}/": 24,
        f"/highlights/{report.pk}/change/": 28,
        f"/highlights/{report.pk}/fill/": 13,
        f"/highlights/{report.pk}/submit/": 27,
        f"/groups/{group.pk}/highlights/": 11,
        f"/rounds/{round_open.pk}/highlights/": 12,
        f"/groups/{group.pk}/": 22,
        f"/groups/{delivery_group.pk}/": 23,
    }
    found = {address: queries_of(client, address) for address in pages}
    assert list(found.values()) == list(pages.values())


def queries_of(client, address):
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)
