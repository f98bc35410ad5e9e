"""Forms of the register: an indicator, why it is no longer followed, a file or pasted figures."""

from django import forms

from assurance.indicators.words import number
from assurance.models import Indicator
from partnership.forms import PlannerForm, PlannerModelForm
from partnership.models import Organisation, Partnership
from plans.models import OutcomeStatement, Plan, Priority

MOST_PASTED = 400_000  # characters: about 10,000 rows
A_PER_CENT = 100
SELDOM = (
    "rate_per",
    "decimals",
    "days_to_report",
    "small_below",
    "same_as",
    "limits_from",
    "limits_because",
    "is_public",
)


class IndicatorForm(PlannerModelForm):
    submit_label = "Save the indicator"

    class Meta:
        model = Indicator
        fields = [
            "partnership",
            "ref",
            "title",
            "definition",
            "source",
            "owner",
            "unit",
            "unit_words",
            "rate_per",
            "decimals",
            "polarity",
            "frequency",
            "baseline",
            "baseline_words",
            "target",
            "target_by",
            "comparator_name",
            "days_to_report",
            "small_below",
            "same_as",
            "limits_from",
            "limits_because",
            "priorities",
            "outcomes",
            "is_public",
        ]
        labels = {
            "partnership": "Which partnership follows it?",
            "ref": "Ref",
            "title": "What is it called?",
            "definition": "How is it counted?",
            "source": "Where do the figures come from?",
            "owner": "Which organisation answers for its figures?",
            "unit": "What kind of figure is it?",
            "unit_words": "What is counted?",
            "rate_per": "Of a rate: for each how many?",
            "decimals": "Decimal places",
            "polarity": "Which way is better?",
            "frequency": "How often is it counted?",
            "baseline": "Baseline",
            "baseline_words": "When was the baseline?",
            "target": "Target",
            "target_by": "When should the target be reached?",
            "comparator_name": "What is it compared with?",
            "days_to_report": "Days after a period until its figure is expected",
            "small_below": "Numbers of people below this are hidden",
            "same_as": "Does it count the same as another?",
            "limits_from": "Are limits to be counted anew from a day?",
            "limits_because": "Why from that day?",
            "priorities": "Which priorities does it serve?",
            "outcomes": "Which outcome statements does it speak to?",
            "is_public": "Its figures may be shown to the public",
        }
        help_texts = {
            "ref": "Like I3, if you number them.",
            "definition": "Who is counted and who is not, so that two people count the same.",
            "source": "Like “Case system, report 14”.",
            "owner": "Whoever represents it types the figures and is asked for them.",
            "unit_words": "Printed after a figure: children; per 10,000 children.",
            "rate_per": "10,000 for “per 10,000”.",
            "baseline_words": "Like “2024/25”.",
            "comparator_name": "Like England, or Statistical neighbours. Its figure is typed beside yours.",
            "days_to_report": "Then it is late: the organisation and the office are told.",
            "small_below": "Members of the partnership and the public see them hidden, and with them any figure from "
            "which they could be worked out. 0 hides none. A baseline, target or comment is never hidden: keep small "
            "numbers out of them.",
            "same_as": "Over a year, or as a rate. Then small numbers are hidden in both together.",
            "limits_from": "After a change that was meant to move it. Empty: from the first figure.",
        }
        widgets = {
            "unit": forms.RadioSelect,
            "polarity": forms.RadioSelect,
            "frequency": forms.RadioSelect,
            "priorities": forms.CheckboxSelectMultiple,
            "outcomes": forms.CheckboxSelectMultiple,
        }
        error_messages = {
            "title": {"required": "Enter what the indicator is called"},
            "owner": {"required": "Choose the organisation that answers for its figures"},
            "small_below": {"max_value": "Enter 50 or less. 0 hides none"},
            "decimals": {"max_value": "Enter 3 or less"},
            "days_to_report": {"max_value": "Enter 730 or less: that is two years"},
        }

    def __init__(self, *args, partnerships, on, **kwargs):
        super().__init__(*args, **kwargs)
        own = self._ask_whose(partnerships)
        ids = [each.pk for each in own]
        members = Organisation.objects.filter(memberships__partnership__in=ids)
        self.fields["owner"].queryset = (members | Organisation.objects.filter(pk=self.instance.owner_id)).distinct()
        priorities = Priority.objects.filter(plan__in=current_plans(ids, on=on)).select_related("plan")
        outcomes = OutcomeStatement.objects.filter(priority__in=priorities).select_related("priority")
        if self.instance.pk:
            priorities = priorities | self.instance.priorities.select_related("plan")
            outcomes = outcomes | self.instance.outcomes.select_related("priority")
        self.fields["priorities"].queryset = priorities.distinct().order_by("plan__starts_on", "plan", "position")
        self.fields["outcomes"].queryset = outcomes.distinct().order_by(
            "priority__plan__starts_on", "priority__plan", "priority__position", "pk"
        )
        others = Indicator.objects.filter(partnership__in=ids, same_as=None).exclude(pk=self.instance.pk)
        self.fields["same_as"].queryset = others.in_use().order_by("title")

    @property
    def first_fields(self):
        return [field for field in self.visible_fields() if field.name not in SELDOM]

    @property
    def seldom_fields(self):
        """What most indicators leave as it is."""
        return [self[name] for name in SELDOM]

    @property
    def has_seldom_errors(self):
        return any(name in self.errors for name in SELDOM)

    def _ask_whose(self, partnerships):
        if self.instance.pk:
            del self.fields["partnership"]
            return [self.instance.partnership]
        self.fields["partnership"].queryset = partnerships
        if len(partnerships) == 1:
            self.fields["partnership"].initial = partnerships[0]
        return partnerships

    def _whose(self):
        return self.instance.partnership if self.instance.pk else self.cleaned_data.get("partnership")

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_ref(self):
        return "".join(self.cleaned_data["ref"].split())

    def clean(self):
        cleaned = super().clean()
        self._refuse_twins(cleaned)
        self._check_unit(cleaned)
        if cleaned.get("limits_from") and not cleaned.get("limits_because"):
            self.add_error("limits_because", "Enter what was changed on that day, so that the chart can say so")
        if cleaned.get("same_as") and self.instance.pk and Indicator.objects.filter(same_as=self.instance).exists():
            self.add_error("same_as", "Another indicator counts the same as this one already. Name this one there")
        return cleaned

    def _refuse_twins(self, cleaned):
        partnership = self._whose()
        if partnership is None:
            return
        others = Indicator.objects.filter(partnership=partnership).exclude(pk=self.instance.pk)
        title, ref = cleaned.get("title"), cleaned.get("ref")
        if title and others.filter(title__iexact=title).exists():
            self.add_error("title", "There is an indicator of this name. Give this one another, or change that one")
        if ref and others.filter(ref__iexact=ref).exists():
            self.add_error("ref", f"{ref} is taken by “{others.filter(ref__iexact=ref).first().title}”. Use another")
        same_as = cleaned.get("same_as")
        if same_as and same_as.partnership_id != partnership.pk:
            self.add_error("same_as", f"“{same_as}” belongs to another partnership. Choose one of {partnership}’s")
        owner = cleaned.get("owner")
        is_new = owner and owner.pk != self.instance.owner_id
        if is_new and not owner.memberships.filter(partnership=partnership).exists():
            self.add_error("owner", f"{owner} is no member of {partnership}. Choose one that is")

    def _check_unit(self, cleaned):
        unit = cleaned.get("unit")
        for name in ("baseline", "target"):
            if unit == Indicator.Unit.PERCENT and (cleaned.get(name) or 0) > A_PER_CENT:
                self.add_error(name, "A per cent can’t be more than 100. Correct it")
        if unit == Indicator.Unit.RATE and not cleaned.get("rate_per"):
            self.add_error("rate_per", "Enter for each how many the rate is, like 10,000")
        frequency = cleaned.get("frequency")
        if self.instance.pk and frequency and self.instance.values.exists():
            before = Indicator.objects.only("frequency", "unit").get(pk=self.instance.pk)
            if frequency != before.frequency:
                self.add_error("frequency", f"It has figures already, {before.get_frequency_display().lower()}. "
                               "Retire it and begin another")  # fmt: skip
            if unit and unit != before.unit:
                self.add_error("unit", "It has figures of another kind already. Retire it and begin another")

    @property
    def small_ones(self):
        """Names of what is shown to all and smaller than what is hidden."""
        bar, unit = self.cleaned_data.get("small_below") or 0, self.cleaned_data.get("unit")
        if unit != Indicator.Unit.COUNT:
            return []
        return [
            f"{name} of {number(self.instance, self.cleaned_data[name])}"
            for name in ("baseline", "target")
            if self.cleaned_data.get(name) is not None and 0 < self.cleaned_data[name] < bar
        ]


