"""Yearly returns of the agencies of an invented nation, what schools answered, and the annual reports."""

from datetime import timedelta

from assurance.models import (
    AnnualReport,
    Answer,
    AssuranceRequest,
    Question,
    ReportSection,
    Return,
    ReturnCopy,
    School,
    SchoolAnswer,
    SchoolQuestion,
    SchoolReturn,
    SchoolSurvey,
    Scrutiny,
)
from partnership.nation.meetings import weekday
from partnership.nation.rows import moment

QUESTIONS, SCHOOLS, SCHOOL_QUESTIONS = 5, 30, 4
FIRST_URN = 700_000
PHASES = ["Primary", "Primary", "Primary", "Secondary"]


def make_request(home, year, levels, *, rows, words, on):
    """The yearly request, asked in autumn; ``levels``: keys of the levels of assurance."""
    sent_on = weekday(year + timedelta(days=160))
    if sent_on >= on:
        return
    due_on, by = weekday(sent_on + timedelta(days=56)), home.manager
    request = rows.add(
        AssuranceRequest,
        at=moment(sent_on),
        by=by,
        title=f"Assurance return {year.year}",
        introduction=words.of("reason"),
        due_on=due_on,
        group_id=home.groups[3],
        sent_on=sent_on,
        sent_by_id=by,
    )
    at = moment(sent_on)
    rows.link(AssuranceRequest, "partnerships", at=at, by=by, assurancerequest_id=request, partnership_id=home.key)
    questions = []
    for position in range(1, QUESTIONS + 1):
        text = words.of("question")
        key = rows.add(Question, at=at, by=by, request_id=request, position=position, text=text, is_voice=position == 5)
        questions.append((key, text))
    for place, organisation in enumerate(home.organisations):
        rows.link(
            AssuranceRequest, "organisations", at=at, by=by, assurancerequest_id=request, organisation_id=organisation
        )
        answer_request(
            home, place, request, questions, sent_on, due_on, levels, year=year, rows=rows, words=words, on=on
        )


def answer_request(home, place, request, questions, sent_on, due_on, levels, *, year, rows, words, on):
    submitted_on, person = weekday(due_on - timedelta(days=words.rng.randint(-6, 20))), home.people[place]
    is_in = submitted_on < on and words.chance(93)
    values = {}
    if is_in:
        values = {
            "signed_off_by": f"Safeguarding lead {place + 1}",
            "submitted_by_id": person,
            "submitted_at": moment(submitted_on),
            "begun_at": moment(sent_on, 9),
            "edition": 1,
            "was": {"signed_off_by": "", "submitted_by_id": None, "submitted_at": None, "begun_at": None, "edition": 0},
            "changed_at": moment(submitted_on),
            "changed_by": person,
        }
    organisation = home.organisations[place]
    record = rows.add(
        Return, at=moment(sent_on), by=home.manager, request_id=request, organisation_id=organisation, **values
    )
    if not is_in:
        return
    lines = []
    for key, title in questions:
        said = f"{words.of('answer')} {words.of('difference')}"
        at = moment(submitted_on, 8)
        rows.add(
            Answer,
            at=at,
            by=person,
            record_id=record,
            question_id=key,
            text=said,
            version=1,
            updated_by_id=person,
            updated_at=at,
        )
        lines.append(
            {
                "key": f"q{key}",
                "title": title,
                "files": [],
                "is_still_true": False,
                "is_answered": True,
                "answer": said,
                "last_words": "",
            }
        )
    content = {
        "title": f"Assurance return {year.year}",
        "introduction": "",
        "due_on": due_on.isoformat(),
        "organisation": home.names[place],
        "partnerships": [home.name],
        "standards": None,
        "sections": [{"title": "", "lines": lines}],
        "submitted_by": values["signed_off_by"],
        "submitted_at": moment(submitted_on).isoformat(),
    }
    rows.add(
        ReturnCopy,
        at=moment(submitted_on),
        record_id=record,
        partnership_id=home.key,
        edition=1,
        content=content,
        signed_off_by=values["signed_off_by"],
        taken_at=moment(submitted_on),
    )
    judge(home, record, submitted_on, levels, rows=rows, words=words, on=on)


