"""The forms of the annual report."""

from django import forms
from django.db.models import Case, Count, F, IntegerField, Q, When

from partnership.forms import PlannerForm
from partnership.models import Partnership, Rule, RuleSet


class RuleSetChoice(forms.ModelChoiceField):
    """An edition by its name, with what speaks for it and against it."""

    def label_from_instance(self, rule_set):
        headings = f"{rule_set.heading_count} heading{'' if rule_set.heading_count == 1 else 's'}"
        is_asked = rule_set.unread_count and rule_set.rank != OWN
        unread = f", {rule_set.unread_count} of them to be verified" if is_asked else ""
        why = {IN_FORCE: "in force at the end of that year, ", OWN: "your own, "}.get(rule_set.rank, "")
        return f"{rule_set.title} ({why}{headings}{unread})"


IN_FORCE, OWN, OTHER = range(3)


def rule_sets_offered(user, kinds, *, ends_on):
    """Those with headings: first what was in force on that day for partnerships of ``kinds``, then one's own."""
    counted = RuleSet.objects.filter(partnership=None, in_force_from__lte=ends_on, audience__in=kinds)
    in_force = counted.filter(Q(in_force_until=None) | Q(in_force_until__gte=ends_on))
    headings = Q(rules__unit=Rule.Unit.HEADING)
    return (
        RuleSet.objects.visible_to(user)
        .annotate(
            heading_count=Count("rules", filter=headings),
            unread_count=Count("rules", filter=headings & Q(rules__verified_on=None)),
            rank=Case(
                When(pk__in=in_force.values("pk"), then=IN_FORCE),
                When(partnership__isnull=False, then=OWN),
                default=OTHER,
                output_field=IntegerField(),
            ),
        )
        .filter(heading_count__gt=0)
        .order_by("rank", F("in_force_from").desc(nulls_last=True), "title", "pk")
    )


class ReportStartForm(PlannerForm):
    submit_label = "Start the report"

    partnerships = forms.ModelMultipleChoiceField(
        label="Whose report is it?",
        queryset=Partnership.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose the partnership whose report it is"},
    )
    starts_on = forms.DateField(label="First day of the year")
    ends_on = forms.DateField(label="Last day of the year")
    rule_set = RuleSetChoice(
        label="Which headings does it follow?",
        help_text="The edition that was in force at the end of that year, or your own",
        queryset=RuleSet.objects.none(),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        partnerships = Partnership.objects.of_office(user)
        self.fields["partnerships"].queryset = partnerships
        kinds = {partnership.kind for partnership in partnerships}
        offered = rule_sets_offered(user, kinds, ends_on=self.initial.get("ends_on"))
        self.fields["rule_set"].queryset = offered
        self.initial.setdefault("rule_set", offered.first())

    def clean(self):
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", "Choose a last day after the first")
        return self.cleaned_data


class EditionForm(PlannerForm):
    submit_label = "Start the next edition"

    changes = forms.CharField(
        label="What will the next edition correct?",
        help_text="This is printed in it, so that readers know why there are two.",
        widget=forms.Textarea,
        max_length=1000,
    )
