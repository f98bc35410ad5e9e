"""What changed between two snapshots: each row once, each change in words."""

import copy
import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.wording import Piece, Sides, likeness, sides_of
from plans.comparing import compare
from plans.comparing_summary import span_of, summary_of
from plans.matching import LIKE_ENOUGH, out_of_order

# Snapshots by hand: a plan with three priorities, each with a few deliverables


def activity(key, text="Write the guide.", timescale="Sept 2026", due="2026-09-30", kind="date", lead=""):
    milestones = [{"due": day, "label": ""} for day in ([due] if isinstance(due, str) else due)]
    return {
        "key": key,
        "text": text,
        "lead": lead,
        "timescale": timescale,
        "kind": kind,
        "milestones": milestones,
    }


def deliverable(key, ref, title, *, activities=(), leads=("Head of Midwifery",), carried_from=None, **more):
    led = [lead if isinstance(lead, dict) else {"area": "", "area_name": "", "text": lead} for lead in leads]
    return {
        "key": key,
        "carried_from": carried_from,
        "ref": ref.partition(".")[2],
        "full_ref": ref,
        "title": title,
        "description": "",
        "leads": led,
        "other_partnerships": [],
        "evidence_measures": [],
        "duty": None,
        "activities": list(activities),
    } | more


def priority(key, ref, title, *deliverables, carried_from=None, **more):
    return {
        "key": key,
        "carried_from": carried_from,
        "ref": ref,
        "title": title,
        "note": "",
        "is_cross_cutting": False,
        "joint_with": [],
        "rationale": [],
        "outcomes_heading": "Outcome statement",
        "outcomes": ["Babies are safe in their first year."],
        "deliverables": list(deliverables),
    } | more


def snapshot(*priorities, plan=1, **more):
    facts = {
        "key": plan,
        "title": "Business plan",
        "whose": "Ashford Vale",
        "partnerships": [],
        "house_colour": "",
        "starts_on": "2026-04-01",
        "ends_on": "2027-03-31",
        "audience": "children",
        "introduction": "",
        "columns": [],
    }
    return {
        "format": 1,
        "plan": facts | more.pop("facts", {}),
        "drivers": [],
        "review_dates": [],
        "ratings": [],
        "priorities": list(priorities),
    } | more


def usual():
    return snapshot(
        priority(
            1,
            "1",
            "Babies",
            deliverable(
                11, "1.1", "A shared plan before every birth", activities=[activity(111), activity(112, "Try it.")]
            ),
            deliverable(12, "1.2", "Safer sleep advice that reaches fathers", activities=[activity(121)]),
        ),
        priority(2, "2", "Neglect", deliverable(21, "2.1", "Help before neglect becomes harm")),
    )


def changed(change):
    """``usual()`` and what ``change(its priorities)`` makes of it."""
    before, after = usual(), usual()
    change(after["priorities"])
    return compare(before, after)


def only(comparison):
    """The one row of ``comparison`` that changed."""
    [row] = [row for row in comparison.rows if row.is_changed]
    return row


def told(row):
    """(kind, label, before, after, in words) of each of the row's changes."""
    return [
        (
            each.kind,
            each.label,
            *("\n".join(line.text for line in side) for side in (each.before, each.after)),
            *each.says,
        )
        for each in row.changes
    ]


# One plan: rows are known by their keys


def test_a_version_beside_itself_has_nothing_to_tell():
    comparison = compare(usual(), usual())
    assert comparison.is_empty
    assert summary_of(comparison) == []
    assert [row.heading for row in comparison.priorities[0].untouched] == [
        "1.1 A shared plan before every birth",
        "1.2 Safer sleep advice that reaches fathers",
    ]


