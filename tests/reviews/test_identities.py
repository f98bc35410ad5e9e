"""What may say who somebody is gets questioned before it is kept; ordinary words of the work do not."""

import time

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core import signing
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership.forms import PlannerForm, PlannerModelForm
from reviews.forms.identities import NOBODY, WHAT_TO_DO, IdentityGuard
from reviews.given_names import ALSO_WORDS, GIVEN
from reviews.identities import Doubt, Kind, doubts_in, is_nhs_number
from reviews.models import Case
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db

KNOWN = ["Ashford Vale County Council", "Ashford Vale", "St Brannoc’s Hospital Trust", "Lantern Family Trust"]

QUESTIONED = [
    ("Kirsty Bell was seen at home.", Kind.NAME, "Kirsty Bell"),
    ("Oluwatobi Adeyemi was seen at home.", Kind.NAME, "Oluwatobi Adeyemi"),
    ("It was KIRSTY BELL who called.", Kind.NAME, "KIRSTY BELL"),
    ("The mother’s friend, Marek Nowak, drove.", Kind.NAME, "Marek Nowak"),
    ("His aunt Maria de Souza came.", Kind.NAME, "Maria de Souza"),
    ("We then asked Kirsty’s school.", Kind.NAME, "Kirsty’s"),
    ("what kirsty said", Kind.NAME, "kirsty"),
    ("a boy called Rowan hid", Kind.NAME, "Rowan"),
    ("Her uncle Tendai knew.", Kind.NAME, "Tendai"),
    ("The social worker Okafor wrote.", Kind.NAME, "Okafor"),
    ("It was Mr Quill who rang.", Kind.NAME, "Mr Quill"),
    ("It was Miss O’Brien who rang.", Kind.NAME, "Miss O’Brien"),
    ("So mr quill rang.", Kind.NAME, "quill"),
    ("Signed J. Okafor", Kind.NAME, "J. Okafor"),
    ("Ravi K was told.", Kind.NAME, "Ravi K"),
    ("Born 3/5/2020, and well.", Kind.BIRTH, "3/5/2020"),
    ("He was born on 3 May 2020.", Kind.BIRTH, "born on 3 May 2020"),
    ("She turned five on 2nd March.", Kind.BIRTH, "turned five on 2nd March"),
    ("Her birthday was on 2 March.", Kind.BIRTH, "birthday was on 2 March"),
    ("d.o.b.: 03.05.20", Kind.BIRTH, "d.o.b.: 03.05.20"),
    ("on 2020-05-03", Kind.BIRTH, "2020-05-03"),
    ("aged 4 years and 12 days", Kind.BIRTH, "4 years and 12 days"),
    ("seen at 14 Mill Lane today", Kind.ADDRESS, "14 Mill Lane"),
    ("seen at 12 acacia avenue today", Kind.ADDRESS, "12 acacia avenue"),
    ("moved away from Mill Lane", Kind.ADDRESS, "Mill Lane"),
    ("the flat at ZE1 9QQ", Kind.ADDRESS, "ZE1 9QQ"),
    ("the flat at ze19qq", Kind.ADDRESS, "ze19qq"),
    ("in flat 3b", Kind.ADDRESS, "flat 3b"),
    ("number 943 476 5919", Kind.NUMBER, "943 476 5919"),
    ("number 9434765919", Kind.NUMBER, "9434765919"),
    ("number AB 12 34 56 C", Kind.NUMBER, "AB 12 34 56 C"),
    ("pupil A123456789012", Kind.NUMBER, "A123456789012"),
    ("ring 01632 960417", Kind.NUMBER, "01632 960417"),
    ("ring +44 7700 900123", Kind.NUMBER, "+44 7700 900123"),
    ("crime 1234567", Kind.NUMBER, "1234567"),
    ("to k.bell@example.org now", Kind.NUMBER, "k.bell@example.org"),
]

