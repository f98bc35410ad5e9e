"""The words and rules of the forms about a case, its stages and the Panel's letters."""

from django import forms
from django.db.models import Q

from partnership.forms import DateField, PlannerForm, PlannerModelForm, dress, lock_and_refresh
from partnership.models import Area, Organisation, Partnership
from partnership.templatetags.components import long_date
from reviews.cases import bounds_of, is_taken, next_reference, opened_already
from reviews.clock import LOOKED_AFTER
from reviews.forms.identities import IdentityGuard
from reviews.models import Case, PanelLetter, Stage, Theme

NOT_YET = "Enter today or an earlier day"
EARLIEST_YEAR = 2010
TAKEN = "Another case has this reference already. Choose another one"
NEVER_A_NAME = "Never a name, a date of birth, an address or a number."


def past(day, *, on):
    """``day``, which has come and is not mistyped."""
    if day and day > on:
        raise forms.ValidationError(NOT_YET)
    if day and day.year < EARLIEST_YEAR:
        raise forms.ValidationError(f"Enter a day since {EARLIEST_YEAR}")
    return day


def within(day, stage):
    """``day``, which lies between those that count to and from ``stage``."""
    first, last = bounds_of(stage)
    if day and first and day < first.done_on:
        raise forms.ValidationError(f"Enter {long_date(first.done_on)} or a later day: then “{first}” was done")
    if day and last and day > last.done_on:
        raise forms.ValidationError(f"Enter {long_date(last.done_on)} or an earlier day: then “{last}” was done")
    return day


class CaseFields(IdentityGuard, PlannerModelForm):
    """What is kept of a case itself. ``trusted_fields``: numbers that are the partnership's and the Panel's own."""

    trusted_fields = ("reference", "panel_reference")

    class Meta:
        model = Case
        fields = ["reference", "category", "summary", "themes", "area", "is_looked_after_death", "panel_reference"]
        widgets = {"themes": forms.CheckboxSelectMultiple}
        labels = {
            "reference": "Local reference",
            "category": "What is it about?",
            "summary": "What happened?",
            "themes": "Under which themes is it counted?",
            "area": "In which area?",
            "is_looked_after_death": "A looked-after child died",
            "panel_reference": "The Panel’s own number",
        }
        help_texts = {
            "reference": "How you call it. Never a name or initials.",
            "category": "In a few words, such as “Injury to a baby”.",
            "summary": f"In a few lines. Say “the baby”, “the mother”, “Adult B”. {NEVER_A_NAME}",
            "themes": "Tick all that fit. They are added up over the years.",
            "is_looked_after_death": "The Secretary of State and Ofsted are told too, abuse suspected or not.",
            "panel_reference": "Once the Panel has given one.",
        }
        error_messages = {
            "reference": {"required": "Enter a reference, such as the one proposed"},
            "category": {"required": "Enter in a few words what it is about"},
            "summary": {"required": "Enter what happened, without anything that says to whom"},
        }

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        adults = partnership.kind == Partnership.Kind.ADULTS
        audience = "adults" if adults else "children"
        had = self.instance.themes.values("pk") if self.instance.pk and not self.instance._state.adding else []
        self.fields["themes"].queryset = Theme.objects.filter(
            Q(is_retired=False, audience__in=["", audience]) | Q(pk__in=had)
        )
        self.fields["area"].queryset = Area.objects.filter(partnerships=partnership)
        if adults:
            del self.fields["is_looked_after_death"], self.fields["panel_reference"]

    def clean_reference(self):
        return " ".join(self.cleaned_data["reference"].split())