def test_what_was_added_says_all_that_it_promises():
    new = deliverable(
        22,
        "2.2",
        "A contact for each school",
        description="One person to ring.",
        evidence_measures=["Every school can name them"],
        activities=[activity(221, "Name them.", "May 2027", "2027-05-31", lead="Head of Early Help")],
    )
    comparison = changed(lambda priorities: priorities[1]["deliverables"].append(new))
    [row] = comparison.priorities[1].told
    assert (row.state, row.heading, row.bears_on_rating) == ("added", "2.2 A contact for each school", True)
    assert [(each.label, each.before, [line.text for line in each.after]) for each in row.told_changes] == [
        ("Description", (), ["One person to ring."]),
        ("How we will know", (), ["Every school can name them"]),
        ("Lead", (), ["Head of Midwifery"]),
    ]
    [inner] = row.rows
    assert [line.text for line in inner.facts[0].after] == [
        "Name them.",
        "Led by Head of Early Help",
        "May 2027 (31 May 2027)",
    ]
    assert summary_of(comparison) == ["1 deliverable added."]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"timescale": "Quarterly", "due": [], "kind": "recurring"}, "Quarterly"),
        ({"timescale": "30 September 2026"}, "30 September 2026"),
        ({"timescale": ""}, "30 September 2026"),
        ({"timescale": "Sept 2026"}, "Sept 2026 (30 September 2026)"),
    ],
)
def test_a_timescale_is_not_said_twice(written, said):
    row = activity(111, **written)
    comparison = compare(
        snapshot(), snapshot(priority(1, "1", "Babies", deliverable(11, "1.1", "Plan", activities=[row])))
    )
    assert [line.text for line in comparison.of("activity")[0].facts[0].after] == ["Write the guide.", said]


def test_what_was_taken_out_stands_where_it_stood_with_the_reason():
    before, after = usual(), usual()
    del after["priorities"][0]["deliverables"][0]
    reasons = {("deliverable", 11): "Taken out because: merged."}
    comparison = compare(before, after, reasons=reasons)
    first, second = comparison.priorities[0].rows
    assert (first.state, first.key, first.notes) == ("taken-out", 11, ("Taken out because: merged.",))
    assert [row.state for row in first.rows] == ["taken-out", "taken-out"]
    assert (second.state, second.changes) == ("", ())
    assert summary_of(comparison) == ["1 deliverable taken out."]


def test_a_row_is_the_same_row_whatever_it_says():
    comparison = changed(lambda priorities: priorities[0]["deliverables"][0].update(title="Something else entirely"))
    assert told(only(comparison)) == [
        ("reworded", "Promise", "A shared plan before every birth", "Something else entirely")
    ]


def test_a_later_date_says_from_when_to_when_and_by_how_many_days():
    late = activity(111, timescale="by end of Dec 2026", due="2026-12-31")
    comparison = changed(lambda priorities: priorities[0]["deliverables"][0]["activities"].__setitem__(0, late))
    row = only(comparison)
    assert told(row) == [
        (
            "re-dated",
            "Timescale",
            "Sept 2026\n30 September 2026",
            "by end of Dec 2026\n31 December 2026",
            "From 30 September 2026 to 31 December 2026: 92 days later.",
        )
    ]
    assert (row.changes[0].days, row.bears_on_rating) == (92, True)
    assert summary_of(comparison) == ["1 timescale moved later by 3 months."]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            {"due": "2026-10-01"},
            {"due": "2026-09-30"},
            "From 1 October 2026 to 30 September 2026: 1 day earlier.",
        ),
        ({"due": [None], "kind": "unset"}, {"due": "2026-09-30"}, "From no date to 30 September 2026."),
        (
            {"due": "2026-09-30"},
            {"due": [], "kind": "continuous"},
            "From 30 September 2026 to all year.",
        ),
        (
            {"due": ["2026-12-31", "2027-02-28"], "kind": "dates"},
            {"due": ["2026-11-30", "2027-02-28"], "kind": "dates"},
            "From 31 December 2026 and 28 February 2027 to 30 November 2026 and 28 February 2027, "
            "the last of them as before.",
        ),
        (
            {"due": ["2026-09-30"]},
            {"due": ["2026-10-01", "2026-12-31"], "kind": "window"},
            "From 30 September 2026 to the time between 1 October 2026 and 31 December 2026: "
            "the last of them 92 days later.",
        ),
        (
            {"due": "2026-09-30"},
            {"due": ["2026-10-01", None], "kind": "window"},
            "From 30 September 2026 to the time after 1 October 2026: 1 day later.",
        ),
        (
            {"due": [f"2026-{month:02}-28" for month in range(4, 9)], "kind": "recurring"},
            {"due": [], "kind": "recurring"},
            "From 5 dates between 28 April 2026 and 28 August 2026 to something that comes round again.",
        ),
    ],
)
def test_dates_of_every_kind_are_said(before, after, said):
    one, other = (
        snapshot(priority(1, "1", "Babies", deliverable(11, "1.1", "Plan", activities=[activity(111, **each)])))
        for each in (before, after)
    )
    assert only(compare(one, other)).changes[0].says == (said,)


