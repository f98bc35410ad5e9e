"""The forms of a rating key: which one a plan is read by, and the ratings of an own one."""

from django import forms

from partnership.forms import PlannerForm
from plans.models import Rating, RatingKey

MOST_RATINGS = 8
SPARE_ROWS = 2

SAYS = [
    ("done", "That it is done"),
    (Rating.Outlook.WELL, "That it goes well"),
    (Rating.Outlook.WORRY, "That something is wrong, or may go wrong"),
    (Rating.Outlook.NEITHER, "Neither: not begun, or on hold"),
]
COLOURS = [(token.value, token.name.capitalize()) for token in Rating.Token]
SHAPES = [(shape.value, shape.name.capitalize()) for shape in Rating.Shape]

WANTED = {
    "code": "Enter a letter or two",
    "word": "Enter the word",
    "meaning": "Enter what it means, in plain words",
    "says": "Choose what it says of the work",
    "token": "Choose a colour",
    "shape": "Choose a shape",
}


class KeyChoice(forms.ModelChoiceField):
    def label_from_instance(self, key):
        words = ", ".join(rating.word for rating in sorted(key.ratings.all(), key=lambda each: -each.position))
        return f"{key.name}: {words}"


class KeyForm(PlannerForm):
    """Which key the plan is rated by, of those offered to it."""

    submit_label = "Use this key"

    key = KeyChoice(
        None,
        label="Which ratings does this plan use?",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "This key is not offered to your partnership. Choose from the list"},
    )

    def __init__(self, *args, keys, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].queryset = keys
        self.fields["key"].empty_label = None


class NameForm(PlannerForm):
    """What an own key is called. ``key``: the one that is changed, or None."""

    name = forms.CharField(
        label="What is this key called?",
        max_length=80,
        help_text="So that others of your partnership know it again: “Not begun to embedded”.",
        error_messages={"required": "Enter a name for the key"},
    )

    def __init__(self, *args, key=None, **kwargs):
        self.key = key
        super().__init__(*args, **kwargs)

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        others = RatingKey.objects.filter(name__iexact=name).exclude(pk=self.key.pk if self.key else None)
        if others.exists():
            raise forms.ValidationError("There is a key of this name already. Choose another")
        return name


