"""What every form of the product has in common, said once.

A form declares its fields and words. This base gives it GOV.UK's controls, a summary of errors at
the top, errors that say what to do, a count under long answers and dates in three boxes.

    class MeetingForm(PlannerModelForm):
        submit_label = "Add the meeting"

    {% load crispy_forms_tags %}{% crispy form %}
"""

import datetime
from typing import NamedTuple

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.dateparse import parse_date

LONGEST_ANSWER = 5000  # characters: about two pages; an attachment is better for more

DJANGOS_EMPTY_LABEL = "---------"
DJANGOS_TEXTAREA = {"cols": "40", "rows": "10"}
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


# Dates in three boxes


class TypedDate(NamedTuple):
    """The three boxes as somebody filled them in, which need not make a date."""

    day: str
    month: str
    year: str

    @property
    def missing(self):
        """The names of the boxes left empty."""
        return [name for name, typed in zip(self._fields, self, strict=True) if not typed]


class DateInput(forms.MultiWidget):
    """Day, month and year boxes: quicker than a grid for anyone who knows the date."""

    template_name = "planner/date.html"
    use_fieldset = True

    def __init__(self, attrs=None):
        boxes = {part: self._box(part) for part in TypedDate._fields}
        super().__init__(boxes, attrs)

    @staticmethod
    def _box(part):
        width = 4 if part == "year" else 2
        classes = f"govuk-input govuk-date-input__input govuk-input--width-{width}"
        return forms.TextInput({"inputmode": "numeric", "class": classes})

    def decompress(self, value):
        if isinstance(value, str):
            value = parse_date(value)
        return [value.day, value.month, value.year] if value else [None, None, None]

    def value_from_datadict(self, data, files, name):
        boxes = super().value_from_datadict(data, files, name)
        typed = TypedDate(*[(box or "").strip() for box in boxes])
        return typed if any(typed) else ""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        boxes = context["widget"]["subwidgets"]
        for box, label in zip(boxes, ["Day", "Month", "Year"], strict=True):
            box["label"] = label
        return context


class DateField(forms.DateField):
    """A date from three boxes. Months may be words ("March"), as people write them."""

    widget = DateInput
    default_error_messages = {
        "invalid": "Enter a real date, like 27 3 2027",
        "missing": "Add the %(missing)s to the date",
        "year": "Enter the year in four figures, like 2027",
    }

    @classmethod
    def like(cls, field):
        """The same question as Django's one-box ``field``, asked in three."""
        like = cls(
            required=field.required,
            label=field.label,
            initial=field.initial,
            help_text=field.help_text,
            disabled=field.disabled,
            validators=field.validators,
        )
        djangos = forms.DateField().error_messages
        for key, text in field.error_messages.items():
            if text != djangos.get(key):
                like.error_messages[key] = text
        return like

    def to_python(self, value):
        if not isinstance(value, TypedDate):
            return super().to_python(value)
        if value.missing:
            missing = " and the ".join(value.missing)
            raise ValidationError(self.error_messages["missing"], code="missing", params={"missing": missing})
        if not (value.year.isdecimal() and len(value.year) == 4):
            raise ValidationError(self.error_messages["year"], code="year")
        try:
            return datetime.date(int(value.year), month_number(value.month), int(value.day))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


def month_number(typed):
    """3 for "3", "03", "March" or "mar". Refuses anything else with ValueError."""
    return int(typed) if typed.isdecimal() else MONTHS.index(typed.lower()[:3]) + 1


# Other controls


class RatingSelect(forms.RadioSelect):
    """Radios over a plan's ratings, each shown with its shape, word and meaning."""


class Textarea(forms.Textarea):
    """A long answer. A line's end counts as one character here as it does in the page's counter."""

    def __init__(self, attrs=None):
        given = dict(attrs or {})
        if given == DJANGOS_TEXTAREA:  # nobody chose: five lines, as wide as the form
            given = {"rows": "5"}
        super().__init__({"cols": None, **given})

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if value else value


# The base of forms


class PlannerFormHelper(FormHelper):
    """A form is sent to the address of its own page, so no address need be looked up."""

    form_action = ""
    form_class = "form"


