"""Independent scrutiny: who writes, who reads, who answers, and what stands in the list for the year."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assurance import advice
from assurance.models import AdvisorNote, Challenge
from partnership.models import Group, Post
from tests.factories import (
    DisputeFactory,
    GroupFactory,
    MeetingFactory,
    PostFactory,
    PostHoldingFactory,
    PriorityFactory,
)
from tests.factories_judged import AdvisorNoteFactory, AuditFactory, ChallengeFactory
from tests.plans.test_plan_page import count_queries

PAGE = reverse("assurance:independent-scrutiny")
ADD = reverse("assurance:advisor-note-add")
MY_WORK = reverse("assurance:my-work")


def day(name, value):
    parts = zip(["day", "month", "year"], [value.day, value.month, value.year], strict=True)
    return {f"{name}_{part}": str(figure) for part, figure in parts}


def typed(partnership, **more):
    return {
        "partnership": partnership.pk,
        "looked_at": "  Ten plans   for children living with neglect ",
        "kind": "records",
        **day("looked_on", date(2026, 12, 8)),
        "said": "The child’s day is described in four of ten.",
    } | more


def asking(organisation):
    return {"asked": "What will you change?", "to_organisation": organisation.pk, **day("answer_due_on", DUE)}


DUE = date(2027, 1, 20)


@pytest.fixture
def note(partnership, charity, advisor):
    """Asked of ``partner``'s organisation, and not shared."""
    return AdvisorNoteFactory(
        partnership=partnership,
        written_by=advisor,
        to_organisation=charity,
        asked="What will you change?",
        answer_due_on=DUE,
    )


def comment(plan, by):
    at = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
    version = plan.versions.filter(stage="consultation").first() or plan.versions.create(
        number="0.1", stage="consultation", snapshot={}, sha256="", made_by=by, made_at=at
    )
    return plan.comments.create(version=version, about="1.1", text="Too much.", made_by=by, made_at=at)


def address(verb, note):
    return reverse(f"assurance:advisor-note-{verb}", args=[note.pk])


def errors_of(client, url, data):
    answer = client.post(url, data)
    assert answer.status_code == 422
    return {name: list(found) for name, found in answer.context["form"].errors.items()}


# Writing


def test_the_advisor_writes_what_was_looked_at_and_asks(client_of, advisor, partnership, charity):
    answer = client_of(advisor).post(ADD, typed(partnership, **asking(charity)))
    kept = AdvisorNote.objects.get()
    assert (answer.status_code, answer.url) == (302, kept.get_absolute_url())
    assert (kept.looked_at, kept.looked_on, kept.put_to, kept.answer_due_on, kept.written_by, kept.partnership) == (
        "Ten plans for children living with neglect",
        date(2026, 12, 8),
        charity,
        DUE,
        advisor,
        partnership,
    )


@pytest.mark.parametrize(("person", "words"), [("advisor", "independent advisor"), ("office", "for the independent")])
def test_it_says_who_wrote_it(request, client_of, partnership, advisor, person, words):
    client = client_of(request.getfixturevalue(person))
    client.post(ADD, typed(partnership))
    page = client.get(AdvisorNote.objects.get().get_absolute_url()).text
    assert words in page


def test_members_write_nothing(client_of, partner, chair, partnership, note):
    for person in (partner, chair):
        assert client_of(person).post(ADD, typed(partnership)).status_code == 403
    assert client_of(partner).post(address("change", note), typed(partnership)).status_code == 403
    assert AdvisorNote.objects.count() == 1


def test_what_is_asked_has_one_who_answers_and_a_day(client_of, advisor, partnership, charity, learning_group, note):
    client = client_of(advisor)
    asked = {"asked": "What will you change?"}
    assert errors_of(client, ADD, typed(partnership, **asked)) == {
        "to_organisation": ["Choose the organisation or the group that should answer"],
        "answer_due_on": ["Enter the day by which you want an answer"],
    }
    both = asking(charity) | {"to_group": learning_group.pk}
    assert errors_of(client, ADD, typed(partnership, **both)) == {
        "to_group": ["Choose an organisation or a group, not both"]
    }
    assert errors_of(client, ADD, typed(partnership, to_group=learning_group.pk)) == {
        "asked": ["Enter what you ask, or take out who should answer and by when"]
    }
    assert AdvisorNote.objects.count() == 1


