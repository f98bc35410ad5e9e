"""How the "planner" template pack asks about a field; and fields one by one, where a page lays
its form out itself:

    {% load planner_forms %}{% error_summary form %} … {% form_field form.title %}
"""

from django import forms, template

from partnership.forms import DateInput, RatingSelect, TypedDate

register = template.Library()

# The first that fits: a subclass stands before its parent.
KINDS = [
    (DateInput, "date"),
    (RatingSelect, "ratings"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file-upload"),
]


@register.filter
def kind(field):
    """Which of GOV.UK's controls a bound field is."""
    widget = field.field.widget
    for widget_class, name in KINDS:
        if isinstance(widget, widget_class):
            return name
    return "input"


@register.filter
def anchor(field):
    """The id that a link in the error summary goes to: the control itself, never a group's id."""
    control = kind(field)
    if control == "date":
        return f"{field.auto_id}_{first_box_to_mend(field)}"
    if control in ("radios", "ratings", "checkboxes"):
        return first_choice_id(field)
    return field.id_for_label


def first_box_to_mend(field):
    typed = field.value()
    if isinstance(typed, TypedDate) and typed.missing:
        return TypedDate._fields.index(typed.missing[0])
    return 0


def first_choice_id(field):
    """The id of the first choice shown; a list with no choices has only its group."""
    for choice in field:
        return choice.id_for_label
    return f"{field.auto_id}-group"


@register.filter
def described_by(field):
    """The ids of the hint, the error and the count, for whoever hears the control read out."""
    ids = []
    if field.help_text:
        ids.append(f"{field.auto_id}-hint")
    if field.errors:
        ids.append(f"{field.auto_id}-error")
    if is_counted(field):
        ids.append(f"{field.auto_id}-info")
    return " ".join(ids)


@register.filter
def is_counted(field):
    """Whether the characters of an answer are counted down under its box."""
    return kind(field) == "textarea" and bool(getattr(field.field, "max_length", None))


@register.filter
def control(field):
    """The control of a field that is one element: input, select, textarea, file, one checkbox."""
    name = kind(field)
    base = "govuk-checkboxes__input" if name == "checkbox" else f"govuk-{name}"
    classes = [base, field.field.widget.attrs.get("class", "")]
    if field.errors and name != "checkbox":
        classes.append(f"{base}--error")
    if is_counted(field):
        classes.append("govuk-js-character-count")
    attrs = {"class": " ".join(filter(None, classes))}
    if described_by(field):
        attrs["aria-describedby"] = described_by(field)
    return field.as_widget(attrs=attrs)


@register.inclusion_tag("planner/field.html")
def form_field(field, label_class=""):
    """One field with its label, hint and error, as ``{% crispy %}`` would show it."""
    return {"field": field, "label_class": label_class}


@register.inclusion_tag("planner/errors.html")
def error_summary(*forms):
    """What is wrong in all of ``forms`` (each a form, a formset or a list), linked to where."""
    return {"problems": problems(forms)}


def problems(forms):
    """(text, id of the control to mend or "") for every error, in the order of the page."""
    found = []
    for form in forms:
        if hasattr(form, "fields"):
            found.extend(problems_of_form(form))
            continue
        if hasattr(form, "non_form_errors"):
            found.extend((error, "") for error in form.non_form_errors())
        found.extend(problems(form))
    return found


def problems_of_form(form):
    found = [(error, "") for error in form.non_field_errors()]
    for field in form:
        goes_to = "" if field.is_hidden else anchor(field)
        found.extend((error, goes_to) for error in field.errors)
    return found