def judge(home, record, submitted_on, levels, *, rows, words, on):
    judged_on, by = weekday(submitted_on + timedelta(days=40)), home.chair(3)
    values = {}
    if judged_on < on:
        values = {
            "level_id": words.rng.choice(levels),
            "reasons": words.of("comment"),
            "judged_by_id": by,
            "judged_at": moment(judged_on),
            "was": {"level_id": None, "reasons": "", "judged_by_id": None, "judged_at": None},
            "changed_at": moment(judged_on),
        }
    rows.add(Scrutiny, at=moment(submitted_on), by=by, record_id=record, partnership_id=home.key, **values)


def make_schools(home, *, rows, words):
    """Keys of the partnership's schools."""
    made = []
    for number in range(SCHOOLS):
        head = words.person()
        name = f"{words.rng.choice(['St', 'Old', 'New', 'High', 'Low'])} {words.person().split(' ')[1]} School"
        made.append(
            rows.add(
                School,
                at=moment(home.begins_on),
                by=home.office[1],
                urn=FIRST_URN + home.number * 100 + number,
                name=f"{name}, {home.place} {number + 1}",
                area_id=home.area,
                phase=PHASES[number % len(PHASES)],
                kind="Community school",
                town=home.place,
                head_name=head,
                head_email=f"head.{number}@schools.{home.slug}.example",
                listed_on=home.begins_on,
            )
        )
    return made


def make_survey(home, year, schools, *, rows, words, on):
    sent_on = weekday(year + timedelta(days=200))
    if sent_on >= on:
        return
    due_on, by = weekday(sent_on + timedelta(days=42)), home.office[1]
    closed_on = due_on + timedelta(days=30)
    survey = rows.add(
        SchoolSurvey,
        at=moment(sent_on),
        by=by,
        partnership_id=home.key,
        title=f"Section 175 return {year.year} to {year.year + 1}",
        introduction=words.of("reason"),
        due_on=due_on,
        sent_on=sent_on,
        closed_on=closed_on if closed_on < on else None,
    )
    questions = []
    for position in range(1, SCHOOL_QUESTIONS + 1):
        kind = "yes-no" if position % 2 else "text"
        values = {"position": position, "text": words.of("question"), "kind": kind}
        key = rows.add(SchoolQuestion, at=moment(sent_on), by=by, survey_id=survey, **values)
        questions.append((key, kind))
    for school in schools:
        answered_on, at = weekday(sent_on + timedelta(days=words.rng.randint(2, 50))), moment(sent_on)
        if answered_on >= on or not words.chance(85):
            rows.add(SchoolReturn, at=at, by=by, survey_id=survey, school_id=school)
            continue
        submitted_at = moment(answered_on, 15)
        record = rows.add(
            SchoolReturn,
            at=at,
            by=by,
            survey_id=survey,
            school_id=school,
            opened_at=moment(answered_on, 14),
            submitted_at=submitted_at,
            answered_by="The head teacher",
            was={"opened_at": None, "submitted_at": None, "answered_by": ""},
            changed_at=submitted_at,
        )
        for key, kind in questions:
            said = (
                {"value": words.rng.choice(["yes", "yes", "no"])} if kind == "yes-no" else {"text": words.of("answer")}
            )
            rows.add(SchoolAnswer, at=submitted_at, record_id=record, question_id=key, version=1, **said)


def make_report(home, year, rule_set, headings, *, rows, words, on):
    """The yearly report as it is written, under every heading of the rule set: [(rule, title)]."""
    ends_on = year.replace(year=year.year + 1) - timedelta(days=1)
    at, by = moment(min(weekday(ends_on + timedelta(days=20)), on - timedelta(days=1))), home.manager
    report = rows.add(
        AnnualReport,
        at=at,
        by=by,
        title=f"Yearly report {year.year} to {year.year + 1}",
        starts_on=year,
        ends_on=ends_on,
        rule_set_id=rule_set,
        foreword=words.of("progress"),
        foreword_by="The chair",
    )
    rows.link(AnnualReport, "partnerships", at=at, by=by, annualreport_id=report, partnership_id=home.key)
    for position, (rule, title) in enumerate(headings, 1):
        rows.add(
            ReportSection,
            at=at,
            by=by,
            report_id=report,
            position=position,
            title=title,
            rule_id=rule,
            narrative=f"{words.of('progress')}\n\n{words.of('difference')} {words.of('voice')}",
        )
