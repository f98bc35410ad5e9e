"""Audits by several agencies: from a theme to members being told, and looked at again."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from assurance.annual.offers import all_offers
from assurance.annual.year import Year
from assurance.audits import grading, moderating, offers, planning, telling
from assurance.audits.sheets import read_sheet
from assurance.models import Audit, AuditAnswer, AuditFinding, AuditGrade, AuditGrading, AuditModeration, Scale
from assurance.returns import SavedMeanwhile
from reviews.models import Recommendation
from tests.conftest import hold
from tests.factories import GroupFactory, OrganisationFactory, TimetableEntryFactory
from tests.factories_judged import (
    AuditCaseFactory,
    AuditFactory,
    AuditFindingFactory,
    AuditGradeFactory,
    AuditGradingFactory,
    AuditModerationFactory,
    AuditQuestionFactory,
    AuditSectionFactory,
)

TODAY = date(2027, 1, 12)
NOW = datetime(2027, 1, 12, 10, 0, tzinfo=UTC)
NHS_NUMBER = "943 476 5919"  # of the NHS's own examples: its last figure checks the others


def url(name, *args):
    return reverse(f"assurance:audit-{name}", args=args)


@pytest.fixture
def scale(db):
    return Scale.objects.get(partnership=None, name="Four points, 1 the best")


@pytest.fixture
def audit(partnership, scrutiny_group, scale):
    """Planned, with a tool of two sections."""
    audit = AuditFactory(partnerships=[partnership], group=scrutiny_group, scale=scale, asked_on=None)
    for position, title in enumerate(["The child’s day", "Working together"], start=1):
        section = AuditSectionFactory(audit=audit, position=position, title=title)
        AuditQuestionFactory(section=section, position=1, text=f"{title}: is it there?")
    return audit


@pytest.fixture
def asked(audit, charity, hospital):
    """Agencies grade: Case A is known to the charity and the hospital, Case B to the charity alone."""
    for position, (reference, agencies) in enumerate([("Case A", [charity, hospital]), ("Case B", [charity])], start=1):
        case = AuditCaseFactory(audit=audit, position=position, reference=reference)
        for agency in agencies:
            AuditGradingFactory(case=case, organisation=agency)
    audit.asked_on = date(2026, 12, 14)
    audit.save()
    return audit


@pytest.fixture
def own(asked, charity):
    """The charity’s page of Case A."""
    return AuditGrading.objects.get(case__reference="Case A", organisation=charity)


@pytest.fixture
def theirs(asked, hospital):
    return AuditGrading.objects.get(case__reference="Case A", organisation=hospital)


def fill(record, score, *, by, evidence="Seen in May."):
    for line in read_sheet(record).lines:
        if line.is_question:
            grading.save_answer(record, line.row, answer="yes", evidence=evidence, seen=0, by=by, at=NOW)
        else:
            said = {"score": Decimal(score), "reasons": "Heard, but late.", "good_practice": "A drawing."}
            grading.save_grade(record, line.row, seen=0, by=by, at=NOW, **said)


def submit(record, score, *, by, **more):
    fill(record, score, by=by, **more)
    return grading.submit_grading(record, by=by, at=NOW)


@pytest.fixture
def submitted(own, theirs, partner, other_partner):
    """The charity gave 2 on Case A, the hospital 4."""
    submit(own, 2, by=partner, evidence="Canary of one case")
    submit(theirs, 4, by=other_partner)
    return own.case.audit


def agree(audit, score, *, by, reference="Case A"):
    case = audit.cases.get(reference=reference)
    keys = [*audit.sections.values_list("pk", flat=True), None]
    moderating.agree_grades(case, {key: (Decimal(score), "The later notes weigh more.") for key in keys}, by=by, at=NOW)


@pytest.fixture
def agreed(submitted, scrutiny_chair):
    agree(submitted, 3, by=scrutiny_chair)
    return moderating.end_moderation(submitted, meeting=None, on=TODAY)


@pytest.fixture
def told(agreed, office):
    return telling.tell_members(
        agreed, summary="Days are described.", re_audit_on=date(2027, 9, 1), by=office, on=TODAY
    )


# Planning


def plan_of(partnership, scale, **more):
    return {"title": "Neglect  seen early", "partnerships": [partnership.pk], "scale": scale.pk} | more


def test_the_office_plans_an_audit_and_pressing_twice_plans_one(client_of, office, partnership, scale):
    for _press in range(2):
        answer = client_of(office).post(url("add"), plan_of(partnership, scale, question="Is it named?"))
    [audit] = Audit.objects.all()
    assert answer.url == audit.get_absolute_url()
    assert (audit.title, audit.question, audit.state) == ("Neglect seen early", "Is it named?", "planned")


def test_a_group_s_chair_plans_for_the_group_and_nobody_else_does(
    client_of, scrutiny_chair, partner, advisor, partnership, scale, scrutiny_group, learning_group
):
    client = client_of(scrutiny_chair)
    fields = plan_of(partnership, scale)
    assert client.post(url("add"), fields).context["form"].errors["group"] == ["Choose the group that you chair"]
    refused = client.post(url("add"), fields | {"group": learning_group.pk})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["group"])
    assert client.post(url("add"), fields | {"group": scrutiny_group.pk}).status_code == 302
    assert [client_of(each).get(url("add")).status_code for each in (partner, advisor)] == [403, 403]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": " "}, {"title": "Enter the theme"}),
        (
            {"records_from": ["1", "5", "2026"], "records_to": ["1", "4", "2026"]},
            {"records_to": "Enter a day that is not before the first"},
        ),
        ({"grades_due_on": ["11", "1", "2027"]}, {"grades_due_on": "Enter a day that has not passed"}),
        ({"grades_due_on": ["11", "1", "2207"]}, {"grades_due_on": "Enter a day before the end of 2032"}),
        ({"partnerships": []}, {"partnerships": "Choose the partnership it is for"}),
    ],
)
def test_what_cannot_be_planned_is_said_at_its_field(client_of, office, partnership, scale, typed, said):
    fields = plan_of(partnership, scale)
    for name, value in typed.items():
        days = {"records_from", "records_to", "grades_due_on"}
        fields |= {f"{name}_{n}": part for n, part in enumerate(value)} if name in days else {name: value}
    names = {
        f"{name}_{part}": value
        for name, parts in typed.items()
        if "_" in name
        for part, value in zip(("day", "month", "year"), parts, strict=False)
    }
    answer = client_of(office).post(url("add"), fields | names)
    assert answer.status_code == 422
    assert {name: errors[0] for name, errors in answer.context["form"].errors.items()} == said
    assert not Audit.objects.exists()


def test_an_entry_of_the_timetable_begins_an_audit_and_another_s_does_not(
    client_of, office, partnership, far_partnership
):
    entry = TimetableEntryFactory(partnerships=[partnership], title="Injuries to babies")
    far = TimetableEntryFactory(partnerships=[far_partnership], title="Far away")
    form = client_of(office).get(f"{url('add')}?entry={entry.pk}").context["form"]
    assert (form["title"].value(), form["timetable_entry"].value()) == ("Injuries to babies", entry.pk)
    assert client_of(office).get(f"{url('add')}?entry={far.pk}").context["form"]["title"].value() is None


# The tool


def rows_of(page, **more):
    """The rows of a page as a browser sends them."""
    rows = page.context["rows"]
    data = {"rows": str(len(rows)), "mark": rows.mark}
    for form in rows:
        for field in form:
            value = field.value()
            if value not in (None, False):
                data[field.html_name] = value
    return data | more


def tool_in_words(audit):
    return [(section.title, [q.text for q in section.questions.all()]) for section in planning.tool_of(audit)]


def test_the_tool_begins_with_the_starter_or_a_former_audit_s(client_of, office, audit, partnership, scale):
    new = AuditFactory(partnerships=[partnership], scale=scale, asked_on=None, title="Another")
    client = client_of(office)
    for _press in range(2):
        client.post(url("tool", new.pk), {"begin": "former", "former": audit.pk})
    assert tool_in_words(new) == tool_in_words(audit)
    client.post(url("tool", new.pk), {"begin": "starter"})
    assert len(tool_in_words(new)) == 5


def test_a_tool_of_an_audit_that_one_does_not_read_is_not_copied(client_of, office, audit, far_partnership, scale):
    far = AuditFactory(partnerships=[far_partnership], scale=scale)
    AuditQuestionFactory(section=AuditSectionFactory(audit=far))
    before = tool_in_words(audit)
    client_of(office).post(url("tool", audit.pk), {"begin": "former", "former": far.pk})
    assert tool_in_words(audit) == before


def test_questions_are_moved_added_and_taken_out(client_of, office, audit):
    client = client_of(office)
    page = client.get(url("tool", audit.pk))
    typed = {"q0-remove": "on", "q2-text": "Who was told?", "q2-section": "working together", "q2-guidance": "Dates."}
    assert client.post(url("tool", audit.pk), rows_of(page, **typed)).status_code == 302
    assert tool_in_words(audit) == [("Working together", ["Working together: is it there?", "Who was told?"])]


def test_a_question_without_a_section_is_sent_back_with_all_that_was_typed(client_of, office, audit):
    client = client_of(office)
    page = client.get(url("tool", audit.pk))
    answer = client.post(url("tool", audit.pk), rows_of(page, **{"q2-text": "Who was told?"}))
    assert answer.status_code == 422
    assert "Enter the section it stands under" in answer.content.decode()
    assert "Who was told?" in answer.content.decode()


def test_who_saves_over_another_s_tool_is_told_first(client_of, office, audit):
    client = client_of(office)
    page = client.get(url("tool", audit.pk))
    planning.begin_tool(audit)
    answer = client.post(url("tool", audit.pk), rows_of(page))
    assert answer.status_code == 409
    assert len(tool_in_words(audit)) == 5


# The cases


def case_row(number, reference, about, *organisations):
    prefix = f"q{number}"
    chosen = [organisation.pk for organisation in organisations]
    return {f"{prefix}-reference": reference, f"{prefix}-about": about, f"{prefix}-organisations": chosen}


def test_cases_are_listed_with_the_agencies_that_know_them(client_of, office, audit, charity, hospital):
    client = client_of(office)
    page = client.get(url("cases", audit.pk))
    typed = case_row(0, "Case A", "Under 5, neglect", charity, hospital) | case_row(1, "Case B", "", charity)
    assert client.post(url("cases", audit.pk), rows_of(page, **typed)).status_code == 302
    assert [(each["reference"], each["about"], each["organisations"]) for each in planning.rows_of_cases(audit)] == [
        ("Case A", "Under 5, neglect", sorted([charity.pk, hospital.pk])),
        ("Case B", "", [charity.pk]),
    ]


@pytest.mark.parametrize(
    ("reference", "about", "said"),
    [
        (NHS_NUMBER, "", f"“{NHS_NUMBER}” may be somebody’s number or e-mail address"),
        ("Case A", "Born 3.4.2019, neglect", "may be a date of birth"),
        ("Case A", "Lives at TN24 9AB", "“TN24 9AB” may be somebody’s address"),
        ("Jayden", "", "Is “Jayden” somebody’s name?"),
    ],
)
def test_what_may_say_who_a_case_is_about_is_refused(client_of, office, audit, charity, reference, about, said):
    client = client_of(office)
    page = client.get(url("cases", audit.pk))
    answer = client.post(url("cases", audit.pk), rows_of(page, **case_row(0, reference, about, charity)))
    assert answer.status_code == 422
    assert said in str(answer.context["rows"].forms[0].errors)
    assert not audit.cases.exists()


def test_two_cases_of_one_reference_and_an_agency_from_elsewhere_are_refused(
    client_of, office, audit, charity, far_partnership
):
    client = client_of(office)
    page = client.get(url("cases", audit.pk))
    typed = case_row(0, "Case A", "", charity) | case_row(1, "case a", "", charity)
    answer = client.post(url("cases", audit.pk), rows_of(page, **typed))
    assert "Another case is called so" in str(answer.context["rows"].forms[1].errors)
    typed = case_row(0, "Case A", "", OrganisationFactory(name="Far away"))
    assert client.post(url("cases", audit.pk), rows_of(page, **typed)).status_code == 422
    assert not audit.cases.exists()


def test_an_agency_that_was_asked_by_mistake_is_asked_no_longer_unless_it_submitted(
    client_of, office, asked, own, theirs, partner, other_partner
):
    fill(own, 2, by=partner)
    submit(theirs, 2, by=other_partner)
    client = client_of(office)
    page = client.get(url("cases", asked.pk))
    client.post(url("cases", asked.pk), rows_of(page, **{"q0-organisations": []}))
    assert list(AuditGrading.objects.filter(case=own.case)) == [theirs]


def test_once_agencies_were_asked_no_case_goes(client_of, office, asked):
    client = client_of(office)
    page = client.get(url("cases", asked.pk))
    client.post(url("cases", asked.pk), rows_of(page, **{"q0-remove": "on"}))
    assert asked.cases.count() == 2
    with pytest.raises(planning.AlreadyAsked):
        planning.keep_cases(asked, [])


# Asking


def test_agencies_are_asked_once_everything_is_there(client_of, office, audit, charity, partner):
    client = client_of(office)
    answer = client.post(url("ask", audit.pk))
    assert (answer.status_code, [words for words, _place in answer.context["problems"]]) == (
        422,
        ["List the cases that are looked at"],
    )
    AuditGradingFactory(case=AuditCaseFactory(audit=audit, reference="Case A"), organisation=charity)
    AuditCaseFactory(audit=audit, reference="Case B")
    assert planning.problems_before_asking(audit, on=TODAY) == ["Choose the agencies that know Case B"]
    assert client_of(partner).get(audit.get_absolute_url()).status_code == 404
    AuditGradingFactory(case=audit.cases.get(reference="Case B"), organisation=charity)
    for _press in range(2):
        assert client.post(url("ask", audit.pk)).status_code == 302
    audit.refresh_from_db()
    assert (audit.asked_on, audit.state) == (TODAY, "grading")
    assert client_of(partner).get(audit.get_absolute_url()).status_code == 200


def test_the_agency_is_told_by_its_deadlines_and_who_is_silent_the_office_alone_sees(
    client_of, office, advisor, scrutiny_chair, partner, asked, own, theirs, other_partner
):
    submit(theirs, 2, by=other_partner)
    page = client_of(partner).get(reverse("assurance:my-work")).content.decode()
    assert "Neglect seen early: grade Case A" in page and own.get_absolute_url() in page
    context = client_of(office).get(asked.get_absolute_url()).context
    assert [(str(each), list(map(str, cases))) for each, cases in context["silent"]] == [
        ("Lantern Family Trust", ["Case A", "Case B"])
    ]
    for other in (advisor, scrutiny_chair):
        page = client_of(other).get(asked.get_absolute_url())
        assert page.context["silent"] == []
        assert b"Lantern Family Trust" not in page.content


# Grading


def answered(record, **values):
    question = read_sheet(record).parts[0].questions[0]
    return url("answer-save", record.pk, question.row.pk), {f"{question.key}-{name}": v for name, v in values.items()}


def test_each_answer_is_saved_by_itself_with_its_version(client_of, partner, own):
    client = client_of(partner)
    address, values = answered(own, answer="partly", evidence="Seen once.", seen="0-x")
    first = client.post(address, values).json()
    assert (first["values"], first["seen"].partition("-")[0]) == ({"answer": "partly", "evidence": "Seen once."}, "1")
    assert client.post(address, values).json()["seen"] == first["seen"]
    row = AuditAnswer.objects.get()
    assert (row.answer, row.evidence, row.version, row.updated_by) == ("partly", "Seen once.", 1, partner)


def test_a_grade_is_of_the_scale_and_of_this_audit(client_of, partner, own, scale, partnership):
    client = client_of(partner)
    answer = client.post(url("grade-save", own.pk), {"g0-score": "7"})
    assert (answer.status_code, answer.json()["problem"]) == (422, "Choose one of the grades of this scale")
    assert client.post(url("grade-save", own.pk), {"g0-score": "2", "g0-reasons": "Clear."}).status_code == 200
    section = AuditSectionFactory(audit=AuditFactory(partnerships=[partnership], scale=scale))
    assert client.post(url("grade-save", own.pk, section.pk), {}).status_code == 404
    [grade] = AuditGrade.objects.all()
    assert (grade.section, grade.score, grade.reasons) == (None, 2, "Clear.")


def test_what_a_colleague_saved_meanwhile_is_shown_beside_one_s_own(client_of, partner, own, charity):
    colleague = hold("Ola Reyes", "Volunteer lead", organisation=charity)
    address, values = answered(own, answer="no", evidence="Nothing found.", seen="0-x")
    client_of(colleague).post(address, values)
    _address, values = answered(own, answer="yes", evidence="Found it.", seen="0-x")
    answer = client_of(partner).post(address, values)
    assert answer.status_code == 409
    assert {name: answer.json()[name] for name in ("by", "theirs", "values")} == {
        "by": "Ola Reyes",
        "theirs": "No\nNothing found.",
        "values": {"answer": "no", "evidence": "Nothing found."},
    }
    page = client_of(partner).post(own.get_absolute_url(), values)
    assert page.status_code == 409
    assert "Found it." in page.content.decode() and "Nothing found." in page.content.decode()
    assert AuditAnswer.objects.get().evidence == "Nothing found."


def test_and_so_is_what_stood_there_before_both(client_of, partner, own, charity):
    colleague = hold("Ola Reyes", "Volunteer lead", organisation=charity)
    address, values = answered(own, answer="partly", evidence="A note of a visit.", seen="0-x")
    client_of(partner).post(address, values)
    _address, values = answered(own, answer="no", evidence="Nothing found.", seen="1-x")
    client_of(colleague).post(address, values)
    _address, values = answered(own, answer="yes", evidence="Found it.", seen="1-x")
    answer = client_of(partner).post(address, values)
    assert (answer.status_code, answer.json()["before"]) == (409, "Partly\nA note of a visit.")
    page = client_of(partner).post(own.get_absolute_url(), values).content.decode()
    assert ("When you began it said:" in page, "A note of a visit." in page) == (True, True)


def test_nobody_else_reads_or_writes_a_draft(client_of, office, other_partner, scrutiny_chair, advisor, own):
    address, values = answered(own, answer="yes", evidence="Taken over.")
    for other in (office, other_partner, scrutiny_chair, advisor):
        client = client_of(other)
        assert [client.get(own.get_absolute_url()).status_code, client.post(address, values).status_code] == [404, 404]
    assert not AuditAnswer.objects.exists()


def test_a_grading_is_submitted_once_it_is_whole_and_then_stands(client_of, partner, office, own):
    client = client_of(partner)
    page = client.post(url("grading-submit", own.pk))
    assert (page.status_code, len(page.context["sheet"].gaps)) == (422, 5)
    fill(own, 2, by=partner)
    looked_at = client.get(url("grading-submit", own.pk)).context["sheet"].mark
    address, values = answered(own, answer="no", evidence="Looked again.", seen="1-x")
    client.post(address, values)
    assert client.post(url("grading-submit", own.pk), {"seen": looked_at}).status_code == 409
    mark = client.get(url("grading-submit", own.pk)).context["sheet"].mark
    assert client.post(url("grading-submit", own.pk), {"seen": mark}).status_code == 302
    own.refresh_from_db()
    assert own.submitted_by == partner
    late = client.post(address, values | {next(iter(values)): "yes"})
    assert (late.status_code, late.json()["is_over"]) == (409, True)
    _address, typed = answered(own, answer="yes", evidence="Typed too late.", seen="2-x")
    page = client.post(own.get_absolute_url(), typed)
    assert page.status_code == 409 and "Typed too late." in page.content.decode()
    assert client_of(office).get(own.get_absolute_url()).status_code == 200


def test_the_office_hands_back_with_a_reason_that_the_agency_reads(client_of, office, advisor, partner, submitted, own):
    assert client_of(advisor).post(url("hand-back", own.pk), {"because": "x"}).status_code == 403
    assert client_of(office).post(url("hand-back", own.pk), {"because": " "}).status_code == 422
    client_of(office).post(url("hand-back", own.pk), {"because": "Case A has another father."})
    page = client_of(partner).get(own.get_absolute_url())
    assert "Case A has another father." in page.content.decode()
    assert page.context["sheet"].answered_count == 5
    assert client_of(office).get(own.get_absolute_url()).status_code == 404


def test_once_the_grades_are_agreed_a_draft_is_read_and_no_longer_changed(client_of, partner, agreed, charity):
    left = AuditGrading.objects.get(case__reference="Case B", organisation=charity)
    with pytest.raises(grading.GradingEnded):
        fill(left, 2, by=partner)
    page = client_of(partner).get(left.get_absolute_url())
    assert page.status_code == 200 and b"Not submitted before the grades were agreed" in page.content


def test_words_that_were_not_seen_are_not_written_over(own, partner):
    question = read_sheet(own).parts[0].questions[0].row
    grading.save_answer(own, question, answer="yes", evidence="One.", seen=0, by=partner, at=NOW)
    with pytest.raises(SavedMeanwhile):
        grading.save_answer(own, question, answer="no", evidence="Two.", seen=0, by=partner, at=NOW)


# The meeting


def test_what_agencies_gave_stands_side_by_side_and_what_differs_is_marked(client_of, scrutiny_chair, submitted):
    page = client_of(scrutiny_chair).get(url("moderate", submitted.pk))
    first, second = page.context["rows"]
    assert [
        (cell.title, [(str(each.organisation), each.words) for each in cell.given], cell.differs)
        for cell in first.cells
    ] == [
        (title, [("Lantern Family Trust", "Good"), ("St Brannoc’s Hospital Trust", "Inadequate")], True)
        for title in ("The child’s day", "Working together", "The case as a whole")
    ]
    assert [cell.given for cell in second.cells] == [(), (), ()]
    assert page.content.decode().count("They differ") >= 3


def agreed_fields(page, **typed):
    return {field.html_name: field.value() or "" for field in page.context["form"]} | typed


def test_the_meeting_agrees_with_reasons_where_it_differs(client_of, scrutiny_chair, submitted):
    client = client_of(scrutiny_chair)
    case = submitted.cases.get(reference="Case A")
    address = url("moderate-case", submitted.pk, case.pk)
    page = client.get(address)
    answer = client.post(address, agreed_fields(page, score_0="3"))
    assert answer.context["form"].errors == {"reasons_0": ["Say why: it differs from what an agency gave"]}
    assert client.post(address, agreed_fields(page, score_0="3", reasons_0="Late.")).status_code == 302
    assert [(row.section, row.score, row.reasons) for row in case.moderations.all()] == [(None, 3, "Late.")]
    stale = client.post(address, agreed_fields(page, score_0="4", reasons_0="Worse."))
    assert stale.status_code == 409
    assert AuditModeration.objects.get().score == 3


def test_the_grades_are_agreed_once_each_graded_case_has_one(client_of, office, advisor, submitted, scrutiny_chair):
    client = client_of(office)
    typed = {"meeting": "", "on_day": "12", "on_month": "1", "on_year": "2027"}
    refused = client.post(url("moderate", submitted.pk), typed)
    assert refused.status_code == 422
    assert "Agree a grade for the whole of these cases first: Case A" in refused.content.decode()
    agree(submitted, 3, by=scrutiny_chair)
    assert client_of(advisor).post(url("moderate", submitted.pk), typed).status_code == 403
    future = client.post(url("moderate", submitted.pk), typed | {"on_year": "2028"})
    assert future.context["form"].errors == {"on": ["Enter a day that is not in the future"]}
    assert client.post(url("moderate", submitted.pk), typed).status_code == 302
    submitted.refresh_from_db()
    assert (submitted.moderated_on, submitted.state) == (TODAY, "agreed")


# What it found


def test_a_finding_is_kept_once_and_says_in_how_many_cases_it_was_seen(client_of, office, asked):
    client = client_of(office)
    typed = {"kind": "concern", "text": "Fathers were not asked.", "seen_in": "3", "training_need": "Ask fathers"}
    refused = client.post(url("finding-add", asked.pk), typed)
    assert refused.context["form"].errors == {"seen_in": ["Enter a number from 1 to 2, or leave it empty"]}
    for _press in range(2):
        client.post(url("finding-add", asked.pk), typed | {"seen_in": "2"})
    assert [(f.text, f.seen_in, f.position) for f in asked.findings.all()] == [("Fathers were not asked.", 2, 1)]


def test_a_finding_becomes_one_recommendation_in_the_register(
    client_of, office, scrutiny_chair, asked, partnership, other_partnership
):
    finding = AuditFindingFactory(audit=asked)
    typed = {"partnership": partnership.pk, "text": "Ask every father.", "measure": "Seven of ten records."}
    assert client_of(scrutiny_chair).post(url("finding-recommend", finding.pk), typed).status_code == 403
    client = client_of(office)
    elsewhere = client.post(url("finding-recommend", finding.pk), typed | {"partnership": other_partnership.pk})
    assert elsewhere.status_code == 422
    for _press in range(2):
        client.post(url("finding-recommend", finding.pk), typed)
    [made] = Recommendation.objects.all()
    assert (made.source, made.source_title, made.text, made.partnership) == (
        "audit",
        "Neglect seen early",
        "Ask every father.",
        partnership,
    )
    assert list(finding.recommendations.all()) == [made]


# Told


def test_members_are_told_figures_and_findings_and_no_case_and_no_agency_s_grade(
    client_of, office, lead, other_partner, agreed, scrutiny_chair
):
    AuditFindingFactory(audit=agreed, text="Fathers were asked in one case.", training_need="Ask fathers")
    assert client_of(lead).get(agreed.get_absolute_url()).status_code == 404
    assert client_of(scrutiny_chair).get(url("release", agreed.pk)).status_code == 403
    client = client_of(office)
    assert client.post(url("release", agreed.pk), {"summary": " "}).status_code == 422
    client.post(url("release", agreed.pk), {"summary": "Days are described."})
    page = client_of(lead).get(agreed.get_absolute_url())
    words = page.content.decode()
    assert [(part.title, [(each.word, each.count) for each in part.given]) for part in page.context["parts"]] == [
        (title, [("Requires improvement", 1)])
        for title in ("The child’s day", "Working together", "The case as a whole")
    ]
    assert "Fathers were asked in one case." in words and "Days are described." in words
    for secret in ("Canary of one case", "Case A", "Lantern Family Trust", "Heard, but late.", "Good practice"):
        assert secret not in words, secret
    assert [need.training_need for need in AuditFinding.objects.training_needs()] == ["Ask fathers"]


def test_what_was_told_no_longer_changes(client_of, office, scrutiny_chair, told):
    before = told.figures
    with pytest.raises(moderating.GradesStand):
        agree(told, 1, by=scrutiny_chair)
    client = client_of(office)
    for name in ("change", "cases", "finding-add", "release"):
        assert client.post(url(name, told.pk), {"summary": "Other"}).status_code == 302
    told.refresh_from_db()
    assert (told.figures, told.summary, told.findings.count()) == (before, "Days are described.", 0)


def test_its_entry_of_the_timetable_is_done_on_the_day_members_are_told(agreed, office, partnership):
    agreed.timetable_entry = TimetableEntryFactory(partnerships=[partnership])
    agreed.save()
    told = telling.tell_members(agreed, summary="All.", re_audit_on=None, by=office, on=TODAY)
    assert told.timetable_entry.done_on == TODAY


def test_nothing_is_told_before_the_grades_are_agreed(office, submitted):
    with pytest.raises(telling.NotModerated):
        telling.tell_members(submitted, summary="All.", re_audit_on=None, by=office, on=TODAY)


def test_it_feeds_the_yearly_report_and_the_reasons_of_a_plan_from_the_day_it_is_told(
    office, partnership, agreed, lead
):
    year = Year(frozenset([partnership.pk]), date(2026, 4, 1), date(2027, 3, 31))

    def offered():
        report = [offer.text for offer in all_offers(year) if offer.kind == "audit"]
        return report, [row[2] for row in offers.told(lead, [partnership.pk])]

    assert offered() == ([], [])
    telling.tell_members(agreed, summary="Days are described.", re_audit_on=None, by=office, on=TODAY)
    assert offered() == (
        ["Neglect seen early: Days are described. Of 1 cases: requires improvement 1."],
        ["Audit: Neglect seen early, January 2027"],
    )


# Again


def counts(**given):
    return [
        telling.Counted(score=score.strip("n"), word="", code="", token="grey", shape="ring", count=count)  # noqa: S106
        for score, count in given.items()
    ]


@pytest.mark.parametrize(
    ("then", "now", "best", "said"),
    [
        ({"n3": 3, "n4": 1}, {"n2": 4, "n3": 1}, "lowest", telling.BETTER),
        ({"n3": 3, "n4": 1}, {"n2": 4, "n3": 1}, "highest", telling.WORSE),
        ({"n3": 2, "n4": 2}, {"n3": 3, "n4": 2}, "lowest", telling.SAME),
        ({"n2": 4}, {"n2": 9}, "lowest", telling.SAME),
        ({"n2": 0}, {"n2": 9}, "lowest", telling.UNKNOWN),
    ],
)
def test_movement_counts_pairs_of_cases_and_averages_nothing(then, now, best, said):
    assert telling.movement(counts(**then), counts(**now), best) == said


def test_it_is_looked_at_again_once_with_the_same_tool_and_stands_beside_the_first(
    client_of, office, lead, told, charity, partner
):
    client = client_of(office)
    for _press in range(2):
        client.post(url("again", told.pk))
    [again] = Audit.objects.filter(re_audit_of=told)
    assert tool_in_words(again) == tool_in_words(told)
    record = AuditGradingFactory(
        case=AuditCaseFactory(audit=again, position=1, reference="Case A"), organisation=charity
    )
    again.grades_due_on = date(2027, 3, 1)
    again.save()
    planning.ask_agencies(again, on=TODAY)
    submit(record, 2, by=partner)
    agree(again, 2, by=office)
    moderating.end_moderation(again, meeting=None, on=TODAY)
    telling.tell_members(again, summary="Better.", re_audit_on=None, by=office, on=TODAY)
    page = client_of(lead).get(again.get_absolute_url())
    assert [
        (part.title, part.given_before[0].word, part.given[0].word, part.movement) for part in page.context["parts"]
    ] == [
        (title, "Requires improvement", "Good", "Better")
        for title in ("The child’s day", "Working together", "The case as a whole")
    ]


def test_an_audit_closes_with_a_reason(client_of, office, asked):
    assert client_of(office).post(url("close", asked.pk), {"because": ""}).status_code == 422
    client_of(office).post(url("close", asked.pk), {"because": "The theme was looked at elsewhere."})
    asked.refresh_from_db()
    assert (asked.state, asked.closed_because) == ("closed", "The theme was looked at elsewhere.")


# The list


def test_the_list_is_narrowed_and_taken_along(client_of, office, lead, told, partnership, scale):
    AuditFactory(partnerships=[partnership], scale=scale, title="Not told", asked_on=None)

    def titles(user, query=""):
        return [each.title for each in client_of(user).get(f"{url('list')}{query}").context["table"].data]

    assert titles(lead) == ["Neglect seen early"]
    assert set(titles(office)) == {"Neglect seen early", "Not told"}
    assert titles(office, "?state=planned") == ["Not told"]
    assert titles(office, "?state=told&words=neglect") == ["Neglect seen early"]
    assert "Told to members" in client_of(office).get(f"{url('list')}?export=csv").content.decode()


# Queries


@pytest.fixture
def many(asked, partner, scrutiny_chair):
    """``many(n)``: the audit with n cases, each submitted by n agencies and agreed."""

    def many(number):
        for n in range(number):
            case = AuditCaseFactory(audit=asked, position=10 + n, reference=f"Case {n}")
            for agency in [OrganisationFactory(name=f"Agency {n} {each}") for each in range(number)]:
                record = AuditGradingFactory(case=case, organisation=agency, submitted_at=NOW, submitted_by=partner)
                AuditGradeFactory(grading=record)
            AuditModerationFactory(case=case, moderated_by=scrutiny_chair)
            AuditFindingFactory(audit=asked, position=n)
        return asked

    return many


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("list", 9), ("detail", 18), ("cases", 10), ("moderate", 17)])
def test_no_page_asks_more_for_more_cases_and_agencies(
    client_of, office, many, django_assert_num_queries, name, queries, count
):
    audit = many(count)
    client = client_of(office)
    args = [] if name == "list" else [audit.pk]
    client.get(url(name, *args))
    with django_assert_num_queries(queries):
        client.get(url(name, *args))


@pytest.mark.parametrize("count", [1, 3])
def test_the_agency_s_page_asks_the_same_however_long_the_tool_is(
    client_of, partner, own, django_assert_num_queries, count
):
    for n in range(count):
        section = AuditSectionFactory(audit=own.audit, position=5 + n)
        AuditQuestionFactory(section=section, position=1)
        AuditGradeFactory(grading=own, section=section, updated_by=partner)
    client = client_of(partner)
    with django_assert_num_queries(12):
        client.get(own.get_absolute_url())


def test_a_group_that_was_closed_does_not_look_again(told, scrutiny_group):
    scrutiny_group.closed_on = TODAY
    scrutiny_group.save()
    assert planning.look_again(told).group is None


def test_a_group_of_another_partnership_is_refused(client_of, office, partnership, scale, far_partnership):
    far = GroupFactory(partnerships=[far_partnership])
    answer = client_of(office).post(url("add"), plan_of(partnership, scale, group=far.pk))
    assert list(answer.context["form"].errors) == ["group"]
