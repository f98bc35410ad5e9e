"""The page of one's partnerships: who they are, how they run, and where each thing is kept."""

from dataclasses import dataclass

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.models import Partnership
from partnership.overview import figures_for, next_meetings
from partnership.standing import standing_of


@dataclass(frozen=True)
class Room:
    """A page that the overview leads to; ``note`` says what is there."""

    label: str
    url_name: str
    note: str

    @property
    def url(self):
        return reverse(self.url_name)


WHO_WE_ARE = [
    Room("Structure", "partnership:structure", "Every group under the one it reports to, as a chart and as a list"),
    Room(
        "Organisations", "partnership:organisation-list", "Members and what they are to us, today or on an earlier day"
    ),
    Room("Posts", "partnership:post-list", "The offices that stay while people come and go, and who holds each"),
    Room("People", "partnership:person-list", "Who can be reached, and what each of them holds"),
    Room("Groups", "partnership:group-list", "Terms of reference, seats, chairs and deputies"),
]
HOW_WE_RUN = [
    Room("Meetings", "partnership:meeting-list", "The year’s dates, agendas, papers, minutes and attendance"),
    Room("Actions", "partnership:action-list", "Every line of every action log, until it is closed"),
    Room("Money", "partnership:budget-list", "What each organisation gives, what it pays for and what is left"),
    Room("Arrangements", "partnership:arrangements-list", "How we say that we work together, and what changed and why"),
    Room("Rule sets", "partnership:rule-set-list", "What law and guidance ask by when, and where that stands"),
    # Said to everyone alike, so that it tells nobody whether there is one.
    Room("Disputes", "partnership:dispute-list", "Where professionals disagree: only those involved see what about"),
]
FOR_THE_OFFICE = [
    Room(
        "Bring people from a spreadsheet", "partnership:people-import-upload", "Check every row before anything counts"
    ),
    Room("Reminders", "partnership:reminder-list", "Who is told of what tomorrow, and who could not be told"),
    Room("Data protection", "partnership:data-protection", "What is held about people, how long, and copies for them"),
    # Said to everyone alike, so that it tells nobody whether there is a case.
    Room("Emergency access", "partnership:emergency-list", "Where a case must be read at once, and two agree"),
]


@require_safe
def overview(request):
    standing, today = standing_of(request.user), timezone.localdate()
    context = {
        "partnerships": Partnership.objects.filter(pk__in=standing.partnership_ids).prefetch_related("areas"),
        "office_ids": standing.office_ids,
        "rooms": [("Who we are", WHO_WE_ARE), ("How we run", HOW_WE_RUN)],
        "office_rooms": FOR_THE_OFFICE,
        "figures": figures_for(request.user, on=today),
        "meetings": next_meetings(request.user, on=today),
        "today": today,
    }
    return render(request, "partnership/overview.html", context)
