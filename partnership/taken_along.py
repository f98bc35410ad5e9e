"""What of this app leaves with a partnership: see ``partnership.exit_pack.declaring``."""

from django.db.models import Q

from partnership.exit_pack.declaring import NOTHING, Left, TakenAlong, along, shared
from partnership.models import Group, Organisation, Partnership, Post

NOT_OF_CASE_GROUPS = ~Q(group__kind=Group.Kind.CASE_REVIEW)
SECRET = Left("It lets somebody in here. Whoever comes along is invited anew.")
MAILS = Left("Who was mailed from here. Nothing that waits to be sent leaves, so that nobody is told twice.")
WORK = Left("How far a job of this installation has come.")
OWN_CHOICE = Left("A person’s own choice in this installation. They choose again.")
SEAL = Left("The seal over the history of this installation. Where it is taken in, another is begun.")
FORGOTTEN = Left("Who asked here what is held of them, or to be forgotten. It stays where it was answered.")

TAKEN_ALONG = TakenAlong(
    models={
        "Partnership": along(rows=lambda key: Partnership.objects.filter(pk=key), is_shared=True),
        "Area": shared("name"),
        "Organisation": along(
            rows=lambda key: Organisation.objects.filter(memberships__partnership=key), is_shared=True, known_by="name"
        ),
        "FormerName": along("organisation"),
        "Membership": along("partnership"),
        "EmergencyAccess": along("partnership", unless_cases=NOTHING),
        "Group": along("partnerships", is_shared=True),
        "GroupMember": along("group"),
        "TermsOfReference": along("group"),
        "User": shared("email"),
        "Post": along(
            rows=lambda key: Post.objects.of_partnerships([key]), is_shared=True, links_of_ours="partnerships"
        ),
        "FormerOrganisation": along("post"),
        "Nomination": along("post"),
        "PostHolding": along("post"),
        "AccessReview": along("partnership"),
        "AccessReviewLine": along("review"),
        "Document": shared("id", alike="sha256"),
        "PublishedFile": along("partnerships", is_shared=True, known_by="id", alike=("sha256",)),
        "PublicStatement": along("partnership"),
        "Arrangements": along("partnership"),
        "ArrangementsChange": along("arrangements"),
        "Endorsement": along("arrangements"),
        "DisputeStep": along("partnership"),
        "Dispute": along("partnership"),
        "DisputeStage": along("dispute"),
        "Closure": along("partnership"),
        "GlossaryTerm": along("partnership"),
        "PeopleImport": along("partnership"),
        "ActionImport": along("group", unless_cases=NOT_OF_CASE_GROUPS),
        "Meeting": along("group", unless_cases=NOT_OF_CASE_GROUPS),
        "MeetingMove": along("meeting"),
        "StandingItem": along("group", unless_cases=NOT_OF_CASE_GROUPS),
        "AgendaItem": along("group", unless_cases=NOT_OF_CASE_GROUPS),
        "Paper": along("item"),
        "Attendance": along("meeting"),
        "MeetingDecision": along("meeting"),
        "MeetingAction": along("group", unless_cases=NOT_OF_CASE_GROUPS),
        "ActionUpdate": along("action"),
        "BoardPack": along("meeting"),
        "BudgetYear": along("partnerships"),
        "Contribution": along("budget"),
        "SpendingLine": along("budget"),
        "ReminderPolicy": along("partnership"),
        "RetentionPeriod": along("partnership"),
        "LegalHold": along("partnership"),
        "RetentionRun": along("partnership"),
        "RuleSet": along("partnership", is_shared=True, known_by="code"),
        "Rule": shared("rule_set code", alike="number unit is_before counted_from", on="rule_set"),
        "ReminderPreference": OWN_CHOICE,
        "ReminderHours": OWN_CHOICE,
        "ReminderPause": MAILS,
        "Message": MAILS,
        "Reminder": MAILS,
        "MessageAttempt": MAILS,
        "Bounce": MAILS,
        "OutboxMail": MAILS,
        "MailBrake": MAILS,
        "Heartbeat": WORK,
        "BackupRun": WORK,
        "Fault": WORK,
        "Seal": SEAL,
        "SealedRows": SEAL,
        "ExitPack": WORK,
        "ExitPackPart": WORK,
        "SubjectAccess": FORGOTTEN,
        "SubjectCopy": FORGOTTEN,
        "Erasure": FORGOTTEN,
        "AccountEvent": Left("Who signed in here, and from where: it says nothing of the partnership."),
        "CalendarFeed": SECRET,
        "FeedEvent": WORK,
        "Invitation": SECRET,
        "account.EmailAddress": SECRET,
        "account.EmailConfirmation": SECRET,
        "mfa.Authenticator": SECRET,
        "socialaccount.SocialAccount": SECRET,
        "socialaccount.SocialApp": SECRET,
        "socialaccount.SocialToken": SECRET,
        "usersessions.UserSession": SECRET,
        "sessions.Session": SECRET,
        "pghistory.Context": Left("Of it only what belongs to the history of the rows that leave."),
    },
    emptied={"User": {"password": "!", "last_login": None, "is_administrator": False}},
)
