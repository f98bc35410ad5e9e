"""A staged import is put right before the yes: every cell, rows moved, split, joined or left out, all undone."""

import copy
import re
import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from partnership.models import Document
from plans import correcting
from plans.correcting import correct_cell, draft_of, undo
from plans.corrections import CELLS, Draft, Gone
from plans.import_forms import STAGED_CELLS
from plans.importing import confirm_import
from plans.models import Activity, Deliverable, ImportCorrection, Plan, PlanImport, Priority

pytestmark = pytest.mark.django_db

AT = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def activity(text, timescale="", **more):
    return {"text": text, "timescale_text": timescale, "kind": "unset", "dates": [], **more}


UNDERSTOOD = {
    "plan": {
        "title": "Plan of both valleys",
        "period_start": "2027-04-01",
        "period_end": "2028-03-31",
        "version": "v2.1",
        "context": "Why we do this.",
        "cross_cutting": [{"title": "Listening", "note": "In all we do.", "text": ["Each time."], "rationale": []}],
        "priorities": [
            {
                "ref": "1",
                "title": "Babies",
                "rationale": ["Most harm comes early."],
                "outcomes": ["Babies are safe."],
                "indicators": ["Fewer cases."],
                "deliverables": [
                    {
                        "ref": "1",
                        "title": "A briefing",
                        "leads": [
                            {"partnership": "AV", "text": "Head of Early Help"},
                            {"partnership": None, "text": "Nurses"},
                        ],
                        "activities": [
                            activity("Write it", "June", points=["for wards", "for homes"], lead="Nurses"),
                            activity("Send it", ""),
                        ],
                    },
                    {"ref": "2", "title": "A survey", "leads": [], "activities": [activity("Ask", "by autumn")]},
                ],
            },
            {"ref": "2", "title": "Teenagers", "deliverables": [{"title": "A panel", "activities": []}]},
        ],
    },
    "doubts": [
        {"at": "period_start", "says": "Another year is named too."},
        {"at": "priorities/0/title", "says": "This line is bold."},
        {"at": "priorities/0/deliverables/0/leads/1", "says": "Two names."},
        {"at": "priorities/0/deliverables/0/activities/0/text", "says": "A list."},
        {"at": "priorities/0/deliverables/0/activities/1/timescale_text", "says": "No timescale."},
        {"at": "priorities/0/deliverables/1/activities/0/timescale_text", "says": "We judged."},
    ],
    "notes": [],
}
PERIOD = {  # as three boxes each
    "starts_on_day": "1",
    "starts_on_month": "4",
    "starts_on_year": "2027",
    "ends_on_day": "31",
    "ends_on_month": "3",
    "ends_on_year": "2028",
}
WRITE, SEND, ASK, BRIEFING, SURVEY = "p0-d0-a0", "p0-d0-a1", "p0-d1-a0", "p0-d0", "p0-d1"


@pytest.fixture
def staged(partnership, other_partnership, rating_key, office):
    staged = PlanImport.objects.create(
        document=Document.keep(filename="plan.docx", content=b"as it came", by=office),
        understood=copy.deepcopy(UNDERSTOOD),
        created_by=office,
    )
    staged.partnerships.set([partnership, other_partnership])
    return staged


@pytest.fixture
def desk(client_of, office):
    return client_of(office)


def url(name, staged, *args):
    return reverse(f"plans:import-{name}", args=[staged.pk, *args])


def shown(client, address):
    form = client.get(address).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def correct(client, staged, row, cell, **typed):
    """What is sent for a cell of the draft with ``typed`` in it."""
    address = url("cell", staged, row, cell)
    return client.post(address, shown(client, address) | typed)


def shape(draft):
    """{deliverable: [(activity, timescale)]} of a draft."""
    return {
        row["title"]: [(each["text"], each["timescale_text"]) for each in row["activities"]]
        for row in draft.deliverables
    }


AS_READ = {
    "A briefing": [("Write it\n• for wards\n• for homes", "June"), ("Send it", "")],
    "A survey": [("Ask", "by autumn")],
    "A panel": [],
}


