"""What of this app leaves with a partnership: see ``partnership.exit_pack.declaring``.

Cases leave only in the pack that a member of their own group asks for; the same is said to PostgreSQL by the
policies of these tables.
"""

from django.db.models import Q

from partnership.exit_pack.declaring import NOTHING, TakenAlong, along, shared

OF_CASES = along("partnership", unless_cases=NOTHING)
FREE = Q(case=None, review=None) | Q(released_on__isnull=False)

TAKEN_ALONG = TakenAlong(
    models={
        "Theme": shared("kind title"),
        "Case": OF_CASES,
        "Stage": OF_CASES,
        "AgencySummary": OF_CASES,
        "RapidReview": OF_CASES,
        "CaseReading": OF_CASES,
        "Advice": OF_CASES,
        "PartnerDecision": OF_CASES,
        "CaseDispute": OF_CASES,
        "CaseHold": OF_CASES,
        "CaseDeletion": OF_CASES,
        "PanelLetter": OF_CASES,
        "PanelPoint": OF_CASES,
        "Reviewer": OF_CASES,
        "PracticeReview": OF_CASES,
        "Appointment": OF_CASES,
        "FamilyStep": OF_CASES,
        "ReviewDraft": OF_CASES,
        "PublicationStep": OF_CASES,
        "ReviewPublication": along("partnership", history_unless_cases=NOTHING),
        "Recommendation": along("partnership", unless_cases=FREE),
        "RecommendationAction": along("recommendation"),
        "RecommendationEvidence": along("recommendation"),
        "ReCheck": along("recommendation"),
        "LearningPoint": along("partnership", unless_cases=FREE),
        "LearningSettings": along("partnership"),
        "Briefing": along("partnership", unless_cases=Q(review=None) | Q(published_at__isnull=False)),
        "DisseminationStep": along("briefing"),
        "Receipt": along("briefing"),
    },
    told_by={"Recommendation": {"source_title": "label"}, "LearningPoint": {"source_title": "label"}},
)
