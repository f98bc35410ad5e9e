"""What is due to the partnership itself: papers, actions, meetings, terms of reference, arrangements, disputes.

``deadlines.py`` here is the mechanism that reads these sources and those of the other apps.
"""

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, Least, TruncDate

from partnership.clocks import Later, by_clock
from partnership.deadlines import OFFICE, as_deadlines
from partnership.models import (
    AccessReview,
    AgendaItem,
    Arrangements,
    DisputeStage,
    Group,
    GroupMember,
    Invitation,
    Meeting,
    MeetingAction,
    Nomination,
    Paper,
    Partnership,
    Post,
    PostHolding,
    PublicStatement,
    Rule,
    TermsOfReference,
    User,
)
from partnership.models.organisations import valid_on

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
        group_above="group",
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
        group_above="group",
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
        group_above="group__parent",
    )


def arrangements(on):
    """Published arrangements that are to be looked at again: on the day that was said, or else by the rule."""
    in_force = Arrangements.objects.in_force(on=on).filter(partnership=OuterRef("partnership"))
    standing = Arrangements.objects.filter(pk=Subquery(in_force.values("pk")[:1])).annotate(
        counts_from=Coalesce("in_force_from", TruncDate("published_at"))
    )
    rules = Rule.objects.clock(
        "arrangements-review", on=OuterRef("counts_from"), audience=OuterRef("partnership__kind")
    )
    return of_office(
        by_clock(standing, rules, counted_from="counts_from").exclude(review_on=None, clock_rule=None),
        office="partnership__posts",
        key="arrangements",
        kind="Arrangements",
        due_on=Coalesce("review_on", "clock_due_on"),
        title=Concat(Value("Look again at "), "title", output_field=TextField()),
        url_name="partnership:arrangements-detail",
        partnership="partnership",
        rule=Case(When(review_on=None, then="clock_rule")),
        counted_from=Case(When(review_on=None, then="counts_from")),
    )


def holdings(on):
    """Duties whose holder leaves on a day to come with nobody to follow: an advisor, a lead partner, an office."""
    follows = PostHolding.objects.filter(Q(to_on=None) | Q(to_on__gt=OuterRef("to_on")), post=OuterRef("post"))
    ending = PostHolding.objects.filter(~Exists(follows), to_on__gte=on, ended_at=None, post__closed_on=None)
    return of_office(
        ending,
        office="post__partnerships__posts",
        key="holding",
        kind="Post",
        due_on="to_on",
        title=Concat("user__name", Value(" leaves the post of "), "post__title", output_field=TextField()),
        url_name="partnership:post-detail",
        url_pk="post",
        partnership="post__partnerships",
    )


def statements(on):
    """Published accessibility statements and privacy notices, a year after somebody last looked at them."""
    return of_office(
        PublicStatement.objects.filter(pk__in=PublicStatement.objects.in_force().values("pk")),
        office="partnership__posts",
        key="statement",
        kind="Public statement",
        due_on=Later("reviewed_on", Value(12), "month"),
        title=Case(
            *[When(kind=kind, then=Value(f"Look again at the {kind.label.lower()}")) for kind in PublicStatement.Kind],
            output_field=TextField(),
        ),
        look_name="partnership:deadline-list",
        url_name="partnership:statement-list",
        url_pk="partnership",
        partnership="partnership",
        audience=OFFICE,
    )


def access_reviews(on):
    """Reviews of access that were begun and are not closed."""
    return of_office(
        AccessReview.objects.filter(closed_at=None),
        office="partnership__posts",
        key="access-review",
        kind="Review of access",
        due_on="due_on",
        title=Concat(Value("Finish the review of who has access to "), "partnership__name", output_field=TextField()),
        url_name="partnership:access-review-detail",
        look_name="partnership:deadline-list",
        partnership="partnership",
        audience=OFFICE,
    )


def access_reviews_to_begin(on):
    """A year after the last review of access was closed, or after the first of a partnership’s people came in.

    Whoever was invited came in when they used the invitation; whoever was not (an account made by the administrator, or
    joined to an organisation's) counts from when their account was made. Where nobody came in nobody is to be reviewed.
    """
    reviews = AccessReview.objects.filter(partnership=OuterRef("pk")).order_by("-begun_at")
    used = Invitation.objects.exclude(used_at=None)
    first_invited = used.filter(user__holdings__post__partnerships=OuterRef("pk")).order_by("used_at")
    first_without = (
        User.objects.filter(~Exists(used.filter(user=OuterRef("pk"))), holdings__post__partnerships=OuterRef("pk"))
        .exclude(last_login=None)
        .order_by("created_at")
    )
    first_in = Least(Subquery(first_invited.values("used_at")[:1]), Subquery(first_without.values("created_at")[:1]))
    standing = Partnership.objects.annotate(
        last_review=Subquery(reviews.values("pk")[:1]),
        last_closed=Subquery(reviews.values("closed_at")[:1]),
        counts_from=TruncDate(Coalesce("last_closed", first_in)),
    )
    return of_office(
        standing.exclude(last_review__isnull=False, last_closed=None).exclude(counts_from=None),
        office="posts",
        key="next-access-review",
        kind="Review of access",
        due_on=Later("counts_from", Value(12), "month"),
        title=Concat(Value("Look at who has access to "), "name", output_field=TextField()),
        url_name="partnership:access-review-begin",
        look_name="partnership:deadline-list",
        partnership="pk",
        audience=OFFICE,
    )


def seats(on):
    """Seats in open groups that end on a day to come: the term of a chair, or of a member."""
    return of_office(
        GroupMember.objects.filter(to_on__gte=on, group__closed_on=None, post__closed_on=None),
        office="group__partnerships__posts",
        key="seat",
        kind="Seat",
        due_on="to_on",
        title=Concat("post__title", Value(" ends in "), "group__name", output_field=TextField()),
        url_name="partnership:group-detail",
        url_pk="group",
        partnership="group__partnerships",
    )


def nominations(on):
    """Organisations that after a day to come nobody speaks for."""
    membership = "organisation__memberships__"
    follows = Nomination.objects.filter(
        Q(to_on=None) | Q(to_on__gt=OuterRef("to_on")), organisation=OuterRef("organisation")
    )
    return of_office(
        Nomination.objects.filter(~Exists(follows) & valid_on(on, membership), to_on__gte=on),
        office=f"{membership}partnership__posts",
        key="nomination",
        kind="Nomination",
        due_on="to_on",
        title=Concat("post__title", Value(" speaks no longer for "), "organisation__name", output_field=TextField()),
        url_name="partnership:organisation-detail",
        url_pk="organisation",
        partnership=f"{membership}partnership",
    )


def of_office(rows, *, office, **columns):
    """``rows`` as deadlines of the business office; ``office`` is the way to the posts of their partnership."""
    rows = rows.filter(**{f"{office}__duty": Post.Duty.OFFICE})
    return as_deadlines(rows, owner_text=f"{office}__title", post=office, **columns)


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
