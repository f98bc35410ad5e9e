"""Each fault with whom it shows something hidden to, and where: the twin worlds must notice every one.

Faults are in ``leaks.py``. Here they are spread over the rooms of the product: what is listed, counted, searched,
exported, offered in a form, said in a refusal, mailed, and kept in a calendar.
"""

from dataclasses import dataclass, field

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from assurance import learning_needs
from partnership import plan_sources
from partnership.models import Group, reminders
from partnership.models import meetings as meeting_models
from partnership.views import history
from reviews import recommendation_lists
from reviews.models import LearningPoint, cases, learning, recommendations
from reviews.views import recommendations as recommendation_views
from tests.guarantees.leaks import (
    allowed,
    asked_one_by_one,
    both,
    choice_of_all,
    counted_in_a_header,
    counted_in_the_subject,
    decisions_of_all,
    every_reference_known,
    everybody_on_the_ladder_hears,
    everything_of,
    feed_of_everything,
    let_in,
    mailed_like_others,
    meetings_of_all,
    named_in_a_refusal,
    not_restricted,
    open_to_all,
    put,
    says_what_asked_for_it,
    searched_in,
    source_shown,
    standing_with,
    taken_by_a_case,
    unscoped_figures,
)

PAGES, FORMS, MAILS, FEEDS = "pages", "forms", "mails", "feeds"


@dataclass(frozen=True)
class Mutant:
    """One fault: ``apply(monkeypatch)`` makes it, and it must show to ``role`` by one of ``doors``.

    ``way`` says how: on a page, in what is answered to a form, in a mail to anybody, in a calendar feed of theirs.
    """

    name: str
    role: str
    doors: tuple
    apply: object = field(compare=False)
    way: str = PAGES

    def __str__(self):
        return self.name


def of_office(rows, user):
    return rows.filter(partnership_ids__overlap=list(user.standing.office_ids))


def points_of(partnership_id, user, *, on):
    return LearningPoint.objects.filter(partnership=partnership_id)


SITS = standing_with(case_group_ids="partnership_ids")
DUE = ("partnership:deadline-list", "partnership:calendar", "assurance:my-work")

