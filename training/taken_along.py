"""What of this app leaves with a partnership: see ``partnership.exit_pack.declaring``."""

from django.db.models import Q

from partnership.exit_pack.declaring import TakenAlong, along, shared

SUBMITTED = Q(submitted_at__isnull=False)
SENT = Q(sent_at__isnull=False)
SOURCES = {
    "finding": "assurance.AuditFinding",
    "point": "reviews.LearningPoint",
    "recommendation": "reviews.Recommendation",
    "theme": "reviews.Theme",
    "briefing": "reviews.Briefing",
    "priority": "plans.Priority",
    "indicator": "assurance.Indicator",
    "risk": "assurance.Risk",
    "challenge": "assurance.Challenge",
    "voice": "assurance.VoiceEntry",
    "standard": "assurance.Standard",
}

TAKEN_ALONG = TakenAlong(
    models={
        "ChargeStatement": along("partnership"),
        "AgencyTrainingReturn": along("partnership", only=SUBMITTED),
        "AgencyCourse": along("record"),
        "TrainingImport": along("partnership"),
        "Competency": along("partnership"),
        "WorkRole": along("partnership"),
        "RoleRequirement": along("role"),
        "Practitioner": shared("email"),
        "CompetencyRecord": along("competency"),
        "TrainingPolicy": along("partnership"),
        "Course": along("partnerships run_by"),
        "Event": along("course"),
        "EventTrainer": along("event"),
        "Place": along("event"),
        "Evaluation": along("place"),
        "EvaluationSummary": along("event"),
        "NeedsAnalysis": along("partnership"),
        "LearningNeed": along("analysis"),
        "NeedLeftOut": along("analysis"),
        "NeedsInvitation": along("analysis"),
        "NeedsReply": along("invitation"),
        "NeedsWish": along("reply"),
        "TrainingMail": along("place evaluation invitation statement", only=SENT),
    },
    pointers={"LearningNeed.source_key": SOURCES, "NeedLeftOut.source_key": SOURCES},
)