class PlannerFormMixin:
    """Dress a form's fields. ``cancel_url`` (optional) puts a Cancel link beside its button."""

    submit_label = "Save"
    submit_kind = "primary"
    # The browser's own bubbles are off (novalidate), so "required" would only be read out on every
    # field of every form; an answer nobody must give says so in its label instead.
    use_required_attribute = False

    def __init__(self, *args, cancel_url="", **kwargs):
        super().__init__(*args, **kwargs)
        self.cancel_url = cancel_url
        for name, field in self.fields.items():
            if type(field) is forms.DateField:
                self.fields[name] = DateField.like(field)
        for name, field in self.fields.items():
            if field.label is None:
                field.label = forms.utils.pretty_name(name)
            dress(field)
            say_what_to_do(field)
        self.helper = PlannerFormHelper()


def dress(field):
    """Give ``field`` the control our pages have for its kind of answer."""
    widget = field.widget
    if type(widget) is forms.Textarea:
        field.widget = Textarea(widget.attrs)
    if isinstance(widget, forms.Textarea):
        limit_length(field)
    if type(widget) is forms.ClearableFileInput:
        field.widget = forms.FileInput(widget.attrs)
    if isinstance(widget, forms.RadioSelect):
        drop_empty_choice(field)
    elif isinstance(widget, forms.Select) and not isinstance(widget, forms.SelectMultiple):
        name_empty_choice(field, "Choose one" if field.required else "None")


def limit_length(field):
    """A long answer has an end, counted down under its box; the browser must not cut words off."""
    if field.max_length is None:
        field.max_length = LONGEST_ANSWER
        field.validators.append(MaxLengthValidator(LONGEST_ANSWER))
    field.widget.attrs.pop("maxlength", None)


def drop_empty_choice(field):
    """A radio nobody has chosen needs no radio that says so."""
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = None
    else:
        field.choices = [choice for choice in field.choices if choice[0] not in ("", None)]


def name_empty_choice(field, words):
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == DJANGOS_EMPTY_LABEL:
            field.empty_label = words
        return
    field.choices = [(value, words if label == DJANGOS_EMPTY_LABEL else label) for value, label in field.choices]


# Errors say what to do

WHAT_TO_DO = {
    forms.EmailField: {"invalid": "Enter an e-mail address like name@example.org"},
    forms.IntegerField: {"invalid": "Enter a whole number, in figures"},
    forms.DecimalField: {"invalid": "Enter a number, in figures"},
    forms.URLField: {"invalid": "Enter a web address that starts with https://"},
    forms.ChoiceField: {"invalid_choice": "Choose an answer from the list"},
    forms.ModelChoiceField: {"invalid_choice": "Choose an answer from the list"},
    forms.FileField: {"empty": "Choose a file that isn’t empty"},
}


def say_what_to_do(field):
    """Put our words where the form did not choose its own and Django's only name what is wrong."""
    words = {"required": required_words(field)}
    for kind, kind_words in WHAT_TO_DO.items():
        if isinstance(field, kind):
            words.update(kind_words)
    djangos = {}
    for kind in reversed(type(field).__mro__):
        djangos.update(getattr(kind, "default_error_messages", {}))
    for key, text in words.items():
        if field.error_messages.get(key) == djangos.get(key):
            field.error_messages[key] = text
    for validator in field.validators:
        if isinstance(validator, MaxLengthValidator):
            validator.message = "Use %(limit_value)d characters or fewer. You have %(show_value)d"


def required_words(field):
    label = str(field.label).strip()
    if label.endswith("?"):
        return f"Answer “{label}”"
    if isinstance(field, forms.BooleanField):
        return f"Tick “{label}” to go on"
    if isinstance(field, forms.FileField):
        return "Choose a file"
    verb = "Choose" if isinstance(field, forms.ChoiceField) else "Enter"
    return f"{verb} {label_inside_a_sentence(label)}"


def label_inside_a_sentence(label):
    """ "Date of meeting" as "date of meeting", but "SAR number" as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() or len(label) == 1 else label


class PlannerForm(PlannerFormMixin, forms.Form):
    pass


class PlannerModelForm(PlannerFormMixin, forms.ModelForm):
    pass
