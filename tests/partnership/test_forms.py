"""Every form: right anchors, hints before controls, errors that say what to do, nothing unescaped."""

import datetime
import re

import pytest
from django import forms
from django.template import Template
from django.template.context import Context
from django.test import RequestFactory

from partnership.design import ExampleForm
from partnership.forms import LONGEST_ANSWER, PlannerForm, RatingSelect
from plans.models import Rating
from tests.factories import RatingFactory, RatingKeyFactory

SCRIPT = "<script>alert(1)</script>"


def rendered(form):
    source = Template("{% load crispy_forms_tags %}{% crispy form %}")
    return source.render(Context({"form": form, "request": RequestFactory().get("/")}))


def ids(html):
    return re.findall(r'\sid="([^"]*)"', html)


def summary(html):
    """(address, words) of each line of the error summary."""
    return re.findall(r'<li><a href="([^"]*)">(.*?)</a></li>', html)


def group_of(html, control_id):
    """The form group that ends with a control, from its start to the control."""
    before = html[: html.index(f'id="{control_id}"')]
    return before[before.rindex("govuk-form-group") :]


def form_of(field, data=None):
    """A form about one thing."""
    return type("OneFieldForm", (PlannerForm,), {"thing": field})(data)


# The summary of errors


def test_every_link_of_the_error_summary_goes_to_a_control_that_is_there():
    html = rendered(ExampleForm({"held_on_day": "31", "email": "nobody"}))
    controls = re.findall(r"<(?:input|select|textarea)[^>]*\sid=\"([^\"]*)\"", html)
    links = [address for address, _words in summary(html)]
    assert links == [
        "#id_title",
        "#id_held_on_1",
        "#id_happened",
        "#id_lead",
        "#id_still_right_0",
        "#id_evidence",
        "#id_email",
        "#id_agreed",
    ]
    assert [link for link in links if link[1:] not in controls] == []


def test_no_id_is_on_a_page_twice():
    html = rendered(ExampleForm({}))
    assert sorted(ids(html)) == sorted(set(ids(html)))


def test_every_error_says_what_to_do():
    html = rendered(ExampleForm({"held_on_day": "31", "email": "nobody"}))
    assert [words for _address, words in summary(html)] == [
        "Enter name of the audit",
        "Add the month and the year to the date",
        "Answer “What has happened?”",
        "Choose lead",
        "Answer “Is 28 February 2027 still right?”",
        "Choose a file",
        "Enter an e-mail address like name@example.org",
        "Tick “The group has agreed these words” to go on",
    ]


def test_an_error_of_the_whole_form_stands_in_the_summary_without_a_link():
    class Pair(PlannerForm):
        one = forms.CharField()

        def clean(self):
            raise forms.ValidationError("Choose two different groups")

    assert "<li>Choose two different groups</li>" in rendered(Pair({"one": "x"}))


def test_a_form_nobody_sent_has_no_summary():
    assert "govuk-error-summary" not in rendered(ExampleForm())


def test_a_forms_own_words_for_an_error_are_kept():
    field = forms.CharField(error_messages={"required": "Say why the date moved"})
    assert form_of(field, {}).errors == {"thing": ["Say why the date moved"]}


def test_the_browsers_own_bubbles_are_off():
    html = rendered(ExampleForm())
    assert (html.count("novalidate"), html.count(" required")) == (1, 0)


# Labels, hints, escaping


def test_hint_and_error_come_before_the_control_and_are_read_with_it():
    html = rendered(ExampleForm({}))
    group = group_of(html, "id_happened")
    assert group.index("id_happened-hint") < group.index("id_happened-error")
    textarea = re.search(r"<textarea[^>]*>", html)[0]
    assert 'aria-describedby="id_happened-hint id_happened-error id_happened-info"' in textarea


def test_everything_that_describes_a_control_is_there():
    html = rendered(ExampleForm({}))
    described = " ".join(re.findall(r'aria-describedby="([^"]*)"', html)).split()
    assert [name for name in described if name not in ids(html)] == []


@pytest.mark.parametrize(
    "field",
    [
        forms.CharField(label=SCRIPT, help_text=SCRIPT),
        forms.CharField(label=SCRIPT, help_text=SCRIPT, widget=forms.Textarea),
        forms.DateField(label=SCRIPT, help_text=SCRIPT),
        forms.BooleanField(label=SCRIPT, help_text=SCRIPT),
        forms.FileField(label=SCRIPT, help_text=SCRIPT),
        forms.ChoiceField(label=SCRIPT, choices=[(SCRIPT, SCRIPT)]),
        forms.ChoiceField(label=SCRIPT, choices=[(SCRIPT, SCRIPT)], widget=forms.RadioSelect),
        forms.MultipleChoiceField(label=SCRIPT, choices=[(SCRIPT, SCRIPT)], widget=forms.CheckboxSelectMultiple),
    ],
)
def test_labels_hints_errors_and_choices_are_escaped(field):
    data = {"thing": SCRIPT, "thing_day": SCRIPT}
    html = rendered(form_of(field)) + rendered(form_of(field, data)) + rendered(form_of(field, {}))
    assert "<script" not in html


def test_a_label_for_each_control():
    html = rendered(ExampleForm())
    labelled = set(re.findall(r'<label[^>]*\sfor="([^"]*)"', html))
    controls = re.findall(r'<(?:input|select|textarea)(?![^>]*hidden)[^>]*\sid="([^"]*)"', html)
    assert [control for control in controls if control not in labelled] == []


def test_an_answer_nobody_must_give_says_so():
    html = rendered(form_of(forms.CharField(label="Phone", required=False)))
    label = re.search(r"<label.*?</label>", html, flags=re.DOTALL)[0]
    assert re.sub(r"<[^>]+>", "", label).strip() == "Phone (optional)"


