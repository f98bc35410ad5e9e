"""What the world of the access table holds of cases, practice reviews, recommendations and learning."""

from datetime import UTC, date, datetime

from partnership.models import Document
from reviews.models import (
    Appointment,
    CaseDeletion,
    CaseHold,
    FamilyStep,
    PublicationStep,
    RapidReview,
    RecommendationEvidence,
    ReviewDraft,
    ReviewPublication,
)
from tests.factories import (
    AdviceFactory,
    AgencySummaryFactory,
    BriefingFactory,
    CaseFactory,
    DisseminationStepFactory,
    LearningPointFactory,
    PanelLetterFactory,
    PracticeReviewFactory,
    ReceiptFactory,
    ReCheckFactory,
    RecommendationFactory,
    ReviewerFactory,
    ThemeFactory,
)

LAST_WEEK = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)


def reviews_of(case, people, charity, hospital):
    """Fields of the world: of ``case`` and what came of it, and learning that every member may know of.

    Two agencies were asked for summaries: ``partner``'s and ``other_partner``'s.
    """
    partnership, member = case.partnership, people["case_group_member"]
    RapidReview.objects.get_or_create(case=case, partnership=partnership)
    review = PracticeReviewFactory(partnership=partnership, reference="AV-LR-1", cases=[case])
    reviewer = ReviewerFactory(partnership=partnership)
    appointment = Appointment.objects.create(
        partnership=partnership, review=review, reviewer=reviewer, appointed_on=date(2026, 11, 2)
    )
    draft = ReviewDraft.objects.create(
        partnership=partnership,
        review=review,
        number=1,
        document=Document.keep(filename="draft.docx", content=b"a draft", by=member),
        added_by=member,
    )
    recommendation = RecommendationFactory(partnership=partnership)
    hidden = RecommendationFactory(
        partnership=partnership, source="local", source_title="", case=case, text="Canary of a recommendation"
    )
    LearningPointFactory(partnership=partnership, source_title="", review=review, text="Canary of what it taught")
    over = CaseFactory(
        partnership=partnership, reference="AV-1950-01", closed_on=date(1950, 3, 1), closed_because="All was done"
    )
    CaseDeletion.objects.create(
        partnership=partnership,
        case=over.pk,
        under="75 years after it was closed",
        because="Nobody needs it.",
        asked_by=people["former_case_member"],
        asked_at=LAST_WEEK,
    )
    CaseHold.objects.create(
        partnership=partnership, case=case, because="An inquiry asks for it.", placed_by=member, placed_at=LAST_WEEK
    )
    file = Document.keep(filename="audit.pdf", content=b"%PDF-1.7", by=people["office"])
    briefing = BriefingFactory(partnership=partnership, title="Safer sleep", published_at=LAST_WEEK)
    return {
        "over_case": over,
        "theme": ThemeFactory(),
        "summary": AgencySummaryFactory(case=case, organisation=charity, contact=people["partner"]),
        "other_summary": AgencySummaryFactory(case=case, organisation=hospital, contact=people["other_partner"]),
        "advice": AdviceFactory(case=case, given_by=people["advisor"]),
        "panel_letter": PanelLetterFactory(case=case),
        "practice_review": review,
        "reviewer": reviewer,
        "appointment": appointment,
        "review_draft": draft,
        "family_step": FamilyStep.objects.create(
            partnership=partnership, review=review, kind=FamilyStep.Kind.INFORMED, done_on=date(2026, 10, 20)
        ),
        "publication_step": PublicationStep.objects.create(
            partnership=partnership, review=review, position=1, code="checked", title="Checked for accuracy"
        ),
        "review_publication": ReviewPublication.objects.create(
            partnership=partnership,
            review=review.pk,
            kind=review.kind,
            title="A review that is out",
            summary="What we found, in short.",
            published_on=date(2026, 12, 1),
            published_by=member,
        ),
        "recommendation": recommendation,
        "hidden_recommendation": hidden,
        "accepted_recommendation": RecommendationFactory(
            partnership=partnership, answer="accepted", answered_on=date(2026, 12, 1), answered_by=people["office"]
        ),
        "released_recommendation": RecommendationFactory(
            partnership=partnership,
            source="local",
            source_title="",
            case=case,
            label="A local review",
            released_on=date(2027, 1, 4),
            released_by=member,
        ),
        "recheck": ReCheckFactory(recommendation=recommendation),
        "hidden_recheck": ReCheckFactory(recommendation=hidden, method="Canary of a look"),
        "recommendation_evidence": RecommendationEvidence.objects.create(
            recommendation=recommendation, words="An audit of ten records", document=file, added_by=people["office"]
        ),
        "hidden_evidence": RecommendationEvidence.objects.create(
            recommendation=hidden, words="Canary of evidence", document=file, added_by=member
        ),
        "learning_point": LearningPointFactory(partnership=partnership),
        "hidden_learning_point": LearningPointFactory(
            partnership=partnership, source_title="", case=case, text="Canary of learning"
        ),
        "briefing": briefing,
        "draft_briefing": BriefingFactory(partnership=partnership, title="A draft of the office"),
        "hidden_briefing": BriefingFactory(partnership=partnership, title="Canary of a briefing", review=review),
        "dissemination_step": DisseminationStepFactory(briefing=briefing),
        "receipt": ReceiptFactory(briefing=briefing, organisation=charity),
    }