def test_days_that_cannot_be_are_refused(client_of, advisor, partnership, charity):
    late = typed(partnership, **asking(charity)) | day("looked_on", date(2027, 1, 13))
    late |= day("answer_due_on", date(2027, 1, 11))
    assert errors_of(client_of(advisor), ADD, late) == {
        "looked_on": ["Enter a day that is not in the future"],
        "answer_due_on": ["Enter a day that has not passed"],
    }
    far = typed(partnership, **asking(charity)) | day("answer_due_on", date(2270, 1, 20))
    far |= day("looked_on", date(1026, 12, 8))
    assert errors_of(client_of(advisor), ADD, far) == {
        "looked_on": ["Enter a day after the year 2000 began"],
        "answer_due_on": ["Enter a day before the end of 2032"],
    }


def test_another_partnerships_people_and_plans_are_refused(
    client_of, advisor, partnership, far_partnership, other_partnership, case_group
):
    far = GroupFactory(name="Far away", partnerships=[far_partnership])
    wrong = {"asked": "What?", **day("answer_due_on", DUE), "priorities": [PriorityFactory().pk]}
    for group in (far, case_group):
        found = errors_of(client_of(advisor), ADD, typed(partnership, to_group=group.pk, **wrong))
        assert sorted(found) == ["priorities", "to_group"]
    own = GroupFactory(name="Millbrook alone", partnerships=[other_partnership])
    assert errors_of(client_of(advisor), ADD, typed(partnership, to_group=own.pk, **wrong | {"priorities": []})) == {
        "to_group": [f"Choose one of {partnership}"]
    }


def test_a_note_names_the_record_that_it_is_about(client_of, advisor, office, partner, partnership, learning_group):
    meeting = MeetingFactory(group=learning_group, meets_on=date(2026, 12, 1))
    audit = AuditFactory(partnerships=[partnership], asked_on=date(2026, 11, 2), title="Neglect seen early")
    client = client_of(advisor)
    offered = dict(client.get(ADD).context["form"].fields["source_key"].choices[1:])
    assert offered == {
        "Meetings": [(f"meeting:{meeting.pk}", str(meeting))],
        "Audits": [(f"audit:{audit.pk}", "Neglect seen early")],
    }
    client.post(ADD, typed(partnership, source_key=f"audit:{audit.pk}"))
    kept = AdvisorNote.objects.get()
    advice.share_note(kept, on=date(2027, 1, 12))
    pages = {user: client_of(user).get(kept.get_absolute_url()).text for user in (office, partner)}
    seen = {user: "Neglect seen early" in text for user, text in pages.items()}
    assert seen == {office: True, partner: False}  # what the audit found is not told to members yet


def test_no_meeting_of_a_case_review_group_can_be_named(client_of, advisor, partnership, case_group):
    GroupFactory(kind=Group.Kind.CASE_REVIEW, partnerships=[partnership])
    meeting = MeetingFactory(group=case_group, meets_on=date(2026, 12, 1))
    assert "source_key" in errors_of(client_of(advisor), ADD, typed(partnership, source_key=f"meeting:{meeting.pk}"))
    kept = AdvisorNoteFactory(partnership=partnership, source_key=f"meeting:{meeting.pk}")
    assert advice.sources_of([kept], advisor) == {}


# Answering


def test_whoever_is_asked_is_reminded_and_answers_once(client_of, partner, other_partner, advisor, note):
    client = client_of(partner)
    work = client.get(MY_WORK).context["work"]
    assert [(item.title, item.about, item.url, item.verb) for item in work.soon] == [
        ("What will you change?", "Answer to the advisor", address("answer", note), "Answer")
    ]
    assert client_of(other_partner).post(address("answer", note), {"answer": "Nothing."}).status_code == 404
    assert client_of(advisor).post(address("answer", note), {"answer": "Nothing."}).status_code == 403
    assert errors_of(client, address("answer", note), {"answer": " "}) == {"answer": ["Enter your answer"]}
    for words in ("Supervision asks about the day.", "Supervision asks about the child’s day."):
        client.post(address("answer", note), {"answer": words})
    note.refresh_from_db()
    assert (note.answer, note.answered_by, note.answered_on) == (
        "Supervision asks about the child’s day.",
        partner,
        date(2027, 1, 12),
    )
    assert client.get(MY_WORK).context["work"].count == 0


def test_the_chair_answers_for_the_group(client_of, chair, partner, learning_group, partnership):
    asked = AdvisorNoteFactory(partnership=partnership, to_group=learning_group, asked="Who checks?", answer_due_on=DUE)
    assert "Who checks?" in [item.title for item in client_of(chair).get(MY_WORK).context["work"].soon]
    assert client_of(partner).get(address("answer", asked)).status_code == 404
    assert client_of(chair).post(address("answer", asked), {"answer": "We do."}).status_code == 302


