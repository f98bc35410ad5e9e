"""What this app holds about people: see ``partnership.data_protection.declaring``."""

from partnership.data_protection.declaring import (
    EVERYBODY,
    ITS_AGENCY,
    LEARNERS,
    MEMBERS,
    TASK_SPECIAL,
    TRAINING,
    Part,
)

PARTS = [
    Part(
        "Learners",
        why="So that people get their place, and their organisation can see who is trained for their work.",
        keep="learners",
        seen_by=TRAINING,
        whose=LEARNERS,
        models={
            "Practitioner": {
                "names": "name job manager_name",
                "contacts": "email manager_email",
            },
            "CompetencyRecord": {"people": "practitioner recorded_by", "training": "evidence"},
        },
    ),
    Part(
        "Places and attendance",
        why="Who booked, who came and who did not is what certificates, charges and figures are made of.",
        keep="learners",
        seen_by=TRAINING,
        whose=LEARNERS,
        basis=TASK_SPECIAL,
        models={
            "Place": {
                "people": "practitioner booked_by",
                "names": "person",
                "contacts": "manager_email",
                "health": "needs",
                "words": "cancelled_because waived_because",
            }
        },
    ),
    Part(
        "What learners say of it",
        why="Whether training helped, after it and again after some weeks.",
        keep="evaluations",
        seen_by="The training coordinator; others only as figures of several people",
        whose=LEARNERS,
        models={
            "Evaluation": {"contacts": "manager_email", "words": "words hindered manager_words"},
            "EvaluationSummary": {"people": "written_by", "words": "text difference"},
        },
    ),
    Part(
        "Mails about training",
        why="So that each mail is sent once, and one that came back is seen.",
        keep="training-mails",
        seen_by="The training coordinator and the business office",
        whose=LEARNERS,
        models={"TrainingMail": {"people": "practitioner", "contacts": "address", "plain": "problem key"}},
    ),
    Part(
        "Spreadsheets of training",
        why="A list that came as a spreadsheet is read and waits for a person’s yes.",
        keep="training-imports",
        seen_by="The training coordinator and the business office",
        whose=LEARNERS,
        models={"TrainingImport": {"people": "created_by", "files": "understood"}},
    ),
    Part(
        "The programme",
        why="What is taught, when and by whom.",
        keep="record",
        seen_by=EVERYBODY,
        whose="Trainers",
        models={
            "Competency": {"plain": "title level description"},
            "WorkRole": {"plain": "title"},
            "RoleRequirement": {},
            "TrainingPolicy": {"plain": "private_domains"},
            "Course": {"plain": "title audience level purpose afterwards"},
            "Event": {"names": "trainers", "words": "joining cancelled_because", "plain": "venue"},
            "EventTrainer": {"names": "name"},
        },
    ),
    Part(
        "What there is to learn",
        why="What members ask for decides what is taught.",
        keep="record",
        seen_by=MEMBERS,
        whose="Whoever answers for an organisation or a group",
        models={
            "NeedsAnalysis": {"plain": "title introduction"},
            "LearningNeed": {
                "words": "why reasons",
                "plain": "topic level audience source_key source_title source_url",
            },
            "NeedLeftOut": {"plain": "title source_key"},
            "NeedsInvitation": {},
            "NeedsReply": {"names": "by job"},
            "NeedsWish": {"words": "why", "plain": "topic audience"},
        },
    ),
    Part(
        "Charges and returns of own training",
        why="Who owes what for places, and what each organisation teaches by itself, in numbers.",
        keep="record",
        seen_by=ITS_AGENCY,
        whose=LEARNERS,
        stays="A statement of charges is kept as it was issued: it is a document of account.",
        models={
            "ChargeStatement": {"people": "issued_by", "files": "content", "words": "note"},
            "AgencyTrainingReturn": {"people": "submitted_by", "words": "assured difference"},
            "AgencyCourse": {"plain": "title level"},
        },
    ),
]
