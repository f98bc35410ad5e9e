"""What the world of the access table holds of requests, returns, standards, surveys and schools."""

from datetime import UTC, date, datetime

from assurance.models import ReturnEvidence, SchoolImport, SchoolLetters, ScrutinyResponse, SummarySection
from assurance.return_sheet import content_of, read_sheet
from partnership.models import Document
from tests.factories import AssuranceRequestFactory, QuestionFactory, ReturnFactory
from tests.factories_assurance import (
    AssessmentFactory,
    AssuranceLevelFactory,
    ImprovementFactory,
    ModerationPanelFactory,
    PractitionerSurveyFactory,
    QuestionSetFactory,
    ReturnCopyFactory,
    ScaleFactory,
    SchoolFactory,
    SchoolQuestionFactory,
    SchoolReturnFactory,
    SchoolSurveyFactory,
    ScrutinyFactory,
    SetQuestionFactory,
    StandardFactory,
    StandardSetFactory,
    SurveyInvitationFactory,
    SurveyStatementFactory,
    ThematicSummaryFactory,
)

LAST_WEEK = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)


def assurance_of(partnership, people, draft_return, submitted_return, group):
    """Fields of the world. ``group`` scrutinises what comes of the returns that stand in the cast."""
    request = draft_return.request
    request.group = group
    request.save()
    planned = AssuranceRequestFactory(
        partnerships=[partnership], title="Assurance return 2027 to 2028", due_on=date(2028, 1, 28), sent_on=None
    )
    QuestionFactory(request=planned, position=1)
    planned.organisations.set([draft_return.organisation])
    own_set = QuestionSetFactory(partnership=partnership, title="Our own questions")
    set_question = SetQuestionFactory(question_set=own_set, position=1)
    scale = ScaleFactory(partnership=partnership, name="Our own scale")
    standards = StandardSetFactory(title="Duties of agencies", edition="2026", scale=scale, partnership=partnership)
    standard = StandardFactory(standard_set=standards, position=1, code="1.1")
    being_written = StandardSetFactory(
        title="Duties of agencies", edition="2027", scale=scale, partnership=partnership, published_on=None
    )
    asked = AssuranceRequestFactory(
        partnerships=[partnership], title="Self-assessment 2026", standards=standards, group=group
    )
    assessed = ReturnFactory(
        request=asked,
        organisation=submitted_return.organisation,
        signed_off_by="Chief nurse",
        submitted_by=people["other_partner"],
        submitted_at=LAST_WEEK,
        edition=1,
    )
    assessment = AssessmentFactory(record=assessed, standard=standard)
    measuring = ReturnFactory(request=asked, organisation=draft_return.organisation)
    AssessmentFactory(record=measuring, standard=standard, evidence="Canary of a draft assessment")
    ReturnCopyFactory(
        record=assessed, partnership=partnership, taken_at=LAST_WEEK, content=content_of(read_sheet(assessed))
    )
    panel = ModerationPanelFactory(request=asked, partnership=partnership, returns=[assessed])
    survey = PractitionerSurveyFactory(partnership=partnership, request=asked)
    SurveyStatementFactory(survey=survey, position=1, standard=standard)
    school = SchoolFactory(area=partnership.areas.first(), name="Elm Road Primary School")
    school_survey = SchoolSurveyFactory(partnership=partnership)
    SchoolQuestionFactory(survey=school_survey, position=1)
    summary = ThematicSummaryFactory(request=request, partnership=partnership, introduction="Canary of a summary")
    document = Document.keep(filename="audit-of-records.pdf", content=b"%PDF-1.7", by=people["partner"])
    level = AssuranceLevelFactory(partnership=partnership, word="Not yet assured")
    scrutiny = ScrutinyFactory(record=submitted_return, partnership=partnership)
    return {
        "request_asked": request,
        "request_planned": planned,
        "question_set": own_set,
        "set_question": set_question,
        "scale": scale,
        "standard_set": standards,
        "standard_set_being_written": being_written,
        "standard": standard,
        "self_assessment_request": asked,
        "self_assessment": assessed,
        "self_assessment_draft": measuring,
        "assessment": assessment,
        "improvement": ImprovementFactory(assessment=assessment),
        "assurance_level": level,
        "moderation_panel": panel,
        "scrutiny": scrutiny,
        "scrutiny_response": ScrutinyResponse.objects.create(
            scrutiny=scrutiny, level=level, text="We ask for more.", sent_by=people["office"], sent_at=LAST_WEEK
        ),
        "return_copy": ReturnCopyFactory(record=submitted_return, partnership=partnership),
        "return_evidence": ReturnEvidence.objects.create(
            record=draft_return,
            question=request.questions.get(position=1),
            label="Audit of records",
            document=document,
            added_by=people["partner"],
            added_at=LAST_WEEK,
        ),
        "thematic_summary": summary,
        "summary_section": SummarySection.objects.create(
            summary=summary, position=1, heading="Supervision", text="Most have it every month."
        ),
        "practitioner_survey": survey,
        "survey_invitation": SurveyInvitationFactory(survey=survey, organisation=draft_return.organisation),
        "school": school,
        "school_import": SchoolImport.objects.create(
            partnership=partnership,
            document=Document.keep(filename="schools.csv", content=b"URN", by=people["office"]),
            understood={},
            created_by=people["office"],
        ),
        "school_survey": school_survey,
        "school_return": SchoolReturnFactory(survey=school_survey, school=school),
        "school_letters": SchoolLetters.objects.create(
            survey=school_survey,
            turn=1,
            letter_count=2,
            requested_by=people["office"],
            state=SchoolLetters.State.DONE,
            pdf=b"%PDF-1.7",
            word=b"PK",
            size=8,
            word_size=2,
            page_count=2,
            finished_at=LAST_WEEK,
        ),
    }