def test_nothing_corrected_is_what_was_read(staged):
    draft = draft_of(staged)
    assert shape(draft) == AS_READ
    assert [doubt.anchor for doubt in draft.left] == [
        "cell-plan-plan-details",
        "cell-priority-p0-heading",
        "cell-deliverable-p0-d0-leads",
        "cell-activity-p0-d0-a0-text",
        "cell-activity-p0-d0-a1-timescale",
        "cell-activity-p0-d1-a0-timescale",
    ]


def test_every_cell_is_put_right_and_the_plan_is_made_of_that(desk, staged, partnership, office):
    answers = [
        correct(desk, staged, "plan", "details", title="Plan of two valleys", version="3", **PERIOD).status_code,
        correct(desk, staged, "plan", "introduction", introduction="Why.").status_code,
        correct(desk, staged, "plan", "whose", partnerships=[partnership.pk]).status_code,
        correct(desk, staged, "c0", "heading", title="Listening to families").status_code,
        correct(desk, staged, "c0", "note", note="Always.").status_code,
        correct(desk, staged, "p0", "heading", ref="A", title="Babies and toddlers").status_code,
        correct(desk, staged, "p0", "joint", joint_with="Adults board\nDrugs board").status_code,
        correct(desk, staged, "p0", "rationale", lines="One\nTwo").status_code,
        correct(desk, staged, "p0", "outcomes", outcomes_heading="Success", lines="Safe").status_code,
        correct(desk, staged, BRIEFING, "ref", ref="A.1").status_code,
        correct(desk, staged, BRIEFING, "promise", title="One briefing", description="Short.").status_code,
        correct(desk, staged, BRIEFING, "measures", evidence_measures="9 of 10\n8 of 10").status_code,
        correct(desk, staged, BRIEFING, "leads", lines="AV: Head of Early Help\nMidwives").status_code,
        correct(desk, staged, BRIEFING, "others", other_partnerships="Adults board").status_code,
        correct(desk, staged, WRITE, "text", text="Write it all").status_code,
        correct(desk, staged, WRITE, "timescale", timescale_text="by Sept 2027").status_code,
        correct(desk, staged, SEND, "timescale", means="dates", days="15 October 2027").status_code,
    ]
    assert answers == [302] * 17
    assert (Plan.objects.count(), Priority.objects.count(), Deliverable.objects.count()) == (0, 0, 0)
    plan = confirm_import(staged, by=office)
    assert (plan.title, plan.version, plan.introduction) == ("Plan of two valleys", "3", "Why.")
    assert list(plan.partnerships.all()) == [partnership]
    assert list(plan.priorities.values_list("ref", "title", "note", "joint_with", "outcomes_heading")) == [
        ("", "Listening to families", "Always.", "", "Outcome statement"),
        ("A", "Babies and toddlers", "", "Adults board\nDrugs board", "Success"),
        ("2", "Teenagers", "", "", "Outcome statement"),
    ]
    babies = plan.priorities.get(ref="A")
    assert [each.text for each in babies.rationale.all()] == ["One", "Two"]
    assert [each.text for each in babies.outcomes.all()] == ["Safe"]
    row = babies.deliverables.get(position=1)
    assert (row.ref, row.title, row.description, row.evidence_measures, row.other_partnerships) == (
        "A.1",
        "One briefing",
        "Short.",
        "9 of 10\n8 of 10",
        "Adults board",
    )
    assert list(row.leads.values_list("partnership__short_name", "text")) == [
        ("AV", "Head of Early Help"),
        (None, "Midwives"),
    ]
    found = [
        (each.text, each.lead.text if each.lead else "", each.timescale_text, each.timescale_by_hand)
        for each in row.activities.select_related("lead")
    ]
    assert found == [
        ("Write it all", "Midwives", "by Sept 2027", ""),
        ("Send it", "", "", "15 October 2027"),
    ]
    days = [list(each.milestones.values_list("due_on", flat=True)) for each in row.activities.all()]
    assert days == [[date(2027, 9, 30)], [date(2027, 10, 15)]]
    assert Activity.objects.get(text="Send it").is_by_hand_in_question is False


