"""Faults that somebody could make, each of which shows something hidden to somebody: see ``mutants.py``.

Each is a function that patches the product as it runs, ``fault(monkeypatch)``, or makes such a function. Most take
away one guard, as somebody in a hurry would; some show a thing anew where nobody thought of what is hidden.
"""

from dataclasses import replace

import rules
from django.core.exceptions import ValidationError
from django.db.models import F

from partnership import calendar_feeds, deadlines, lists, organisation_forms
from partnership.models import EmergencyAccess, Group, MeetingDecision, Organisation, people
from partnership.models import meetings as meeting_models
from partnership.reminders import ladder, mails
from partnership.views import calendar as calendar_views
from plans.models import Deliverable
from reviews import learning as learning_counts
from reviews import recommendation_lists
from reviews.forms import themes as theme_forms
from reviews.models import AgencySummary, Case, LearningPoint, Recommendation, learning, recommendations
from tests.guarantees.walks import forget_sources


def everything_of(queryset):
    """``visible_to`` forgets who asks."""
    return lambda monkeypatch: monkeypatch.setattr(queryset, "visible_to", lambda self, user: self.all())


def allowed(*permissions):
    def apply(monkeypatch):
        for permission in permissions:
            monkeypatch.setitem(rules.permissions.permissions, permission, rules.always_true)

    return apply


def both(*faults):
    def apply(monkeypatch):
        for fault in faults:
            fault(monkeypatch)

    return apply


def put(place, name, value):
    """``value`` stands where ``place`` has ``name``."""
    return lambda monkeypatch: monkeypatch.setattr(place, name, value)


def standing_with(**change):
    """Standings are read wrongly: ``change`` names a set, and from which other set it takes too much."""

    def apply(monkeypatch):
        read = people.read_standing

        def wrong(user, *, on):
            standing = read(user, on=on)
            more = {name: getattr(standing, name) | getattr(standing, other) for name, other in change.items()}
            return replace(standing, **more)

        monkeypatch.setattr(people, "read_standing", wrong)

    return apply


def not_restricted(monkeypatch):
    """Sources say of nothing that it is restricted."""
    plain = deadlines._condition
    monkeypatch.setattr(deadlines, "_condition", lambda given: plain(False))
    forget_sources()


def open_to_all(monkeypatch):
    monkeypatch.setattr(deadlines, "_open_to", lambda standing: ("true", []))
    forget_sources()


def let_in(monkeypatch):
    read = people.read_standing

    def wrong(user, *, on):
        asked = EmergencyAccess.objects.filter(asked_by=user).values_list("partnership", flat=True)
        standing = read(user, on=on)
        return replace(standing, case_group_ids=standing.case_group_ids | set(asked))

    monkeypatch.setattr(people, "read_standing", wrong)


# What is counted, listed and offered


def unscoped_figures(monkeypatch):
    """Figures by theme are counted from the table itself, and small ones are not hidden."""
    everything = LearningPoint.objects.annotate(known_on=F("learned_on"))
    monkeypatch.setattr(learning.LearningPointQuerySet, "with_source", lambda self, user: everything.all())
    monkeypatch.setattr(learning_counts, "with_small_ones_hidden", lambda counts, **_: counts)


def asked_one_by_one(queryset):
    """The right rows, but each that there is is asked of its own: who counts or times the questions learns of it."""
    visible_to = queryset.visible_to

    def wrong(rows, user):
        known = set(visible_to(rows.model.objects.all(), user).values_list("pk", flat=True))
        return rows.filter(pk__in=[row.pk for row in rows.model.objects.all() if row.partnership and row.pk in known])

    return put(queryset, "visible_to", wrong)


def counted_in_a_header(monkeypatch):
    respond = lists.RecordList.render_to_response

    def wrong(view, *args, **kwargs):
        response = respond(view, *args, **kwargs)
        response["X-Cases"] = str(Case.objects.count())
        return response

    monkeypatch.setattr(lists.RecordList, "render_to_response", wrong)