def test_what_was_asked_stands_once_it_is_answered(client_of, partner, advisor, note, partnership):
    advice.answer_note(note, answer="Yes.", by=partner, on=date(2027, 1, 12))
    client_of(advisor).post(address("change", note), typed(partnership, asked="Something else?"))
    note.refresh_from_db()
    assert (note.asked, note.looked_at) == ("What will you change?", "Ten plans for children living with neglect")


def test_nothing_is_answered_where_nothing_is_asked_or_it_is_closed(client_of, office, partner, partnership, note):
    told = AdvisorNoteFactory(partnership=partnership)
    assert client_of(office).post(address("answer", told), {"answer": "Thank you."}).status_code == 302
    told.refresh_from_db()
    assert told.answer == ""
    advice.close_note(note, difference="None.", on=date(2027, 1, 12))
    assert client_of(partner).post(address("answer", note), {"answer": "Too late."}).status_code == 403
    assert client_of(partner).get(MY_WORK).context["work"].count == 0


def test_one_press_makes_a_challenge_of_it(client_of, advisor, partner, charity, partnership, note):
    note.priorities.set([PriorityFactory()])
    advice.answer_note(note, answer="We do that already.", by=partner, on=date(2027, 1, 12))
    assert client_of(partner).post(address("challenge", note)).status_code == 403
    for _ in range(2):
        answer = client_of(advisor).post(address("challenge", note))
    made = Challenge.objects.get()
    assert answer.url == made.get_absolute_url()
    assert (made.title, made.raised_by, made.put_to, made.issue, made.evidence, made.answer_due_on) == (
        "Ten plans for children living with neglect",
        "The independent advisor",
        charity,
        "What will you change?",
        "The child’s day is described in four of ten.\n\nAnswered on 12 January 2027: We do that already.",
        date(2027, 1, 26),
    )
    assert list(made.priorities.all()) == list(note.priorities.all())
    assert not AdvisorNote.objects.waiting().exists()
    told = AdvisorNoteFactory(partnership=partnership)
    client_of(advisor).post(address("challenge", told))
    assert Challenge.objects.count() == 1


# Sharing and closing


def test_members_read_what_is_shared_until_it_is_taken_back(client_of, advisor, chair, note):
    def seen():
        return client_of(chair).get(note.get_absolute_url()).status_code

    def share(what):
        assert client_of(advisor).post(address("share", note), {"do": what}).status_code == 302
        return seen()

    assert [seen(), share("share"), share("take-back")] == [404, 200, 404]
    assert client_of(chair).post(address("share", note), {"do": "share"}).status_code == 404


def test_it_is_closed_with_what_came_of_it_and_opened_again(client_of, advisor, partner, note):
    client = client_of(advisor)
    assert errors_of(client, address("close", note), {"difference": ""}) == {
        "difference": ["Enter what came of it, even if it is nothing"]
    }
    assert client_of(partner).post(address("close", note), {"difference": "All well."}).status_code == 403
    client.post(address("close", note), {"difference": "Nine of ten now."})
    note.refresh_from_db()
    assert (note.difference, note.closed_on) == ("Nine of ten now.", date(2027, 1, 12))
    client.post(address("close", note), {"do": "open"})
    note.refresh_from_db()
    assert (note.difference, note.closed_on) == ("Nine of ten now.", None)


# The page


@pytest.fixture
def year_of_notes(partnership, charity, note):
    """With ``note``, which waits: one late, one answered, one closed, one of the year before."""

    def make(at, **more):
        return AdvisorNoteFactory(partnership=partnership, looked_at=at, **more)

    asked = {"to_organisation": charity, "asked": "How will you know?", "answer_due_on": date(2027, 1, 4)}
    late = make("Late", **asked)
    answered = make("Answered", **asked)
    advice.answer_note(answered, answer="We count.", by=note.written_by, on=date(2027, 1, 4))
    closed = make("Closed", **asked)
    advice.close_note(closed, difference="None.", on=date(2027, 1, 4))
    make("Before", looked_on=date(2026, 3, 31), shared_on=date(2026, 4, 1))
    return {"waiting": [note, late], "late": [late], "answered": [answered], "closed": [closed]}


def listed(client, **asked):
    return [record.looked_at for record in client.get(PAGE, asked).context["table"].data]