def test_each_doubt_goes_once_its_cell_was_corrected_or_found_right(desk, staged):
    page = desk.get(staged.get_absolute_url()).content.decode()
    assert "6 of 6 doubts left" in page
    assert 'href="#cell-activity-p0-d0-a1-timescale"' in page
    assert 'id="cell-activity-p0-d0-a1-timescale"' in page
    correct(desk, staged, SEND, "timescale", timescale_text="July 2027")
    desk.post(url("right", staged, "p0", "heading"))
    desk.post(url("right", staged, "p0", "heading"))
    page = desk.get(staged.get_absolute_url()).content.decode()
    assert "4 of 6 doubts left" in page
    assert "This line is bold." not in page
    assert staged.corrections.count() == 2, "the second press of “This is right” is none"
    desk.post(url("row", staged, BRIEFING), {"do": "out"})
    assert "2 of 6 doubts left" in desk.get(staged.get_absolute_url()).content.decode()


def test_every_doubt_leads_to_a_cell_that_is_on_the_page(desk, staged):
    page = desk.get(staged.get_absolute_url()).content.decode()
    wanted = {doubt.anchor for doubt in draft_of(staged).left}
    assert wanted <= set(re.findall(r'id="([^"]+)"', page))


def test_a_changed_period_reads_the_timescales_again(desk, staged):
    draft = draft_of(staged)
    correct(desk, staged, WRITE, "timescale", timescale_text="June")
    dates = {"starts_on_year": "2028", "ends_on_year": "2029"}
    address = url("cell", staged, "plan", "details")
    form = desk.get(address).context["form"]
    typed = {"title": "T", "version": "1", "seen": form["seen"].value()}
    typed |= {"starts_on_day": "1", "starts_on_month": "4", "ends_on_day": "31", "ends_on_month": "3"} | dates
    assert desk.post(address, typed).status_code == 302
    draft = draft_of(staged)
    assert draft.days == (date(2028, 4, 1), date(2029, 3, 31))
    assert draft.row(WRITE)["dates"][0]["due"] == "2028-06-30"


def test_an_activity_goes_to_the_deliverable_above_or_below(desk, staged):
    desk.post(url("row", staged, SEND), {"do": "down"})
    assert shape(draft_of(staged)) == {
        "A briefing": AS_READ["A briefing"][:1],
        "A survey": [("Send it", ""), ("Ask", "by autumn")],
        "A panel": [],
    }
    desk.post(url("row", staged, SEND), {"do": "down"})
    desk.post(url("row", staged, SEND), {"do": "down"})
    assert shape(draft_of(staged))["A panel"] == [("Send it", "")], "the last of all: it stays"
    desk.post(url("row", staged, SEND), {"do": "up"})
    assert shape(draft_of(staged))["A survey"] == [("Ask", "by autumn"), ("Send it", "")]


def test_one_activity_becomes_two_and_two_become_one(desk, staged):
    address = url("split", staged, WRITE)
    assert shown(desk, address) | {"seen": ""} == {
        "first_text": "Write it",
        "first_timescale": "June",
        "second_text": "for wards\nfor homes",
        "second_timescale": "",
        "seen": "",
    }
    desk.post(address, shown(desk, address) | {"second_timescale": "July 2027"})
    assert shape(draft_of(staged))["A briefing"] == [
        ("Write it", "June"),
        ("for wards\nfor homes", "July 2027"),
        ("Send it", ""),
    ]
    half = f"{WRITE}-s1"
    assert draft_of(staged).row(half)["dates"][0]["due"] == "2027-07-31"
    assert correct(desk, staged, half, "text", text="Tell wards").status_code == 302
    address = url("join", staged, WRITE)
    assert shown(desk, address)["text"] == "Write it\nTell wards"
    desk.post(address, shown(desk, address) | {"text": "Write it and tell wards"})
    assert shape(draft_of(staged))["A briefing"] == [("Write it and tell wards", "June\nJuly 2027"), ("Send it", "")]
    assert len(draft_of(staged).left) == 5, "its doubt is settled"


