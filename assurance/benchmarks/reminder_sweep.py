"""One turn of planning reminders over a nation's data, against reading the same rows and doing nothing with them."""

import os
import time
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pghistory
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils.module_loading import import_string
from psycopg2.extras import execute_values

from assurance.benchmarks.figures import Figure
from assurance.benchmarks.plan_page import collecting_as_the_web_server_does, count_rows_anew, make_rating_key
from assurance.models import AssuranceRequest, Return
from partnership.models import (
    AgendaItem,
    Group,
    GroupMember,
    Meeting,
    MeetingAction,
    Membership,
    Message,
    Organisation,
    Partnership,
    Post,
    PostHolding,
    Reminder,
    User,
)
from partnership.reminders.agenda import Planner
from partnership.reminders.ledger import plan_day
from partnership.reminders.loop import reckoned
from partnership.reminders.reckoning import astray
from plans.models import Activity, Deliverable, DeliverableLead, Milestone, Plan, Priority, Update, UpdateRound

ON = date(2027, 1, 12)  # a Tuesday
MORNING = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
PARTNERSHIPS = int(os.environ.get("SWEEP_PARTNERSHIPS", "150"))  # fewer where it takes too long to build
YEARS = 10
RUNS = 5
MOST_TIMES = 3

# Of each partnership; of each year where it says so.
GROUPS, PEOPLE, ORGANISATIONS = 12, 40, 20
MEETINGS, ITEMS_EACH, ACTIONS = 72, 3, 150
PRIORITIES, DELIVERABLES, ACTIVITIES, MILESTONES_EACH = 6, 40, 3, 2
REQUESTS = 4


def reminder_sweep():
    """A turn as a multiple of the bare scan, and its memory at all as a multiple of that at a tenth."""
    tenth = PARTNERSHIPS // 10
    with transaction.atomic():
        try:
            without_history()
            build(range(tenth))
            small = measure()
            build(range(tenth, PARTNERSHIPS))
            row_count = dated_rows()
            large = measure()
        finally:
            transaction.set_rollback(True)
    cpu, elapsed = (ours / bare for ours, bare in zip(large["turn"], large["scan"], strict=True))
    return [
        Figure(
            f"a turn with nothing new amid {PARTNERSHIPS} partnerships ÷ the bare scan of the same rows",
            cpu,
            f"CPU, PostgreSQL’s with it, least of {RUNS}; {elapsed:.2f} × by the clock. {row_count:,} dated rows of "
            f"{YEARS} years, of which a day reads {large['rows']:,}; its first turn takes {large['first']:.1f} s",
            at_most=MOST_TIMES,
        ),
        Figure(
            f"memory amid {PARTNERSHIPS} partnerships ÷ amid {tenth}",
            large["memory"] / small["memory"],
            f"{large['memory']:.1f} MB with {large['tellings']:,} reminders, {small['memory']:.1f} MB with "
            f"{small['tellings']:,}, at their peak",
        ),
    ]


def measure():
    """Seconds of the scan and of a turn (CPU of both sides, elapsed), and the turn's peak of memory."""
    count_rows_anew()
    scan = scan_of_the_same_rows()
    found = {"rows": scan()}
    before = time.perf_counter()
    sums = reckoned(turn())
    found["first"] = time.perf_counter() - before
    found["tellings"] = sums["due"]
    if astray(sums):
        raise RuntimeError("The ledger does not account for all that was due.")
    # The mails of the morning have left.
    Message.objects.update(state=Message.State.ACCEPTED)
    Reminder.objects.filter(state=Reminder.State.BUNDLED).update(state=Reminder.State.DONE)
    count_rows_anew()
    with collecting_as_the_web_server_does():
        found["scan"], found["turn"] = least_seconds(scan, turn)
    tracemalloc.start()
    turn()
    found["memory"] = tracemalloc.get_traced_memory()[1] / 1024**2
    tracemalloc.stop()
    return found


def turn():
    """What a turn of the loop does before any mail is written."""
    with pghistory.context(task="send_reminders"):
        return plan_day(on=ON, now=MORNING)


def scan_of_the_same_rows():
    """A function that fetches the rows that the turn reads, by SQL that is ready, and gives their number."""
    planner = Planner(on=ON)
    wanted = Q(deadline_due_on__lte=planner.until)
    if planner.since:
        wanted &= Q(deadline_due_on__gte=planner.since)
    first, *others = [import_string(name)(ON).filter(wanted) for name in settings.DEADLINE_SOURCES]
    sql, parameters = first.union(*others, all=True).query.sql_with_params()

    def scan():
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return len(cursor.fetchall())

    return scan


