"""Who is at work in an invented nation, and with what: printed as JSON, for ``people_at_work.py`` to play.

Run inside the estate, where the database is: ``./run manage shell -c "from tests.faults.people_of_a_nation import …"``.
"""

import json
import sys
import time

from django.test import Client

from partnership.models import GroupMember, Meeting, Partnership, PostHolding
from partnership.nation.land import OFFICE
from partnership.row_security import all_rows
from plans.models import Plan

OF_TEN = {"office": 4, "chair": 2, "partner": 2, "public": 2}


def say_people(count):
    """``people […]``: of all partnerships and of all kinds from the beginning."""
    with all_rows():
        every = [people_of(own) for own in Partnership.objects.order_by("pk")]
    kinds = [kind for kind, share in OF_TEN.items() for _ in range(share)]
    found = []
    for number in range(count):
        of_one = every[(number + number // len(kinds)) % len(every)]
        of_kind = of_one[kinds[number * 3 % len(kinds)]]
        person = dict(of_kind[number // len(every) % len(of_kind)])
        user = person.pop("user")
        found.append({**person, "session": session_of(user) if user else ""})
    sys.stdout.write(f"people {json.dumps(found)}\n")


def people_of(own):
    """{kind: [{user, pages, writes}]} of one partnership."""
    plan = Plan.objects.filter(partnerships=own).order_by("-starts_on", "pk")[0]
    meetings = Meeting.objects.filter(group__partnerships=own).exclude(group__kind="case-review")
    meeting = meetings.order_by("-meets_on")[0].get_absolute_url()
    plan_page = plan.get_absolute_url()
    holdings = PostHolding.objects.filter(to_on=None).select_related("user", "post").order_by("pk")
    place = own.name.partition(" ")[0]
    seats = {
        seat.post_id: seat.group
        for seat in GroupMember.objects.filter(group__partnerships=own, role="chair", to_on=None)
        .exclude(group__kind="case-review")
        .select_related("group")
    }
    found = {"office": [], "chair": [], "partner": [], "public": [public(own)]}
    for each in holdings.filter(post__title__endswith=f", {place}"):
        if each.post.title.partition(",")[0] in OFFICE:
            found["office"].append(office(each.user, own, plan_page, meeting))
        elif each.post_id in seats:
            found["chair"].append(chair(each.user, seats[each.post_id], plan_page))
        elif each.post.organisation_id:
            found["partner"].append(
                {"user": each.user, "pages": ["/my-work/", plan_page, "/meetings/"], "writes": None}
            )
    return found


def office(user, own, plan, meeting):
    pages = ["/my-work/", "/desk/", plan, meeting, "/meetings/", "/reports/", "/people/", "/calendar/", "/actions/"]
    fields = {"title": "Post {number}", "partnerships": own.pk}
    return {"user": user, "pages": pages, "writes": {"page": "/posts/add/", "fields": fields}}


def chair(user, group, plan):
    due = {"due_on_day": 1, "due_on_month": 3, "due_on_year": time.localtime().tm_year + 1}
    fields = {"text": "Action {number}", "lead": f"group:{group.pk}", **due}
    pages = ["/my-work/", group.get_absolute_url(), plan, "/meetings/", "/calendar/"]
    return {"user": user, "pages": pages, "writes": {"page": f"/groups/{group.pk}/actions/add/", "fields": fields}}


def public(own):
    front = own.get_absolute_url()
    pages = [front, *(f"{front}{name}/" for name in ("plan", "structure", "meetings"))]
    return {"user": None, "pages": pages, "writes": None}


def session_of(user):
    """The key of one in which they have given their password and second step just now."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods_user"] = str(session["_auth_user_id"])
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time()},
        {"method": "mfa", "at": time.time(), "type": "totp"},
    ]
    session.save()
    return session.session_key