def test_every_step_is_undone_one_by_one_to_what_was_read(desk, staged, partnership, other_partnership):
    correct(desk, staged, "plan", "whose", partnerships=[partnership.pk])
    correct(desk, staged, BRIEFING, "promise", title="Another")
    desk.post(url("split", staged, WRITE), shown(desk, url("split", staged, WRITE)))
    desk.post(url("row", staged, f"{WRITE}-s3"), {"do": "down"})
    desk.post(url("join", staged, WRITE), shown(desk, url("join", staged, WRITE)))
    desk.post(url("row", staged, SURVEY), {"do": "out"})
    desk.post(url("right", staged, "p0", "heading"))
    assert shape(draft_of(staged)) != AS_READ
    for _step in range(7):
        assert desk.post(url("undo", staged)).status_code == 302
    draft = draft_of(staged)
    assert (shape(draft), len(draft.left)) == (AS_READ, 6)
    assert set(staged.partnerships.all()) == {partnership, other_partnership}
    assert staged.corrections.filter(undone_at=None).count() == 0
    page = desk.get(desk.post(url("undo", staged)).url).content.decode()
    assert "There is nothing of yours to undo." in page
    assert "What was corrected: 7 steps" in page, "nothing that was typed is lost"


def test_who_corrected_what_is_kept_with_both_words(desk, staged, office):
    correct(desk, staged, BRIEFING, "promise", title="One briefing")
    step = staged.corrections.get()
    assert (step.place, step.before, step.after, step.made_by) == (
        "1.1 One briefing: what is promised",
        "A briefing",
        "One briefing",
        office,
    )


def test_a_step_that_somebody_built_on_is_not_undone(staged, office, stranger):
    correct_cell(staged, BRIEFING, "ref", {"ref": "7"}, by=office, at=AT)
    correct_cell(
        staged, BRIEFING, "promise", dict(title="Mine", description="", evidence_measures=""), by=office, at=AT
    )
    correct_cell(
        staged, BRIEFING, "promise", dict(title="Theirs", description="", evidence_measures=""), by=stranger, at=AT
    )
    done, says, _step = undo(staged, by=office, at=AT)
    assert (done, says) == (
        False,
        f"{stranger} has changed “1.1 Mine: what is promised” since, so it was left as it is.".replace("1.1", "1.7"),
    )
    assert undo(staged, by=stranger, at=AT)[0]
    assert undo(staged, by=office, at=AT)[0]
    assert draft_of(staged).row(BRIEFING)["title"] == "A briefing"


@pytest.mark.parametrize(
    ("row", "cell", "typed", "errors"),
    [
        ("plan", "details", {"title": ""}, {"title": ["Enter title"]}),
        ("plan", "details", {"version": "x" * 13}, {"version": ["Use 12 characters or fewer. You have 13"]}),
        ("plan", "whose", {"partnerships": []}, {"partnerships": ["Choose the partnership whose plan this is"]}),
        ("p0", "heading", {"title": " "}, {"title": ["Enter what the priority is"]}),
        ("p0", "rationale", {"lines": "a\n" * 41}, {"lines": ["Use 40 lines or fewer"]}),
        (BRIEFING, "promise", {"title": ""}, {"title": ["Enter what is promised"]}),
        (BRIEFING, "ref", {"ref": "x" * 13}, {"ref": ["Use 12 characters or fewer. You have 13"]}),
        (WRITE, "text", {"text": ""}, {"text": ["Enter what will be done"]}),
        (WRITE, "text", {"lead": "Nobody we know"}, {"lead": ["Choose an answer from the list"]}),
        (WRITE, "timescale", {"means": "dates", "days": ""}, {"days": ["Enter at least one day"]}),
        (
            WRITE,
            "timescale",
            {"timescale_text": "x" * 4001},
            {"timescale_text": ["Use 4000 characters or fewer. You have 4001"]},
        ),
    ],
)
def test_bad_input_is_one_sentence_at_its_field_and_nothing_is_kept(desk, staged, row, cell, typed, errors):
    typed = (PERIOD if cell == "details" else {}) | typed
    response = correct(desk, staged, row, cell, **typed)
    assert (response.status_code, response.context["form"].errors) == (422, errors)
    assert staged.corrections.count() == 0


def test_an_end_before_the_start_is_refused(desk, staged):
    typed = {"title": "T", "version": "", "starts_on_day": "1", "starts_on_month": "4", "starts_on_year": "2027"}
    typed |= {"ends_on_day": "31", "ends_on_month": "3", "ends_on_year": "2027"}
    response = desk.post(url("cell", staged, "plan", "details"), typed)
    assert (response.status_code, response.context["form"].errors) == (
        422,
        {"ends_on": ["Enter a last day that comes after the first"]},
    )