CASES = [
    Mutant("everybody sits in the group: cases", "office", ("reviews:case-list",), SITS),
    Mutant("everybody sits in the group: reviews", "chair", ("reviews:review-list",), SITS),
    Mutant("everybody sits in the group: one case", "lead", ("reviews:case-detail",), SITS),
    Mutant("everybody sits in the group: one review", "advisor", ("reviews:review-detail",), SITS),
    Mutant("everybody sits in the group: what is due", "office", ("partnership:deadline-list",), SITS),
    Mutant("everybody sits in the group: themes", "office", ("reviews:learning-themes",), SITS),
    Mutant("everybody sits in the group: reminders sent", "office", ("partnership:reminder-sent",), SITS),
    Mutant(
        "a case opens to all",
        "office",
        ("reviews:case-detail",),
        both(everything_of(cases.RestrictedQuerySet), allowed("reviews.view_case")),
    ),
    Mutant(
        "a case opens to the administrator",
        "administrator",
        ("reviews:case-detail",),
        both(everything_of(cases.RestrictedQuerySet), allowed("reviews.view_case")),
    ),
    Mutant(
        "a review opens to all",
        "executive_chair",
        ("reviews:review-detail",),
        both(everything_of(cases.RestrictedQuerySet), allowed("reviews.view_practicereview")),
    ),
    Mutant("everybody sits in the group: reviewers", "office", ("reviews:reviewer-list",), SITS),
    Mutant(
        "what was declined after a case is listed",
        "advisor",
        ("reviews:recommendation-declined",),
        everything_of(recommendations.RecommendationQuerySet),
    ),
    Mutant(
        "what was not released is open to its partnership",
        "lead",
        ("reviews:recommendation-list",),
        put(recommendations, "open_to", lambda user: Q(partnership__in=user.standing.partnership_ids)),
    ),
    Mutant(
        "recommendations of a case are listed",
        "office",
        ("reviews:recommendation-list",),
        everything_of(recommendations.RecommendationQuerySet),
    ),
    Mutant(
        "recommendations of a case are listed for partners",
        "other_partner",
        ("reviews:recommendation-list",),
        everything_of(recommendations.RecommendationQuerySet),
    ),
    Mutant(
        "re-checks of a case are listed",
        "office",
        ("reviews:recheck-year",),
        both(everything_of(recommendations.ReCheckQuerySet), everything_of(recommendations.RecommendationQuerySet)),
    ),
    Mutant(
        "lessons of a case are listed",
        "chair",
        ("reviews:learning-list",),
        everything_of(learning.LearningPointQuerySet),
    ),
    Mutant(
        "drafts of a review are listed", "lead", ("reviews:briefing-list",), everything_of(learning.BriefingQuerySet)
    ),
    Mutant("what is due is shown to all", "office", DUE, open_to_all),
    Mutant("nothing that is due is restricted", "office", DUE, not_restricted),
    Mutant("nothing that is due is restricted: an executive", "executive_chair", DUE, not_restricted),
    Mutant(
        "meetings of the group are shown",
        "chair",
        ("partnership:meeting-list", "partnership:calendar"),
        put(
            meeting_models,
            "groups_seen_by",
            lambda user: Group.objects.filter(partnerships__in=user.standing.partnership_ids),
        ),
    ),
    Mutant(
        "the office runs every group",
        "office",
        ("partnership:meeting-list", "partnership:group-detail", "partnership:calendar"),
        meetings_of_all,
    ),
    Mutant(
        "what the group was told is listed",
        "office",
        ("partnership:reminder-sent", "partnership:reminder-list"),
        put(reminders.ReminderQuerySet, "visible_to", of_office),
    ),
    Mutant(
        "who asked in an emergency is let in before anybody answers",
        "office",
        ("reviews:case-list",),
        let_in,
    ),
    Mutant(
        "history opens to all",
        "office",
        ("partnership:record-history",),
        both(everything_of(cases.RestrictedQuerySet), allowed("reviews.view_case")),
    ),
    # Counts, searches, choices and files
    Mutant("figures by theme count what is hidden", "office", ("reviews:learning-themes",), unscoped_figures),
    Mutant(
        "hidden lessons are asked of one by one",
        "chair",
        ("reviews:learning-list",),
        asked_one_by_one(learning.LearningPointQuerySet),
    ),
    Mutant("a header of each list counts cases", "lead", ("reviews:briefing-list",), counted_in_a_header),
    Mutant(
        "needs of training are offered from cases",
        "training_coordinator",
        ("assurance:needs-offers",),
        both(
            put(learning_needs, "free_points", points_of),
            put(learning_needs, "known_on", lambda record, day: day),
        ),
    ),
    Mutant("a list can be narrowed to whom cases name", "lead", ("reviews:recommendation-list",), choice_of_all),
    Mutant(
        "what was released is found by its case",
        "office",
        ("reviews:recommendation-list",),
        searched_in(recommendation_lists.RecommendationFilter, "case__reference"),
    ),
    Mutant(
        "what was released names its case",
        "advisor",
        ("reviews:recommendation-list",),
        source_shown(origin=Coalesce("case__reference", "review__reference")),
    ),
    Mutant(
        "what was released is as old as its case",
        "executive_chair",
        ("reviews:recommendation-list",),
        source_shown(known_on=F("made_on")),
    ),
    Mutant(
        "a form offers lessons of cases",
        "office",
        ("reviews:briefing-change",),
        everything_of(learning.LearningPointQuerySet),
    ),
    Mutant(
        "drafts are public",
        "anonymous",
        ("reviews:public-learning", "partnership:api-list"),
        both(
            put(learning.BriefingQuerySet, "published", lambda rows: rows.all()),
            put(learning.BriefingQuerySet, "for_everyone", lambda rows: rows.all()),
        ),
    ),
    Mutant(
        "the group’s actions are in the log of all",
        "chair",
        ("partnership:action-list", "assurance:my-work"),
        everything_of(meeting_models.MeetingActionQuerySet),
    ),
    Mutant(
        "the group’s decisions can be reasons of a plan",
        "office",
        ("plans:plan-drivers", "plans:priority-sources"),
        put(plan_sources, "decisions", decisions_of_all),
    ),
    Mutant(
        "what the group put off is listed",
        "office",
        ("partnership:reminder-list",),
        everything_of(reminders.ReminderPauseQuerySet),
    ),
    Mutant(
        "what was released is looked back at",
        "lead",
        ("partnership:record-history",),
        lambda patch: patch.delitem(history.LOOKED_BACK_BY, "reviews.recommendation"),
    ),
    Mutant(
        "a row of a plan says what asked for it",
        "partner",
        ("plans:deliverable-detail", "assurance:my-work"),
        says_what_asked_for_it,
    ),
    # Refusals
    Mutant("a title is taken by a case", "administrator", ("reviews:theme-list",), taken_by_a_case, FORMS),
    Mutant(
        "words are refused because a case is called so",
        "office",
        ("reviews:recommendation-change",),
        put(recommendation_views, "references_known", every_reference_known),
        FORMS,
    ),
    Mutant(
        "a refusal counts what is in the way", "office", ("partnership:organisation-change",), named_in_a_refusal, FORMS
    ),
    # Mails
    Mutant("everybody above hears of a case", "office", (), everybody_on_the_ladder_hears, MAILS),
    Mutant("a mail names the case", "case_group_member", (), mailed_like_others, MAILS),
    Mutant("the subject of a mail counts cases", "case_group_member", (), counted_in_the_subject, MAILS),
    # Calendars
    Mutant("a feed holds what is restricted", "case_group_member", (), feed_of_everything, FEEDS),
    Mutant("a feed holds what is due of others", "office", (), both(open_to_all, feed_of_everything), FEEDS),
    Mutant("a feed holds the meetings of all", "chair", (), both(meetings_of_all, feed_of_everything), FEEDS),
]
