"""Forms of standard sets: the set, one standard, rows pasted from a spreadsheet, the next edition."""

from django import forms
from django.db.models import Q

from assurance.models import Scale, Standard, StandardSet
from assurance.models.standards import figure
from assurance.scale_forms import WhoseFields
from assurance.scales import offered_to
from assurance.standards import read_rows
from partnership.forms import PlannerForm, PlannerModelForm

LONGEST_PASTE = 60_000  # characters: two hundred long standards
LONGEST_DESCRIPTOR = 300


class StandardSetForm(PlannerModelForm, WhoseFields):
    """What a set is called, where it comes from and by which scale it is measured. While it is written."""

    submit_label = "Save"

    class Meta:
        model = StandardSet
        fields = ["partnership", "title", "edition", "about", "source", "audience", "asked_of", "scale"]
        labels = {
            "title": "What is the set called?",
            "edition": "Which edition is it?",
            "about": "What is it for?",
            "source": "Which law or guidance does it come from?",
            "audience": "Whom is it about?",
            "asked_of": "Who is asked?",
            "scale": "By which scale?",
        }
        help_texts = {"edition": "Like “2027”", "source": "In your own words, so that readers know why they are asked"}
        error_messages = {
            "title": {"required": "Enter what the set is called"},
            "edition": {"required": "Enter which edition it is, like 2027"},
            "scale": {"required": "Choose a scale"},
        }
        widgets = {"audience": forms.RadioSelect, "asked_of": forms.RadioSelect}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        offered = Q(pk__in=offered_to(user).values("pk")) | Q(pk=self.instance.scale_id)
        self.fields["scale"].queryset = Scale.objects.filter(offered)

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_edition(self):
        return " ".join(self.cleaned_data["edition"].split())

    def clean(self):
        answers = super().clean()
        same = StandardSet.objects.filter(
            partnership=self.whose(), title__iexact=answers.get("title"), edition__iexact=answers.get("edition")
        )
        if {"title", "edition"} <= set(answers) and same.exclude(pk=self.instance.pk).exists():
            self.add_error("edition", f"There is an edition called {answers['edition']} already. Choose another name")
        return answers

    def clean_scale(self):
        """Words for scores that the new scale does not have would say nothing."""
        scale = self.cleaned_data["scale"]
        is_another = self.instance.pk and scale.pk != self.instance.scale_id
        if is_another and self.instance.standards.exclude(descriptors={}).exists():
            raise forms.ValidationError(
                "Some standards say what each score means on the scale there was. Take that out first"
            )
        return scale


class DescriptorFields(forms.ModelForm):
    """A field for each score of the set's scale that has a word: what it means for this standard."""

    def __init__(self, *args, standard_set, **kwargs):
        self.standard_set = standard_set
        super().__init__(*args, **kwargs)
        others = standard_set.standards.exclude(pk=self.instance.pk)
        self.fields["after"].queryset = others
        self.points = list(standard_set.scale.points.all())
        for point in self.points:
            self.fields[f"d-{figure(point.value)}"] = forms.CharField(
                label=f"{point.code}: {point.word}",
                help_text=point.meaning,
                max_length=LONGEST_DESCRIPTOR,
                required=False,
                initial=self.instance.descriptors.get(figure(point.value), ""),
            )
        if self.instance.pk is None:
            self.fields["after"].initial = others.order_by("position").values_list("pk", flat=True).last()


class StandardForm(PlannerModelForm, DescriptorFields):
    """One standard of a set that is being written."""

    submit_label = "Save the standard"

    after = forms.ModelChoiceField(
        Standard.objects.none(),
        label="After which standard does it stand?",
        required=False,
        empty_label="None: it is the first",
    )

    class Meta:
        model = Standard
        fields = ["section", "code", "text", "guidance", "evidence_wanted", "weight"]
        labels = {
            "section": "Section",
            "code": "Code",
            "text": "Standard",
            "guidance": "Guidance",
            "evidence_wanted": "Which evidence is wanted?",
            "weight": "Weight",
        }
        help_texts = {
            "code": "Short, like 1.1",
            "text": "One sentence that is true or not",
            "weight": "2 counts twice. It counts where scores are added up",
        }
        error_messages = {
            "code": {"required": "Enter a short code, like 1.1"},
            "text": {"required": "Enter the standard"},
            "weight": {
                "required": "Enter a weight, like 1",
                "max_digits": "Enter a weight below 100, like 1 or 1.5",
                "max_whole_digits": "Enter a weight below 100, like 1 or 1.5",
                "max_decimal_places": "Enter a weight with two decimals at most, like 1.25",
            },
        }
        widgets = {"text": forms.Textarea({"rows": 3})}

    def clean_code(self):
        code = self.cleaned_data["code"].strip()
        same = self.standard_set.standards.filter(code__iexact=code).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(f"{code} is in this set already. Choose another code")
        return code

    def clean_weight(self):
        if self.cleaned_data["weight"] <= 0:
            raise forms.ValidationError("Enter a weight above 0")
        return self.cleaned_data["weight"]

    def extra_values(self):
        if not self.instance.pk:
            return {}
        before = self.standard_set.standards.filter(position__lt=self.instance.position).order_by("position").last()
        said = {
            f"d-{figure(each.value)}": self.instance.descriptors.get(figure(each.value), "") for each in self.points
        }
        return {"after": before.pk if before else None, **said}

    def value_now(self, name):
        if name == "after":
            return Standard.objects.filter(pk=self.extra_values()["after"]).first()
        return super().value_now(name)

    def words_now(self, name):
        return str(self.value_now(name) or "None") if name == "after" else super().words_now(name)

    @property
    def values(self):
        """What ``keep_standard`` takes, of a valid form."""
        answers = dict(self.cleaned_data)
        said = {figure(point.value): answers.pop(f"d-{figure(point.value)}").strip() for point in self.points}
        return answers | {"descriptors": {score: words for score, words in said.items() if words}}


class PasteForm(PlannerForm):
    """Rows copied from a spreadsheet."""

    submit_label = "Add these standards"

    rows = forms.CharField(
        label="Rows",
        strip=False,
        max_length=LONGEST_PASTE,
        widget=forms.Textarea({"rows": 12}),
        help_text="Copy them in your spreadsheet and paste them here. Columns in this order, or under headings: "
        "section, code, standard, guidance, evidence wanted, weight. The last three may be left out.",
        error_messages={"required": "Paste a row for each standard"},
    )

    def __init__(self, *args, standard_set, **kwargs):
        self.standard_set = standard_set
        super().__init__(*args, **kwargs)

    def clean_rows(self):
        taken = self.standard_set.standards.values_list("code", flat=True)
        pasted = read_rows(self.cleaned_data["rows"], taken=list(taken))
        if pasted.problems:
            raise forms.ValidationError(pasted.problems[:20])
        return pasted.rows


class EditionForm(PlannerForm, forms.Form):
    """What the next edition is called, and whose it is."""

    submit_label = "Begin the new edition"

    edition = forms.CharField(
        label="What is the new edition called?",
        max_length=40,
        help_text="Like “2027”",
        error_messages={"required": "Enter what the new edition is called, like 2027"},
    )

    def __init__(self, *args, whose, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partnership"] = whose

    def clean_edition(self):
        return " ".join(self.cleaned_data["edition"].split())
