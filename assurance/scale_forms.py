"""The form of a scale: its numbers, and a row of words for each score that has a name."""

from django import forms

from assurance.models import Scale
from assurance.models.standards import figure
from assurance.scales import MOST_SCORES, keep_points
from partnership.forms import PlannerModelForm
from partnership.models import Partnership
from plans.models import Rating

NUMBERS = ("lowest", "highest", "step", "best", "is_added_up")
SMALL = ("lowest", "highest", "step", "unit")  # boxes for a few signs
SPARE_POINTS = 4
PARTS = ("value", "letter", "word", "meaning", "token", "shape")
COLOURS = [(token.value, token.name.capitalize()) for token in Rating.Token]
SHAPES = [(shape.value, shape.name.capitalize()) for shape in Rating.Shape]


def whose_field(user):
    """Whose a new record is: one's own partnership's, or for the administrator also the installation's."""
    own = Partnership.objects.filter(pk__in=user.standing.office_ids)
    is_shared = user.standing.is_administrator
    return forms.ModelChoiceField(
        own,
        label="Whose is it?",
        required=not is_shared,
        empty_label="Everybody’s" if is_shared else "Choose one",
        initial=own[0].pk if len(own) == 1 and not is_shared else None,
        error_messages={"required": "Choose the partnership whose it is"},
    )


