"""The forms of the risk register, and of the words of its matrix."""

from django import forms

from assurance.models import Risk, RiskStep
from assurance.models.risks import HIGHEST
from assurance.register_forms import AboutPriorities, WithParties, leads_of
from assurance.risks import BAND_FIELDS, STEP_FIELDS, matrix_of, next_review
from partnership.forms import GuardMixin, PlannerForm, PlannerModelForm
from partnership.meeting_forms import LeadField
from partnership.templatetags.components import long_date
from plans.models import Rating
from plans.priority_links import LinkedPriorities

MOST_BANDS = 6
SOONER = "Enter a day to come, or leave it empty"


def number_field(label, **kwargs):
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, **kwargs)


class OnMatrix:
    """A form that asks how likely and how bad, in the words of its partnership's matrix."""

    def offer_steps(self, *names):
        matrix = matrix_of(self.instance.partnership)
        for name in names:
            steps = sorted((matrix.impacts if name.endswith("impact") else matrix.likelihoods).items())
            field = self.fields[name]
            if isinstance(field.widget, forms.RadioSelect):
                field.choices = [(number, f"{step}. {step.meaning}".strip()) for number, step in steps]
            else:
                empty = "Choose one" if field.required else "None"
                field.choices = [("", empty), *[(number, str(step)) for number, step in steps]]


class RiskChangeForm(OnMatrix, WithParties, AboutPriorities, PlannerModelForm):
    """All of a risk but what its looks say."""

    submit_label = "Save the risk"
    party_fields = ("lead",)

    lead = LeadField(
        label="Who answers for it?",
        required=False,
        help_text="A post, a group or an organisation. Whoever holds it then looks at it again and is reminded.",
    )
    priorities = LinkedPriorities()
    target_likelihood = number_field("How likely shall it be in the end?", required=False)
    target_impact = number_field("How bad would it be then?", required=False)

    class Meta:
        model = Risk
        fields = [
            "title",
            "cause",
            "effect",
            "category",
            "controls",
            "treatment",
            "target_likelihood",
            "target_impact",
            "priorities",
        ]
        labels = {
            "title": "What could go wrong?",
            "cause": "Why could it happen?",
            "effect": "What would follow?",
            "category": "What kind is it?",
            "controls": "What holds it now?",
            "treatment": "What is done with it?",
        }
        help_texts = {
            "title": "One sentence, without names of people.",
            "effect": "For children or adults first, then for the partnership.",
            "category": "Your own word: workforce, money, practice.",
            "controls": "What is in place already that makes it less likely or less bad.",
        }
        error_messages = {
            "title": {"required": "Enter what could go wrong"},
            "treatment": {"required": "Choose what is done with it"},
        }
        widgets = {"treatment": forms.RadioSelect}

    field_order = [
        "title",
        "cause",
        "effect",
        "category",
        "lead",
        "likelihood",
        "impact",
        "controls",
        "treatment",
        "target_likelihood",
        "target_impact",
        "raised_on",
        "next_review_on",
        "priorities",
    ]
    on_matrix = ("target_likelihood", "target_impact")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["treatment"].choices = TREATMENTS
        self.offer("lead", leads_of(self.instance.partnership, self.user, on=self.on))
        self.offer_steps(*self.on_matrix)

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        answers = super().clean()
        likelihood, impact = answers.get("target_likelihood"), answers.get("target_impact")
        if likelihood and not impact and "target_impact" not in self.errors:
            self.add_error("target_impact", "Choose how bad it would be then, or take the likelihood away")
        if impact and not likelihood and "target_likelihood" not in self.errors:
            self.add_error("target_likelihood", "Choose how likely it shall be in the end, or take the impact away")
        return answers


TREATMENTS = [
    (Risk.Treatment.TREAT, "Treat: something is done to make it less likely or less bad"),
    (Risk.Treatment.TOLERATE, "Tolerate: it is watched, and nothing more is done"),
    (Risk.Treatment.TRANSFER, "Transfer: somebody else carries it"),
    (Risk.Treatment.TERMINATE, "Terminate: what brings it about is ended"),
]


