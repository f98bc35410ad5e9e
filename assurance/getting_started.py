"""A new partnership's first steps, from its office to an open round: what is there, and what comes next.

Nothing is ticked by hand. Each step's state is read from the records that the step makes, so that none can say
"done" of something that isn't. ``read_facts`` asks the database, in as many queries whatever a partnership holds;
``steps_of`` turns the answers into words and links.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.http import urlencode

from partnership.models import (
    Group,
    GroupMember,
    Invitation,
    Membership,
    Partnership,
    Post,
    PostHolding,
    Reminder,
    User,
)
from partnership.templatetags.components import sentence_join
from plans.models import Deliverable, DeliverableLead, Plan, UpdateRound

# Under this name a session says that the menu leads to the steps; whether they are put away stands with the person.
IN_SESSION = "getting-started"

DONE, BEGUN, TO_DO, LATER = "done", "begun", "to-do", "later"
STATES = {DONE: "Done", BEGUN: "Begun", TO_DO: "To do", LATER: "Not yet"}
HAVE_STATUTORY_PARTNERS = {Partnership.Kind.CHILDREN, Partnership.Kind.ADULTS}
FEWEST_MEMBERS = 2  # one agency alone is no partnership
APPROVED = {Plan.Status.APPROVED, Plan.Status.PUBLISHED}
WHY_AGREED = (
    "A group approves the plan, and it is published as a version that stays as it is. "
    "Leads can be asked about it from then on."
)


@dataclass(frozen=True)
class Step:
    """``found`` says what there is; ``links`` are (words, address), the first of which is the step's button."""

    title: str
    why: str
    state: str
    found: str
    links: list

    @property
    def state_words(self):
        return STATES[self.state]

    @property
    def is_done(self):
        return self.state == DONE


@dataclass(frozen=True)
class Facts:
    """What the records of one partnership say of its beginnings; nearly all of it numbers.

    ``plan``: the one that runs, else the newest that is not closed, else None. ``has_reminded``: whether any
    reminder of a round's updates has left; ``asking_round``: one that takes answers today.
    """

    area_count: int
    office_posts: list
    office_holder_count: int
    office_come_in_count: int
    member_count: int
    statutory_count: int
    group_count: int
    unchaired_count: int
    post_count: int
    vacant_count: int
    people_count: int
    come_in_count: int
    invited_count: int
    plan: Plan | None
    row_count: int
    lead_count: int
    unknown_lead_count: int
    round_count: int
    opened_count: int
    asking_round: UpdateRound | None
    has_reminded: bool


@dataclass(frozen=True)
class Beginning:
    """The steps of one partnership, as one person goes through them."""

    partnership: Partnership
    steps: list

    @property
    def done_count(self):
        return sum(step.is_done for step in self.steps)

    @property
    def next_step(self):
        """The first that is not done, or None."""
        return next((step for step in self.steps if not step.is_done), None)


def not_begun(user, *, on):
    """The partnerships of ``user``'s office in which no round of updates has opened yet, by name."""
    opened = UpdateRound.objects.filter(plan__partnerships=OuterRef("pk"), opens_on__lte=on)
    return Partnership.objects.of_office(user).filter(~Exists(opened)).order_by("name")


def read_beginning(partnership, *, is_office, is_administrator, at, on):
    facts = read_facts(partnership, at=at, on=on)
    return Beginning(partnership, steps_of(facts, partnership, is_office=is_office, is_administrator=is_administrator))


# What is there


def read_facts(partnership, *, at, on):
    plan = _plan_of(partnership)
    return Facts(
        area_count=partnership.areas.count(),
        **_office_of(partnership, on),
        **_members_of(partnership, on),
        **_groups_of(partnership, on),
        **_posts_of(partnership, on),
        **_people_of(partnership, at, on),
        plan=plan,
        **_rows_of(plan),
        **_cycle_of(partnership, on),
    )


def _office_of(partnership, on):
    posts = Post.objects.open(on=on).filter(duty=Post.Duty.OFFICE, partnerships=partnership).order_by("pk")
    holders = PostHolding.objects.current(on=on).filter(post__in=posts.values("pk"), user__is_active=True)
    has_come_in = Q(user__last_login__isnull=False)
    return {"office_posts": list(posts)} | holders.aggregate(
        office_holder_count=Count("user", distinct=True),
        office_come_in_count=Count("user", filter=has_come_in, distinct=True),
    )


