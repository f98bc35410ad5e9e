"""What meetings offer as a source of a plan's reasons: their decisions, never those of a case review group."""

from django.urls import reverse

from partnership.models import Group, Meeting, MeetingDecision


def decisions(user, partnership_ids, only=None):
    """Decisions of the groups of these partnerships whose meetings this person may see, the newest first.

    Rows as ``settings.PLAN_SOURCES`` asks: (pk, kind, label, address, words). The label names the meeting
    and not what was decided, so that a public page tells no more than that it was.
    """
    found = (
        MeetingDecision.objects.filter(
            meeting__in=Meeting.objects.visible_to(user).values("pk"), meeting__group__partnerships__in=partnership_ids
        )
        .exclude(meeting__group__kind=Group.Kind.CASE_REVIEW)
        .select_related("meeting__group")
        .distinct()
        .order_by("-meeting__meets_on", "-pk")
    )
    if only is not None:
        found = found.filter(pk__in=only)
    return [
        (
            decision.pk,
            "Decision of a meeting",
            f"{decision.meeting.group}, {decision.meeting.meets_on:%-d %B %Y}, decision {decision.ref}",
            reverse("partnership:meeting-detail", args=[decision.meeting_id]),
            decision.text,
        )
        for decision in found
    ]