def test_a_timescale_in_other_words_for_the_same_day_is_reworded():
    comparison = changed(
        lambda priorities: priorities[0]["deliverables"][0]["activities"][0].update(timescale="end of September")
    )
    change = only(comparison).changes[0]
    assert (change.kind, change.says, change.is_rated) == ("reworded", ("We read the same in both.",), False)
    assert summary_of(comparison) == ["1 timescale reworded with the same dates."]


def test_another_lead_is_said_for_each_partnership():
    def lead(area, text):
        return {"area": area, "area_name": {"AV": "Ashford Vale", "MB": "Millbrook"}[area], "text": text}

    before, after = usual(), usual()
    before["priorities"][1]["deliverables"][0]["leads"] = [lead("AV", "Director"), lead("MB", "Manager")]
    after["priorities"][1]["deliverables"][0]["leads"] = [lead("MB", "Head of Help"), lead("AV", "Director")]
    row = only(compare(before, after))
    assert told(row) == [
        ("re-led", "Lead", "Director\nManager", "Director\nHead of Help", "Millbrook: from Manager to Head of Help.")
    ]
    assert not row.bears_on_rating


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (["A"], ["A", "B"], "Now also B."),
        (["A", "B"], ["A"], "No longer B."),
        ([], ["A", "B"], "Now A and B."),
        (["A"], ["B", "C"], "From A to B and C."),
    ],
)
def test_leads_that_came_and_went_are_named(before, after, said):
    one, other = (
        snapshot(priority(1, "1", "Babies", deliverable(11, "1.1", "Plan", leads=leads))) for leads in (before, after)
    )
    assert only(compare(one, other)).changes[0].says == (said,)


def test_leads_in_another_order_are_the_same_leads():
    one, other = (
        snapshot(priority(1, "1", "Babies", deliverable(11, "1.1", "Plan", leads=leads))) for leads in ("AB", "BA")
    )
    assert compare(one, other).is_empty


def test_a_deliverable_that_moved_to_another_priority_is_one_row_not_two():
    def move(priorities):
        row = priorities[0]["deliverables"].pop()
        priorities[1]["deliverables"].append(row | {"full_ref": "2.2", "ref": "2"})

    comparison = changed(move)
    row = only(comparison)
    assert told(row) == [
        ("moved", "Priority", "priority 1", "priority 2", "Moved from priority 1 to priority 2."),
        ("renumbered", "Number", "1.2", "2.2", "From 1.2 to 2.2."),
    ]
    assert summary_of(comparison) == ["1 deliverable moved, 1 renumbered."]


def test_one_row_moved_to_the_top_is_one_row_moved():
    def move(priorities):
        rows = priorities[0]["deliverables"]
        rows += [deliverable(13, "1.3", "Third"), deliverable(14, "1.4", "Fourth")]

    before, after = usual(), usual()
    move(before["priorities"])
    move(after["priorities"])
    rows = after["priorities"][0]["deliverables"]
    rows.insert(0, rows.pop())
    assert told(only(compare(before, after))) == [("moved", "Place", "4th here", "1st here", "Moved up.")]


def test_a_new_row_above_moves_nothing_and_renumbers_what_follows():
    def insert(priorities):
        rows = priorities[0]["deliverables"]
        rows.insert(0, deliverable(10, "1.1", "New at the top"))
        for number, row in enumerate(rows, start=1):
            row.update(ref=str(number), full_ref=f"1.{number}")

    comparison = changed(insert)
    assert [row.words for row in comparison.priorities[0].rows] == [["Added"], ["Renumbered"], ["Renumbered"]]
    assert len(comparison.priorities[0].renumbered) == 2
    assert summary_of(comparison) == ["1 deliverable added, 2 renumbered."]