def _members_of(partnership, on):
    members = Membership.objects.current(on=on).filter(partnership=partnership)
    statutory = Q(role=Membership.Role.STATUTORY)
    return members.aggregate(member_count=Count("pk"), statutory_count=Count("pk", filter=statutory))


def _groups_of(partnership, on):
    held = PostHolding.objects.current(on=on).values("post")
    chairs = GroupMember.objects.current(on=on).filter(role=GroupMember.Role.CHAIR, post__in=held)
    groups = Group.objects.open().filter(partnerships=partnership)
    groups = groups.annotate(is_chaired=Exists(chairs.filter(group=OuterRef("pk"))))
    return groups.aggregate(group_count=Count("pk"), unchaired_count=Count("pk", filter=Q(is_chaired=False)))


def _posts_of(partnership, on):
    posts = Post.objects.of_partnerships([partnership.pk]).open(on=on)
    is_vacant = Q(pk__in=Post.objects.vacant(on=on).values("pk"))
    return posts.aggregate(post_count=Count("pk"), vacant_count=Count("pk", filter=is_vacant))


def _people_of(partnership, at, on):
    """Of those who hold a post today: how many have come in, and how many of the others have an invitation."""
    posts = Post.objects.of_partnerships([partnership.pk])
    holding = PostHolding.objects.current(on=on).filter(post__in=posts.values("pk"))
    invited = Q(last_login=None, pk__in=Invitation.objects.open(at=at).values("user"))
    people = User.objects.filter(is_active=True, pk__in=holding.values("user"))
    return people.aggregate(
        people_count=Count("pk"),
        come_in_count=Count("pk", filter=Q(last_login__isnull=False)),
        invited_count=Count("pk", filter=invited),
    )


def _plan_of(partnership):
    plans = list(partnership.plans.exclude(status=Plan.Status.CLOSED).order_by("-starts_on", "-pk"))
    running = [plan for plan in plans if plan.is_running]
    return next(iter(running or plans), None)


def _rows_of(plan):
    rows = Deliverable.objects.in_plan().filter(priority__plan=plan, priority__retired_on=None)
    leads = DeliverableLead.objects.filter(deliverable__in=rows.values("pk"))
    unknown = Q(post=None, group=None, organisation=None)
    return {"row_count": rows.count()} | leads.aggregate(
        lead_count=Count("pk"), unknown_lead_count=Count("pk", filter=unknown)
    )


def _cycle_of(partnership, on):
    rounds = UpdateRound.objects.filter(plan__partnerships=partnership)
    counts = rounds.aggregate(round_count=Count("pk"), opened_count=Count("pk", filter=Q(opens_on__lte=on)))
    sent = Reminder.objects.filter(
        partnership_ids__contains=[partnership.pk],
        deadline_key__startswith="update:",
        state=Reminder.State.DONE,
    )
    asking = rounds.newest_answerable_on(on).order_by("-closes_on", "-pk").first() if counts["opened_count"] else None
    return counts | {"asking_round": asking, "has_reminded": bool(counts["opened_count"]) and sent.exists()}


# What it means


def steps_of(facts, partnership, *, is_office, is_administrator):
    """The Steps in their order; each has only links to pages that this person can open."""
    both = is_office or is_administrator
    return [
        _office_step(facts, partnership, both),
        _name_step(facts, partnership, both, is_administrator),
        _members_step(facts, partnership, both),
        _groups_step(facts, is_office),
        _people_step(facts, is_office),
        _plan_step(facts, is_office),
        _publish_step(facts, is_office),
        _invite_step(facts, both),
        _round_step(facts, is_office),
        _reminders_step(facts, is_office),
    ]