class RiskForm(RiskChangeForm):
    """A new risk with its first look. ``instance`` holds the partnership."""

    submit_label = "Add the risk"

    likelihood = number_field("How likely is it?", error_messages={"required": "Choose how likely it is"})
    impact = number_field("How bad would it be?", error_messages={"required": "Choose how bad it would be"})

    on_matrix = ("likelihood", "impact", "target_likelihood", "target_impact")

    class Meta(RiskChangeForm.Meta):
        fields = [*RiskChangeForm.Meta.fields, "raised_on", "next_review_on"]
        labels = RiskChangeForm.Meta.labels | {
            "raised_on": "When was it raised?",
            "next_review_on": "When is it looked at next?",
        }
        help_texts = RiskChangeForm.Meta.help_texts | {
            "next_review_on": "Left empty, it is as many days away as its score asks for."
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["raised_on"] = self.on

    def clean_raised_on(self):
        return self.in_the_past("raised_on", "Enter the day on which it was raised, today or before")

    def clean_next_review_on(self):
        day = self.near("next_review_on")
        if day and day < self.on:
            raise forms.ValidationError(SOONER)
        return day

    def clean(self):
        answers = super().clean()
        likelihood, impact = answers.get("likelihood"), answers.get("impact")
        if likelihood and impact and not answers.get("next_review_on") and "next_review_on" not in self.errors:
            answers["next_review_on"] = next_review(self.instance.partnership, score=likelihood * impact, on=self.on)
        return answers


class RiskReviewForm(OnMatrix, PlannerModelForm):
    """One look at a risk. Two people who look at once are told of each other. ``last``: the look before, or None."""

    submit_label = "Save what you found"

    reviewed_on = forms.DateField(label="When was it looked at?", error_messages={"required": "Enter the day"})
    likelihood = number_field(
        "How likely is it now?", widget=forms.RadioSelect, error_messages={"required": "Choose how likely it is now"}
    )
    impact = number_field(
        "How bad would it be now?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how bad it would be now"},
    )
    text = forms.CharField(
        label="What changed?",
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        help_text="What you saw that makes you say so. Needed where the likelihood or the impact changes.",
    )

    class Meta:
        model = Risk
        fields = ["next_review_on"]
        labels = {"next_review_on": "When is it looked at next?"}

    field_order = ["likelihood", "impact", "text", "reviewed_on", "next_review_on"]

    def __init__(self, *args, last, on, **kwargs):
        self.last, self.on = last, on
        super().__init__(*args, **kwargs)
        self.offer_steps("likelihood", "impact")
        matrix = matrix_of(self.instance.partnership)
        days = [f"{band.word} after {band.review_days} days" for band in reversed(matrix.bands)]
        self.fields["next_review_on"].help_text = f"Left empty, by what it is found to be: {', '.join(days)}."
        self.fields["next_review_on"].required = False
        self.initial |= {"next_review_on": None, "reviewed_on": on}

    def extra_values(self):
        return {"likelihood": self.last.likelihood, "impact": self.last.impact} if self.last else {}

    def values_now(self):
        known = super().values_now()
        return {name: known[name] for name in ("likelihood", "impact", "next_review_on") if name in known}

    def clean_reviewed_on(self):
        day = self.cleaned_data["reviewed_on"]
        if day > self.on:
            raise forms.ValidationError("Enter the day on which it was looked at, today or before")
        if self.last and day < self.last.reviewed_on:
            raise forms.ValidationError(
                f"It was looked at on {long_date(self.last.reviewed_on)}. Enter that day or a later one"
            )
        return day

    def clean_next_review_on(self):
        day = self.cleaned_data["next_review_on"]
        if day and not self.on <= day <= self.on.replace(year=self.on.year + 5, day=min(self.on.day, 28)):
            raise forms.ValidationError("Enter a day to come, within five years, or leave it empty")
        return day

    def clean(self):
        answers = super().clean()
        likelihood, impact = answers.get("likelihood"), answers.get("impact")
        if not likelihood or not impact:
            return answers
        has_changed = self.last and (likelihood, impact) != (self.last.likelihood, self.last.impact)
        if has_changed and not answers.get("text") and "text" not in self.errors:
            was, now = self.last.score, likelihood * impact
            self.add_error("text", f"Say what changed: its score was {was} and is now {now}")
        if not answers.get("next_review_on") and "next_review_on" not in self.errors:
            found_on = answers.get("reviewed_on") or self.on
            proposed = next_review(self.instance.partnership, score=likelihood * impact, on=found_on)
            answers["next_review_on"] = max(proposed, self.on)
        return answers


class RiskCloseForm(PlannerForm):
    submit_label = "Close the risk"

    because = forms.CharField(
        label="Why is it closed?",
        widget=forms.Textarea({"rows": 4}),
        max_length=5000,
        help_text="Whoever reads the register reads it.",
        error_messages={"required": "Say why it is closed"},
    )


# The words of the matrix


