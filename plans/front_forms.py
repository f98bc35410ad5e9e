"""Forms of what stands before the rows of a plan: its drivers, its review dates, where its reasons come from."""

from django import forms

from partnership.forms import PlannerModelForm
from partnership.templatetags.components import long_date
from plans.front_matter import last_review_day
from plans.models import PlanDriver, RationaleItem, ReviewDate
from plans.sources import NotFound

MOST_LINES = 40
LONGEST_LINE = 1000
LIMITS = {"max_num": MOST_LINES, "absolute_max": MOST_LINES + 10, "validate_max": True}


class SourcedForm(PlannerModelForm):
    """A line and the record it comes from. ``offers`` is what this person may link to.

    A link to a record that they may not see stays as long as nobody touches it.
    """

    source = forms.CharField(label="Where it comes from", required=False, max_length=400)

    def __init__(self, *args, offers, **kwargs):
        self.offers = offers
        super().__init__(*args, **kwargs)
        self.fields["source"].widget.attrs |= {"list": "sources", "autocomplete": "off"}
        field = self.fields["source_label"]
        field.label, field.required = "Shown as", False
        self.chosen = None

    def extra_values(self):
        key = self.instance.source_key
        return {"source": self.offers.names.get(key, self.instance.source_label) if key else ""}

    def clean_source(self):
        typed = " ".join(self.cleaned_data["source"].split())
        self.key = self.instance.source_key
        if typed == self.initial.get("source", ""):
            return typed
        if not typed:
            self.key = ""
            return typed
        try:
            self.chosen = self.offers.find(typed)
        except NotFound as problem:
            raise forms.ValidationError(str(problem)) from problem
        self.key = self.chosen.key
        return self.offers.names[self.key]

    def clean(self):
        cleaned = super().clean()
        label = cleaned.get("source_label", "")
        if self.chosen and label in ("", self.initial.get("source_label", "")):
            cleaned["source_label"] = self.chosen.label
        return cleaned

    def save(self, commit=True):
        self.instance.source_key = self.key
        return super().save(commit)


class ReasonForm(SourcedForm):
    class Meta:
        model = RationaleItem
        fields = ["source_label"]


class ReasonRows(forms.BaseModelFormSet):
    def clean(self):
        if any(form.instance.pk is None for form in self.initial_forms):
            raise forms.ValidationError(
                "Somebody has taken one of these reasons out meanwhile. Open the page again and say where the others "
                "come from"
            )


class DriverForm(SourcedForm):
    text = forms.CharField(
        label="What drives the plan",
        required=False,
        max_length=LONGEST_LINE,
        widget=forms.Textarea({"rows": 2}),
    )

    class Meta:
        model = PlanDriver
        fields = ["text", "source_label"]

    field_order = ["text", "source", "source_label"]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("text") and "text" not in self.errors and (cleaned.get("source") or self._adds_label()):
            self.add_error("text", "Enter what drives the plan, or empty the whole line to leave it out")
        return cleaned

    def _adds_label(self):
        return bool(self.cleaned_data.get("source_label"))


class DriverRows(forms.BaseModelFormSet):
    """The drivers in their order; a line that was emptied goes, new ones come at the end."""

    def __init__(self, *args, plan, **kwargs):
        self.plan = plan
        super().__init__(*args, queryset=plan.drivers.order_by("position", "pk"), **kwargs)

    def save_all(self):
        last = max((driver.position for driver in self.get_queryset()), default=0)
        for form in self.forms:
            text = form.cleaned_data.get("text", "")
            if form.instance.pk and not text:
                form.instance.delete()
            elif text and form.has_changed():
                if not form.instance.pk:
                    last += 1
                    form.instance.plan, form.instance.position = self.plan, last
                form.save()


class ReviewDateForm(PlannerModelForm):
    held_on = forms.DateField(label="Day", required=False)

    class Meta:
        model = ReviewDate
        fields = ["held_on", "label"]
        labels = {"label": "What is looked at"}

    def __init__(self, *args, plan, **kwargs):
        self.plan = plan
        super().__init__(*args, **kwargs)

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        last = last_review_day(self.plan)
        if day and not self.plan.starts_on <= day <= last:
            raise forms.ValidationError(
                f"Enter a day from {long_date(self.plan.starts_on)} to {long_date(last)}, "
                "two months after the plan’s end"
            )
        return day

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("label") and not cleaned.get("held_on") and "held_on" not in self.errors:
            self.add_error("held_on", "Enter the day, or empty the whole line to leave it out")
        return cleaned


class ReviewDateRows(forms.BaseModelFormSet):
    """The days in their order; a line that was emptied goes."""

    def __init__(self, *args, plan, **kwargs):
        self.plan = plan
        super().__init__(*args, queryset=plan.review_dates.order_by("held_on"), **kwargs)

    def clean(self):
        seen = set()
        for form in self.forms:
            day = form.cleaned_data.get("held_on") if hasattr(form, "cleaned_data") else None
            if day and day in seen:
                form.add_error("held_on", f"{long_date(day)} is here twice. Empty one of the two lines")
            seen.add(day)

    def validate_unique(self):
        """``clean`` says it in our words."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["held_on"].label = f"Review {(index or 0) + 1}"

    @property
    def days(self):
        """{day: what is looked at} of the lines that were not emptied."""
        lines = [form.cleaned_data for form in self.forms]
        return {line["held_on"]: line.get("label", "") for line in lines if line.get("held_on")}


DriverFormSet = forms.modelformset_factory(PlanDriver, form=DriverForm, formset=DriverRows, extra=3, **LIMITS)
ReasonFormSet = forms.modelformset_factory(
    RationaleItem, form=ReasonForm, formset=ReasonRows, extra=0, max_num=200, absolute_max=250
)
ReviewDateFormSet = forms.modelformset_factory(
    ReviewDate, form=ReviewDateForm, formset=ReviewDateRows, extra=4, **LIMITS
)