def test_lists_are_told_line_by_line():
    before, after = usual(), usual()
    before["priorities"][1]["deliverables"][0]["evidence_measures"] = ["Nine in ten plans by 28 weeks", "Fewer calls"]
    after["priorities"][1]["deliverables"][0]["evidence_measures"] = [
        "Nine in ten plans by 24 weeks",
        "Parents say it helped",
    ]
    [change] = only(compare(before, after)).changes
    assert [line.pieces for line in change.before] == [
        (
            Piece("", "Nine in ten plans by "),
            Piece("removed", "28"),
            Piece("", " "),
            Piece("", "weeks"),
        ),
        (Piece("removed", "Fewer calls"),),
    ]
    assert [line.text for line in change.after] == ["Nine in ten plans by 24 weeks", "Parents say it helped"]


def test_lines_in_another_order_are_said_to_be():
    before, after = usual(), usual()
    before["priorities"][0]["outcomes"], after["priorities"][0]["outcomes"] = ["One", "Two"], ["Two", "One"]
    assert told(only(compare(before, after)))[0][-1] == "The lines stand in another order."


def test_the_plan_itself_is_told_too():
    before, after = usual(), usual()
    after["plan"] |= {"introduction": "What we promise.", "ends_on": "2027-06-30"}
    before["drivers"] = [{"key": 1, "text": "The spring audit", "source": ""}]
    after["drivers"] = [
        {"key": 2, "text": "The spring audit", "source": "Audit 4"},
        {"key": 3, "text": "What young people asked for", "source": ""},
    ]
    before["review_dates"] = [{"key": 1, "day": "2026-09-30", "label": "Half year"}]
    after["review_dates"] = [{"key": 1, "day": "2026-10-07", "label": "Half year"}]
    before["ratings"] = [rating("G", "Green", "On track")]
    after["ratings"] = [rating("G", "Green", "Done")]
    comparison = compare(before, after)
    assert [(row.what, row.state, told(row)) for row in comparison.plan] == [
        (
            "plan",
            "",
            [
                (
                    "re-dated",
                    "Period",
                    "1 April 2026 to 31 March 2027",
                    "1 April 2026 to 30 June 2027",
                ),
                ("reworded", "Introduction", "", "What we promise."),
            ],
        ),
        ("driver", "", [("reworded", "Driver", "The spring audit", "The spring audit (Audit 4)")]),
        ("driver", "added", []),
        (
            "review date",
            "",
            [
                (
                    "re-dated",
                    "Review date",
                    "30 September 2026",
                    "7 October 2026",
                    "From 30 September 2026 to 7 October 2026: 7 days later.",
                )
            ],
        ),
        ("rating", "", [("reworded", "What G means", "Green: On track", "Green: Done")]),
    ]
    assert summary_of(comparison) == [
        "1 driver of the plan added, 1 reworded.",
        "1 review date moved to another day.",
        "The meaning of 1 rating changed.",
        "Of the plan itself: Period and introduction.",
    ]


def rating(code, word, meaning):
    return {"code": code, "word": word, "meaning": meaning, "token": "green", "shape": "circle", "is_done": False}


# Two plans: rows are known by what they were carried from, then by their words


def test_between_two_plans_a_carried_row_says_what_it_was():
    before = usual()
    after = snapshot(
        priority(
            5,
            "3",
            "Neglect, seen early",
            deliverable(51, "3.4", "Help that comes before harm", carried_from=21),
            carried_from=2,
        ),
        plan=2,
    )
    comparison = compare(before, after)
    kept = comparison.priorities[0]
    assert (kept.state, kept.notes, kept.rows[0].notes) == ("", ("Carried from priority 2.",), ("Carried from 2.1.",))
    assert [change.label for change in kept.rows[0].changes] == ["Promise"]  # another number is no change here
    assert [(row.key, row.state) for row in comparison.priorities[1:]] == [(1, "taken-out")]


def test_the_newer_plan_may_be_named_first():
    after = usual()
    before = snapshot(priority(5, "3", "Neglect", deliverable(51, "3.4", "Help", carried_from=21)), plan=2)
    row = next(row for row in compare(before, after).rows if row.key == 21)
    assert (row.state, row.was, row.notes) == ("", 51, ("Carried into 3.4 of the later plan.",))


def test_what_was_not_carried_is_known_by_equal_words_alone():
    before = usual()
    after = snapshot(
        priority(
            5,
            "4",
            "Everything about babies",
            deliverable(51, "4.1", "a shared plan before EVERY birth."),
            deliverable(52, "4.2", "Safer sleep advice that reaches grandparents"),
        ),
        plan=2,
    )
    rows = {row.key: row for row in compare(before, after).rows if row.what in {"deliverable", "priority"}}
    assert rows[5].was == 1  # they share a deliverable
    assert (rows[51].was, rows[51].notes) == (11, ("Called 1.1 before.",))
    assert rows[52].state == "added"
    assert rows[12].state == "taken-out"


