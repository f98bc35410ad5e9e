"""What a search finds of people, groups, meetings and arrangements."""

from django.db.models import Q

from partnership.models import (
    AgendaItem,
    Arrangements,
    GlossaryTerm,
    Group,
    Meeting,
    MeetingAction,
    MeetingDecision,
    Organisation,
    Paper,
    Post,
    User,
)
from partnership.searching.kinds import Kind


def shared(manager, group="group"):
    """The door of meetings, without those of a case review group: nothing restricted is found by anybody."""

    def seen(user):
        return manager.visible_to(user).filter(~Q((f"{group}__kind", Group.Kind.CASE_REVIEW)))

    return seen


def decisions_seen_by(user):
    meetings = shared(Meeting.objects)(user)
    return MeetingDecision.objects.filter(meeting__in=meetings.values("pk"))


KINDS = [
    Kind(
        key="meeting",
        one="Meeting",
        label="Meetings",
        model=Meeting,
        title=("title",),
        text=("venue",),
        on="meets_on",
        seen=shared(Meeting.objects),
        with_=("group",),
        place=lambda meeting: meeting.group.name,
    ),
    Kind(
        key="item",
        one="Agenda item",
        label="Agenda items",
        model=AgendaItem,
        title=("title",),
        text=("asked", "discussion"),
        on="meeting__meets_on",
        seen=shared(AgendaItem.objects),
        with_=("group",),
        place=lambda item: item.group.name,
    ),
    Kind(
        key="decision",
        one="Decision",
        label="Decisions of meetings",
        model=MeetingDecision,
        title=("ref", "text"),
        text=("reason",),
        ref="ref",
        on="meeting__meets_on",
        seen=decisions_seen_by,
        with_=("meeting__group",),
        heading=lambda decision: f"{decision.ref}: {decision.text}",
        place=lambda decision: decision.meeting.group.name,
        url=lambda decision: decision.meeting.get_absolute_url(),
    ),
    Kind(
        key="action",
        one="Action",
        label="Actions of meetings",
        model=MeetingAction,
        title=("ref", "text"),
        text=("outcome",),
        ref="ref",
        on="due_on",
        seen=shared(MeetingAction.objects),
        with_=("group",),
        place=lambda action: action.group.name,
    ),
    Kind(
        key="paper",
        one="Paper",
        label="Papers",
        model=Paper,
        title=("title",),
        on="item__meeting__meets_on",
        seen=shared(Paper.objects, "item__group"),
        with_=("item__group",),
        place=lambda paper: paper.item.group.name,
        url=lambda paper: paper.item.get_absolute_url(),
    ),
    Kind(key="organisation", one="Organisation", label="Organisations", model=Organisation, title=("name",)),
    Kind(key="group", one="Group", label="Groups", model=Group, title=("name",), text=("purpose",)),
    Kind(
        key="post",
        one="Post",
        label="Posts",
        model=Post,
        title=("title",),
        with_=("organisation",),
        place=lambda post: post.organisation.name if post.organisation else "",
    ),
    Kind(
        key="person",
        one="Person",
        label="People",
        model=User,
        title=("name",),
        heading=lambda person: person.name or person.email,
    ),
    Kind(
        key="arrangements",
        one="Arrangements",
        label="Arrangements",
        model=Arrangements,
        title=("title",),
        text=("summary",),
        with_=("partnership",),
        place=lambda version: version.partnership.name,
    ),
    Kind(
        key="term",
        one="Term",
        label="Terms of the glossary",
        model=GlossaryTerm,
        title=("term", "stands_for"),
        text=("meaning",),
        with_=("partnership",),
        heading=lambda term: f"{term}: {term.stands_for}" if term.stands_for else term.term,
        place=lambda term: term.partnership.name,
    ),
]