def test_a_list_that_nobody_has_chosen_from_shows_no_dashes():
    choices = [("", "---------"), ("a", "A")]
    radios = rendered(form_of(forms.ChoiceField(choices=choices, widget=forms.RadioSelect)))
    select = rendered(form_of(forms.ChoiceField(choices=choices)))
    optional = rendered(form_of(forms.ChoiceField(choices=choices, required=False)))
    assert [html.count("---") for html in (radios, select, optional)] == [0, 0, 0]
    assert (radios.count('type="radio"'), "Choose one" in select, "None" in optional) == (1, True, True)


# Dates


@pytest.mark.parametrize(
    "typed", [("27", "3", "2027"), ("27", "03", "2027"), ("27", "March", "2027"), ("27", "mar", "2027")]
)
def test_a_date_is_read_from_three_boxes_with_months_as_people_write_them(typed):
    day, month, year = typed
    form = form_of(forms.DateField(), {"thing_day": day, "thing_month": month, "thing_year": year})
    assert (form.errors, form.cleaned_data) == ({}, {"thing": datetime.date(2027, 3, 27)})


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (("", "", ""), "Enter day of the visit"),
        (("27", "", "2027"), "Add the month to the date"),
        (("", "3", ""), "Add the day and the year to the date"),
        (("31", "2", "2027"), "Enter a real date, like 27 3 2027"),
        (("27", "Mapril", "2027"), "Enter a real date, like 27 3 2027"),
        (("x", "3", "2027"), "Enter a real date, like 27 3 2027"),
        (("27", "3", "27"), "Enter the year in four figures, like 2027"),
        (("27", "3", "0000"), "Enter a real date, like 27 3 2027"),
        (("99999999999", "3", "2027"), "Enter a real date, like 27 3 2027"),
    ],
)
def test_a_date_that_is_none_says_which_part_to_mend(typed, error):
    day, month, year = typed
    data = {"thing_day": day, "thing_month": month, "thing_year": year}
    form = form_of(forms.DateField(label="Day of the visit"), data)
    assert form.errors == {"thing": [error]}


def test_what_was_typed_in_a_dates_boxes_is_shown_again():
    html = rendered(form_of(forms.DateField(), {"thing_day": "31", "thing_month": "Feb"}))
    assert re.findall(r'name="thing_(\w+)" value="([^"]*)"', html) == [("day", "31"), ("month", "Feb")]


def test_a_date_already_known_fills_its_boxes():
    field = forms.DateField(initial=datetime.date(2027, 3, 9))
    assert re.findall(r'value="(\d+)"', rendered(form_of(field))) == ["9", "3", "2027"]


def test_a_date_nobody_must_give_may_be_left_empty():
    assert form_of(forms.DateField(required=False), {}).is_valid()


# Long answers


def test_a_long_answer_has_an_end_that_is_counted_under_it():
    html = rendered(form_of(forms.CharField(widget=forms.Textarea)))
    assert f'data-maxlength="{LONGEST_ANSWER}"' in html
    assert f"You can enter up to {LONGEST_ANSWER} characters" in html
    assert " maxlength=" not in html  # the browser would cut a pasted text off without a word


def test_a_long_answer_of_just_the_length_is_taken_and_one_more_is_refused():
    field = forms.CharField(widget=forms.Textarea, max_length=10)
    assert form_of(field, {"thing": "12345\r\n7890"}).errors == {}
    assert form_of(field, {"thing": "12345\r\n78901"}).errors == {"thing": ["Use 10 characters or fewer. You have 11"]}


# Buttons


def test_a_form_has_one_filled_button_with_its_own_words_and_a_way_back():
    html = rendered(ExampleForm(cancel_url="/plans/"))
    assert re.findall(r"<button[^>]*>(.*?)</button>", html) == ["Send my answer"]
    assert '<a class="govuk-link" href="/plans/">Cancel</a>' in html


def test_a_form_without_a_way_back_has_no_cancel_link():
    assert "Cancel" not in rendered(ExampleForm())


def test_a_form_with_a_file_can_send_it():
    assert 'enctype="multipart/form-data"' in rendered(ExampleForm())
    assert "multipart" not in rendered(form_of(forms.CharField()))


# Ratings


@pytest.fixture
def rating_form(db):
    key = RatingKeyFactory()
    RatingFactory(key=key, position=1, code="R", word="Red", meaning="off track", token="red", shape="diamond")
    RatingFactory(key=key, position=2, code="G", word="Green", meaning="on track", token="green", shape="circle")

    class RatingForm(PlannerForm):
        rating = forms.ModelChoiceField(Rating.objects.filter(key=key), label="How is it going?", widget=RatingSelect)

    return RatingForm


def test_a_rating_is_chosen_by_shape_letter_word_and_meaning(rating_form):
    html = rendered(rating_form())
    labels = re.findall(r'<label class="(\w+)"[^>]*>(.*?)</label>', html, flags=re.DOTALL)
    said = [(token, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", label)).strip()) for token, label in labels]
    assert said == [("red", "R Red off track"), ("green", "G Green on track")]


def test_a_rating_not_chosen_is_asked_for_at_its_first_radio(rating_form):
    html = rendered(rating_form({}))
    assert summary(html) == [("#id_rating_0", "Answer “How is it going?”")]
    assert "id_rating_0" in ids(html)


def test_a_rating_of_another_key_is_refused(rating_form):
    other = RatingFactory(key=RatingKeyFactory(name="Another key"))
    form = rating_form({"rating": other.pk})
    assert form.errors == {"rating": ["Choose an answer from the list"]}


def test_choosing_a_rating_reads_the_ratings_once(rating_form, django_assert_num_queries):
    with django_assert_num_queries(1):
        rendered(rating_form())