def test_activities_of_a_carried_row_are_known_by_nearly_equal_words():
    before = snapshot(
        priority(
            1,
            "1",
            "Babies",
            deliverable(
                11,
                "1.1",
                "Plan",
                activities=[
                    activity(111, "Test it in two maternity units and one team for families with alcohol worries."),
                    activity(112, "Agree one pre-birth checklist."),
                ],
            ),
        )
    )
    after = snapshot(
        priority(
            5,
            "1",
            "Babies",
            deliverable(
                51,
                "1.1",
                "Plan",
                carried_from=11,
                activities=[
                    activity(511, "Agree one discharge checklist."),
                    activity(512, "Test it in both maternity units and one team for families with alcohol worries."),
                ],
            ),
        ),
        plan=2,
    )
    states = {row.key: (row.state, row.was) for row in compare(before, after).of("activity")}
    assert states == {511: ("added", None), 512: ("", 111), 112: ("taken-out", None)}


def test_nearly_equal_promises_of_two_years_are_two_promises():
    """Why equal words are asked for: these two share more than half of theirs."""
    one = "Receive assurance from partners that agencies respond well to children who live with violence at home"
    other = "Receive assurance from partners that agencies respond well to children who are harmed outside the home"
    assert likeness(one, other) > LIKE_ENOUGH
    before = snapshot(priority(1, "1", "A", deliverable(11, "1.1", one)))
    after = snapshot(priority(5, "1", "B", deliverable(51, "1.1", other)), plan=2)
    assert [(row.key, row.state) for row in compare(before, after).of("deliverable")] == [
        (51, "added"),
        (11, "taken-out"),
    ]


# Words


def test_a_few_words_between_two_changes_are_told_with_them():
    sides = sides_of("The board gets a report by June.", "The executive hears a report before June.")
    assert sides == Sides(
        (
            Piece("", "The "),
            Piece("removed", "board gets"),
            Piece("", " "),
            Piece("", "a report "),
            Piece("removed", "by"),
            Piece("", " "),
            Piece("", "June."),
        ),
        (
            Piece("", "The "),
            Piece("added", "executive hears"),
            Piece("", " "),
            Piece("", "a report "),
            Piece("added", "before"),
            Piece("", " "),
            Piece("", "June."),
        ),
    )
    merged = sides_of("The maternity unit sends a monthly list.", "The children’s centre sends a weekly list.")
    assert merged.after == (
        Piece("", "The "),
        Piece("added", "children’s centre sends a weekly"),
        Piece("", " "),
        Piece("", "list."),
    )


def test_spaces_are_no_change():
    assert not sides_of("One  two\n", "One two").is_changed


WORDS = st.lists(st.sampled_from(["plan", "the", "birth", "a", "family", "report,", "June.", "of"]), max_size=14)


@given(WORDS, WORDS)
def test_both_sides_say_every_word_they_said(before, after):
    before, after = " ".join(before), " ".join(after)
    sides = sides_of(before, after)
    assert "".join(piece.text for piece in sides.before) == before
    assert "".join(piece.text for piece in sides.after) == after
    assert sides.is_changed == (before != after)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([1], "1 day"),
        ([10, 10], "10 days"),
        ([10, 61], "10 days to 2 months"),
        ([28], "1 month"),
        ([31, 92], "1 to 3 months"),
        ([365], "12 months"),
    ],
)
def test_spans_of_time_are_said_in_the_unit_that_people_use(days, said):
    assert span_of(days) == said


@given(st.permutations(range(7)))
def test_the_rows_that_stayed_are_in_their_old_order(places):
    moved = out_of_order([(place, place) for place in places])
    stayed = [place for place in places if place not in moved]
    assert stayed == sorted(stayed)
    assert (places == sorted(places)) == (not moved)


# Any two snapshots at all

TITLES = st.text(alphabet=string.ascii_lowercase[:4] + " ", max_size=6)


