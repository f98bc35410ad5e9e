"""The forms of a quarter's report: an outcome, the words in all, promises, what came of the last ones, publishing."""

from django import forms

from assurance.models import QuarterlyLine, QuarterlyPromise, QuarterlyReport
from assurance.quarterly.standing import group_of_log, judgements_of, results_of
from partnership.forms import PlannerForm, PlannerModelForm, lock_and_refresh
from partnership.meeting_forms import YEARS_AHEAD, LeadField, Leads
from partnership.models import Meeting
from plans.models import OutcomeJudgement

HOW = "Enter how we know, or what is missing"
LONGEST_PROMISE = 2000


class DraftedForm(PlannerModelForm):
    """Begun again from a ``draft``, which remembers what its writer was shown: what others wrote since is found."""

    def __init__(self, data=None, *, instance, draft=None, **kwargs):
        self.draft = draft
        answers = dict(draft.answers) if draft else {}
        seen = answers.pop("seen", "")
        super().__init__(data, instance=instance, **kwargs)
        for name, typed in answers.items():
            if name in self.fields:
                self.initial[name] = typed
        if seen:
            self.fields["seen"].initial = seen
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4
        self.helper.form_tag = False


class LineForm(DraftedForm):
    """One outcome: how far it is shown and how we know, or why nobody can say; what goes well; what to explore."""

    submit_label = "Save"

    level = forms.ChoiceField(
        label="Is it so yet?",
        choices=OutcomeJudgement.Level.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    how = forms.CharField(
        label="How do we know?",
        required=False,
        help_text="What changed for children or adults, and which of the evidence shows it; or what is missing.",
        widget=forms.Textarea,
    )

    field_order = ["level", "how", "not_judged_because", "doing_well", "explore"]

    class Meta:
        model = QuarterlyLine
        fields = ["not_judged_because", "doing_well", "explore"]
        labels = {
            "not_judged_because": "If it is not judged this quarter, why?",
            "doing_well": "What goes well?",
            "explore": "What do we explore further?",
        }

    def __init__(self, data=None, *, instance, **kwargs):
        if data is not None:
            lock_and_refresh(instance)
        self.judgement = judgements_of(instance.report).get(instance.outcome_id)
        super().__init__(data, instance=instance, **kwargs)
        self.fields["level"].label = "Is it so yet?"
        if self.judgement:  # what was judged can be judged again, not taken back
            self.fields["level"].required = True
            self.fields["level"].error_messages["required"] = "Choose how far it is shown"
            del self.fields["not_judged_because"]

    def extra_values(self):
        return {
            "level": self.judgement.level if self.judgement else "",
            "how": self.judgement.words if self.judgement else "",
        }

    def words_now(self, name):
        if name == "level":
            return self.judgement.get_level_display() if self.judgement else "not judged"
        return super().words_now(name)

    def last_changed_by(self):
        return self.judgement.judged_by if self.judgement else super().last_changed_by()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("level") and not cleaned.get("how", "").strip() and "how" not in self.errors:
            self.add_error("how", HOW)
        if not cleaned.get("level") and cleaned.get("how", "").strip() and "level" not in self.errors:
            self.add_error("level", "Choose how far it is shown, so that what you say of it is recorded")
        return cleaned

    @property
    def written(self):
        """What ``writing.write_line`` takes, of a valid form."""
        cleaned = self.cleaned_data
        names = ("level", "how", "doing_well", "explore")
        said = {name: cleaned[name] for name in names}
        return said | {"not_judged_because": cleaned.get("not_judged_because", "")}


class WordsForm(DraftedForm):
    """What the report says in all."""

    submit_label = "Save"

    class Meta:
        model = QuarterlyReport
        fields = ["introduction", "doing_well", "explore"]
        labels = {
            "introduction": "The quarter in short",
            "doing_well": "What do we do well?",
            "explore": "What do we explore further?",
        }
        help_texts = {"introduction": "Two or three sentences that a board can take away."}


class PromiseForm(PlannerModelForm):
    """What will be done next, by whom and by when."""

    submit_label = "Save the action"

    lead = LeadField(label="Who answers for it?", help_text="A post, a group or an organisation: never a name.")

    field_order = ["text", "lead", "due_on"]

    class Meta:
        model = QuarterlyPromise
        fields = ["text", "due_on"]
        labels = {"text": "What will we do?", "due_on": "By when?"}
        error_messages = {"text": {"required": "Enter what will be done"}, "due_on": {"required": "Enter the day"}}

    def __init__(self, *args, instance, on, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        self.on = on
        self.fields["text"].widget.attrs["rows"] = 3
        group = group_of_log(instance.report)
        if group:
            self.fields["lead"].offer(Leads(group, on=on, current=instance if instance.pk else None))
        self.initial["lead"] = LeadField.value_for(instance)
        self.helper.form_tag = False

    def extra_values(self):
        return {"lead": LeadField.value_for(self.instance)}

    def value_now(self, name):
        if name == "lead":
            return {field: getattr(self.instance, field) for field in LeadField.FIELDS.values()}
        return super().value_now(name)

    def words_now(self, name):
        return str(self.instance.lead or "Nobody yet") if name == "lead" else super().words_now(name)

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text) > LONGEST_PROMISE:
            raise forms.ValidationError(f"Use {LONGEST_PROMISE} characters or fewer: it is a line of an action log")
        return text

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on < self.on and due_on != self.instance_due_on:
            raise forms.ValidationError("Enter a day that is still to come")
        if due_on.year > self.on.year + YEARS_AHEAD:
            raise forms.ValidationError(f"Enter a year from {self.on.year} to {self.on.year + YEARS_AHEAD}")
        return due_on

    @property
    def instance_due_on(self):
        """The day as it stood: one that has passed since may stay."""
        return self.initial.get("due_on")

    @property
    def written(self):
        cleaned = self.cleaned_data
        return {"text": cleaned["text"], "due_on": cleaned["due_on"], **cleaned["lead"]}


class ResultsForm(DraftedForm):
    """What came of each promise of the last report."""

    submit_label = "Save"

    class Meta:
        model = QuarterlyReport
        fields = []

    def __init__(self, data=None, *, instance, **kwargs):
        if data is not None:
            lock_and_refresh(instance)
        self.results = list(results_of(instance).prefetch_related("promise__action__updates"))
        self.base_fields = result_fields(self.results)
        super().__init__(data, instance=instance, **kwargs)

    def extra_values(self):
        values = {}
        for each in self.results:
            values[f"result-{each.pk}"] = each.result
            values[f"words-{each.pk}"] = each.words
            values[f"on-{each.pk}"] = each.is_carried
        return values

    def words_now(self, name):
        value = super().words_now(name)
        return QuarterlyPromise.Result(value).label if name.startswith("result-") and value else value or "nothing"

    @property
    def rows(self):
        return [(each, *(self[f"{name}-{each.pk}"] for name in ("result", "words", "on"))) for each in self.results]

    def clean(self):
        cleaned = super().clean()
        for each in self.results:
            result, words = cleaned.get(f"result-{each.pk}"), cleaned.get(f"words-{each.pk}", "").strip()
            if words and not result and f"result-{each.pk}" not in self.errors:
                self.add_error(f"result-{each.pk}", "Choose what came of it")
            if result and not words and f"words-{each.pk}" not in self.errors:
                self.add_error(f"words-{each.pk}", "Say in a sentence what came of it")
        return cleaned

    @property
    def written(self):
        """What ``writing.tell_results`` takes, of a valid form."""
        cleaned = self.cleaned_data
        return {
            each.pk: tuple(cleaned[f"{name}-{each.pk}"] for name in ("result", "words", "on")) for each in self.results
        }


def result_fields(results):
    fields = {}
    for each in results:
        fields[f"result-{each.pk}"] = forms.ChoiceField(
            label="What came of it?",
            choices=[("", "Not told yet"), *QuarterlyPromise.Result.choices],
            required=False,
        )
        fields[f"words-{each.pk}"] = forms.CharField(label="In words", required=False, widget=forms.Textarea)
        fields[f"on-{each.pk}"] = forms.BooleanField(
            label="It goes on: the next report tells of it again", required=False
        )
    return fields


class PublishForm(PlannerForm):
    """Which build is published, and where it was agreed."""

    build = forms.UUIDField(widget=forms.HiddenInput)
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label="At which meeting was it agreed?", required=False, empty_label="Between meetings"
    )

    def __init__(self, *args, report, **kwargs):
        super().__init__(*args, **kwargs)
        group = report.plan.deciding_group or report.plan.scrutiny_group
        if group:
            meetings = group.meetings.exclude(status=Meeting.Status.CANCELLED).select_related("group")
            self.fields["meeting"].queryset = meetings.order_by("-meets_on")
        self.helper.form_tag = False


class CorrectForm(PlannerForm):
    submit_label = "Begin a new edition"

    changes = forms.CharField(
        label="What is corrected, and why?",
        help_text="It stands on the new edition. The earlier one stays readable.",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say what is corrected, and why"},
    )
