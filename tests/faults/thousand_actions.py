"""``python -m tests.faults.thousand_actions PEOPLE EACH``: people of one group, each with open actions due tomorrow.

Prints what must be said, as JSON: [["item-0001", "person-001@example.org"], …]. Nothing of the reminders is used.
"""

import json
import os
import sys
from datetime import date

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"
django.setup()

from django.utils import timezone  # noqa: E402

from partnership.models import Group, MeetingAction, Partnership, Post, PostHolding, User  # noqa: E402
from partnership.working_days import add_working_days  # noqa: E402


def main(people, each):
    partnership = Partnership.objects.create(name="Ashford Vale Partnership", short_name="AV", slug="ashford-vale")
    group = Group.objects.create(name="Everybody")
    group.partnerships.add(partnership)
    users = User.objects.bulk_create(
        [User(email=f"person-{n:03}@example.org", name=f"Person {n}", password="!") for n in range(people)]
    )
    posts = Post.objects.bulk_create([Post(title=f"Post {n}") for n in range(people)])
    PostHolding.objects.bulk_create(
        [PostHolding(post=post, user=user, from_on=date(2026, 1, 1)) for post, user in zip(posts, users, strict=True)]
    )
    due_on = add_working_days(timezone.localdate(), 1)
    actions = [
        MeetingAction(group=group, ref=f"A{n}", text=f"item-{n:04}", lead_post=posts[n % people], due_on=due_on)
        for n in range(people * each)
    ]
    MeetingAction.objects.bulk_create(actions)
    print(json.dumps([[action.text, users[n % people].email] for n, action in enumerate(actions)]))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