def current_plans(partnership_ids, *, on):
    """Plans whose priorities an indicator may serve: those that are not over."""
    plans = Plan.objects.filter(partnerships__in=partnership_ids)
    return plans.filter(ends_on__gte=on).values("pk")


class RetireForm(PlannerModelForm):
    submit_label = "No longer follow it"
    submit_kind = "warning"

    class Meta:
        model = Indicator
        fields = ["retired_because"]
        labels = {"retired_because": "Why is it no longer followed?"}
        help_texts = {"retired_because": "Like “Counted nationally in another way from April”. Its figures stay."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["retired_because"].required = True
        self.fields["retired_because"].error_messages["required"] = "Enter why it is no longer followed"


def offer_partnerships(form, partnerships):
    form.fields["partnership"].queryset = partnerships
    if len(partnerships) == 1:
        form.fields["partnership"].initial = partnerships[0]


class ImportForm(PlannerForm):
    submit_label = "Read the file"

    document = forms.FileField(
        label="The file",
        help_text="An Excel workbook (.xlsx) or a CSV file, at most 5,000 rows. It is only read: nothing counts until "
        "you say yes.",
        error_messages={"required": "Choose the file that holds the figures"},
    )
    partnership = forms.ModelChoiceField(
        Partnership.objects.none(),
        label="Whose figures are they?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the partnership whose figures these are"},
    )

    def __init__(self, *args, partnerships, **kwargs):
        super().__init__(*args, **kwargs)
        offer_partnerships(self, partnerships)
        self.fields["document"].widget.attrs["accept"] = ".xlsx,.csv"


class PasteForm(PlannerForm):
    submit_label = "Read the figures"

    figures = forms.CharField(
        label="The cells, with their headings",
        max_length=MOST_PASTED,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="Mark them in Excel, copy, paste them here. They are only read: nothing counts until you say yes.",
        error_messages={"required": "Paste the cells that hold the figures"},
    )
    partnership = forms.ModelChoiceField(
        Partnership.objects.none(),
        label="Whose figures are they?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the partnership whose figures these are"},
    )

    def __init__(self, *args, partnerships, **kwargs):
        super().__init__(*args, **kwargs)
        offer_partnerships(self, partnerships)