def least_seconds(*doings):
    """(CPU, elapsed) seconds of each of ``doings`` in turn: the least of the runs, after one to warm up."""
    seconds = [[] for _each in doings]
    for run_number in range(RUNS + 1):
        for at, do in enumerate(doings):
            cpu, elapsed = cpu_seconds(), time.perf_counter()
            do()
            if run_number:
                seconds[at].append((cpu_seconds() - cpu, time.perf_counter() - elapsed))
    return [tuple(map(min, zip(*each, strict=True))) for each in seconds]


def cpu_seconds():
    """Of this process and of the PostgreSQL process that works for it: the scan is mostly there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    _name, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")
    user, system = rest.split()[11:13]
    return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


# The nation


LOADED = [
    "partnership_partnership",
    "partnership_organisation",
    "partnership_membership",
    "partnership_group",
    "partnership_group_partnerships",
    "partnership_groupmember",
    "partnership_post",
    "partnership_post_partnerships",
    "partnership_postholding",
    "partnership_user",
    "plans_plan_partnerships",
    "assurance_assurancerequest_partnerships",
    "partnership_meeting",
    "partnership_agendaitem",
    "partnership_meetingaction",
    "plans_plan",
    "plans_priority",
    "plans_deliverable",
    "plans_deliverablelead",
    "plans_activity",
    "plans_milestone",
    "plans_updateround",
    "plans_update",
    "assurance_assurancerequest",
    "assurance_return",
]


def without_history():
    """Or the load would write every row twice, for minutes. Undone with the rest."""
    run("SET LOCAL statement_timeout = 0")
    for table in LOADED:
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def run(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def dated_rows():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM plans_milestone) + (SELECT count(*) FROM partnership_meeting)"
            " + (SELECT count(*) FROM partnership_agendaitem) + (SELECT count(*) FROM partnership_meetingaction)"
            " + (SELECT count(*) FROM assurance_return) + (SELECT count(*) FROM plans_updateround)"
            " + (SELECT count(*) FROM plans_update)"
        )
        return cursor.fetchone()[0]


def build(numbers):
    """Partnerships with those numbers, everything in them for ten years that end a year from now."""
    if not numbers:
        return
    make_people_and_places(numbers)
    run("CREATE TEMPORARY TABLE new_plan AS SELECT NULL::bigint AS id, NULL::bigint AS partnership_id LIMIT 0")
    make_plans(numbers)
    run(
        "CREATE TEMPORARY TABLE own AS SELECT g.partnership_id, array_agg(DISTINCT g.group_id) AS groups,"
        " array_agg(DISTINCT m.post_id) AS posts FROM partnership_group_partnerships g"
        " JOIN partnership_groupmember m USING (group_id) GROUP BY 1"
    )
    fill_plans()
    fill_groups()
    fill_requests()
    run("DROP TABLE new_plan, own")
    Partnership.objects.update(introduction="")
    # Now and not at a commit that never comes: or a million checks would stand in a queue that each statement walks.
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


def make_people_and_places(numbers):
    partnerships = Partnership.objects.bulk_create(
        [Partnership(name=f"Sweep {n:03}", short_name=f"S{n}", slug=f"sweep-{n}", introduction="new") for n in numbers]
    )
    groups = Group.objects.bulk_create([Group(name=f"Sweep group {n} {g}") for n in numbers for g in range(GROUPS)])
    organisations = Organisation.objects.bulk_create(
        [Organisation(name=f"Sweep organisation {n} {o}") for n in numbers for o in range(ORGANISATIONS)]
    )
    posts, users, members, seats, duties = [], [], [], [], []
    for at, n in enumerate(numbers):
        own_organisations = organisations[at * ORGANISATIONS : (at + 1) * ORGANISATIONS]
        members += [Membership(organisation=each, partnership=partnerships[at]) for each in own_organisations]
        own_posts = [
            Post(
                title=f"Sweep post {n} {p}",
                duty=Post.Duty.OFFICE if p == 0 else "",
                organisation=own_organisations[p % ORGANISATIONS],
            )
            for p in range(PEOPLE)
        ]
        posts += own_posts
        duties.append((own_posts[0], partnerships[at]))
        users += [User(email=f"sweep-{n}-{p}@example.org", name=f"Person {p}", password="!") for p in range(PEOPLE)]  # noqa: S106
        for g, group in enumerate(groups[at * GROUPS : (at + 1) * GROUPS]):
            seats.append(GroupMember(group=group, post=own_posts[g], role=GroupMember.Role.CHAIR))
            seats += [GroupMember(group=group, post=own_posts[(g + seat) % PEOPLE]) for seat in range(1, 10)]
    Membership.objects.bulk_create(members)
    Post.objects.bulk_create(posts)
    User.objects.bulk_create(users)
    PostHolding.objects.bulk_create(
        [PostHolding(post=post, user=user, from_on=date(2020, 1, 1)) for post, user in zip(posts, users, strict=True)]
    )
    GroupMember.objects.bulk_create(seats)
    of_groups, of_posts = Group.partnerships.through, Post.partnerships.through
    of_groups.objects.bulk_create(
        [of_groups(group=group, partnership=partnerships[at // GROUPS]) for at, group in enumerate(groups)]
    )
    of_posts.objects.bulk_create([of_posts(post=post, partnership=partnership) for post, partnership in duties])


def make_plans(numbers):
    """One plan a year; the last runs. Every fifth partnership shares its plan with the one before it."""
    partnerships = {p.slug: p.pk for p in Partnership.objects.filter(introduction="new")}
    key = make_rating_key(f"of sweep {numbers[0]}")
    plans, shares, own = [], [], []
    for n in numbers:
        sharing = [f"sweep-{n}", f"sweep-{n - 1}"] if n % 5 == 4 else [f"sweep-{n}"]
        for year in range(YEARS):
            starts_on = date(ON.year - YEARS + year, 4, 1)
            plan = Plan(
                title=f"Plan {n} {year}",
                starts_on=starts_on,
                ends_on=starts_on + timedelta(days=364),
                status=Plan.Status.PUBLISHED if year == YEARS - 1 else Plan.Status.CLOSED,
                rating_key=key,
            )
            plans.append(plan)
            own.append((plan, partnerships[sharing[0]]))
            shares += [(plan, partnerships[slug]) for slug in sharing if slug in partnerships]
    Plan.objects.bulk_create(plans)
    of_plans = Plan.partnerships.through
    of_plans.objects.bulk_create([of_plans(plan=plan, partnership_id=pk) for plan, pk in shares])
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, "INSERT INTO new_plan VALUES %s", [(plan.pk, pk) for plan, pk in own])


def fill(model, source, **columns):
    """Rows of ``model`` from ``source``, what stands after FROM: SQL for each of ``columns``, else the default."""
    values = {"on": ON, "years": YEARS}
    for each in model._meta.concrete_fields:
        if not (each.primary_key or each.null or each.column in columns):
            columns[each.column] = f"%({each.column})s"
            values[each.column] = each.get_db_prep_save(each.get_default(), connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "  # noqa: S608 our own words
            f"SELECT {', '.join(columns.values())} FROM {source}",
            values,
        )


NEW_DELIVERABLES = (
    "plans_deliverable d JOIN plans_priority p ON p.id = d.priority_id"
    " JOIN new_plan ON new_plan.id = p.plan_id JOIN plans_plan plan ON plan.id = p.plan_id"
)


def fill_plans():
    """Most milestones of the running plans that have come are met, of the closed ones all."""
    fill(
        Priority,
        f"new_plan, generate_series(1, {PRIORITIES}) AS n",
        **{"position": "n", "ref": "n::text", "title": "'Priority'", "plan_id": "new_plan.id"},
    )
    fill(
        Deliverable,
        "plans_priority p JOIN new_plan ON new_plan.id = p.plan_id,"
        f" generate_series(1, {DELIVERABLES // PRIORITIES + 1}) AS n",
        position="n",
        ref="n::text",
        title="'A promise of about the length that promises have'",
        priority_id="p.id",
    )
    fill(
        DeliverableLead,
        f"{NEW_DELIVERABLES} JOIN own USING (partnership_id)",
        position="1",
        text="'Lead'",
        deliverable_id="d.id",
        post_id="CASE WHEN d.id %% 3 > 0 THEN own.posts[1 + d.id %% cardinality(own.posts)] END",
        group_id="CASE WHEN d.id %% 3 = 0 THEN own.groups[1 + d.id %% cardinality(own.groups)] END",
    )
    fill(
        Activity,
        f"{NEW_DELIVERABLES}, generate_series(1, {ACTIVITIES}) AS n",
        position="n",
        text="'Do what was said, with everybody who has to do with it.'",
        timescale_kind="'date'",
        deliverable_id="d.id",
    )
    fill(
        Milestone,
        f"{NEW_DELIVERABLES} JOIN plans_activity a ON a.deliverable_id = d.id,"
        f" generate_series(1, {MILESTONES_EACH}) AS n,"
        " LATERAL (SELECT plan.starts_on + ((a.id * 37 + n * 181) %% 364)::int AS due_on) AS day",
        position="n",
        activity_id="a.id",
        due_on="due_on",
        met_on="CASE WHEN due_on < %(on)s AND (plan.status = 'closed' OR a.id %% 20 > 0) THEN due_on END",
    )
    fill(
        UpdateRound,
        "new_plan JOIN plans_plan plan ON plan.id = new_plan.id, generate_series(1, 4) AS n",
        name="'Quarter ' || n",
        starts_on="plan.starts_on + 91 * (n - 1)",
        ends_on="plan.starts_on + 91 * n - 1",
        opens_on="plan.starts_on + 91 * n - 1",
        closes_on="plan.starts_on + 91 * n + 20",
        plan_id="plan.id",
    )
    fill(
        Update,
        f"{NEW_DELIVERABLES} JOIN plans_updateround r ON r.plan_id = plan.id"
        " WHERE r.ends_on < %(on)s AND NOT (r.closes_on >= %(on)s AND d.id %% 4 = 0)",
        progress="'What has happened since the last time.'",
        submitted_at="r.closes_on",
        deliverable_id="d.id",
        rating_id="(SELECT min(id) FROM plans_rating WHERE key_id = plan.rating_key_id)",
        submitted_by_id="(SELECT min(id) FROM partnership_user)",
        round_id="r.id",
    )


NEW_GROUPS = (
    "partnership_group_partnerships g JOIN partnership_partnership ON partnership_partnership.id = g.partnership_id"
    " AND partnership_partnership.introduction = 'new'"
)


def fill_groups():
    """Meetings with items of which one wants a paper, and actions of which few are open."""
    fill(
        Meeting,
        f"{NEW_GROUPS}, generate_series(0, {MEETINGS * YEARS // GROUPS} - 1) AS n,"
        " LATERAL (SELECT %(on)s + 60 - n * 61 - (g.group_id %% 61)::int AS day) AS each",
        meets_on="day",
        status="CASE WHEN day < %(on)s THEN 'held' ELSE 'planned' END",
        group_id="g.group_id",
    )
    fill(
        AgendaItem,
        f"{NEW_GROUPS} JOIN partnership_meeting m USING (group_id), generate_series(1, {ITEMS_EACH}) AS n",
        position="n",
        title="'Something to talk about'",
        needs_paper="n = 1",
        group_id="g.group_id",
        meeting_id="m.id",
        lead_post_id="(SELECT min(post_id) FROM partnership_groupmember s WHERE s.group_id = g.group_id)",
        paper_due_on="CASE WHEN n = 1 THEN m.meets_on - 7 END",
    )
    fill(
        MeetingAction,
        f"{NEW_GROUPS}, generate_series(1, {ACTIONS * YEARS // GROUPS}) AS n,"
        " LATERAL (SELECT %(on)s + 60 - ((n * 29 + g.group_id) %% 3650)::int AS day) AS due,"
        " LATERAL (SELECT day >= %(on)s OR (n %% 25 = 0 AND day > %(on)s - 60) AS is_open) AS open",
        ref="'A' || n",
        text="'Write to everybody'",
        due_on="day",
        closed_on="CASE WHEN NOT is_open THEN day END",
        outcome="CASE WHEN is_open THEN '' ELSE 'Done' END",
        group_id="g.group_id",
        lead_post_id="(SELECT post_id FROM partnership_groupmember s WHERE s.group_id = g.group_id"
        " ORDER BY id OFFSET n %% 10 LIMIT 1)",
    )


def fill_requests():
    """Requests to every organisation, four a year; to the last a third has not answered."""
    of_new = "partnership_partnership p ON p.introduction = 'new'"
    fill(
        AssuranceRequest,
        f"generate_series(0, {REQUESTS * YEARS} - 1) AS n JOIN {of_new}",
        title="p.slug",
        due_on="%(on)s + 7 - 91 * n",
        sent_on="%(on)s - 23 - 91 * n",
    )
    fill(
        AssuranceRequest.partnerships.through,
        f"assurance_assurancerequest r JOIN {of_new} AND p.slug = r.title",
        assurancerequest_id="r.id",
        partnership_id="p.id",
    )
    fill(
        Return,
        f"assurance_assurancerequest r JOIN {of_new} AND p.slug = r.title"
        " JOIN partnership_membership m ON m.partnership_id = p.id",
        id="gen_random_uuid()",
        organisation_id="m.organisation_id",
        request_id="r.id",
        submitted_at="CASE WHEN r.due_on < %(on)s OR m.organisation_id %% 3 > 0 THEN r.due_on::timestamptz END",
    )