class RatingForm(PlannerForm):
    """One rating of a key. One that was given (``given``: how often) keeps every word; only its place may change."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    place = forms.IntegerField(
        label="Place",
        min_value=1,
        max_value=99,
        required=False,
        help_text="1 is the best",
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-2"}),
    )
    code = forms.CharField(
        label="Letter",
        max_length=2,
        required=False,
        help_text="One or two",
        widget=forms.TextInput({"class": "govuk-input--width-2"}),
    )
    word = forms.CharField(label="Word", max_length=30, required=False)
    meaning = forms.CharField(label="What it means, in plain words", max_length=120, required=False)
    says = forms.ChoiceField(label="What does it say of the work?", choices=SAYS, required=False)
    token = forms.ChoiceField(label="Colour", choices=COLOURS, required=False)
    shape = forms.ChoiceField(label="Shape", choices=SHAPES, required=False)
    needs_evidence = forms.BooleanField(label="Only with evidence of the difference made", required=False)
    remove = forms.BooleanField(label="Take this rating out", required=False)

    told = ("code", "word", "meaning")
    frozen = ("code", "word", "meaning", "says", "token", "shape", "needs_evidence")

    def __init__(self, *args, given=0, **kwargs):
        self.given = given
        super().__init__(*args, **kwargs)
        for name in ("says", "token", "shape"):
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]
        if not self.initial.get("word"):
            del self.fields["remove"]  # a spare row: nobody need write in it
        if not self.initial.get("word") or self.is_emptied:
            return
        for name, words in WANTED.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = words
        if given:
            for name in self.frozen:
                self.fields[name].disabled = True

    @property
    def is_emptied(self):
        """Whether it came back with no word in it: then it is no rating any more."""
        typed = (self.data.get(self.add_prefix(name), "") for name in self.told)
        return self.is_bound and not self.given and not any(each.strip() for each in typed)

    @property
    def is_blank(self):
        """A row in which nothing stands."""
        return not any(self.cleaned_data.get(name) for name in self.told)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("remove"):
            if self.given:
                times = "once" if self.given == 1 else f"{self.given} times"
                self.add_error(
                    "remove",
                    f"{self.initial['word']} was given {times}, so it stays in this key. Make a new key without it: "
                    "what was said keeps this rating, and leads are asked by the new key from the next round on",
                )
            return cleaned
        if not self.is_blank:
            for name, words in WANTED.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return cleaned

    def values(self):
        """What ``rating_keys`` takes."""
        cleaned = self.cleaned_data
        says = cleaned["says"]
        return {
            "pk": cleaned.get("pk"),
            "code": cleaned["code"],
            "word": cleaned["word"],
            "meaning": cleaned["meaning"],
            "token": cleaned["token"],
            "shape": cleaned["shape"],
            "is_done": says == "done",
            "outlook": Rating.Outlook.WELL if says == "done" else says,
            "needs_evidence": cleaned["needs_evidence"],
        }


def as_typed(rating):
    """A rating as its form shows it."""
    return {
        "pk": rating.pk,
        "code": rating.code,
        "word": rating.word,
        "meaning": rating.meaning,
        "says": "done" if rating.is_done else rating.outlook,
        "token": rating.token,
        "shape": rating.shape,
        "needs_evidence": rating.needs_evidence,
    }


class RatingForms:
    """The rows of a key's page: those of ``ratings`` (best first) and some to spare; checked against one another."""

    def __init__(self, data=None, *, ratings, given, is_copy=False):
        self.problem = ""
        rows = [as_typed(rating) for rating in ratings]
        if is_copy:
            rows = [row | {"pk": None} for row in rows]
        count = min(max(len(rows) + SPARE_ROWS, 4), MOST_RATINGS)
        if data is not None:
            count = max(count, min(self.sent(data), MOST_RATINGS))
        self.forms = []
        known = {row["pk"] for row in rows}
        for number in range(max(count, len(rows))):
            row = rows[number] if number < len(rows) else {}
            initial = {"place": number + 1, **row}
            form = RatingForm(data, prefix=f"r{number}", initial=initial, given=0 if is_copy else given[row.get("pk")])
            if data is not None and form["pk"].data and form["pk"].data != str(row.get("pk")):
                form.data = form.data.copy()
                form.data[form.add_prefix("pk")] = str(row.get("pk") or "")
            self.forms.append(form)
        self.known = known

    @staticmethod
    def sent(data):
        return sum(f"r{number}-word" in data for number in range(MOST_RATINGS))

    def __iter__(self):
        return iter(self.forms)

    @property
    def staying(self):
        """The forms of ratings that there will be, the best first."""
        rows = [form for form in self.forms if not form.is_blank and not form.cleaned_data.get("remove")]
        return sorted(rows, key=lambda form: form.cleaned_data.get("place") or 99)

    def is_valid(self):
        each = [form.is_valid() for form in self.forms]
        if not all(each):
            return False
        self.compare("code", lambda cleaned: cleaned["code"].casefold(), "has this letter already. Choose another")
        self.compare("word", lambda cleaned: cleaned["word"].casefold(), "is the same word. Choose another")
        self.compare(
            "shape",
            lambda cleaned: (cleaned["shape"], cleaned["token"]),
            "has this shape and colour already. Choose others, so that they can be told apart",
        )
        if len(self.staying) < 2:
            self.problem = "Give the key two ratings or more, or there is nothing to choose between"
        return not self.problem and all(form.is_valid() for form in self.forms)

    def compare(self, name, value_of, words):
        """Point at the second of two ratings that are alike in ``name``."""
        seen = {}
        for form in self.staying:
            value = value_of(form.cleaned_data)
            if value in seen:
                form.add_error(name, f"{seen[value].cleaned_data['word']} {words}")
            seen.setdefault(value, form)

    def values(self):
        return [form.values() for form in self.staying]

    @property
    def preview(self):
        """What has been typed, as ratings: those rows in which all is there that a drawing needs."""
        shown = []
        for form in self.forms:
            typed = {name: form[name].value() for name in ("code", "word", "meaning", "token", "shape")}
            if typed["code"] and typed["word"] and typed["token"] in dict(COLOURS) and typed["shape"] in dict(SHAPES):
                shown.append(Rating(**typed))
        return shown
