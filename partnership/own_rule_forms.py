"""Forms of a partnership's own rule set: for its office."""

from django import forms
from django.core.exceptions import ValidationError

from partnership.forms import PlannerModelForm
from partnership.models import Partnership, Rule, RuleSet
from partnership.own_rules import OWN_UNITS, headings_known
from partnership.rule_changes import free_code
from partnership.rule_forms import MOST

BY_HAND = "Nothing: we file evidence here by hand"
SAME_NAME = "There is a rule set of this name. Enter one that tells them apart"


class OwnSetForm(PlannerModelForm):
    submit_label = "Save our headings"

    class Meta:
        model = RuleSet
        fields = ["title", "note"]
        labels = {"title": "What is it called?", "note": "What should people know about it?"}
        help_texts = {"title": "Such as “Our report from 2027 on”"}
        widgets = {"title": forms.TextInput, "note": forms.Textarea({"rows": 3})}

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_title(self):
        title = " ".join(self.cleaned_data["title"].split())
        others = RuleSet.objects.visible_to(self.user).exclude(pk=self.instance.pk)
        if others.filter(title__iexact=title).exists():
            raise ValidationError(SAME_NAME)
        return title


class OwnSetAddForm(OwnSetForm):
    submit_label = "Make the rule set"

    taken_from = forms.ModelChoiceField(
        RuleSet.objects.none(),
        label="Begin with the headings of which edition?",
        help_text="Its headings and recipients are taken over. Change, move or remove them as you like",
        required=False,
        empty_label="None: I write them myself",
    )

    class Meta(OwnSetForm.Meta):
        fields = ["partnership", "title", "note"]
        labels = {**OwnSetForm.Meta.labels, "partnership": "Whose is it?"}
        help_texts = {**OwnSetForm.Meta.help_texts, "partnership": ""}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        field = self.fields["partnership"]
        field.queryset, field.required = Partnership.objects.of_office(user), True
        field.error_messages["required"] = "Choose the partnership whose headings they are"
        field.empty_label = "Choose a partnership"
        if len(field.queryset) == 1:
            field.initial = field.queryset[0]
        editions = RuleSet.objects.visible_to(user).filter(rules__unit=Rule.Unit.HEADING)
        self.fields["taken_from"].queryset = editions.distinct().order_by("title")
        self.order_fields(["partnership", "title", "taken_from", "note"])


class OwnRuleForm(PlannerModelForm):
    """A heading of the yearly report, or somebody who is sent it."""

    submit_label = "Save"

    files = forms.ChoiceField(
        label="Which evidence is filed here by itself?",
        help_text="The same as under this heading of guidance",
        required=False,
    )
    number = forms.IntegerField(
        label="Within how many days of publication?",
        help_text="Leave it empty where no number is asked for",
        min_value=1,
        max_value=MOST,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-3"}),
        error_messages={"min_value": "Enter 1 or more", "max_value": f"Enter {MOST} or fewer"},
    )

    class Meta:
        model = Rule
        fields = ["title", "words", "evidence", "number", "source", "verified_on"]
        labels = {
            "words": "In other words",
            "evidence": "What counts as evidence here?",
            "source": "Where does it stand?",
            "verified_on": "When was it read there?",
        }
        help_texts = {
            "words": "Printed beside the section",
            "evidence": "Shown to whoever decides what goes into the report",
            "source": "The edition, chapter and paragraph; or whose decision it was",
            "verified_on": "Leave it empty while it is to be verified",
        }
        error_messages = {"source": {"required": "Enter where it stands, or whose decision it was"}}
        widgets = {"title": forms.TextInput, "words": forms.TextInput, "source": forms.TextInput}

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)
        if self.is_heading:
            self.fields["title"].label = "Heading"
            del self.fields["number"]
            self.offer_headings()
            self.order_fields(["title", "words", "files", "evidence", "source", "verified_on"])
        else:
            self.fields["title"].label = "Who is sent it?"
            for name in ("words", "evidence", "files"):
                del self.fields[name]

    @property
    def is_heading(self):
        return self.instance.unit == Rule.Unit.HEADING

    def offer_headings(self):
        """Headings of guidance of which this set has none yet, and this one's own."""
        known = headings_known()
        others = self.instance.rule_set.rules.exclude(pk=self.instance.pk)
        taken = set(others.values_list("code", flat=True))
        choices = [(code, title) for code, title in known.items() if code not in taken]
        self.fields["files"].choices = [("", BY_HAND), *choices]
        self.initial["files"] = self.instance.code if self.instance.code in known else ""

    def clean_verified_on(self):
        day = self.cleaned_data["verified_on"]
        if day and day > self.on:
            raise ValidationError("This day is still to come. Enter the day on which it was read")
        return day

    def clean_title(self):
        title = " ".join(self.cleaned_data["title"].split())
        others = self.instance.rule_set.rules.filter(unit=self.instance.unit).exclude(pk=self.instance.pk)
        if others.filter(title__iexact=title).exists():
            raise ValidationError("This is there already. Enter something that tells them apart")
        return title

    def save(self, commit=True):
        """Give it its code: what is filed here follows it. A new one comes last."""
        rule, others = self.instance, self.instance.rule_set.rules.exclude(pk=self.instance.pk)
        codes = dict(others.values_list("code", "position"))
        chosen = self.cleaned_data.get("files", "")
        if chosen:
            rule.code = chosen
        elif not rule.code or (self.is_heading and rule.code in headings_known()):
            taken = set(codes) | set(headings_known())
            rule.code = free_code(rule.title, taken=taken)
        if rule.pk is None:
            rule.position = max(codes.values(), default=0) + 1
        if not self.is_heading:
            rule.counted_from = "publication" if rule.number else ""
        return super().save(commit)


__all__ = ["OWN_UNITS", "OwnRuleForm", "OwnSetAddForm", "OwnSetForm"]
