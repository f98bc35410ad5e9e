"""Cases exist for their own review group alone; each look is recorded; clocks run in working days."""

from datetime import date
from functools import partial

import pytest
from django.urls import reverse

from partnership.models import Partnership
from reviews.cases import NOT_MET, close_case, next_reference, open_case, record_stage
from reviews.forms.cases import TAKEN
from reviews.forms.identities import WHAT_TO_DO
from reviews.models import Case, CaseReading, PanelPoint, RapidReview, Stage
from reviews.panel import answer_letter, keep_letter
from reviews.timeline import Mark, Today, marks_of, next_of, parts_of, timeline_of
from tests.at_once import at_once
from tests.factories import (
    AgencySummaryFactory,
    AreaFactory,
    CaseFactory,
    PanelLetterFactory,
    PracticeReviewFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.usefixtures("rule_sets")

LIST, ADD = reverse("reviews:case-list"), reverse("reviews:case-add")
PAGE_QUERIES = 23  # with the sections of agencies, decisions, recommendations and learning
CLOSED = {"closed_on": date(2027, 1, 11), "closed_because": "Everything was done"}


def listed(page):
    return [row.record for row in page.context["table"].paginated_rows]


def test_the_group_sees_its_cases(client_of, case_group_member, case):
    closed = CaseFactory(partnership=case.partnership, **CLOSED, aware_on=date(2027, 1, 9))
    client = client_of(case_group_member)
    pages = [client.get(LIST, {"state": state} if state else {}) for state in ("", "open", "closed")]
    assert [listed(page) for page in pages] == [[case, closed], [case], [closed]]


def test_the_list_says_what_is_next_on_the_page_and_in_a_spreadsheet(client_of, case_group_member, case):
    CaseFactory(partnership=case.partnership, reference="2026-CLOSED", **CLOSED)
    client = client_of(case_group_member)
    page = client.get(LIST).content.decode()
    assert ("By 28 January 2027" in page, "Nothing with a clock" in page) == (True, True)
    rows = client.get(LIST, {"export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert [row.rpartition(",")[2] for row in rows] == [
        "Next",
        "Rapid review sent to the Panel. By 28 January 2027",
        "",
    ]


@pytest.mark.parametrize("role", ["office", "chair", "partner", "advisor", "administrator", "lead_partner", "stranger"])
def test_to_everyone_else_neither_page_exists(request, client_of, case, role):
    client = client_of(request.getfixturevalue(role))
    assert client.get(LIST, {"export": "csv"}).status_code == 404
    pages = [client.get(LIST), client.get(case.get_absolute_url()), client.get("/nowhere/")]
    assert [page.status_code for page in pages] == [404, 404, 404]
    assert len({page.content for page in pages}) == 1
    assert CaseReading.objects.count() == 0


def test_another_groups_case_does_not_exist_either(client_of, other_case_group_member, case):
    client = client_of(other_case_group_member)
    assert listed(client.get(LIST)) == []
    assert client.get(case.get_absolute_url()).status_code == 404


def test_each_look_at_a_case_is_recorded(client_of, case_group_member, case):
    client = client_of(case_group_member)
    client.get(case.get_absolute_url())
    client.get(case.get_absolute_url())
    assert [reading.read_by for reading in case.readings.all()] == [case_group_member] * 2


def test_stages_count_working_days_and_say_by_which_rule(case, today):
    assert [(mark.title, mark.done_on, mark.due_on, mark.why) for mark in marks_of(case, on=today)] == [
        ("Partnership aware", date(2027, 1, 5), None, ""),
        (
            "National Panel notified",
            date(2027, 1, 7),
            date(2027, 1, 12),
            "5 working days from the day of becoming aware, 5 January 2027 "
            "(Children Act 2004, section 16C(1); the Government’s page on reporting a serious incident)",
        ),
        (
            "Rapid review sent to the Panel",
            None,
            date(2027, 1, 28),
            "15 working days from the day the notification was sent, 7 January 2027 "
            "(Working Together 2023, chapter 5; the Panel’s own guidance)",
        ),
    ]


@pytest.mark.parametrize(("on", "is_late"), [(date(2027, 1, 28), False), (date(2027, 1, 29), True)])
def test_the_rapid_review_is_late_after_its_day_and_not_on_it(case, on, is_late):
    assert next_of(marks_of(case, on=on)).is_late is is_late


def test_without_a_notification_the_next_thing_is_to_notify(partnership):
    case = CaseFactory(partnership=partnership, notified_on=None)
    found = next_of(marks_of(case, on=date(2027, 1, 13)))
    assert (found.title, found.due_on, found.is_late) == ("National Panel notified", date(2027, 1, 12), True)


def test_a_group_without_cases_is_taught(client_of, case_group_member):
    assert b"No open case" in client_of(case_group_member).get(LIST).content


@pytest.mark.parametrize("cases", [1, 3])
def test_list_query_count(client_of, case_group_member, partnership, django_assert_num_queries, cases):
    for _ in range(cases):
        CaseFactory(partnership=partnership)
    client = client_of(case_group_member)
    # session, user, savepoint (2), standing, frame, partnerships, themes and areas to choose, count, cases
    with django_assert_num_queries(10):
        client.get(LIST)


# Opening, changing and closing


def told(**answers):
    """A form as a browser sends it: a date goes into its three boxes."""
    sent = {}
    for name, value in answers.items():
        if isinstance(value, date):
            sent |= {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}
        else:
            sent[name] = value
    return sent


NEW = {
    "reference": "AV-2027-01",
    "category": "Injury to a baby",
    "summary": "A baby was taken to hospital with an injury that nobody could explain.",
    "aware_on": date(2027, 1, 5),
    "notified_on": date(2027, 1, 7),
}


def errors(page):
    return {name: list(texts) for name, texts in page.context["form"].errors.items()}


def test_a_case_is_opened_from_a_notification(client_of, case_group_member, partnership, charity):
    client, theme = client_of(case_group_member), ThemeFactory(title="Injury")
    form = client.get(ADD).context["form"]
    assert form["reference"].value() == "AV-2027-01"
    page = client.post(ADD, told(**NEW, themes=[theme.pk], agencies=[charity.pk], is_looked_after_death="on"))
    case = Case.objects.get()
    assert (page.status_code, page.url) == (302, case.get_absolute_url())
    assert (case.kind, case.reference, list(case.themes.all())) == ("incident", "AV-2027-01", [theme])
    assert [(stage.code, stage.done_on) for stage in case.stages.all()] == [
        ("aware", date(2027, 1, 5)),
        ("notified", date(2027, 1, 7)),
        ("partners-told", None),
        ("ofsted-told", None),
        ("summaries-asked", None),
        ("summaries-back", None),
        ("meeting", None),
        ("rapid-review", None),
        ("panel-replied", None),
        ("panel-answered", None),
    ]
    assert [(each.organisation, each.asked_on) for each in case.summaries.all()] == [(charity, None)]
    assert client.get(case.get_absolute_url()).status_code == 200
    assert next_reference(partnership, year=2027) == "AV-2027-02"


def test_an_adults_board_opens_a_referral(client_of, other_case_group_member, other_partnership):
    other_partnership.kind = Partnership.Kind.ADULTS
    other_partnership.save()
    sent = {name: value for name, value in NEW.items() if name != "notified_on"}
    client_of(other_case_group_member).post(ADD, told(**sent))
    case = Case.objects.get()
    assert (case.kind, case.partnership) == ("referral", other_partnership)
    assert [stage.code for stage in case.stages.all()] == ["aware", "summaries-asked", "summaries-back", "meeting"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"aware_on": date(2027, 1, 15)}, {"aware_on": ["Enter today or an earlier day"]}),
        ({"aware_on": date(1927, 1, 5)}, {"aware_on": ["Enter a day since 2010"]}),
        (
            {"notified_on": date(2027, 1, 4)},
            {"notified_on": ["Enter 5 January 2027 or a later day: then the partnership became aware"]},
        ),
        (
            {"aware_on": date(2027, 1, 4), "notified_on": date(2027, 1, 12)},
            {"late_because": ["This was due on 11 January 2027. Say why it was late."]},
        ),
        ({"reference": ""}, {"reference": ["Enter a reference, such as the one proposed"]}),
        (
            {"summary": "Kirsty Bell was hurt."},
            {"summary": [f"Is “Kirsty Bell” somebody’s name? {WHAT_TO_DO}"]},
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(client_of, case_group_member, wrong, said):
    page = client_of(case_group_member).post(ADD, told(**NEW | wrong))
    assert (page.status_code, errors(page), Case.objects.count()) == (422, said, 0)
    assert NEW["category"] in page.content.decode()


def test_a_reference_is_taken_within_the_groups_own_partnership_only(
    client_of, case_group_member, partnership, other_partnership
):
    CaseFactory(partnership=partnership, reference="av-2027-01")
    CaseFactory(partnership=other_partnership, reference="MB-2027-05")
    client = client_of(case_group_member)
    assert errors(client.post(ADD, told(**NEW))) == {"reference": [TAKEN]}
    assert client.post(ADD, told(**NEW | {"reference": "MB-2027-05"})).status_code == 302


def test_pressed_twice_it_is_opened_once(client_of, case_group_member):
    client = client_of(case_group_member)
    first, second = [client.post(ADD, told(**NEW)) for _ in range(2)]
    assert (first.url, second.status_code, second.url) == (Case.objects.get().get_absolute_url(), 302, first.url)


def opening(partnership, **words):
    """An opener of a case that knows when it begins what its form would know."""
    words = NEW | {"reference": next_reference(partnership, year=2027)} | words
    return partial(open_case, partnership=partnership, **words)


@pytest.mark.django_db(transaction=True)
def test_five_presses_at_once_open_one(partnership, rule_sets):
    done = at_once(*[opening(partnership)] * 5)
    case = Case.objects.get()
    assert (set(done), case.stages.count(), RapidReview.objects.count()) == ({case}, 9, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_are_offered_one_reference_the_second_is_asked_for_another(
    partnership, other_partnership, rule_sets
):
    ours = [opening(partnership, category=category) for category in ("Injury to a baby", "Neglect of twins")]
    theirs = opening(other_partnership, reference="AV-2027-01")
    done = at_once(*ours, theirs)
    assert sorted(type(each).__name__ for each in done) == ["Case", "Case", "Taken"]
    assert isinstance(done[2], Case)
    assert list(Case.objects.filter(partnership=partnership).values_list("reference", flat=True)) == ["AV-2027-01"]
    assert opening(partnership, category="Neglect of twins")().reference == "AV-2027-02"


def test_a_case_is_changed_and_a_stale_form_is_sent_back(client_of, case_group_member, case):
    client, address = client_of(case_group_member), reverse("reviews:case-change", args=[case.pk])
    seen = client.get(address).context["form"]["seen"].value()
    answers = {"reference": case.reference, "summary": case.summary, "is_looked_after_death": "on"}
    first = client.post(address, answers | {"category": "Injury to an infant", "seen": seen})
    second = client.post(address, answers | {"category": "Injury to a child", "seen": seen})
    case.refresh_from_db()
    assert (first.status_code, second.status_code, case.category) == (302, 409, "Injury to an infant")
    assert [stage.code for stage in case.stages.all()] == ["aware", "notified", "rapid-review", "ofsted-told"]


def test_a_case_is_closed_and_reopened(client_of, case_group_member, case):
    client = client_of(case_group_member)
    client.post(reverse("reviews:case-close", args=[case.pk]), told(closed_on=date(2027, 1, 12), because="All is done"))
    case.refresh_from_db()
    assert (case.closed_on, case.closed_because) == (date(2027, 1, 12), "All is done")
    refused = client.post(record_address(case, "rapid-review"), told(done_on=date(2027, 1, 12)))
    assert (refused.status_code, case.stages.get(code="rapid-review").done_on) == (302, None)
    client.post(reverse("reviews:case-reopen", args=[case.pk]))
    case.refresh_from_db()
    assert (case.closed_on, case.closed_because) == (None, "")


def test_a_case_that_does_not_meet_the_criteria_says_why(client_of, case_group_member, case):
    address = reverse("reviews:case-not-met", args=[case.pk])
    client = client_of(case_group_member)
    early = client.post(address, told(closed_on=date(2027, 1, 6), because="No abuse was suspected"))
    assert errors(early) == {
        "closed_on": ["Enter 7 January 2027 or a later day: then “National Panel notified” was done"]
    }
    client.post(address, told(closed_on=date(2027, 1, 12), because="No abuse was suspected"))
    case.refresh_from_db()
    assert (case.closed_because, case.not_met_because) == (NOT_MET, "No abuse was suspected")


def test_no_case_is_closed_while_its_review_is_under_way(client_of, case_group_member, case):
    PracticeReviewFactory(partnership=case.partnership, cases=[case])
    page = client_of(case_group_member).post(
        reverse("reviews:case-close", args=[case.pk]), told(closed_on=date(2027, 1, 12), because="All is done")
    )
    assert errors(page) == {"__all__": ["A practice review of this case is under way. End it first."]}


# Stages


def record_address(case, code, verb="record"):
    return reverse(f"reviews:stage-{verb}", args=[case.pk, code])


def test_a_stage_is_recorded_changed_and_undone(client_of, case_group_member, case):
    client, address = client_of(case_group_member), record_address(case, "rapid-review")
    client.post(address, told(done_on=date(2027, 1, 12)))
    assert case.stages.get(code="rapid-review").done_on == date(2027, 1, 12)
    client.post(record_address(case, "rapid-review", "undo"))
    assert case.stages.get(code="rapid-review").done_on is None


@pytest.mark.parametrize(
    ("code", "day", "said"),
    [
        ("rapid-review", date(2027, 1, 15), "Enter today or an earlier day"),
        (
            "rapid-review",
            date(2027, 1, 6),
            "Enter 7 January 2027 or a later day: then “National Panel notified” was done",
        ),
        ("aware", date(2027, 1, 8), "Enter 7 January 2027 or an earlier day: then “National Panel notified” was done"),
        ("rapid-review", None, "Enter the day on which it was done"),
    ],
)
def test_a_day_that_can_not_be_is_refused(client_of, case_group_member, case, code, day, said):
    page = client_of(case_group_member).post(record_address(case, code), told(done_on=day) if day else {})
    assert (page.status_code, errors(page)) == (422, {"done_on": [said]})


def test_late_needs_a_reason_and_says_so_once_it_has_one(client_of, case_group_member, partnership):
    case = CaseFactory(partnership=partnership, aware_on=date(2026, 12, 1), notified_on=date(2026, 12, 2))
    client, address = client_of(case_group_member), record_address(case, "rapid-review")
    page = client.post(address, told(done_on=date(2027, 1, 12)))
    assert errors(page) == {"late_because": ["This was due on 23 December 2026. Say why it was late."]}
    client.post(address, {"late_because": "Two summaries came late"})
    shown = client.get(case.get_absolute_url())
    assert (b"Two summaries came late" in shown.content, shown.context["unexplained"]) == (True, [])
    client.post(address, told(done_on=date(2027, 1, 12), late_because="Two summaries came late"))
    stage = case.stages.get(code="rapid-review")
    assert (stage.done_on, stage.late_because) == (date(2027, 1, 12), "Two summaries came late")


def test_what_another_day_counts_from_is_not_undone(client_of, case_group_member, partnership):
    case = CaseFactory(partnership=partnership, rapid_review_sent_on=date(2027, 1, 12))
    client = client_of(case_group_member)
    for code in ("aware", "notified"):
        client.post(record_address(case, code, "undo"))
    assert [stage.done_on is None for stage in case.stages.all()] == [False] * 3


def test_a_stage_is_left_out_with_a_reason_and_needed_again(client_of, case_group_member, case):
    client, address = client_of(case_group_member), record_address(case, "rapid-review", "leave-out")
    assert errors(client.post(address)) == {"because": ["Enter why it is not needed"]}
    client.post(address, {"because": "The Panel agreed that none is held"})
    stage = case.stages.get(code="rapid-review")
    assert (stage.not_needed_because, next_of(marks_of(case, on=date(2027, 1, 13)))) == (
        "The Panel agreed that none is held",
        None,
    )
    client.post(record_address(case, "rapid-review", "undo"))
    assert case.stages.get(code="rapid-review").not_needed_because == ""


def test_the_meeting_has_a_planned_day(client_of, case_group_member, case):
    client, address = client_of(case_group_member), record_address(case, "rapid-review", "plan")
    assert errors(client.post(address, told(planned_on=date(2027, 1, 11)))) == {
        "planned_on": ["Enter today or a later day"]
    }
    client.post(address, told(planned_on=date(2027, 1, 20)))
    assert b"Planned for 20 January 2027" in client.get(case.get_absolute_url()).content


def test_today_stands_between_what_was_and_what_is_to_come(case, today):
    found = timeline_of(marks_of(case, on=today), on=today)
    assert [getattr(each, "title", "today") for each in found] == [
        "Partnership aware",
        "National Panel notified",
        "today",
        "Rapid review sent to the Panel",
    ]


def test_what_is_done_folds_away_unless_it_is_little_or_somebody_must_still_say_why(today):
    done = [Mark(Stage(title=title, done_on=today)) for title in ("Aware", "Told", "Asked")]
    late, waiting = Mark(Stage(title="Sent", done_on=today), is_late=True), Mark(Stage(title="Answered"))
    rest = [Today(today), waiting]
    assert parts_of([*done, *rest]) == (done, rest)
    assert parts_of([*done, late, *rest]) == (done, [late, *rest])
    assert parts_of([*done[1:], late, *rest]) == ([], [*done[1:], late, *rest])
    assert parts_of(done) == (done, [])


def test_a_closed_case_waits_for_nobody(client_of, case_group_member, case, health_board):
    AgencySummaryFactory(case=case, organisation=health_board, asked_on=None, due_on=None)
    waits = ["Nobody yet", "Not asked yet", "nobody can decide", "No advice yet", "No letter yet", "Still empty"]
    client = client_of(case_group_member)
    opened = client.get(case.get_absolute_url()).content.decode()
    close_case(case, closed_on=date(2027, 1, 11), because="Everything was done")
    closed = client.get(case.get_absolute_url()).content.decode()
    assert [words for words in waits if words not in opened or words in closed] == []


# The Panel's letters


@pytest.fixture
def sent_case(partnership):
    return open_case(
        partnership=partnership,
        aware_on=date(2026, 12, 1),
        notified_on=date(2026, 12, 2),
        reference="AV-2026-09",
        category="Neglect",
        summary="What happened.",
    )


def panel_days(case):
    return {stage.code: stage.done_on for stage in case.stages.filter(code__startswith="panel")}


def test_a_letter_of_the_panel_is_kept_and_answered_point_by_point(client_of, case_group_member, sent_case):
    client, add = client_of(case_group_member), reverse("reviews:letter-add", args=[sent_case.pk])
    record_stage(sent_case.stages.get(code="rapid-review"), done_on=date(2026, 12, 10))
    early = client.post(add, told(received_on=date(2026, 12, 9), view="asks", points="Say more of the father"))
    assert errors(early)["received_on"] == [
        "Enter 10 December 2026 or a later day: then the rapid review was sent to the Panel"
    ]
    client.post(add, told(received_on=date(2027, 1, 8), view="asks", points="Say more of the father\n\nSend the plan"))
    letter = sent_case.letters.get()
    first, second = letter.points.all()
    assert ([first.point, second.point], panel_days(sent_case)) == (
        ["Say more of the father", "Send the plan"],
        {"panel-replied": date(2027, 1, 8), "panel-answered": None},
    )
    address = reverse("reviews:letter-answer", args=[letter.pk])
    half = client.post(address, told(**{f"point_{first.pk}": "He was not seen"}, answered_on=date(2027, 1, 12)))
    assert errors(half) == {f"point_{second.pk}": ["Enter what you answer to this point"]}
    client.post(address, {f"point_{first.pk}": "He was not seen"})
    assert panel_days(sent_case)["panel-answered"] is None
    both = {f"point_{first.pk}": "He was not seen", f"point_{second.pk}": "Sent"}
    client.post(address, told(**both, answered_on=date(2027, 1, 12)))
    assert panel_days(sent_case) == {"panel-replied": date(2027, 1, 8), "panel-answered": date(2027, 1, 12)}
    change = reverse("reviews:letter-change", args=[letter.pk])
    client.post(change, told(received_on=date(2027, 1, 7), view="asks", points="Send the plan\nSay more of the father"))
    assert [(point.point, point.response) for point in letter.points.all()] == [
        ("Send the plan", "Sent"),
        ("Say more of the father", "He was not seen"),
    ]


def test_a_second_letter_opens_the_answer_again(sent_case):
    letter = keep_letter(sent_case, received_on=date(2027, 1, 5), view="agrees", words="", points=[])
    answer_letter(letter, responses={}, answered_on=date(2027, 1, 6))
    assert panel_days(sent_case)["panel-answered"] == date(2027, 1, 6)
    keep_letter(sent_case, received_on=date(2027, 1, 8), view="asks", words="", points=["Say more"])
    assert panel_days(sent_case) == {"panel-replied": date(2027, 1, 5), "panel-answered": None}


# The list and the page


def test_the_list_is_narrowed_by_theme_area_year_and_lateness(client_of, case_group_member, partnership):
    theme, area = ThemeFactory(title="Neglect of babies"), AreaFactory()
    partnership.areas.add(area)
    late = CaseFactory(partnership=partnership, aware_on=date(2026, 12, 1), notified_on=None)
    late.themes.add(theme)
    other = CaseFactory(partnership=partnership, area=area)
    client = client_of(case_group_member)
    asked = [{"theme": theme.pk}, {"area": area.pk}, {"year": 2027}, {"late": "yes"}, {"late": "no"}]
    assert [listed(client.get(LIST, narrowed)) for narrowed in asked] == [[late], [other], [other], [late], [other]]
    assert [client.get(LIST, {"year": year}).status_code for year in (0, 10_000, "9" * 5_000)] == [200] * 3


@pytest.mark.parametrize("many", [1, 3])
def test_case_page_query_count(client_of, case_group_member, case, django_assert_num_queries, many):
    for number in range(many):
        letter = PanelLetterFactory(case=case)
        PanelPoint.objects.create(letter=letter, partnership=case.partnership, position=1, point="Say more")
        case.themes.add(ThemeFactory(title=f"Theme {number}"))
    client = client_of(case_group_member)
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(case.get_absolute_url())


def test_what_was_never_done_waits_no_more_once_the_case_is_closed(case):
    long_after = date(2027, 6, 1)
    assert next_of(marks_of(case, on=long_after)).is_late is True
    closed = close_case(case, closed_on=date(2027, 1, 11), because="Everything was done")
    marks = marks_of(closed, on=long_after)
    assert (next_of(marks), [mark.title for mark in marks if mark.is_over], any(mark.is_late for mark in marks)) == (
        None,
        ["Rapid review sent to the Panel"],
        False,
    )