@pytest.mark.parametrize("name", ["cell", "right"])
@pytest.mark.parametrize(
    ("row", "cell"),
    [
        ("p9", "heading"),
        ("p0", "nothing"),
        ("p0-d0", "timescale"),
        ("../x", "ref"),
        ("plan", "text"),
        ("p0-d0-a0-s1", "text"),
    ],
)
def test_what_is_no_cell_is_not_there(desk, staged, name, row, cell):
    try:
        address = url(name, staged, row, cell)
    except Exception:  # no address could be made of it at all
        return
    assert desk.post(address, {}).status_code == 404


def test_two_people_at_one_cell_both_see_both_versions(desk, client_of, staged, office):
    mine = shown(desk, url("cell", staged, BRIEFING, "promise"))
    correct(desk, staged, BRIEFING, "promise", title="Theirs")
    response = desk.post(url("cell", staged, BRIEFING, "promise"), mine | {"title": "Mine"})
    assert response.status_code == 409
    page = response.content.decode()
    assert ("It now says “Theirs”" in page, "Mine</textarea>" in page) == (True, True)
    again = mine | {"title": "Mine", "seen": response.context["form"]["seen"].value()}
    assert desk.post(url("cell", staged, BRIEFING, "promise"), again).status_code == 302
    assert draft_of(staged).row(BRIEFING)["title"] == "Mine"


def test_what_only_the_other_changed_is_kept(desk, staged):
    mine = shown(desk, url("cell", staged, BRIEFING, "promise"))
    correct(desk, staged, BRIEFING, "promise", description="Theirs")
    assert desk.post(url("cell", staged, BRIEFING, "promise"), mine | {"title": "Mine"}).status_code == 302
    row = draft_of(staged).row(BRIEFING)
    assert (row["title"], row["description"]) == ("Mine", "Theirs")


def test_a_row_that_was_taken_out_meanwhile_answers_409(desk, staged):
    mine = shown(desk, url("cell", staged, WRITE, "text"))
    desk.post(url("row", staged, BRIEFING), {"do": "out"})
    response = desk.post(url("cell", staged, WRITE, "text"), mine | {"text": "Late words"})
    assert response.status_code == 409
    assert "It is not here any more" in response.content.decode()


def test_an_activity_that_was_moved_meanwhile_is_not_moved_on(desk, staged):
    page = desk.get(url("row", staged, SEND)).content.decode()
    [stands_in] = set(re.findall(r'name="stands_in" value="([^"]+)"', page))
    sent = {"do": "down", "stands_in": stands_in}
    answers = [desk.post(url("row", staged, SEND), sent).status_code for _press in range(2)]
    assert answers == [302, 409]
    assert desk.post(url("row", staged, WRITE), {"do": "down", "stands_in": "0x10"}).status_code == 409  # nobody's move
    assert shape(draft_of(staged))["A survey"] == [("Send it", ""), ("Ask", "by autumn")]


def test_a_yes_to_a_page_that_another_has_corrected_since_is_asked_again(desk, client_of, staged, office, chair):
    seen = desk.get(staged.get_absolute_url()).context["seen"]
    correct_cell(staged, BRIEFING, "ref", {"ref": "7"}, by=chair, at=AT)
    response = desk.post(url("confirm", staged), {"seen": seen})
    assert (response.status_code, Plan.objects.count()) == (409, 0)
    assert f"{chair} corrected something while you were reading" in response.content.decode()
    assert desk.post(url("confirm", staged), {"seen": response.context["seen"]}).status_code == 302
    assert Plan.objects.count() == 1


def test_after_the_yes_nothing_is_corrected_here(desk, staged):
    mine = shown(desk, url("cell", staged, BRIEFING, "promise"))
    desk.post(url("confirm", staged))
    answers = [
        desk.get(url("cell", staged, BRIEFING, "promise")).url,
        desk.post(url("cell", staged, BRIEFING, "promise"), mine | {"title": "Late"}).url,
        desk.post(url("undo", staged)).url,
    ]
    assert answers == [staged.get_absolute_url()] * 3
    assert desk.get(staged.get_absolute_url()).url == Plan.objects.get().get_absolute_url()
    assert ImportCorrection.objects.count() == 0


