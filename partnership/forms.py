"""What every form of the product has in common, said once.

A form declares its fields and words. This base gives it GOV.UK's controls, a summary of errors at
the top, errors that say what to do, a count under long answers and dates in three boxes.

    class MeetingForm(PlannerModelForm):
        submit_label = "Add the meeting"

    {% load crispy_forms_tags %}{% crispy form %}
"""

import datetime
import json
from collections import Counter
from http import HTTPStatus
from typing import NamedTuple

from crispy_forms.helper import FormHelper
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import EMPTY_VALUES, MaxLengthValidator
from django.db import connection, models
from django.utils.choices import flatten_choices
from django.utils.dateparse import parse_date

from partnership.changes import last_change
from partnership.templatetags.components import long_date, sentence_join

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
        except (ValueError, OverflowError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


def month_number(typed):
    """3 for "3", "03", "March" or "mar". Refuses anything else with ValueError."""
    return int(typed) if typed.isdecimal() else MONTHS.index(typed.lower()[:3]) + 1


# Other controls


class RatingSelect(forms.RadioSelect):
    """Radios over a plan's ratings, each shown with its shape, word and meaning."""


class SearchInput(forms.TextInput):
    """A box that offers the names that hold what was typed so far. Without a script too."""

    template_name = "planner/search.html"
    choices = None  # the field's, through which its names are read when the box is shown

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["options_id"] = f"{widget['attrs'].get('id', name)}-options"
        widget["attrs"] |= {"list": widget["options_id"], "autocomplete": "off"}
        widget["options"] = [name for name, _record in self.choices.field.named()]
        return context


class SearchField(forms.ModelChoiceField):
    """One record of many, found by typing part of its name: a list of hundreds is no list to choose from.

    ``name_of`` gives the words by which a record is offered. What is typed may be those words or any
    of them that fit one record alone.
    """

    widget = SearchInput
    default_error_messages = {
        "nothing": "Nothing here is called “%(typed)s”. Choose a name from the list that opens as you type",
        "several": "More than one fits “%(typed)s”: %(found)s. Choose one of them",
    }
    shown_when_several = 3

    def __init__(self, queryset, *, name_of=str, **kwargs):
        self.name_of = name_of
        super().__init__(queryset, **kwargs)

    def named(self):
        """(name, record) of every choice. Those of one name are told apart by their number."""
        records = [(self.name_of(record), record) for record in self.queryset.all()]
        times = Counter(name for name, _record in records)
        return [(f"{name}, number {record.pk}" if times[name] > 1 else name, record) for name, record in records]

    def prepare_value(self, value):
        """What was typed stays as it was typed; a record or its key is shown by its name."""
        key = value.pk if isinstance(value, models.Model) else value
        if not isinstance(key, int):
            return value
        return next((name for name, record in self.named() if record.pk == key), "")

    def to_python(self, value):
        typed = " ".join(str(value or "").split())
        if not typed:
            return None
        named = [(name, name.casefold(), record) for name, record in self.named()]
        found = [each for each in named if each[1] == typed.casefold()]
        found = found or [each for each in named if all(word in each[1] for word in typed.casefold().split())]
        if len(found) == 1:
            return found[0][-1]
        names = "; ".join(name for name, *_ in found[: self.shown_when_several])
        code = "several" if found else "nothing"
        raise ValidationError(self.error_messages[code], code=code, params={"typed": typed, "found": names})


class Textarea(forms.Textarea):
    """A long answer. A line's end counts as one character here as it does in the page's counter."""

    def __init__(self, attrs=None):
        given = dict(attrs or {})
        if given == DJANGOS_TEXTAREA:  # nobody chose: five lines, as wide as the form
            given = {"rows": "5"}
        super().__init__({"cols": False, **given})

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

    has_conflict = False

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

    @property
    def status(self):
        """The HTTP status of the page that shows this form: 200, 422 to be mended, 409 changed meanwhile."""
        if self.has_conflict:
            return HTTPStatus.CONFLICT
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.errors else HTTPStatus.OK


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


class GuardMixin:
    """A form that never overwrites unseen what somebody else has just written.

    A hidden field holds the values that were shown. When the form comes back, what stands now is read
    again: a field that only the other person changed keeps theirs (``merged`` names it); one that both
    changed is sent back with both versions and with what stood before, and saving again keeps one's own.
    A template that lists its fields one by one has ``{{ form.seen }}`` among them.

    The form says what stands now: ``values_now()`` as ``{field: value}`` that JSON can hold,
    ``value_now(name)`` as ``cleaned_data`` holds it, ``words_now(name)`` in words, ``last_changed_by()``.
    Whoever makes it sees to it that nobody else can change that before the request ends.
    """

    def guard(self):
        self.merged = []
        self.has_conflict = False
        self.fields["seen"] = forms.CharField(
            required=False, widget=forms.HiddenInput, initial=signing.dumps(self.values_now(), compress=True)
        )

    def _clean_form(self):
        self._merge(self.cleaned_data.pop("seen", ""))
        super()._clean_form()

    def _merge(self, token):
        try:
            shown = signing.loads(token) if token else {}
        except signing.BadSignature:
            shown = {}
        now = self.values_now()
        kept = []
        for name in [name for name in shown if name in now and shown[name] != now[name]]:
            typed = self[name].data
            if not self._differs(name, shown[name], typed):
                self.cleaned_data[name] = self.value_now(name)
                self.merged.append(str(self.fields[name].label))
                kept.append(name)
            elif self._differs(name, now[name], typed) and name in self.cleaned_data:
                self.has_conflict = True
                self.add_error(name, self._what_happened(name, shown[name]))
        if self.has_conflict:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.fields["seen"].initial
            for name in kept:  # or saving again would put back what this person never touched
                self._show(name, now[name])

    def _show(self, name, value):
        """Have the page that comes back hold ``value``, as if it had been typed."""
        key, widget = self.add_prefix(name), self.fields[name].widget
        if isinstance(widget, forms.MultiWidget):
            for suffix, part in zip(widget.widgets_names, widget.decompress(value), strict=True):
                self.data[key + suffix] = "" if part is None else str(part)
        elif isinstance(value, list):
            self.data.setlist(key, value)
        else:
            self.data[key] = "" if value is None else value

    def _differs(self, name, value, typed):
        field = self.fields[name]
        if not isinstance(field, forms.ModelChoiceField):
            value = field.to_python(value)
        return field.has_changed(value, typed)

    def _what_happened(self, name, shown):
        now, then = self.words_now(name), words_of(self.fields[name], shown)
        before = f", and said “{then}” when you began" if str(then) != str(now) else ""
        return (
            f"{self.last_changed_by()} changed this while you were writing. It now says “{now}”{before}. "
            "Your own words are still here: save again to keep them, or put theirs in"
        )


class PlannerModelForm(GuardMixin, PlannerFormMixin, forms.ModelForm):
    """A form about one record, guarded against a second writer; the record is locked when the form comes back.

    A field that is no column of the record (the lines of a list, each a row of its own) takes part
    where the form's ``extra_values()`` gives what it holds now.
    """

    def __init__(self, data=None, files=None, *, instance=None, **kwargs):
        is_saved = instance is not None and not instance._state.adding
        if data is not None and is_saved:
            lock_and_refresh(instance)
        super().__init__(data, files, instance=instance, **kwargs)
        self.initial |= self.extra_values()
        self.merged = []
        self.has_conflict = False
        if is_saved:
            self.guard()

    def extra_values(self):
        """``{field: value}`` of the fields that are no column of the record, as a form shows them."""
        return {}

    def values_now(self):
        names = [name for name, field in self.fields.items() if not isinstance(field, forms.FileField)]
        values = forms.model_to_dict(self.instance, names) | self.extra_values()
        return json.loads(json.dumps(values, cls=SeenEncoder))

    def value_now(self, name):
        extra = self.extra_values()
        return extra[name] if name in extra else value_of(self.instance, name)

    def words_now(self, name):
        extra = self.extra_values()
        return extra[name] if name in extra else said(self.instance, name)

    def last_changed_by(self):
        change = last_change(self.instance)
        return change.by if change else "Somebody"


class SeenEncoder(DjangoJSONEncoder):
    """Records as their keys."""

    def default(self, value):
        return value.pk if isinstance(value, models.Model) else super().default(value)


def lock_and_refresh(record):
    """Read ``record`` again, so that nobody else can change it before this request ends."""
    rows = type(record)._base_manager.all()
    if connection.in_atomic_block:
        # Not so locked that a row which points here would have to wait: two such forms could wait for each other.
        rows = rows.select_for_update(of=("self",), no_key=True)
    record.refresh_from_db(from_queryset=rows)


def words_of(field, value):
    """A ``value`` that ``field`` once showed (as ``values_now`` gives it) in words, like those of ``said``."""
    chosen = [each for each in (value if isinstance(value, list) else [value]) if each not in EMPTY_VALUES]
    if isinstance(field, forms.ModelChoiceField):
        key = field.to_field_name or "pk"
        return sentence_join(field.queryset.model._base_manager.filter(**{f"{key}__in": chosen})) or "nothing"
    if isinstance(field, forms.BooleanField):
        return "Yes" if value else "No"
    if isinstance(field, forms.DateField) and chosen:
        return long_date(field.to_python(value))
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in flatten_choices(field.choices)}
        return sentence_join(labels.get(str(each), str(each)) for each in chosen) or "nothing"
    return sentence_join(str(each) for each in chosen) or "nothing"


def value_of(record, name):
    """The value of a field as a form's ``cleaned_data`` holds it."""
    field = record._meta.get_field(name)
    return list(getattr(record, name).all()) if field.many_to_many else getattr(record, name)


def said(record, name):
    """The value of a field in words."""
    value = value_of(record, name)
    if isinstance(value, list):
        return sentence_join(value)
    if isinstance(value, datetime.date):
        return long_date(value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    display = getattr(record, f"get_{name}_display", None)
    return str(display() if display else value if value is not None else "") or "nothing"
