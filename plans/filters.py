"""What a long plan can be narrowed to; a link keeps it."""

from datetime import timedelta

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from plans.models import Deliverable, DeliverableLead

NOT_RATED = "none"


class DeliverableFilter(django_filters.FilterSet):
    """Partnership, lead, rating, timescale."""

    partnership = django_filters.ChoiceFilter(label="Partnership", empty_label="All", method="of_partnership")
    lead = django_filters.ChoiceFilter(label="Lead", empty_label="Any lead", method="of_lead")
    rating = django_filters.ChoiceFilter(label="Rating", empty_label="Any rating", method="of_rating")
    timescale = django_filters.ChoiceFilter(
        label="Timescale",
        empty_label="Any date",
        choices=[
            ("overdue", "Overdue"),
            ("quarter", "Due in the next three months"),
            ("unset", "To be confirmed"),
        ],
        method="of_timescale",
    )

    class Meta:
        model = Deliverable
        fields = []

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        partnerships = [(str(partnership.pk), partnership.name) for partnership in plan.partnerships.all()]
        self.filters["partnership"].field.choices = partnerships
        ratings = [(str(rating.pk), rating.word) for rating in plan.ratings]
        self.filters["rating"].field.choices = [*ratings, (NOT_RATED, "Not rated")]
        if self.is_bound:
            leads = DeliverableLead.objects.filter(deliverable__priority__plan=plan)
            self.offer_leads(leads.values_list("text", flat=True))
        for field in self.form.fields.values():
            field.widget.attrs["class"] = "govuk-select"
            if not isinstance(field.widget, forms.Select):
                raise TypeError("Every filter of the plan is a list to choose from")

    def offer_leads(self, texts):
        """The leads to choose from. Whoever has the whole plan at hand gives those in it; a narrowed one asks."""
        self.form.fields["lead"].choices = [(text, text) for text in sorted(set(texts))]

    def of_partnership(self, queryset, _name, partnership):
        """Led for that partnership, or for all of them alike."""
        return queryset.filter(Q(leads__partnership=partnership) | Q(leads__partnership=None)).distinct()

    def of_lead(self, queryset, _name, text):
        return queryset.filter(leads__text=text).distinct()

    def of_rating(self, queryset, _name, rating):
        queryset = queryset.with_current_rating()
        if rating == NOT_RATED:
            return queryset.filter(current_rating_id=None)
        return queryset.filter(current_rating_id=rating)

    def of_timescale(self, queryset, _name, timescale):
        today = timezone.localdate()
        if timescale == "overdue":
            return queryset.overdue(on=today)
        if timescale == "unset":
            return queryset.filter(activities__timescale_kind="unset").distinct()
        return queryset.due_between(today, today + timedelta(days=92))
