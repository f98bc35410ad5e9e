"""Little or no progress, and why: who is on the page, and a story that says only what is on record."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from docx import Document

from plans import standstill
from plans.course import Aim, Course, Leader, Move, Verdict
from plans.models import Plan, StandstillNote
from tests.plans.test_drift import (
    ALL_YEAR,
    AUTUMN,
    DAY,
    KEY,
    LATE,
    MET,
    SPRING,
    SUMMER,
    TWICE,
    A,
    B,
    G,
    R,
    promise,
    work,
)

for each in (SPRING, SUMMER, AUTUMN):
    each.starts_on = each.closes_on.replace(month=each.closes_on.month - 3, day=1)


@pytest.mark.parametrize(
    ("asked", "reasons"),
    [
        (promise(said=[(SUMMER, R), (AUTUMN, R)]), ["Rated Red in the last two rounds"]),
        (promise(said=[(SUMMER, R), (AUTUMN, A)]), []),
        (promise(said=[(SPRING, G)]), ["No answer in the last two rounds"]),
        (promise(said=[(AUTUMN, A)], works=[LATE]), ["No milestone met since 1 April 2026"]),
        (promise(said=[(AUTUMN, A)], works=[LATE, MET]), []),  # something was met in that time
        (promise(said=[(AUTUMN, A)], works=[ALL_YEAR]), []),  # nothing was due
        (promise(said=[(AUTUMN, A)], works=[TWICE]), ["A date moved twice"]),
        (
            promise(said=[(each, A, {"progress": "On it."}) for each in (SPRING, SUMMER, AUTUMN)]),
            ["The same words in three rounds or more"],
        ),
        (promise(said=[(SUMMER, G), (AUTUMN, B)], works=[LATE, TWICE]), []),  # what is done does not stand still
        (
            promise(said=[(SPRING, G)], works=[LATE]),
            ["No answer in the last two rounds", "No milestone met since 1 April 2026"],
        ),
    ],
)
def test_each_rule_names_itself_and_lets_the_others_pass(asked, reasons):
    assert standstill.reasons_of(asked, DAY) == reasons


def course_of(aim):
    plan = Plan(pk=1, status="published", starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    return Course(plan, [SPRING, SUMMER, AUTUMN], KEY, [aim])


def told(asked, **aim):
    aim = Aim("Babies", pk=3, promises=[asked], **aim)
    return standstill.story_of(course_of(aim), aim, asked, on=DAY.on)


def test_the_story_says_what_was_promised_what_moved_how_it_was_rated_what_was_in_the_way_and_what_was_decided():
    asked = promise(
        leads=[Leader("Head of Midwifery, St Brannoc’s", post_id=1), Leader("Named Midwife", post_id=2)],
        works=[
            MET,
            work(
                "Try it in two units.",
                (date(2026, 11, 30),),
                moves=[
                    Move(1, date(2026, 7, 9), "Sept 2026", "Nov 2026", reason="Two midwives left.", is_agreed=True),
                    Move(2, date(2026, 10, 9), "Nov 2026", "Feb 2027", is_agreed=None),
                ],
            ),
        ],
        said=[(SPRING, G), (SUMMER, R, {"risk": "No second unit."}), (AUTUMN, R, {"worse_reason": "One more left."})],
    )
    verdicts = {
        SUMMER.pk: Verdict(
            SUMMER, proposed=A, decided=R, decision_reason="It has not begun.", actions=["Lend two midwives."]
        ),
        AUTUMN.pk: Verdict(AUTUMN, proposed=R, scrutiny_comments="Begin."),
    }
    paragraphs = [" ".join(fact.text for fact in each) for each in told(asked, verdicts=verdicts)]
    assert paragraphs == [
        "We promised “Safer sleep”, led by Head of Midwifery, St Brannoc’s; and Named Midwife. "
        "Of its two dated activities, one is met. "
        "“Try it in two units” was due on 30 November 2026 and is not met. "
        "The date of “Try it in two units” was moved from Sept 2026 to Nov 2026, because “Two midwives left”. "
        "The date of “Try it in two units” was asked to move from Nov 2026 to Feb 2027.",
        "It was rated Green in January to March 2026, then Red in April to June 2026 and July to September 2026. "
        "What was in the way in April to June 2026, in the lead’s words: “No second unit”. "
        "What was in the way in July to September 2026, in the lead’s words: “One more left”.",
        "The deciding group rated the priority Red in April to June 2026 (Amber was proposed): “It has not begun”. "
        "The review’s action log says “Lend two midwives”. "
        "The scrutiny group proposed Red for the priority in July to September 2026: “Begin”. It is not decided yet.",
    ]


def test_nothing_is_invented_where_nothing_is_on_record():
    assert [[fact.text for fact in each] for each in told(promise(leads=[]))] == [
        ["We promised “Safer sleep”.", "No lead is named for it."],
        ["No update came in January to March 2026, April to June 2026 and July to September 2026."],
    ]


def test_every_sentence_leads_to_the_record_it_comes_from():
    asked = promise(works=[LATE], said=[(SPRING, R, {"risk": "No room."})])
    story = told(asked, verdicts={SPRING.pk: Verdict(SPRING, decided=R)})
    assert all(fact.url.startswith(("/deliverables/", "/rounds/", "/priorities/")) for each in story for fact in each)


def test_a_long_word_of_a_lead_is_shortened_and_never_half_a_word():
    [_promised, rated, *_] = told(promise(said=[(AUTUMN, R, {"risk": "word " * 1000})]))
    assert rated[-1].text.endswith("word word …”.")
    assert len(rated[-1].text) < 400


# The pages


@pytest.fixture
def silent_round(plan, round_past):
    """A second round that is over, so that silence can be seen."""
    return plan.rounds.create(
        name="April to June 2026",
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 6, 30),
        opens_on=date(2026, 7, 1),
        closes_on=date(2026, 7, 22),
    )


def url(name, record):
    return reverse(f"plans:{name}", args=[record.pk])


def test_the_office_keeps_its_own_words_and_the_draft_stays_beside_them(
    client_of, office, plan, silent_round, group_deliverable
):
    desk = client_of(office)
    page = desk.get(url("standstill-note", group_deliverable))
    draft = page.context["form"].initial["text"]
    assert draft.startswith("We promised “Safer sleep advice that reaches fathers”, led by Chair, Learning")
    answer = {"text": "Nobody answered: the chair changed in May.", "seen": page.context["form"]["seen"].value()}
    assert desk.post(url("standstill-note", group_deliverable), answer).status_code == 302

    note = StandstillNote.objects.get()
    assert (note.deliverable, note.text, note.written_by) == (group_deliverable, answer["text"], office)
    assert answer["text"] in desk.get(url("standstill", plan)).content.decode()
    again = desk.get(url("standstill-note", group_deliverable), {"draft": "again"})
    assert again.context["form"].initial["text"] == draft
    assert answer["text"] in again.content.decode()


def test_two_who_write_at_once_lose_nothing(client_of, office, plan, silent_round, group_deliverable):
    desk, place = client_of(office), url("standstill-note", group_deliverable)
    seen = desk.get(place).context["form"]["seen"].value()
    assert desk.post(place, {"text": "First.", "seen": seen}).status_code == 302
    late = desk.post(place, {"text": "Second.", "seen": seen})
    assert late.status_code == 409
    assert late.context["form"]["text"].value() == "Second."
    assert StandstillNote.objects.get().text == "First."


@pytest.mark.parametrize(
    ("typed", "said"), [("  ", "Write at least a sentence"), ("x" * 20_001, "Use 20000 characters or fewer")]
)
def test_what_cannot_be_kept_is_said_at_its_field(client_of, office, plan, group_deliverable, typed, said):
    response = client_of(office).post(url("standstill-note", group_deliverable), {"text": typed})
    assert response.status_code == 422
    assert said in str(response.context["form"].errors["text"])
    assert not StandstillNote.objects.exists()


def test_the_word_document_holds_what_the_page_holds(
    client_of, office, plan, silent_round, group_deliverable, tmp_path
):
    standstill.keep_note(
        group_deliverable,
        text="The chair\x07 changed.\n\n<b>Twice</b> 🙂.",
        by=office,
        at=datetime(2027, 1, 12, tzinfo=UTC),
    )
    response = client_of(office).get(url("standstill-word", plan))
    (tmp_path / "a.docx").write_bytes(response.content)
    lines = [paragraph.text for paragraph in Document(tmp_path / "a.docx").paragraphs]
    place = lines.index("1.2 Safer sleep advice that reaches fathers")
    assert lines[place + 1 : place + 4] == [
        "Why it is here: no answer in the last two rounds.",
        "The chair changed.",
        "<b>Twice</b> 🙂.",
    ]