def all_organisations(request):
    named = Recommendation.organisations.through.objects.values("organisation")
    return Organisation.objects.filter(pk__in=named)


def choice_of_all(monkeypatch):
    choice = recommendation_lists.RecommendationFilter.base_filters["organisation"]
    monkeypatch.setattr(choice, "queryset", all_organisations)


def searched_in(filters, *more):
    return put(filters, "search_fields", (*filters.search_fields, *more))


def source_shown(**change):
    """What is released is said to be as old as its case, or where it comes from; ``change``: fields of it."""
    annotate = recommendations.RecommendationQuerySet.with_source

    def wrong(rows, user):
        rows = annotate(rows, user)
        return rows.annotate(**change)

    return put(recommendations.RecommendationQuerySet, "with_source", wrong)


def decisions_of_all(user, partnership_ids, only=None):
    found = MeetingDecision.objects.filter(meeting__group__partnerships__in=partnership_ids)
    return [(each.pk, "Decision of a meeting", each.ref, "", each.text) for each in found.order_by("pk")]


def says_what_asked_for_it(monkeypatch):
    words = Deliverable.__str__
    monkeypatch.setattr(
        Deliverable, "__str__", lambda row: f"{words(row)}, for {row.recommendation_actions.count()} recommendations"
    )


# What is answered to a form


def taken_by_a_case(monkeypatch):
    """A title is refused because a case is called so: a uniqueness that reaches further than its reader."""
    clean = theme_forms.ThemeForm.clean_title

    def wrong(form):
        case = Case.objects.filter(reference=form.cleaned_data["title"]).first()
        if case:
            raise ValidationError("Something else is called so")
        return clean(form)

    monkeypatch.setattr(theme_forms.ThemeForm, "clean_title", wrong)


def every_reference_known(request, recommendation):
    return frozenset(Case.objects.values_list("reference", flat=True))


def named_in_a_refusal(monkeypatch):
    """A refusal says how many are in the way, hidden ones too: as a page of protected records would."""
    clean = organisation_forms.OrganisationForm.clean_name

    def wrong(form):
        count = AgencySummary.objects.filter(organisation=form.instance).count()
        raise ValidationError(f"{count} summaries name it: {clean(form)}")

    monkeypatch.setattr(organisation_forms.OrganisationForm, "clean_name", wrong)


# What is mailed and what calendars hold


def everybody_on_the_ladder_hears(monkeypatch):
    monkeypatch.setattr(ladder.Ladder, "on_rung", lambda rungs, deadline, rung: rungs._found(deadline, rung))


def open_one(told):
    return replace(told, deadline=replace(told.deadline, is_restricted=False))


def mailed_like_others(monkeypatch):
    """A mail says of a restricted item what it says of any."""
    write = mails.mail_of

    def wrong(message, told, *, on):
        return write(message, [open_one(each) for each in told], on=on)

    monkeypatch.setattr(mails, "mail_of", wrong)


def counted_in_the_subject(monkeypatch):
    write = mails.mail_of

    def wrong(message, told, *, on):
        mail = write(message, told, on=on)
        mail.subject = f"{mail.subject} ({len(told)})"
        return mail

    monkeypatch.setattr(mails, "mail_of", wrong)


def feed_of_everything(monkeypatch):
    """A feed leaves nothing out of what its owner may know."""

    def wrong(feed, *, on):
        whose = feed.group or feed.partnership or calendar_feeds.MINE
        days = (on - calendar_feeds.DAYS_BACK, on + calendar_feeds.DAYS_AHEAD)
        return calendar_feeds.entries_between(feed.owner, *days, on=on, whose=whose)

    monkeypatch.setattr(calendar_views, "entries_of_feed", wrong)


def meetings_of_all(monkeypatch):
    monkeypatch.setattr(meeting_models, "groups_seen_by", lambda user: Group.objects.all())
