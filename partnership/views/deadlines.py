"""Everything due that somebody may know of, as a list."""

from django.urls import path
from django.utils import timezone

from partnership.deadline_lists import DeadlineFilter, DeadlineTable, WhatIsDue
from partnership.lists import RecordList


class DeadlineList(RecordList):
    """Late first, then as it comes. It costs the one query over all that is due, and names for its rows."""

    table_class, filterset_class = DeadlineTable, DeadlineFilter
    template_name = "partnership/deadline_list.html"
    export_name = "everything-due"

    def get_queryset(self):
        return WhatIsDue(self.request.user, on=timezone.localdate())


patterns = [path("calendar/due/", DeadlineList.as_view(), name="deadline-list")]
