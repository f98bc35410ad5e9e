"""Rows of needs, of what agencies taught their own people, and of the rules by which places are given."""

from datetime import timedelta
from decimal import Decimal

from assurance.sample import training_needs as content
from assurance.sample.dates import last_day_of_year
from assurance.sample.people import AV, MB
from plans.models import Plan, Priority
from training.charges.charging import issue_statement
from training.figures.counting import Stretch
from training.models import (
    AgencyCourse,
    AgencyTrainingReturn,
    Course,
    LearningNeed,
    NeedsAnalysis,
    NeedsInvitation,
    NeedsReply,
    NeedsWish,
    TrainingPolicy,
)

DAYS_TO_RETURN = 56


def load_training_needs(cast):
    load_policies(cast)
    load_settled(cast)
    load_next(cast)
    load_own_training(cast)
    load_statements(cast)


def load_statements(cast):
    """Two agencies were told what they owe for last year."""
    starts_on, ends_on = year_of(cast, -1)
    for agency in (content.COUNTY, content.LANTERN):
        issue_statement(
            cast.partnerships[AV],
            cast.agencies[agency],
            Stretch(starts_on, ends_on),
            by=cast.holders["training"],
            at=cast.calendar.moment(ends_on + timedelta(days=40)),
        )


def load_policies(cast):
    """The county charges, the city does not."""
    TrainingPolicy.objects.bulk_create(
        [
            TrainingPolicy(
                partnership=cast.partnerships[AV],
                is_charging=True,
                trainer_day_charge=Decimal(120),
                non_attendance_charge=Decimal(45),
            ),
            TrainingPolicy(partnership=cast.partnerships[MB]),
        ]
    )


def year_of(cast, later):
    starts_on = cast.calendar.year_starts_on
    starts_on = starts_on.replace(year=starts_on.year + later)
    return starts_on, last_day_of_year(starts_on)


def title_of(starts_on):
    return f"Learning needs {starts_on.year}–{(starts_on.year + 1) % 100:02}"


def load_settled(cast):
    starts_on, ends_on = year_of(cast, 0)
    analysis = NeedsAnalysis.objects.create(
        partnership=cast.partnerships[AV],
        title=title_of(starts_on),
        starts_on=starts_on,
        ends_on=ends_on,
        opens_on=starts_on - timedelta(days=90),
        closes_on=starts_on - timedelta(days=48),
        settled_on=starts_on - timedelta(days=12),
    )
    courses = {course.title: course for course in Course.objects.all()}
    plan = Plan.objects.filter(status=Plan.Status.PUBLISHED, audience=Plan.Audience.CHILDREN)
    priorities = {each.ref: each for each in Priority.objects.filter(plan__in=plan)}
    for position, row in enumerate(content.SETTLED, start=1):
        topic, why, source, seen_in, audience, level, urgency, priority, met_by, decision, reasons = row
        need = LearningNeed.objects.create(
            analysis=analysis,
            position=position,
            topic=topic,
            why=why,
            source=source,
            source_title=seen_in,
            audience=audience,
            level=level,
            urgency=urgency,
            priority=priorities.get(priority) if priority else None,
            decision=decision,
            reasons=reasons,
        )
        need.courses.set([courses[title] for title in met_by])


def load_next(cast):
    """Questions are open; some have answered."""
    (starts_on, ends_on), day = year_of(cast, 1), cast.calendar.day
    analysis = NeedsAnalysis.objects.create(
        partnership=cast.partnerships[AV],
        title=title_of(starts_on),
        starts_on=starts_on,
        ends_on=ends_on,
        introduction=content.NEXT_INTRODUCTION,
        opens_on=day(-18),
        closes_on=day(17),
    )
    needs = LearningNeed.objects.bulk_create(
        LearningNeed(
            analysis=analysis,
            position=position,
            topic=topic,
            why=why,
            source=source,
            source_title=seen_in,
            urgency=urgency,
        )
        for position, (topic, why, source, seen_in, urgency) in enumerate(content.NEXT, start=1)
    )
    invited = load_invitations(cast, analysis)
    for number, (agency, by, wishes) in enumerate(content.REPLIES):
        reply = invited[NeedsInvitation.Kind.ORGANISATION, agency].replies.create(replied_on=day(-3 - number), by=by)
        load_wishes(reply, wishes, needs)
    group, by, wishes = content.GROUP_REPLY
    load_wishes(invited[NeedsInvitation.Kind.GROUP, group].replies.create(replied_on=day(-6), by=by), wishes, needs)
    agency, replies = content.PRACTITIONERS_REPLY
    invitation = invited[NeedsInvitation.Kind.PRACTITIONERS, agency]
    for number, (job, topic) in enumerate(replies):
        reply = NeedsReply.objects.create(invitation=invitation, replied_on=day(-number - 1), job=job)
        load_wishes(reply, [(topic, "", 2, "", None)], needs)


def load_invitations(cast, analysis):
    """Every practitioners' agency twice, for itself and for its people, and two groups; by kind and name."""
    kind = NeedsInvitation.Kind
    asked = [name for name in content.OWN_TRAINING if name != content.CITY]
    rows = {
        **{
            (each, name): NeedsInvitation(kind=each, organisation=cast.agencies[name])
            for name in asked
            for each in (kind.ORGANISATION, kind.PRACTITIONERS)
        },
        **{
            (kind.GROUP, name): NeedsInvitation(kind=kind.GROUP, group=cast.groups[name])
            for name in (content.LEARNING, "Education Safeguarding Forum")
        },
    }
    for row in rows.values():
        row.analysis, row.sent_on = analysis, cast.calendar.day(-18)
    NeedsInvitation.objects.bulk_create(rows.values())
    return rows


def load_wishes(reply, wishes, needs):
    NeedsWish.objects.bulk_create(
        NeedsWish(
            reply=reply,
            position=position,
            topic=topic,
            audience=audience,
            urgency=urgency,
            why=why,
            need=None if need is None else needs[need],
        )
        for position, (topic, audience, urgency, why, need) in enumerate(wishes, start=1)
    )


def load_own_training(cast):
    """Of last year: five told what they taught, two have begun, one has not."""
    starts_on, ends_on = year_of(cast, -1)
    for agency, (days, assured, difference, courses) in content.OWN_TRAINING.items():
        submitted_at = None
        if days is not None:
            submitted_at = cast.calendar.moment(min(ends_on + timedelta(days=days - 90), cast.calendar.day(-1)))
        record = AgencyTrainingReturn.objects.create(
            partnership=cast.partnerships[MB if agency == content.CITY else AV],
            organisation=cast.agencies[agency],
            starts_on=starts_on,
            ends_on=ends_on,
            asked_on=ends_on + timedelta(days=1),
            due_on=ends_on + timedelta(days=DAYS_TO_RETURN),
            assured=assured,
            difference=difference,
            submitted_at=submitted_at,
            submitted_by=cast.holders["training"] if submitted_at else None,
        )
        AgencyCourse.objects.bulk_create(
            AgencyCourse(
                record=record, position=position, title=title, level=level, needed_count=needed, trained_count=trained
            )
            for position, (title, level, needed, trained) in enumerate(courses, start=1)
        )