class WhoseFields(forms.ModelForm):
    """Whose the record is, asked once: when it is made."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["partnership"]
        else:
            self.fields["partnership"] = whose_field(user)

    def whose(self):
        """The partnership (None: everybody's), of answers that are being cleaned."""
        return self.instance.partnership if self.instance.pk else self.cleaned_data.get("partnership")


class PointFields(WhoseFields):
    """A row of fields for each score that has words, and some to spare. Needs ``is_in_use``."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.points = list(self.instance.points.all()) if self.instance.pk else []
        self.row_names = {f"p{point.pk}": point for point in self.points}
        self.row_names |= {f"n{at}": None for at in range(SPARE_POINTS)}
        for prefix, point in self.row_names.items():
            for part, field in self.fields_of_row(point).items():
                self.fields[f"{prefix}-{part}"] = field

    def fields_of_row(self, point):
        small = forms.TextInput({"class": "govuk-input--width-3"})
        fields = {
            "value": forms.DecimalField(label="Score", required=False, max_digits=6, decimal_places=2, widget=small),
            "letter": forms.CharField(label="Letter", required=False, max_length=2, widget=small),
            "word": forms.CharField(label="Word", required=False, max_length=40),
            "meaning": forms.CharField(label="What it means", required=False, max_length=300),
            "token": forms.ChoiceField(label="Colour", required=False, choices=COLOURS, initial=Rating.Token.GREY),
            "shape": forms.ChoiceField(label="Shape", required=False, choices=SHAPES, initial=Rating.Shape.RING),
        }
        for part, field in fields.items():
            if point is not None:
                field.initial = figure(point.value) if part == "value" else getattr(point, part)
        fields["value"].disabled = point is not None and self.is_in_use
        return fields


class ScaleForm(PlannerModelForm, PointFields):
    """Once somebody measures themselves by it (``is_in_use``) numbers stand and words may still change."""

    submit_label = "Save the scale"

    class Meta:
        model = Scale
        fields = ["partnership", "name", "lowest", "highest", "step", "unit", "best", "is_added_up", "retired_on"]
        labels = {
            "name": "What is it called?",
            "lowest": "Lowest score",
            "highest": "Highest score",
            "step": "From one score to the next",
            "unit": "What stands after a score",
            "best": "Which score is the best?",
            "is_added_up": "Scores may be added up",
            "retired_on": "No longer offered from",
        }
        help_texts = {
            "name": "Like “0 to 3”, or “Four points, 1 the best”",
            "step": "1 for whole numbers, 5 for per cent in fives",
            "unit": "“%”, or nothing",
            "is_added_up": "Not for judgements like red, amber and green: those are counted, never added",
            "retired_on": "Sets that use it keep it.",
        }
        error_messages = {
            "name": {"required": "Enter a name for the scale"},
            "lowest": {"required": "Enter the lowest score, like 0"},
            "highest": {"required": "Enter the highest score, like 3"},
            "step": {"required": "Enter the step from one score to the next, like 1"},
        }
        widgets = {
            "best": forms.RadioSelect,
            **{name: forms.TextInput({"class": "govuk-input--width-5", "inputmode": "decimal"}) for name in SMALL},
        }

    def __init__(self, *args, is_in_use=False, **kwargs):
        self.is_in_use = is_in_use
        super().__init__(*args, **kwargs)
        for name in NUMBERS if is_in_use else ():
            self.fields[name].disabled = True

    @property
    def rows(self):
        """Bound fields, row by row, for the page."""
        return [[self[f"{prefix}-{part}"] for part in PARTS] for prefix in self.row_names]

    @property
    def numbers(self):
        names = ["partnership", "name", "lowest", "highest", "step", "unit", "best", "is_added_up", "retired_on"]
        return [self[name] for name in names if name in self.fields]

    def extra_values(self):
        """The words that stand now, so that a second writer overwrites none of them unseen."""
        rows = self.instance.points.all() if self.instance.pk else ()
        return {
            f"p{point.pk}-{part}": figure(point.value) if part == "value" else getattr(point, part)
            for point in rows
            for part in PARTS
            if f"p{point.pk}-{part}" in self.fields
        }

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        same = Scale.objects.filter(partnership=self.whose(), name__iexact=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError("There is a scale of this name already. Choose another")
        return name

    def clean_step(self):
        if self.cleaned_data["step"] <= 0:
            raise forms.ValidationError("Enter a step above 0")
        return self.cleaned_data["step"]

    def clean(self):
        answers = super().clean()
        lowest, highest, step = (answers.get(name) for name in ("lowest", "highest", "step"))
        if None in (lowest, highest, step):
            return answers
        if highest <= lowest:
            self.add_error("highest", f"Enter a highest score above the lowest, {figure(lowest)}")
        elif (highest - lowest) % step:
            words = f"From {figure(lowest)} in steps of {figure(step)} nobody comes to {figure(highest)}. "
            self.add_error("step", words + "Change the step or the highest score")
        elif (highest - lowest) / step >= MOST_SCORES:
            self.add_error("step", f"That makes more than {MOST_SCORES} scores. Enter a larger step")
        else:
            self.clean_rows(answers, Scale(lowest=lowest, highest=highest, step=step))
        return answers

    def clean_rows(self, answers, scale):
        """Each row with a word has a score that stands on the scale, and no other has the same."""
        seen = {}
        for prefix in self.row_names:
            value, word = answers.get(f"{prefix}-value"), (answers.get(f"{prefix}-word") or "").strip()
            told = [answers.get(f"{prefix}-{part}") for part in ("letter", "meaning")]
            if value is None and (word or any(told)) and f"{prefix}-value" not in self.errors:
                self.add_error(f"{prefix}-value", "Enter the score that this word stands for")
            elif value is not None and not word and (any(told) or self.fields[f"{prefix}-value"].disabled):
                self.add_error(f"{prefix}-word", f"Enter a word for {figure(value)}")
            elif value is not None and not scale.takes(value):
                said = f"{figure(scale.lowest)} to {figure(scale.highest)} in steps of {figure(scale.step)}"
                self.add_error(f"{prefix}-value", f"{figure(value)} is not on the scale, which goes from {said}")
            elif value in seen and value is not None:
                self.add_error(f"{prefix}-value", f"{figure(value)} is “{seen[value]}” already")
            elif value is not None and word:
                seen[value] = word

    def words_of_scores(self):
        """What ``keep_points`` takes. A row without a word is taken out."""
        answers, rows = self.cleaned_data, []
        for prefix, point in self.row_names.items():
            row = {part: answers.get(f"{prefix}-{part}") for part in PARTS}
            if row["word"] and row["value"] is not None:
                row["token"] = row["token"] or Rating.Token.GREY
                row["shape"] = row["shape"] or Rating.Shape.RING
                rows.append({"pk": point.pk if point else None, **row})
        return rows

    def save(self, commit=True):
        scale = super().save(commit)
        keep_points(scale, self.words_of_scores())
        return scale