def _office_step(facts, partnership, may):
    posts = [(f"Open {post.title}", post.get_absolute_url()) for post in facts.office_posts]
    asked = urlencode({"duty": Post.Duty.OFFICE, "partnership": partnership.pk})
    add = [("Add the post of the office", f"{reverse('partnership:post-add')}?{asked}")]
    in_office = f"{people(facts.office_holder_count)} in the office"
    if facts.office_come_in_count:
        state, found = DONE, f"{in_office}, {facts.office_come_in_count} of them signed in"
    elif facts.office_holder_count:
        state, found = BEGUN, f"{in_office}. Nobody has signed in yet: invite them from their page"
    elif posts:
        state, found = BEGUN, "There is a post. Nobody holds it yet"
    else:
        state, found = TO_DO, "There is no post of the office yet"
    why = "Whoever holds its post sees and changes all of the partnership’s work but cases. An administrator begins it."
    return Step("The business office", why, state, found, (posts or add) if may else [])


def _name_step(facts, partnership, may, is_administrator):
    missing = []
    if not facts.area_count:
        missing.append("which local authority areas it covers")
    if not partnership.office_email:
        missing.append("the office’s e-mail address")
    links = [("Change the partnership", reverse("partnership:partnership-change", args=[partnership.pk]))]
    if is_administrator:
        links.append(("Areas", reverse("partnership:area-list")))
    if missing:
        state, found = (BEGUN if len(missing) == 1 else TO_DO), f"Still to say: {sentence_join(missing)}"
    else:
        state, found = DONE, f"{counted(facts.area_count, 'area', 'areas')}, {partnership.office_email}"
    why = (
        "It stands on the public pages, in every mail and on every report. "
        "An area that you can’t choose there is added by an administrator."
    )
    return Step("Name, areas and address", why, state, found, links if may else [])


def _members_step(facts, partnership, may):
    lacks = partnership.kind in HAVE_STATUTORY_PARTNERS and not facts.statutory_count
    enough = facts.member_count >= FEWEST_MEMBERS and not lacks
    state = DONE if enough else BEGUN if facts.member_count else TO_DO
    found = counted(facts.member_count, "organisation", "organisations", none="None yet")
    if facts.member_count:
        statutory = counted(
            facts.statutory_count, "statutory partner", "statutory partners", none="no statutory partner"
        )
        found = f"{found}, among them {statutory}"
    links = [
        ("Add an organisation", reverse("partnership:organisation-add")),
        ("See all organisations", reverse("partnership:organisation-list")),
    ]
    why = (
        "Each agency stands here once, with its part in the partnership. You can add them one by one, "
        "or bring all of them with their people in the step “Posts and people”."
    )
    return Step("Partner organisations", why, state, found, links if may else [])


def _groups_step(facts, may):
    state = TO_DO if not facts.group_count else BEGUN if facts.unchaired_count else DONE
    found = counted(facts.group_count, "group", "groups", none="None yet")
    if facts.unchaired_count:
        found = f"{found}, {facts.unchaired_count} without anybody in the chair"
    links = [
        ("Add a group", reverse("partnership:group-add")),
        ("See all groups", reverse("partnership:group-list")),
    ]
    if facts.group_count and facts.unchaired_count:
        links.append(("Bring chairs from a spreadsheet", reverse("partnership:people-import-upload")))
    why = (
        "Groups lead parts of the plan, look at it and decide: one approves it. Begin with the one at the top. "
        "Names are enough for now: who chairs comes with the people in the next step."
    )
    return Step("Groups and their chairs", why, state, found, links if may else [])


def _people_step(facts, may):
    others = facts.people_count - facts.office_holder_count
    state = DONE if others > 0 else TO_DO
    found = f"{people(facts.people_count)} in {counted(facts.post_count, 'post', 'posts', none='no post')}"
    if facts.vacant_count:
        found = f"{found}, {facts.vacant_count} of them vacant"
    links = [
        ("Bring people from a spreadsheet", reverse("partnership:people-import-upload")),
        ("Add one post", reverse("partnership:post-add")),
        ("See all posts", reverse("partnership:post-list")),
    ]
    why = (
        "Leads, seats and rights belong to posts, so that a new chair is one change and nothing is lost. "
        "One list brings organisations, posts, people and their seats."
    )
    return Step("Posts and people", why, state, found, links if may else [])