@st.composite
def snapshots(draw, *, plan, first_key=0, others=()):
    """A small plan, its rows with few titles, so that some are equal; carried from ``others`` now and then."""
    key = iter(range(first_key, first_key + 1000))
    carried = st.sampled_from([None, *others])

    def one_activity():
        day = draw(st.dates(date(2026, 4, 1), date(2027, 3, 31)))
        return activity(next(key), draw(TITLES), draw(TITLES), day.isoformat())

    def one_deliverable(ref):
        rows = [one_activity() for _ in range(draw(st.integers(0, 2)))]
        return deliverable(next(key), ref, draw(TITLES), activities=rows, carried_from=draw(carried))

    priorities = []
    for number in range(1, draw(st.integers(0, 3)) + 1):
        rows = [one_deliverable(f"{number}.{n}") for n in range(1, draw(st.integers(0, 3)) + 1)]
        priorities.append(priority(next(key), str(number), draw(TITLES), *rows, carried_from=draw(carried)))
    return snapshot(*priorities, plan=plan)


@st.composite
def two_versions(draw):
    """A snapshot and another of the same plan: rows dropped, shuffled, reworded, re-dated, added."""
    before = draw(snapshots(plan=1))
    after = copy.deepcopy(before)
    added = draw(snapshots(plan=1, first_key=5000))["priorities"]
    after["priorities"] = draw(st.permutations([*after["priorities"], *added]))
    loose = [row for each in after["priorities"] for row in each["deliverables"]]
    for each in after["priorities"]:
        each["deliverables"] = []
    for row in loose:
        if after["priorities"] and draw(st.booleans()):
            draw(st.sampled_from(after["priorities"]))["deliverables"].append(row | {"title": draw(TITLES)})
    return before, after


def keys(plan):
    """{(what, key)} of all rows of the table."""
    found = set()
    for each in plan["priorities"]:
        found.add(("priority", each["key"]))
        for row in each["deliverables"]:
            found.add(("deliverable", row["key"]))
            found |= {("activity", activity["key"]) for activity in row["activities"]}
    return found


def assert_every_row_is_told_once(before, after):
    rows = [row for row in compare(before, after).rows if row.what in {"priority", "deliverable", "activity"}]
    now = [(row.what, row.key) for row in rows if row.state != "taken-out"]
    then = [(row.what, row.was if row.state == "" else row.key) for row in rows if row.state != "added"]
    assert (len(now), set(now)) == (len(keys(after)), keys(after))
    assert (len(then), set(then)) == (len(keys(before)), keys(before))
    added = {(row.what, row.key) for row in rows if row.state == "added"}
    taken_out = {(row.what, row.key) for row in rows if row.state == "taken-out"}
    assert not added & keys(before)
    assert not taken_out & keys(after)


@given(snapshots(plan=1))
def test_nothing_differs_from_itself(plan):
    assert compare(plan, copy.deepcopy(plan)).is_empty


@given(two_versions())
def test_every_row_of_two_versions_is_told_once(versions):
    assert_every_row_is_told_once(*versions)


@given(two_versions())
def test_turned_round_what_was_added_is_what_was_taken_out(versions):
    before, after = versions
    there, back = compare(before, after), compare(after, before)
    assert {(row.what, row.key) for row in there.rows if row.state == "added"} == {
        (row.what, row.key) for row in back.rows if row.state == "taken-out"
    }
    assert there.is_empty == back.is_empty


@given(st.data())
def test_every_row_of_two_plans_is_told_once(data):
    before = data.draw(snapshots(plan=1))
    others = sorted(key for what, key in keys(before) if what != "activity")
    after = data.draw(snapshots(plan=2, first_key=5000, others=others))
    assert_every_row_is_told_once(before, after)
    assert_every_row_is_told_once(after, before)


@given(two_versions(), st.sampled_from(["added", "taken-out", "reworded", "re-dated", "moved", "renumbered", "rated"]))
def test_narrowed_it_tells_that_kind_and_no_other(versions, kind):
    whole = compare(*versions)
    narrowed = whole.narrowed(kind)
    if kind == "rated":
        assert all(change.is_rated for row in narrowed.rows for change in row.changes)
    else:
        assert {found for row in narrowed.rows for found in row.kinds} <= {kind}
        wanted = sum(kind in row.kinds for row in whole.rows)
        assert sum(kind in row.kinds for row in narrowed.rows) == wanted
