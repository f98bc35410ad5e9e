"""What this app holds about people: see ``partnership.data_protection.declaring``."""

from partnership.data_protection.declaring import ANYBODY, EVERYBODY, MEMBERS, OFFICE, OWN, Part

PARTS = [
    Part(
        "Plans",
        why="A plan says what is to be done and who leads it.",
        keep="record",
        seen_by=EVERYBODY,
        whose=ANYBODY,
        models={
            "RatingKey": {"plain": "name"},
            "Rating": {"plain": "word meaning"},
            "Plan": {"words": "introduction", "plain": "title columns"},
            "PlanDriver": {"words": "text", "plain": "source_label source_key"},
            "ReviewDate": {"plain": "label"},
            "Priority": {"words": "retired_reason note joint_with", "plain": "title outcomes_heading"},
            "RationaleItem": {"words": "text", "plain": "source_label source_key"},
            "OutcomeStatement": {"plain": "text"},
            "Deliverable": {
                "words": "retired_reason title description evidence_measures",
                "plain": "other_partnerships",
            },
            "DeliverableLead": {"names": "text"},
            "Activity": {
                "words": "retired_reason text",
                "names": "by_hand_for",
                "plain": "timescale_text timescale_by_hand",
            },
            "Milestone": {"plain": "label"},
            "CarryDecision": {"people": "decided_by", "words": "reason", "plain": "activities"},
            "StageNote": {"people": "made_by", "words": "words"},
            "StandstillNote": {"people": "written_by", "words": "text"},
            "DriftNote": {"people": "set_by", "words": "reason", "plain": "key"},
        },
    ),
    Part(
        "Versions of a plan",
        why="What was approved and published is frozen, so that nobody can change it unseen.",
        keep="record",
        seen_by=EVERYBODY,
        whose=ANYBODY,
        stays="What was published is kept as it was published.",
        models={
            "PlanVersion": {"people": "made_by", "files": "snapshot", "words": "reason"},
            "PlanDocument": {"people": "requested_by", "files": "pdf word", "plain": "step problem"},
        },
    ),
    Part(
        "Comments on a plan",
        why="Members are asked what they think of a draft, and are answered.",
        keep="record",
        seen_by=MEMBERS,
        models={"PlanComment": {"people": "made_by answered_by", "words": "text answer", "plain": "about"}},
    ),
    Part(
        "Updates and judgements",
        why="Leads say each quarter how their work goes; groups judge it and answer for their judgement.",
        keep="record",
        seen_by=MEMBERS,
        models={
            "UpdateRound": {"people": "closed_by", "plain": "name"},
            "Update": {"people": "submitted_by", "words": "progress risk difference_made voice worse_reason"},
            "PriorityReview": {
                "people": "proposed_by decided_by",
                "words": "scrutiny_comments scrutiny_recommendations scrutiny_risks worsening_reason "
                "decision_comments decision_risks decision_reason",
            },
            "ReviewAction": {"people": "added_by", "words": "text"},
            "EarlierDecision": {
                "people": "decided_by corrected_by",
                "words": "comments risks reason corrected_because",
            },
            "OutcomeJudgement": {"people": "judged_by", "words": "words"},
            "Evidence": {"people": "added_by", "plain": "label"},
            "DateMove": {
                "people": "decided_by taken_back_by",
                "words": "reason decision_reason",
                "plain": "before_text after_text",
            },
            "HighlightReport": {
                "people": "submitted_by begun_by",
                "words": "achievements difference_made voice risks escalations next_period",
                "files": "frozen",
            },
            "HighlightLine": {"words": "progress"},
            "Delegation": {"people": "given_by given_to made_by", "words": "note"},
        },
    ),
    Part(
        "Drafts of updates",
        why="So that nothing typed is lost.",
        keep="plan-drafts",
        seen_by=OWN,
        models={
            "UpdateDraft": {"people": "author", "words": "answers"},
            "ReviewDraft": {"people": "author", "words": "answers"},
        },
    ),
    Part(
        "Links to answer without a password",
        why="So that a lead can answer from a mail, and misuse of a link is found.",
        keep="update-links",
        seen_by=OFFICE,
        models={
            "UpdateLink": {"people": "holder revoked_by"},
            "UpdateLinkUse": {"sign_in": "browser", "words": "detail"},
        },
    ),
    Part(
        "Plans that came as files",
        why="What was read of a file, and what a person corrected in it, explains the plan.",
        keep="record",
        seen_by=OFFICE,
        models={
            "PlanImport": {"people": "created_by", "files": "understood"},
            "ImportCorrection": {
                "people": "made_by undone_by",
                "files": "values before after",
                "plain": "row cell place",
            },
            "PlanIssue": {"people": "brought_by taken_back_by", "files": "content steps"},
        },
    ),
    Part(
        "Spreadsheets of updates",
        why="Updates that came as a spreadsheet are read and wait for a person’s yes.",
        keep="update-imports",
        seen_by=OFFICE,
        models={"UpdateImport": {"people": "created_by", "files": "understood"}},
    ),
]