def _plan_step(facts, may):
    if not facts.plan:
        state, found = TO_DO, "None yet"
        links = [
            ("Import the plan you have", reverse("plans:import-upload")),
            ("Start an empty plan", reverse("plans:plan-start")),
        ]
    else:
        unknown, rows = facts.unknown_lead_count, counted(facts.row_count, "deliverable", "deliverables", none="no row")
        state = DONE if facts.row_count and facts.lead_count and not unknown else BEGUN
        found = f"A plan with {rows}"
        links = [("Open the plan", facts.plan.get_absolute_url())]
        if unknown:
            leads = reverse("plans:plan-leads", args=[facts.plan.pk])
            found = f"{found}. Of {facts.lead_count} leads we do not know who {unknown} would be"
            links.insert(0, ("Say who leads", leads))
        elif facts.row_count and not facts.lead_count:
            found = f"{found}. Nobody leads any of it yet"
    why = (
        "Bring it as it is, from Word, Excel or PDF: you see what was understood before anything is made. "
        "A line is asked about only if its lead is a post, group or organisation that is known here."
    )
    return Step("The plan and who leads", why, state, found, links if may else [])


def _publish_step(facts, may):
    plan = facts.plan
    if not plan:
        return Step("The plan agreed", WHY_AGREED, LATER, "After the plan is here", [])
    if plan.status in APPROVED:
        state, words = DONE, "Open the plan"
    else:
        state = BEGUN if plan.status == Plan.Status.CONSULTATION else TO_DO
        words = "Approve or publish it"
    found = {Plan.Status.DRAFT: "It is a draft: only the office and the advisor see it"}.get(
        plan.status, f"{plan.get_status_display()}, version {plan.version}"
    )
    return Step("The plan agreed", WHY_AGREED, state, found, [(words, plan.get_absolute_url())] if may else [])


def _invite_step(facts, may):
    waiting = facts.people_count - facts.come_in_count - facts.invited_count
    others_in = facts.come_in_count - facts.office_come_in_count
    state = TO_DO
    if others_in > 0 or facts.invited_count:
        state = BEGUN if waiting else DONE
    found = f"{facts.come_in_count} signed in, {facts.invited_count} invited, {waiting} not invited yet"
    why = (
        "Chairs and leads get a mail each, with a link that works once. "
        "Who is only reminded can answer from the link in a reminder and needs no account."
    )
    links = [("Invite people", reverse("partnership:invite-people"))]
    return Step("Chairs and leads invited", why, state, found, links if may else [])


def _round_step(facts, may):
    why = "A round asks every lead how it is going, from one day to another. Most partnerships have one a quarter."
    title = "The first round of updates"
    if facts.opened_count:
        found = counted(facts.opened_count, "round has opened", "rounds have opened")
        links = [("See the rounds", reverse("plans:round-year", args=[facts.plan.pk]))] if facts.plan else []
        return Step(title, why, DONE, found, links if may else [])
    if not facts.plan or facts.plan.status not in APPROVED:
        return Step(title, why, LATER, "After the plan is agreed", [])
    links = [
        ("Open a round", reverse("plans:round-open", args=[facts.plan.pk])),
        ("Plan the year’s rounds", reverse("plans:round-year", args=[facts.plan.pk])),
    ]
    found = counted(facts.round_count, "round is planned", "rounds are planned", none="None yet")
    return Step(title, why, BEGUN if facts.round_count else TO_DO, found, links if may else [])


def _reminders_step(facts, may):
    why = (
        "They leave by themselves, once a day at most for each person. "
        "You see beforehand who will be told of what, and who can’t be told."
    )
    links = [
        ("See who is told next", reverse("partnership:reminder-list")),
        ("Choose when they come", reverse("partnership:reminder-policies")),
    ]
    if facts.has_reminded:
        state, found = DONE, "The first reminders of a round have left"
    elif facts.asking_round:
        state, found = TO_DO, "No lead has been told of the round yet. They are on their days, or today if you ask them"
        links.insert(0, ("Ask everybody who is silent", facts.asking_round.get_absolute_url()))
    elif facts.opened_count:
        state, found = TO_DO, "None of a round has left yet"
    else:
        state, found = LATER, "After a round is open"
    return Step("Reminders", why, state, found, links if may else [])


def counted(count, one, many, *, none=""):
    """ "1 area", "12 areas"; ``none`` where there is none and it says so better than a nought."""
    if not count and none:
        return none
    return f"{count} {one if count == 1 else many}"


def people(count):
    return counted(count, "person", "people", none="nobody")
