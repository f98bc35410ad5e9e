"""Inspections: written down, told, recommended from, and closed only when what came of them is done."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assurance.models import Inspection
from assurance.plan_sources import inspections as plan_source
from partnership.actions import update_action
from partnership.models import MeetingAction
from reviews.models import Recommendation
from tests.factories_judged import InspectionFactory
from tests.plans.test_plan_page import count_queries

pytestmark = pytest.mark.django_db

LIST = reverse("assurance:inspection-list")
SECRET = "Front door of children’s services"


def url(name, record):
    return reverse(f"assurance:inspection-{name}", args=[record.pk])


def text_of(response):
    return response.content.decode()


def day(name, day):
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def answers(**more):
    return {
        "title": SECRET,
        "inspectorate": "Ofsted",
        "organisation": "",
        **day("starts_on", date(2026, 10, 12)),
        **day("ends_on", date(2026, 10, 16)),
        "outcome": "Requires improvement to be good",
        "summary": "Calls are answered; what follows is slow.",
        "address": "reports.example.org/1",
    } | more


def told(inspection):
    Inspection.objects.filter(pk=inspection.pk).update(released_on=date(2027, 1, 4))


@pytest.fixture
def inspection(partnership, charity):
    """Of ``partner``'s organisation; members are not told."""
    return InspectionFactory(partnership=partnership, organisation=charity, title=SECRET)


@pytest.fixture
def put_in_the_log(client_of, office, learning_group, charity):
    def put(inspection):
        body = {
            "group": learning_group.pk,
            "text": "Answer calls within a day",
            "lead": f"organisation:{charity.pk}",
            **day("due_on", date(2027, 1, 29)),
        }
        return client_of(office).post(url("action", inspection), body)

    return put


def test_the_office_writes_one_down_and_pressed_twice_it_is_one(client_of, office, partnership):
    add = reverse("assurance:inspection-add-for", args=[partnership.pk])
    for _ in range(2):
        assert client_of(office).post(add, answers()).status_code == 302
    made = Inspection.objects.get()
    assert (made.title, made.organisation, made.address, made.released_on) == (
        SECRET,
        None,
        "https://reports.example.org/1",
        None,
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Enter what was inspected"),
        ({"inspectorate": ""}, "Enter who inspected"),
        (day("ends_on", date(2026, 10, 1)), "It ended after it began. Enter a later day"),
        (day("published_on", date(2026, 10, 1)), "The report was published after it began. Enter a later day"),
        (day("published_on", date(2027, 10, 1)), "Enter the day on which it was published, or leave it empty until"),
        (day("starts_on", date(1926, 10, 1)), "Check the year: 1 October 1926 is too far away"),
        (day("starts_on", date(2027, 2, 1)) | day("ends_on", date(2027, 2, 5)), "It has not begun yet, so it has no"),
        ({"address": "no address"}, "Enter a web address that starts with https://"),
        ({"organisation": "999999"}, "Choose an answer from the list"),
    ],
)
def test_what_is_wrong_says_so_and_keeps_what_was_typed(client_of, office, partnership, wrong, sentence):
    add = reverse("assurance:inspection-add-for", args=[partnership.pk])
    response = client_of(office).post(add, answers(**wrong))
    assert (response.status_code, sentence in text_of(response)) == (422, True)
    assert "Calls are answered; what follows is slow." in text_of(response)
    assert Inspection.objects.count() == 0


def test_two_who_change_one_are_told_of_each_other(client_of, office, inspection):
    seen = client_of(office).get(url("change", inspection)).context["form"]["seen"].value()
    Inspection.objects.filter(pk=inspection.pk).update(outcome="Good")
    response = client_of(office).post(url("change", inspection), answers(seen=seen))
    assert (response.status_code, "It now says “Good”" in text_of(response)) == (409, True)


# Told to members


def test_members_learn_of_it_when_they_are_told(client_of, office, partner, other_partner, stranger, inspection):
    pages = [inspection.get_absolute_url(), LIST]
    found = {
        person.name: [SECRET in text_of(client_of(person).get(page)) for page in pages]
        for person in (partner, other_partner)
    }
    assert found == {partner.name: [True, True], other_partner.name: [False, False]}
    client_of(office).post(url("release", inspection), {"action": "tell"})
    assert SECRET in text_of(client_of(other_partner).get(LIST))
    assert client_of(stranger).get(inspection.get_absolute_url()).status_code == 404
    client_of(office).post(url("release", inspection), {"action": "back"})
    assert client_of(other_partner).get(inspection.get_absolute_url()).status_code == 404


def test_a_plan_may_rest_on_it_once_it_is_published_and_told(office, partnership, inspection):
    published = {"published_on": date(2026, 12, 1), "outcome": "Good"}
    Inspection.objects.filter(pk=inspection.pk).update(**published)
    InspectionFactory(partnership=partnership, released_on=date(2027, 1, 4))
    open_to_all = InspectionFactory(partnership=partnership, title="Police", released_on=date(2027, 1, 4), **published)
    assert plan_source(office, [partnership.pk]) == [
        (
            open_to_all.pk,
            "Inspection",
            "Inspection: Police, October 2026",
            open_to_all.get_absolute_url(),
            "Good",
        )
    ]