class OpenCaseForm(CaseFields):
    """A new case: what it is, since when one is aware of it, and which agencies were involved."""

    submit_label = "Open the case"

    aware_on = DateField(
        label="When did the partnership become aware?",
        help_text="The Panel is to be notified within 5 working days from this day.",
        error_messages={"required": "Enter the day on which the partnership became aware"},
    )
    notified_on = DateField(
        required=False,
        label="When was the Panel notified?",
        help_text="Leave it empty if it was not yet. The rapid review is due 15 working days from this day.",
    )
    late_because = forms.CharField(
        required=False,
        label="Why was it late?",
        help_text="Only if the notification was late.",
        widget=forms.Textarea({"rows": 2}),
    )
    agencies = forms.ModelMultipleChoiceField(
        None,
        required=False,
        label="Which agencies were involved?",
        help_text="Members of the partnership. Nobody is told until you ask them for their summary.",
        widget=forms.CheckboxSelectMultiple,
    )

    field_order = ["reference", "aware_on", "notified_on", "late_because", "category", "summary"]

    def __init__(self, *args, partnership, on, **kwargs):
        kwargs["initial"] = {"reference": next_reference(partnership, year=on.year)} | kwargs.get("initial", {})
        super().__init__(*args, partnership=partnership, **kwargs)
        self.on = on
        self.fields["agencies"].queryset = Organisation.objects.members_of([partnership.pk], on=on)
        self.fields.pop("panel_reference", None)
        if partnership.kind == Partnership.Kind.ADULTS:
            del self.fields["notified_on"], self.fields["late_because"]
            self.fields["aware_on"].label = "When did the referral come?"
            self.fields["aware_on"].help_text = "The decision on it is counted from this day."
            self.fields["aware_on"].error_messages["required"] = "Enter the day on which the referral came"

    def clean_aware_on(self):
        return past(self.cleaned_data["aware_on"], on=self.on)

    def clean_notified_on(self):
        day, aware_on = past(self.cleaned_data["notified_on"], on=self.on), self.cleaned_data.get("aware_on")
        if day and aware_on and day < aware_on:
            raise forms.ValidationError(
                f"Enter {long_date(aware_on)} or a later day: then the partnership became aware"
            )
        return day

    def clean(self):
        cleaned = super().clean()
        words = {name: cleaned.get(name, "") for name in ("reference", "category", "summary")}
        is_new = not opened_already(partnership=self.partnership, **words)
        if is_new and is_taken(words["reference"], partnership=self.partnership):
            self.add_error("reference", TAKEN)
        return cleaned


class ChangeCaseForm(CaseFields):
    submit_label = "Save"

    def clean_reference(self):
        reference = super().clean_reference()
        if is_taken(reference, partnership=self.partnership, besides=self.instance.pk):
            raise forms.ValidationError(TAKEN)
        return reference

    def clean_is_looked_after_death(self):
        ticked = self.cleaned_data["is_looked_after_death"]
        if not ticked and self.instance.stages.filter(code=LOOKED_AFTER.code).exclude(done_on=None).exists():
            raise forms.ValidationError("That they were told is recorded in the timeline. Undo that first")
        return ticked


class CloseForm(IdentityGuard, PlannerForm):
    closed_on = DateField(label="When?", error_messages={"required": "Enter the day"})
    because = forms.CharField(
        label="Why is it closed?",
        help_text=NEVER_A_NAME,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Enter why the case is closed"},
    )
    submit_label = "Close the case"

    def __init__(self, *args, case, on, **kwargs):
        super().__init__(*args, initial={"closed_on": on}, **kwargs)
        self.case, self.on = case, on

    def clean_closed_on(self):
        day = past(self.cleaned_data["closed_on"], on=self.on)
        last = self.case.stages.exclude(done_on=None).order_by("-done_on").first()
        if last and day < last.done_on:
            raise forms.ValidationError(f"Enter {long_date(last.done_on)} or a later day: then “{last}” was done")
        return day


class NotMetForm(CloseForm):
    submit_label = "Keep it, and close the case"
    because = forms.CharField(
        label="Why does it not meet the criteria after all?",
        help_text=f"Tell the Panel too. {NEVER_A_NAME}",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Enter why it does not meet the criteria"},
    )