ORDINARY = """
Child A lived with Mother and Adult B; Sibling C is at Oakwood Primary School. Mr A and Ms B agreed.
In January 2027 Ofsted wrote to Ashford Vale County Council about Working Together 2023, chapter 5.
St Brannoc’s Hospital Trust, the Lantern Family Trust and Tidewell Community Health each knew a part.
The Graded Care Profile was not used. Signs of Safety was. Professional Curiosity was missing.
A White British family with a Black Caribbean grandmother. Section 47 enquiries began; the s47 2nd visit was missed.
The Family Court made an Interim Care Order on 12 January 2027, and a Child Protection Plan followed in March.
Fabricated or Induced Illness was considered. The Elective Home Education team had no record for 14 months.
On Monday the Independent Advisor asked the Case Review Group: what did we miss? Nobody had spoken to the father.
About £1,200,000 was spent in 2026/27, 10 to 12 weeks late; 3 of 15 agencies answered within 15 working days.
A baby of 4 months was taken to Accident and Emergency by the London Ambulance Service.
Neglect of a child of primary age. Yesterday Ofsted asked. During Christmas the Emergency Duty Team was closed.
The Black Mental Health Alliance came. Version 1.2.3 of the procedure says so. May was busy; Will they? Mark this.
The two officers came close. 2 cars on the road. 3 days in court. Will this change? Grace was shown.
"""


@pytest.mark.parametrize(("text", "kind", "words"), QUESTIONED)
def test_what_may_say_who_somebody_is_is_questioned(text, kind, words):
    assert doubts_in(text, known=KNOWN) == [Doubt(kind, words)]


@pytest.mark.parametrize("line", ORDINARY.strip().splitlines())
def test_ordinary_words_of_the_work_are_not(line):
    assert doubts_in(line, known=KNOWN) == []


def test_each_thing_is_asked_once_in_the_order_of_the_text():
    doubts = doubts_in("Kirsty Bell, ring 01632 960417. Kirsty Bell lives at 14 Mill Lane.")
    assert [str(doubt) for doubt in doubts] == [
        "Is “Kirsty Bell” somebody’s name?",
        "Is “01632 960417” somebody’s number or e-mail address?",
        "Is “14 Mill Lane” somebody’s address?",
    ]


def test_what_an_organisation_is_called_is_known():
    text = "The Harrow Weir Friends came."
    assert [doubt.words for doubt in doubts_in(text)] == ["Harrow Weir Friends"]
    assert doubts_in(text, known=["Harrow Weir Friends"]) == []
    assert [doubt.words for doubt in doubts_in("Kirsty Weir came.", known=["Harrow Weir Friends"])] == ["Kirsty Weir"]


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_asked_about(text):
    joined = " ".join(text.split())
    assert all(doubt.words in joined for doubt in doubts_in(text))


@settings(deadline=None)
@given(
    st.sampled_from(sorted(GIVEN)),
    st.sampled_from(["Okonjo", "Brzezicki", "Thwaite", "Llewelyn-Price", "O’Dowd"]),
    st.sampled_from(["{} was seen.", "We saw {} twice.", "Mother said that {} hid.", "the report on {}"]),
)
def test_a_common_first_name_with_any_surname_is_questioned_anywhere(first, last, sentence):
    name = f"{first.capitalize()} {last}"
    assert name in [doubt.words for doubt in doubts_in(sentence.format(name))]


@settings(deadline=None)
@given(st.integers(0, 999_999_999), st.sampled_from(["{}", "{} {} {}", "{}-{}-{}"]))
def test_every_nhs_number_is_questioned_and_its_last_figure_checked(nine, form):
    first = f"{nine:09}"
    right = [last for last in "0123456789" if is_nhs_number(first + last)]
    assert len(right) <= 1  # no figure checks where ten would
    for last in right:
        digits = first + last
        words = form.format(*([digits] if form == "{}" else [digits[:3], digits[3:6], digits[6:]]))
        assert doubts_in(f"number {words} here") == [Doubt(Kind.NUMBER, words)]