def test_nothing_is_recommended_before_members_are_told(client_of, office, other_partner, inspection):
    recommend = url("recommend", inspection)
    body = {"lines": "1. Answer calls within a day\n2. Tell who called", **day("made_on", date(2026, 12, 1))}
    assert client_of(office).post(recommend, body).url == url("release", inspection)
    assert Recommendation.objects.count() == 0
    told(inspection)
    for _ in range(2):
        client_of(office).post(recommend, body)
    made = Recommendation.objects.order_by("ref")
    assert [(each.ref, each.source, each.source_title) for each in made] == [
        (ref, "inspection", f"Ofsted: {SECRET} (October 2026)") for ref in ("1", "2")
    ]
    assert set(inspection.recommendations.all()) == set(made)
    assert "Tell who called" in text_of(client_of(other_partner).get(inspection.get_absolute_url()))
    client_of(office).post(url("release", inspection), {"action": "back"})
    inspection.refresh_from_db()
    assert inspection.released_on == date(2027, 1, 4)


def test_bad_lines_are_sent_back(client_of, office, inspection):
    told(inspection)
    many = "\n".join(f"Line {n}" for n in range(61))
    wrong = [
        ({"lines": " "}, "Enter what is recommended"),
        ({"lines": many}, "These are 61 lines, and 60 is the most at once"),
        (day("made_on", date(2027, 2, 1)), "Enter a day that has come"),
    ]
    for more, sentence in wrong:
        body = {"lines": "One", **day("made_on", date(2026, 12, 1))} | more
        response = client_of(office).post(url("recommend", inspection), body)
        assert (response.status_code, sentence in text_of(response)) == (422, True)


def test_an_action_is_read_by_members_and_the_inspection_is_not(
    client_of, other_partner, learning_group, inspection, put_in_the_log
):
    for _ in range(2):
        put_in_the_log(inspection)
    action = MeetingAction.objects.get()
    page = text_of(client_of(other_partner).get(action.get_absolute_url()))
    assert ("Answer calls within a day" in page, SECRET in page) == (True, False)


def test_one_line_of_a_log_belongs_to_one_thing(inspection, put_in_the_log, partnership):
    put_in_the_log(inspection)
    other = InspectionFactory(partnership=partnership)
    response = put_in_the_log(other)
    assert (response.status_code, "The log has this line already" in text_of(response)) == (422, True)
    assert other.follow_ups.count() == 0


# Closing


def test_it_is_closed_when_all_is_done_or_with_a_reason(client_of, office, partner, inspection, put_in_the_log):
    told(inspection)
    put_in_the_log(inspection)
    body = {"lines": "One\nTwo", **day("made_on", date(2026, 12, 1))}
    client_of(office).post(url("recommend", inspection), body)
    close = url("close", inspection)
    assert client_of(partner).get(close).status_code == 403
    assert "Still open: 2 recommendations and 1 action." in text_of(client_of(office).get(close))
    refused = client_of(office).post(close, {"because": "Enough."})
    assert (refused.status_code, "End them first, or tick that" in text_of(refused)) == (422, True)
    assert "Say what came of it" in text_of(client_of(office).post(close, {"is_anyway": "on"}))
    client_of(office).post(close, {"because": "The service was closed.", "is_anyway": "on"})
    inspection.refresh_from_db()
    assert (inspection.closed_on, inspection.closed_because) == (date(2027, 1, 12), "The service was closed.")

    client_of(office).post(close, {"action": "reopen"})
    Recommendation.objects.update(closed_on=date(2027, 1, 11))
    update_action(MeetingAction.objects.get(), text="Done.", by=office, on=date(2027, 1, 11), outcome="Within a day")
    assert "Close it all the same" not in text_of(client_of(office).get(close))
    assert client_of(office).post(close, {"because": "All is done."}).status_code == 302
    inspection.refresh_from_db()
    assert (inspection.closed_on, inspection.closed_because) == (date(2027, 1, 12), "All is done.")


@pytest.mark.parametrize(
    ("asked", "titles"),
    [("", ["B", "C", "A"]), ("state=open", ["B", "C"]), ("state=closed", ["A"]), ("words=b", ["B"])],
)
def test_open_ones_come_first_and_it_is_narrowed_and_taken_away(client_of, office, partnership, asked, titles):
    closed = {"closed_on": date(2027, 1, 4), "closed_because": "Done."}
    for title, starts_on, more in (
        ("A", date(2026, 12, 1), closed),
        ("B", date(2026, 11, 2), {}),
        ("C", date(2026, 11, 1), {}),
    ):
        InspectionFactory(partnership=partnership, title=title, starts_on=starts_on, inspectorate="X", **more)
    rows = client_of(office).get(f"{LIST}?{asked}").context["table"].rows
    assert [row.record.title for row in rows] == titles
    book = load_workbook(BytesIO(client_of(office).get(f"{LIST}?{asked}&export=xlsx").content))
    assert [row[0] for row in book.active.values] == ["What was inspected", *titles]


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_as_often_for_three_as_for_one(client_of, office, partnership, plan, put_in_the_log, count):
    for _ in range(count):
        inspection = InspectionFactory(partnership=partnership, released_on=date(2027, 1, 4))
    inspection.priorities.set(plan.priorities.all()[:count])
    lines = "\n".join(f"{n}. Line" for n in range(1, count + 1))
    client_of(office).post(url("recommend", inspection), {"lines": lines, **day("made_on", date(2026, 12, 1))})
    put_in_the_log(inspection)
    client = client_of(office)
    assert (count_queries(client, LIST), count_queries(client, inspection.get_absolute_url())) == (7, 9)
