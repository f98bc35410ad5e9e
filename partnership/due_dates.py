"""What is due to the partnership itself: papers, actions, meetings, terms of reference, disputes.

``deadlines.py`` here is the mechanism that reads these sources and those of the other apps.
"""

from django.db.models import Exists, F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Concat

from partnership.deadlines import as_deadlines
from partnership.models import AgendaItem, DisputeStage, Group, Meeting, MeetingAction, Paper, TermsOfReference

OF_CASE_REVIEW_GROUP = Q(group__kind=Group.Kind.CASE_REVIEW)


def meetings(on):
    """Meetings to come of groups that are open then, for those who chair them."""
    to_come = Meeting.objects.planned().filter(meets_on__gte=on)
    return as_deadlines(
        to_come.exclude(group__closed_on__lt=F("meets_on")),
        key="meeting",
        kind="Meeting",
        due_on="meets_on",
        title=Concat(Value("Meeting of "), "group__name", output_field=TextField()),
        url_name="partnership:meeting-detail",
        partnership="group__partnerships",
        group="group",
        is_restricted=OF_CASE_REVIEW_GROUP,
    )


def papers(on):
    """Papers that are wanted for a meeting to come and have not been brought, from the item's lead."""
    brought = Paper.objects.filter(item=OuterRef("pk"), withdrawn_at=None)
    return as_deadlines(
        AgendaItem.objects.filter(
            ~Exists(brought), needs_paper=True, meeting__status=Meeting.Status.PLANNED, meeting__meets_on__gte=on
        ).exclude(paper_due_on=None),
        key="paper",
        kind="Paper",
        due_on="paper_due_on",
        title="title",
        url_name="partnership:item-detail",
        partnership="group__partnerships",
        owner_text="lead_post__title",
        post="lead_post",
        is_restricted=OF_CASE_REVIEW_GROUP,
    )


def actions(on):
    """Lines of an action log that are open, from whoever leads them."""
    return as_deadlines(
        MeetingAction.objects.open(),
        key="action",
        kind="Action",
        due_on="due_on",
        title=Concat("ref", Value(" "), "text", output_field=TextField()),
        url_name="partnership:action-detail",
        partnership="group__partnerships",
        post="lead_post",
        group="lead_group",
        organisation="lead_organisation",
        is_restricted=OF_CASE_REVIEW_GROUP,
    )


def terms(on):
    """Terms of reference in force that are to be looked at again, from the group's chair."""
    in_force = TermsOfReference.objects.agreed().filter(group=OuterRef("group")).order_by("-version")
    return as_deadlines(
        TermsOfReference.objects.filter(pk=Subquery(in_force.values("pk")[:1]), group__closed_on=None).exclude(
            next_review_on=None
        ),
        key="terms",
        kind="Terms of reference",
        due_on="next_review_on",
        title=Concat(Value("Terms of reference of "), "group__name", output_field=TextField()),
        url_name="partnership:terms-detail",
        partnership="group__partnerships",
        group="group",
    )


def disputes(on):
    """Stages of a dispute that are not answered. Only whoever owes the answer learns of it here."""
    return as_deadlines(
        DisputeStage.objects.filter(answered_on=None, dispute__settled_on=None),
        key="dispute-stage",
        kind="Answer",
        due_on="answer_due_on",
        title="name",
        url_name="partnership:dispute-detail",
        url_pk="dispute__pk",
        partnership=None,
        post="owed_by",
        is_restricted=True,
    )
