"""What this app holds about people: see ``partnership.data_protection.declaring``."""

from partnership.data_protection.declaring import (
    ANYBODY,
    BEHIND_CASES,
    CASE_GROUP,
    EVERYBODY,
    FAMILIES,
    MEMBERS,
    REVIEWERS,
    TASK_SPECIAL,
    Part,
)

CASE_RECORDS = "A case record is kept whole: it may be needed by an inquiry, a court or the person whom it is about."

PARTS = [
    Part(
        "Cases",
        why="Serious incidents are looked into as the law asks. A reference stands in place of every name.",
        keep="cases",
        seen_by=CASE_GROUP,
        whose=FAMILIES,
        basis=TASK_SPECIAL,
        stays=CASE_RECORDS,
        behind=BEHIND_CASES,
        models={
            "Case": {"cases": "category summary not_met_because closed_because", "plain": "reference panel_reference"},
            "Stage": {"cases": "late_because not_needed_because", "plain": "title"},
            "AgencySummary": {
                "people": "contact submitted_by",
                "cases": "asked_with involvement key_practice analysis immediate_action sent_back_because",
            },
            "RapidReview": {"cases": "facts immediate_action improvements context next_steps national_view"},
            "CaseReading": {"people": "read_by", "plain": "what"},
            "Advice": {"people": "given_by", "cases": "reasons"},
            "PartnerDecision": {"people": "decided_by recorded_by", "cases": "reasons"},
            "CaseDispute": {},
            "CaseHold": {"people": "placed_by lifted_by", "cases": "because lifted_because"},
            "CaseDeletion": {
                "people": "asked_by confirmed_by withdrawn_by",
                "cases": "because withdrawn_because",
                "plain": "under",
            },
            "PanelLetter": {"cases": "words"},
            "PanelPoint": {"cases": "point response"},
        },
    ),
    Part(
        "Practice reviews",
        why="A case is reviewed by an independent reviewer so that others learn from it.",
        keep="cases",
        seen_by=CASE_GROUP,
        whose=f"{FAMILIES}; {REVIEWERS[0].lower()}{REVIEWERS[1:]}",
        basis=TASK_SPECIAL,
        stays=CASE_RECORDS,
        behind=BEHIND_CASES,
        models={
            "PracticeReview": {
                "cases": "terms method public_summary findings response withheld_because",
                "plain": "title period public_title reference",
            },
            "Reviewer": {"names": "name works_for", "contacts": "email", "words": "background note"},
            "Appointment": {"people": "reviewer", "words": "conflicts conflicts_judged ended_because"},
            "FamilyStep": {"cases": "not_done_because note"},
            "ReviewDraft": {"people": "added_by", "words": "note"},
            "PublicationStep": {"people": "done_by", "words": "exception", "plain": "title"},
        },
    ),
    Part(
        "Published reviews",
        why="What was learned is published, written so that nobody can be known by it.",
        keep="record",
        seen_by=EVERYBODY,
        whose=FAMILIES,
        basis=TASK_SPECIAL,
        stays="A published review is kept as it was published.",
        models={
            "ReviewPublication": {
                "people": "published_by",
                "words": "summary findings response changes withdrawn_because recommendations",
                "plain": "title themes",
            }
        },
    ),
    Part(
        "Recommendations and learning",
        why="What was recommended is done, looked at again, and taught.",
        keep="record",
        seen_by=f"{CASE_GROUP}; once released: {MEMBERS[0].lower()}{MEMBERS[1:]}",
        whose=ANYBODY,
        behind=BEHIND_CASES,
        models={
            "Theme": {"plain": "title"},
            "Recommendation": {
                "people": "answered_by released_by",
                "words": "text measure answer_because",
                "plain": "source_title label ref",
            },
            "RecommendationAction": {"people": "linked_by"},
            "RecommendationEvidence": {"people": "added_by", "words": "words"},
            "ReCheck": {"people": "judged_by", "words": "evidence", "plain": "method"},
            "LearningPoint": {"people": "released_by", "words": "text", "plain": "source_title label"},
            "LearningSettings": {},
        },
    ),
    Part(
        "Briefings",
        why="Learning reaches practitioners, and organisations say what they did with it.",
        keep="record",
        seen_by=MEMBERS,
        whose=ANYBODY,
        models={
            "Briefing": {
                "people": "published_by",
                "words": "background happened learning practice reflection thoughts embed team_plan",
                "plain": "title resources",
            },
            "DisseminationStep": {"words": "note", "plain": "audience channel"},
            "Receipt": {"people": "submitted_by", "words": "used_with changed not_used_because"},
        },
    ),
]
