"""Fixed factories of requests, returns, standards, surveys and schools: see ``factories.py``."""

from datetime import UTC, date, datetime

import factory

from assurance.models import (
    Assessment,
    AssuranceLevel,
    Improvement,
    ModerationPanel,
    PractitionerSurvey,
    QuestionSet,
    ReturnCopy,
    Scale,
    School,
    SchoolQuestion,
    SchoolReturn,
    SchoolSurvey,
    Scrutiny,
    SetQuestion,
    Standard,
    StandardSet,
    SurveyInvitation,
    SurveyStatement,
    ThematicSummary,
)
from tests.factories import (
    AreaFactory,
    AssuranceRequestFactory,
    Made,
    OfReturn,
    OrganisationFactory,
    PartnershipFactory,
    ReturnFactory,
    fill,
)


class QuestionSetFactory(Made):
    title = factory.Sequence(lambda n: f"Questions about neglect {n}")

    class Meta:
        model = QuestionSet


class SetQuestionFactory(Made):
    question_set = factory.SubFactory(QuestionSetFactory)
    position = factory.Sequence(int)
    text = "How do you know a neglected child when you meet one?"

    class Meta:
        model = SetQuestion


class ScaleFactory(Made):
    """0 to 3, the highest the best."""

    name = factory.Sequence(lambda n: f"Scale {n}")
    lowest = 0
    highest = 3

    class Meta:
        model = Scale


class StandardSetFactory(Made):
    title = "Duties of agencies"
    edition = factory.Sequence(lambda n: f"edition {n}")
    scale = factory.SubFactory(ScaleFactory)
    published_on = date(2026, 9, 1)

    class Meta:
        model = StandardSet


class StandardFactory(Made):
    standard_set = factory.SubFactory(StandardSetFactory)
    position = factory.Sequence(int)
    section = "Leadership"
    code = factory.Sequence(lambda n: f"1.{n}")
    text = "A senior leader answers for safeguarding."

    class Meta:
        model = Standard


class AssessmentFactory(OfReturn):
    record = factory.SubFactory(ReturnFactory)
    standard = factory.SubFactory(StandardFactory)
    score = 2

    class Meta:
        model = Assessment


class ImprovementFactory(Made):
    assessment = factory.SubFactory(AssessmentFactory)
    text = "Train every manager."
    due_on = date(2027, 3, 31)

    class Meta:
        model = Improvement


class ModerationPanelFactory(Made):
    request = factory.SubFactory(AssuranceRequestFactory)
    partnership = factory.SubFactory(PartnershipFactory)
    held_on = date(2027, 1, 11)

    returns = fill("returns")

    class Meta:
        model = ModerationPanel


class AssuranceLevelFactory(Made):
    position = factory.Sequence(int)
    word = factory.Sequence(lambda n: f"Assured {n}")

    class Meta:
        model = AssuranceLevel


class ScrutinyFactory(Made):
    record = factory.SubFactory(ReturnFactory)
    partnership = factory.SubFactory(PartnershipFactory)

    class Meta:
        model = Scrutiny


class ThematicSummaryFactory(Made):
    request = factory.SubFactory(AssuranceRequestFactory)
    partnership = factory.SubFactory(PartnershipFactory)

    class Meta:
        model = ThematicSummary


class ReturnCopyFactory(Made):
    record = factory.SubFactory(ReturnFactory)
    partnership = factory.SubFactory(PartnershipFactory)
    edition = 1
    content = factory.LazyFunction(dict)
    signed_off_by = "Chief nurse"
    taken_at = datetime(2027, 1, 8, 14, 0, tzinfo=UTC)

    class Meta:
        model = ReturnCopy


class PractitionerSurveyFactory(Made):
    partnership = factory.SubFactory(PartnershipFactory)
    title = "What practitioners say, 2027"
    opens_on = date(2027, 1, 4)
    closes_on = date(2027, 2, 26)

    class Meta:
        model = PractitionerSurvey


class SurveyStatementFactory(Made):
    survey = factory.SubFactory(PractitionerSurveyFactory)
    position = factory.Sequence(int)
    text = "I know whom to ask when I am worried about a child."

    class Meta:
        model = SurveyStatement


class SurveyInvitationFactory(Made):
    survey = factory.SubFactory(PractitionerSurveyFactory)
    organisation = factory.SubFactory(OrganisationFactory)

    class Meta:
        model = SurveyInvitation


class SchoolFactory(Made):
    urn = factory.Sequence(lambda n: 100_000 + n)
    name = factory.Sequence(lambda n: f"Elm Road Primary School {n}")
    area = factory.SubFactory(AreaFactory)
    phase = "Primary"
    kind = "Community school"
    head_email = factory.Sequence(lambda n: f"head{n}@example.org")

    class Meta:
        model = School


class SchoolSurveyFactory(Made):
    partnership = factory.SubFactory(PartnershipFactory)
    title = "Schools’ safeguarding survey 2026 to 2027"
    due_on = date(2027, 2, 12)
    sent_on = date(2027, 1, 8)

    class Meta:
        model = SchoolSurvey


class SchoolQuestionFactory(Made):
    survey = factory.SubFactory(SchoolSurveyFactory)
    position = factory.Sequence(int)
    text = "Who is your designated safeguarding lead’s deputy?"

    class Meta:
        model = SchoolQuestion


class SchoolReturnFactory(Made):
    survey = factory.SubFactory(SchoolSurveyFactory)
    school = factory.SubFactory(SchoolFactory)

    class Meta:
        model = SchoolReturn
