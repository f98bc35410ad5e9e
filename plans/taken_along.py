"""What of this app leaves with a partnership: see ``partnership.exit_pack.declaring``."""

from partnership.exit_pack.declaring import Left, TakenAlong, along, shared
from plans.documents import papers_of

UNSENT = Left("What somebody has typed and not sent: theirs alone until they send it.")
SECRET = Left("A link that lets one person in here. It does not open another installation.")
SOURCES = {
    "voice": "assurance.VoiceEntry",
    "review": "plans.PriorityReview",
    "decision": "partnership.MeetingDecision",
    "returns": "assurance.ThematicSummary",
    "audit": "assurance.Audit",
    "inspection": "assurance.Inspection",
    "indicator": "assurance.Indicator",
}

TAKEN_ALONG = TakenAlong(
    models={
        "RatingKey": along("partnerships", is_shared=True, known_by="name", links_of_ours="partnerships"),
        "Rating": shared("key code", alike="position word meaning outlook is_done", on="key"),
        "Plan": along("partnerships"),
        "PlanDriver": along("plan"),
        "ReviewDate": along("plan"),
        "Priority": along("plan"),
        "RationaleItem": along("priority"),
        "OutcomeStatement": along("priority"),
        "Deliverable": along("priority"),
        "DeliverableLead": along("deliverable"),
        "Activity": along("deliverable"),
        "Milestone": along("activity"),
        "UpdateRound": along("plan"),
        "Update": along("deliverable"),
        "DateMove": along("activity"),
        "Evidence": along("round"),
        "Delegation": along("deliverable round"),
        "UpdateImport": along("round"),
        "PriorityReview": along("priority"),
        "ReviewAction": along("review"),
        "EarlierDecision": along("review"),
        "OutcomeJudgement": along("outcome"),
        "HighlightReport": along("round"),
        "HighlightLine": along("report"),
        "StandstillNote": along("deliverable"),
        "DriftNote": along("plan"),
        "PlanImport": along("plan partnerships"),
        "ImportCorrection": along("staged"),
        "PlanIssue": along("plan"),
        "PlanVersion": along("plan"),
        "PlanDocument": along("version"),
        "StageNote": along("plan"),
        "PlanComment": along("plan"),
        "CarryDecision": along("plan"),
        "UpdateDraft": UNSENT,
        "ReviewDraft": UNSENT,
        "UpdateLink": SECRET,
        "UpdateLinkUse": SECRET,
    },
    papers=papers_of,
    pointers={"PlanDriver.source_key": SOURCES, "RationaleItem.source_key": SOURCES},
)