def test_the_list_is_narrowed_to_what_is_counted_above_it(client_of, advisor, year_of_notes):
    client = client_of(advisor)
    for state, notes in year_of_notes.items():
        assert sorted(listed(client, state=state)) == sorted(note.looked_at for note in notes), state
    page = client.get(PAGE).context
    counts = {name: page[f"{name}_count"] for name in ("waiting", "late", "answered")}
    assert counts == {name: len(year_of_notes[name]) for name in counts}
    assert [listed(client, year=2025), len(listed(client, year=2026))] == [["Before"], 4]


def test_figures_count_nothing_that_one_may_not_see(client_of, partner, chair, year_of_notes):
    seen = {}
    for person in (partner, chair):
        page = client_of(person).get(PAGE).context
        seen[person] = (page["waiting_count"], page["late_count"], listed(client_of(person)))
    assert seen[chair] == (0, 0, ["Before"])
    assert seen[partner][:2] == (2, 1)


def test_an_export_has_every_word_in_a_column_of_its_own(client_of, partner, charity, note, office):
    advice.answer_note(note, answer="=Yes", by=partner, on=date(2027, 1, 12))
    answer = client_of(office).get(PAGE, {"export": "xlsx"})
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert dict(zip(*rows, strict=True)) == {
        "What was looked at": "Ten plans for children living with neglect",
        "What was said": "The child’s day is described in four of ten.",
        "Asked and answered": "What will you change?",
        "Difference it made": None,
        "When": datetime(2026, 12, 8),  # noqa: DTZ001 (a spreadsheet's)
        "How": "Read records or papers",
        "Asked of": charity.name,
        "Answer asked by": datetime(2027, 1, 20),  # noqa: DTZ001
        "Answer": "=Yes",
        "Answered": datetime(2027, 1, 12),  # noqa: DTZ001
        "Closed": None,
    }


def test_other_traces_are_those_that_one_may_see(client_of, advisor, partner, office, partnership, plan, note):
    """Advice in a dispute for those involved alone; a challenge for who may see it; comments for the plan's people."""
    post = advisor.holdings.get().post
    DisputeFactory(partnership=partnership, people=[post], advice="Settle it.", advice_on=date(2026, 12, 2))
    ChallengeFactory(partnership=partnership, by_words="The independent advisor", raised_on=date(2026, 12, 4))
    ChallengeFactory(partnership=partnership, by_words="A young people’s group", raised_on=date(2026, 12, 5))
    comment(plan, advisor)
    comment(plan, office)

    def seen(person):
        return [trace.where for trace in client_of(person).get(PAGE).context["traces"]]

    assert {person: seen(person) for person in (advisor, office, partner)} == {
        advisor: ["Challenge", "Comment on a plan", "Advice in a dispute"],
        office: ["Challenge", "Comment on a plan"],
        partner: ["Comment on a plan"],
    }
    assert client_of(advisor).get(PAGE, {"year": 2025}).context["traces"] == []


def test_one_that_advises_elsewhere_is_no_advisor_here(office, partnership, far_partnership, plan):
    post = PostFactory(duty=Post.Duty.ADVISOR, partnerships=[far_partnership])
    PostHoldingFactory(post=post, user=office)
    comment(plan, office)
    note = AdvisorNoteFactory(partnership=partnership, written_by=office)
    assert advice.traces(office) == []
    assert AdvisorNote.objects.for_pages().get(pk=note.pk).is_advisors is False


def test_paragraphs_stand_as_such_and_nothing_else_does(client_of, advisor, partnership):
    AdvisorNoteFactory(partnership=partnership, said="One <b>thing</b>.\n\nAnother.")
    page = client_of(advisor).get(PAGE).text
    assert "<p>One &lt;b&gt;thing&lt;/b&gt;.</p>\n\n<p>Another.</p>" in page


def test_a_stranger_sees_an_empty_page(client_of, stranger, year_of_notes):
    assert listed(client_of(stranger)) == []
    assert client_of(stranger).get(year_of_notes["late"][0].get_absolute_url()).status_code == 404


def test_the_page_takes_as_many_queries_for_three_notes_as_for_one(client_of, advisor, partnership, charity, note):
    client = client_of(advisor)
    ChallengeFactory(partnership=partnership, by_words="The independent advisor")
    at_1 = count_queries(client, PAGE)
    for _ in range(2):
        AdvisorNoteFactory(partnership=partnership, to_organisation=charity, asked="What?", answer_due_on=DUE)
        ChallengeFactory(partnership=partnership, by_words="The independent advisor")
    assert len(listed(client)) == 3
    assert count_queries(client, PAGE) == at_1