class MatrixForm(GuardMixin, PlannerForm):
    """The steps and bands of one partnership, begun from what stands. ``matrix()`` reads them anew."""

    submit_label = "Save the words"

    def __init__(self, *args, matrix, **kwargs):
        super().__init__(*args, **kwargs)
        for axis in RiskStep.Axis:
            for number in range(HIGHEST, 0, -1):
                step = matrix.steps.get(axis, {}).get(number)
                name = f"{axis} {number}"
                self.fields[f"{axis}_{number}_word"] = forms.CharField(
                    label=f"{axis.label} {number}",
                    max_length=40,
                    initial=step.word if step else "",
                    error_messages={"required": f"Enter the word for {name}"},
                )
                self.fields[f"{axis}_{number}_meaning"] = forms.CharField(
                    label="What it means", max_length=300, required=False, initial=step.meaning if step else ""
                )
        for place in range(MOST_BANDS):
            band = matrix.bands[place] if place < len(matrix.bands) else None
            self.add_band(place, band)
        self.guard()

    def add_band(self, place, band):
        key = f"band_{place}"
        given = {name: getattr(band, name) for name in BAND_FIELDS} if band else {}
        self.fields[f"{key}_word"] = forms.CharField(
            label="Word", max_length=40, required=False, initial=given.get("word", "")
        )
        self.fields[f"{key}_lowest"] = forms.IntegerField(
            label="From a score of",
            required=False,
            min_value=1,
            max_value=HIGHEST * HIGHEST,
            initial=given.get("lowest"),
        )
        self.fields[f"{key}_meaning"] = forms.CharField(
            label="What is done about it", max_length=300, required=False, initial=given.get("meaning", "")
        )
        self.fields[f"{key}_review_days"] = forms.IntegerField(
            label="Days until the next look",
            required=False,
            min_value=1,
            max_value=730,
            initial=given.get("review_days"),
        )
        for name, choices, usual in (("token", Rating.Token, "grey"), ("shape", Rating.Shape, "ring")):
            self.fields[f"{key}_{name}"] = forms.ChoiceField(
                label="Colour" if name == "token" else "Shape",
                choices=choices.choices,
                required=False,
                initial=given.get(name, usual),
            )

    def values_now(self):
        return {name: field.initial for name, field in self.fields.items() if name != "seen"}

    def value_now(self, name):
        return self.fields[name].initial

    def words_now(self, name):
        return self.fields[name].initial or "nothing"

    def last_changed_by(self):
        return "Somebody else"

    def clean(self):
        answers = super().clean()
        self.bands = []
        for axis in RiskStep.Axis:
            self.refuse_doubles([f"{axis}_{number}_word" for number in range(1, HIGHEST + 1)], "word")
        for place in range(MOST_BANDS):
            key = f"band_{place}"
            band = {name: answers.get(f"{key}_{name}") for name in BAND_FIELDS}
            if not band["word"] and not band["lowest"] and not band["meaning"]:
                continue  # taken away, or never there
            for name, words in (
                ("word", "Enter the word, or leave all of this band empty"),
                ("lowest", "Enter the score from which it is called so"),
                ("review_days", "Enter after how many days it is looked at again"),
            ):
                if not band[name] and f"{key}_{name}" not in self.errors:
                    self.add_error(f"{key}_{name}", words)
            self.bands.append(band)
        for name in ("word", "lowest"):
            self.refuse_doubles([f"band_{place}_{name}" for place in range(MOST_BANDS)], name)
        if not self.errors:
            self.check_bands()
        return answers

    def refuse_doubles(self, fields, what):
        seen = set()
        for name in fields:
            value = self.cleaned_data.get(name)
            value = value.casefold() if isinstance(value, str) else value
            if value and value in seen:
                self.add_error(
                    name,
                    "Another one has this word. Choose a word of its own"
                    if what == "word"
                    else "Another band begins at this score. Choose another",
                )
            seen.add(value)

    def check_bands(self):
        if len(self.bands) < 2:
            self.add_error("band_0_word", "Keep at least two bands, or every risk is called the same")
        elif min(band["lowest"] for band in self.bands) != 1:
            first = min(range(MOST_BANDS), key=lambda n: self.cleaned_data.get(f"band_{n}_lowest") or HIGHEST**3)
            self.add_error(f"band_{first}_lowest", "Begin the lowest band at a score of 1, or some risks have no word")
        looks = {}
        for place in range(MOST_BANDS):
            if self.cleaned_data.get(f"band_{place}_word"):
                look = tuple(self.cleaned_data[f"band_{place}_{name}"] for name in ("token", "shape"))
                if look in looks:
                    self.add_error(f"band_{place}_shape", "Another band has this shape in this colour. Choose another")
                looks[look] = place

    @property
    def steps(self):
        """As ``keep_matrix`` takes them."""
        return {
            (axis.value, number): {name: self.cleaned_data[f"{axis}_{number}_{name}"] for name in STEP_FIELDS}
            for axis in RiskStep.Axis
            for number in range(1, HIGHEST + 1)
        }

    @property
    def axes(self):
        """(name of the axis, (number, its two boxes) the most first), for the page."""
        return [
            (
                axis.label,
                [(n, [self[f"{axis}_{n}_{name}"] for name in STEP_FIELDS]) for n in range(HIGHEST, 0, -1)],
            )
            for axis in RiskStep.Axis
        ]

    @property
    def band_rows(self):
        """The boxes of each band, for the page."""
        order = ["word", "lowest", "meaning", "review_days", "token", "shape"]
        return [[self[f"band_{place}_{name}"] for name in order] for place in range(MOST_BANDS)]