class StageForm(IdentityGuard, PlannerModelForm):
    """On which day a stage was done. ``mark`` is the stage as it stands."""

    submit_label = "Save"

    class Meta:
        model = Stage
        fields = ["done_on", "late_because"]
        labels = {"done_on": "When was it done?", "late_because": "Why was it late?"}
        help_texts = {"late_because": f"Only if it was. {NEVER_A_NAME}"}
        widgets = {"late_because": forms.Textarea({"rows": 3})}

    def __init__(self, *args, mark, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.mark, self.on = mark, on
        day = self.fields["done_on"]
        day.required = not (mark.is_late and mark.is_waiting)
        day.error_messages["required"] = "Enter the day on which it was done"
        if mark.due_on:
            day.help_text = f"It {'was' if mark.is_late else 'is'} due by {long_date(mark.due_on)}: {mark.why}."
        if not day.required:
            day.help_text += " Leave it empty if it isn’t done yet, and say why it is late."
        if not mark.due_on:
            del self.fields["late_because"]

    def clean_done_on(self):
        return within(past(self.cleaned_data["done_on"], on=self.on), self.instance)

    def clean(self):
        cleaned = super().clean()
        if "done_on" in cleaned and not cleaned["done_on"] and not cleaned.get("late_because"):
            self.add_error("done_on", "Enter the day, or why it is late")
        return cleaned


class LeaveOutForm(IdentityGuard, PlannerForm):
    submit_label = "Leave it out"

    because = forms.CharField(
        label="Why is it not needed?",
        help_text=NEVER_A_NAME,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Enter why it is not needed"},
    )


class PlanForm(PlannerModelForm):
    """For which day a stage is planned."""

    submit_label = "Save"

    class Meta:
        model = Stage
        fields = ["planned_on"]
        labels = {"planned_on": "For which day is it planned?"}

    def __init__(self, *args, mark, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["planned_on"].required = True
        self.fields["planned_on"].error_messages["required"] = "Enter the day for which it is planned"
        if mark.due_on:
            self.fields["planned_on"].help_text = f"It is due by {long_date(mark.due_on)}: {mark.why}."

    def clean_planned_on(self):
        day = self.cleaned_data["planned_on"]
        if day < self.on:
            raise forms.ValidationError("Enter today or a later day")
        if (day - self.on).days > 366:
            raise forms.ValidationError("Enter a day within a year")
        return day


# The Panel's letters


class LetterForm(IdentityGuard, PlannerModelForm):
    submit_label = "Save the letter"

    points = forms.CharField(
        required=False,
        label="What are its points?",
        help_text="One on each line. You say below the letter what you answer to each. Empty, if it asks for nothing.",
        widget=forms.Textarea({"rows": 5}),
    )

    class Meta:
        model = PanelLetter
        fields = ["received_on", "view", "words"]
        widgets = {"view": forms.RadioSelect}
        labels = {"received_on": "When did it come?", "view": "What does it say?", "words": "In short"}
        help_texts = {"words": f"What one must know of it. {NEVER_A_NAME}"}
        error_messages = {
            "received_on": {"required": "Enter the day on which the letter came"},
            "view": {"required": "Choose what the letter says"},
        }

    def __init__(self, *args, sent_on, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.sent_on, self.on = sent_on, on

    def extra_values(self):
        return {"points": "\n".join(self.instance.points.values_list("point", flat=True)) if self.is_kept else ""}

    @property
    def is_kept(self):
        return not self.instance._state.adding

    def clean_received_on(self):
        day = past(self.cleaned_data["received_on"], on=self.on)
        if day and self.sent_on and day < self.sent_on:
            raise forms.ValidationError(
                f"Enter {long_date(self.sent_on)} or a later day: then the rapid review was sent to the Panel"
            )
        if day and self.is_kept and self.instance.answered_on and day > self.instance.answered_on:
            raise forms.ValidationError(
                f"Enter {long_date(self.instance.answered_on)} or an earlier day: then you answered"
            )
        return day

    @property
    def lines(self):
        return [" ".join(line.split()) for line in self.cleaned_data["points"].splitlines() if line.strip()]


class AnswerLetterForm(IdentityGuard, PlannerModelForm):
    """What we say to each point, one box each, and when that was sent."""

    submit_label = "Save"

    class Meta:
        model = PanelLetter
        fields = ["answered_on"]
        labels = {"answered_on": "When did you send your answer?"}
        help_texts = {"answered_on": "Leave it empty while you are writing."}

    late_because = forms.CharField(
        required=False,
        label="Why was it late?",
        help_text=f"Only if your last answer was. {NEVER_A_NAME}",
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, data=None, files=None, *, instance, on, **kwargs):
        if data is not None:
            lock_and_refresh(instance)  # so that nobody answers a point between this and its end
        self.points = {f"point_{point.pk}": point for point in instance.points.all()}
        super().__init__(data, files, instance=instance, **kwargs)
        self.on = on
        for name, point in self.points.items():
            field = forms.CharField(
                required=False,
                label=f"{point.position}. {point.point}",
                initial=point.response,
                widget=forms.Textarea({"rows": 3}),
            )
            dress(field)
            self.fields[name] = field
        self.order_fields([*self.points, "answered_on", "late_because"])

    def extra_values(self):
        return {name: point.response for name, point in self.points.items()} | {"late_because": ""}

    def clean_answered_on(self):
        day = past(self.cleaned_data["answered_on"], on=self.on)
        if day and day < self.instance.received_on:
            raise forms.ValidationError(
                f"Enter {long_date(self.instance.received_on)} or a later day: then the letter came"
            )
        return day

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("answered_on"):
            for name in self.points:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, "Enter what you answer to this point")
        return cleaned

    @property
    def responses(self):
        return {point.pk: self.cleaned_data[name] for name, point in self.points.items()}