def test_no_name_is_in_two_lists():
    assert sorted(GIVEN & ALSO_WORDS) == []


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "A ",
        "Ab ",
        "1 ",
        "0",
        "a.a@",
        "12/",
        "born on ",
        "date of birth ",
        "a-",
        "Aa'",
        "Ab Cd. ",
        "1 Aa Aa ",
        "a@a.",
    ],
)
def test_a_long_text_costs_only_its_length(text):
    began = time.process_time()
    doubts_in((text * 50_000)[:50_000], known=KNOWN)
    assert time.process_time() - began < 1


class WordsForm(IdentityGuard, PlannerForm):
    about = forms.CharField(label="What happened?", widget=forms.Textarea)
    title = forms.CharField(label="Title", max_length=80)
    lead = forms.CharField(label="Who leads?", required=False)
    trusted_fields = ("lead",)


class CaseWordsForm(IdentityGuard, PlannerModelForm):
    class Meta:
        model = Case
        fields = ["summary"]


KIRSTY = {"about": "Kirsty Bell was seen.", "title": "Injury", "lead": "Tendai Moyo"}
ASKED = f"Is “Kirsty Bell” somebody’s name? {WHAT_TO_DO}"


def sent(form_class=WordsForm, *, to=None, **data):
    """The form as a browser sends it: ``to`` is the form whose page was answered."""
    query = QueryDict(mutable=True)
    query.update((to.data.dict() if to else {}) | data)
    return form_class(query)


def test_a_doubt_sends_the_form_back_with_everything_typed():
    form = sent(**KIRSTY)
    assert (form.is_valid(), form.status, form.errors) == (False, 422, {"about": [ASKED]})
    page = render_crispy_form(form)
    assert [KIRSTY[name] in page for name in ("about", "title", "lead")] == [True] * 3
    assert (page.count(NOBODY), 'name="nobody_of"' in page) == (1, True)


def asked(**data):
    """The form that came back with a question."""
    form = sent(**data)
    assert not form.is_valid()
    return form


def test_ticked_the_very_words_are_kept():
    form = sent(to=asked(**KIRSTY), nobody="on")
    assert form.is_valid()
    assert form.cleaned_data == KIRSTY


def test_the_box_is_not_ticked_beforehand_and_no_tick_keeps_nothing():
    first = asked(**KIRSTY)
    assert (first["nobody"].value(), sent(to=first).is_valid()) == (False, False)


def test_a_tick_does_not_answer_for_other_words():
    form = sent(to=asked(**KIRSTY), nobody="on", title="Injury of Ravi Patel")
    assert form.errors == {"title": [f"Is “Ravi Patel” somebody’s name? {WHAT_TO_DO}"]}
    assert form["nobody"].value() is False
    assert sent(to=form, nobody="on").is_valid()


@pytest.mark.parametrize(
    "token", ["", "made up", signing.dumps(["something else"])], ids=["none", "made up", "of other words"]
)
def test_a_tick_that_answers_no_question_keeps_nothing(token):
    form = sent(**KIRSTY, nobody="on", nobody_of=token)
    assert form.errors == {"about": [ASKED]}


def test_a_tick_stays_while_something_else_is_mended():
    form = sent(to=asked(**KIRSTY), nobody="on", title="")
    assert form.errors == {"title": ["Enter title"]}
    assert form["nobody"].value() is True


def test_what_was_kept_before_is_not_asked_about_again(case):
    case.summary = "Rowan Bell was seen."
    case.save()
    form = CaseWordsForm({"summary": "Rowan Bell was seen twice."}, instance=case)
    assert form.is_valid()
    form = CaseWordsForm({"summary": "Rowan Bell and Kirsty Bell."}, instance=case)
    assert form.errors == {"summary": [ASKED]}


def test_the_names_of_organisations_are_known():
    OrganisationFactory(name="Harrow Weir Friends")
    assert sent(**KIRSTY | {"about": "The Harrow Weir Friends came."}).is_valid()


def test_without_doubts_nothing_is_asked():
    form = sent(**KIRSTY | {"about": "Child A was seen."})
    assert (form.is_valid(), "nobody" in form.fields) == (True, False)