def test_only_the_office_of_its_partnerships_corrects(client_of, staged, stranger, chair, partner, advisor):
    for person in (stranger, chair, partner, advisor):
        client = client_of(person)
        answers = [
            client.get(url("cell", staged, BRIEFING, "promise")).status_code,
            client.post(url("cell", staged, BRIEFING, "promise"), {"title": "Theirs"}).status_code,
            client.post(url("right", staged, "p0", "heading")).status_code,
            client.post(url("row", staged, BRIEFING), {"do": "out"}).status_code,
            client.post(url("split", staged, WRITE), {}).status_code,
            client.post(url("join", staged, WRITE), {}).status_code,
            client.post(url("undo", staged)).status_code,
            client.get(url("timescale", staged)).status_code,
        ]
        assert answers == [404] * 8, person
    assert staged.corrections.count() == 0


def test_a_plan_is_given_to_no_office_but_one_s_own(desk, staged, far_partnership):
    response = correct(desk, staged, "plan", "whose", partnerships=[far_partnership.pk])
    assert response.status_code == 422
    assert far_partnership not in staged.partnerships.all()


@pytest.mark.parametrize(("name", "longest"), [("title", 200), ("version", 12)])
def test_what_has_no_room_is_said_and_not_cut_unseen(staged, name, longest):
    staged.understood["plan"][name] = "x" * (longest + 1)
    draft = Draft(staged.understood)
    assert draft.read[name] == "x" * longest
    assert draft.doubts[0].says == f"Only {longest} characters can be kept of “{'x' * (longest + 1)}”."


def test_a_ref_too_long_stands_before_the_words(staged):
    staged.understood["plan"]["priorities"][0]["deliverables"][0]["ref"] = "Objective 1.1.1"
    row = Draft(staged.understood).row(BRIEFING)
    assert (row["ref"], row["title"]) == ("", "Objective 1.1.1 A briefing")


def test_every_cell_of_the_draft_has_a_form(staged):
    assert set(STAGED_CELLS) == set(CELLS)


def test_a_row_that_is_gone_is_said_so():
    with pytest.raises(Gone):
        Draft(UNDERSTOOD).row("p0-d7")


def long_plan(deliverables):
    rows = [
        {
            "ref": str(n),
            "title": f"Promise {n}",
            "leads": [{"partnership": None, "text": f"Lead {n}"}],
            "activities": [activity(f"Do {n} {m}", "June 2027") for m in range(4)],
        }
        for n in range(deliverables)
    ]
    doubts = [
        {"at": f"priorities/0/deliverables/{n}/activities/{n % 4}/timescale_text", "says": "We judged."}
        for n in range(deliverables)
    ]
    priority = {"ref": "1", "title": "All", "deliverables": rows}
    return {"plan": UNDERSTOOD["plan"] | {"cross_cutting": [], "priorities": [priority]}, "doubts": doubts}


@pytest.mark.parametrize("deliverables", [1, 3, 60])
def test_a_long_plan_is_shown_in_as_many_queries_as_a_short_one(
    desk, staged, office, deliverables, django_assert_num_queries
):
    staged.understood = long_plan(deliverables)
    staged.save()
    for n in range(deliverables):
        correct_cell(staged, f"p0-d{n}", "ref", {"ref": f"{n}x"}, by=office, at=AT)
    desk.get(staged.get_absolute_url())
    with django_assert_num_queries(QUERIES):
        desk.get(staged.get_absolute_url())


QUERIES = 14


@pytest.mark.django_db(transaction=True)
def test_two_yeses_at_one_moment_make_one_plan_and_two_corrections_take_turns(staged, office):
    barrier, answers = threading.Barrier(2), []

    def at_once(work):
        barrier.wait()
        answers.append(work())
        connection.close()

    def both(work):
        threads = [threading.Thread(target=at_once, args=[work]) for _ in range(2)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]

    def say_right():
        return correcting.find_right(staged, "p0", "heading", by=office, at=AT)

    both(say_right)
    assert sorted(answers) == [False, True]
    client = [Client(), Client()]
    for each in client:
        each.force_login(office)
    answers.clear()
    both(lambda: client.pop().post(url("confirm", staged)).url)
    assert len(set(answers)) == 1
    assert Plan.objects.count() == 1
