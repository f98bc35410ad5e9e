"""Forms of rule sets and of the rules in them: for the administrator."""

from django import forms
from django.core.exceptions import ValidationError

from partnership.forms import PlannerModelForm
from partnership.models import Rule, RuleSet
from partnership.templatetags.components import long_date

WAYS = [("False", "After it"), ("True", "Before it")]
MOST = 366
NEEDED = {
    "number": "Enter how many there are, in figures",
    "counted_from": "Enter what it is counted from, such as “the day the notification was sent”",
}
IN_FORCE_HELP = {
    "in_force_from": "Dates counted from this day on follow it. Leave it empty while it does not count yet",
    "in_force_until": "The last day. Leave it empty while nothing has replaced it",
}


class MovesMixin:
    """A form that is asked a second time where what it says would move open dates.

    ``agreed`` is the number of dates of which the person was told when they sent it.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agreed"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def agreed(self):
        return self.cleaned_data.get("agreed") or 0

    def tell(self, count):
        """Have the page that comes back carry ``count``, so that saving again agrees to it."""
        self.data = self.data.copy()
        self.data[self.add_prefix("agreed")] = str(count)
        self.submit_label = "Move them and save"


class RuleSetForm(MovesMixin, PlannerModelForm):
    submit_label = "Save the rule set"

    class Meta:
        model = RuleSet
        fields = ["title", "audience", "published_on", "in_force_from", "in_force_until", "note"]
        labels = {
            "title": "Which edition is it?",
            "audience": "For whom?",
            "published_on": "Published on",
            "in_force_from": "Counts from",
            "in_force_until": "Counted until",
            "note": "What should people know about it?",
        }
        help_texts = IN_FORCE_HELP | {"title": "Such as “Working Together 2023”"}
        widgets = {"audience": forms.RadioSelect, "note": forms.Textarea({"rows": 3})}

    def clean_title(self):
        title = " ".join(self.cleaned_data["title"].split())
        if RuleSet.objects.filter(title__iexact=title, partnership=None).exclude(pk=self.instance.pk).exists():
            raise ValidationError("There is a rule set of this name. Enter one that tells them apart")
        return title

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("in_force_from"), cleaned.get("in_force_until")
        if last and not first and "in_force_from" not in self.errors:
            self.add_error("in_force_from", "Enter from when it counted, or leave the last day empty")
        elif last and first and last < first:
            self.add_error(
                "in_force_until", f"The last day is before the first. Enter {long_date(first)} or a later day"
            )
        return cleaned


class RuleSetAddForm(RuleSetForm):
    submit_label = "Add the rule set"

    taken_from = forms.ModelChoiceField(
        RuleSet.objects.none(),
        label="Take over the rules of which edition?",
        help_text="They are taken over as “to be verified”, so that each can be read in the new text",
        required=False,
        empty_label="None: I write them myself",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["taken_from"].queryset = RuleSet.objects.filter(partnership=None).order_by("title")


class RuleForm(MovesMixin, PlannerModelForm):
    """What a rule says. A clock stays a clock and a heading a heading: other pages rely on it."""

    submit_label = "Save the rule"

    number = forms.IntegerField(
        label="How many?",
        min_value=1,
        max_value=MOST,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-3"}),
        error_messages={
            "min_value": "Enter 1 or more",
            "max_value": f"Enter {MOST} or fewer. A longer time is easier to read in months",
        },
    )
    is_before = forms.TypedChoiceField(
        label="Before or after that day?", choices=WAYS, coerce=lambda value: value == "True", widget=forms.RadioSelect
    )

    class Meta:
        model = Rule
        fields = ["title", "unit", "number", "counted_from", "is_before", "words", "evidence", "source", "verified_on"]
        labels = {
            "title": "What must be done?",
            "unit": "What kind of rule is it?",
            "counted_from": "Counted from what?",
            "words": "In other words",
            "evidence": "What counts as evidence?",
            "source": "Where does it stand?",
            "verified_on": "When was it read there?",
        }
        help_texts = {
            "counted_from": "Such as “the day the notification was sent”",
            "words": "What is usually done about it, or what else to know",
            "evidence": "Of a heading: shown to whoever decides what goes into the report",
            "source": "The edition, chapter and paragraph",
            "verified_on": "The day on which somebody read it in the text. Leave it empty while it is to be verified",
        }
        error_messages = {"source": {"required": "Enter the edition, chapter and paragraph in which it stands"}}
        widgets = {
            "title": forms.TextInput,
            "counted_from": forms.TextInput,
            "source": forms.TextInput,
            "words": forms.TextInput,
        }

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        if self.instance.pk is None:
            unit.choices = Rule.Unit.choices
            self.fields["is_before"].required = False
        elif self.instance.unit in Rule.CLOCKS:
            unit.choices = [choice for choice in Rule.Unit.choices if choice[0] in Rule.CLOCKS]
            unit.label = "Of what?"
            self.require_clock()
            del self.fields["evidence"]
        elif self.instance.unit == Rule.Unit.RECIPIENT:
            for name in ("unit", "is_before", "evidence", "words"):
                del self.fields[name]
            self.fields["title"].label = "Who is sent the yearly report?"
            self.fields["number"].label = "Within how many days?"
            self.fields["counted_from"].help_text = "Such as “publication”, or nothing"
        else:
            del self.fields["unit"], self.fields["number"], self.fields["is_before"]
            if self.instance.unit != Rule.Unit.HEADING:
                del self.fields["evidence"]
            if self.instance.unit == Rule.Unit.HEADING:
                del self.fields["counted_from"]
            else:
                self.fields["counted_from"].label = "When is it done?"
                self.fields["counted_from"].help_text = "Such as “by the end of September”, or “quarterly”"

    def require_clock(self):
        """A clock needs its number and its first day, so they are asked for and not called optional."""
        for name, words in NEEDED.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = words
        self.order_fields(["title", "number"])

    @property
    def is_clock(self):
        return self.cleaned_data.get("unit", self.instance.unit) in Rule.CLOCKS

    @property
    def is_recipient(self):
        return self.cleaned_data.get("unit", self.instance.unit) == Rule.Unit.RECIPIENT

    @property
    def is_heading(self):
        return self.cleaned_data.get("unit", self.instance.unit) == Rule.Unit.HEADING

    def clean_is_before(self):
        return self.cleaned_data["is_before"] or False

    def clean_verified_on(self):
        day = self.cleaned_data["verified_on"]
        if day and day > self.on:
            raise ValidationError("This day is still to come. Enter the day on which it was read")
        return day

    def clean(self):
        cleaned = super().clean()
        if not self.is_clock:
            if cleaned.get("number") and not self.is_recipient:
                self.add_error("number", "Only working days, days and months have a number. Leave it empty")
            if cleaned.get("evidence") and not self.is_heading:
                self.add_error("evidence", "Only headings have evidence. Leave it empty")
            return cleaned
        for name, words in NEEDED.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, words)
        return cleaned
