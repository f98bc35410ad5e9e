"""The forms in which the words of an annual report are written: a section, the foreword, the year in short."""

from django import forms

from assurance.annual.figures import resolve, unknown
from assurance.models import AnnualReport, ReportSection
from assurance.quarterly.forms import DraftedForm
from partnership.templatetags.components import sentence_join

LONGEST_NARRATIVE = 15_000  # characters: about six printed pages
MOST_WORDS_FIRST = 25  # of a standfirst
MOST_WORDS_SHORT = 150  # of the year in short: more does not fit on the page


class LiveForm(DraftedForm):
    """A form whose texts (``live``) may hold references to figures; one that names no figure is sent back."""

    live = ()

    def __init__(self, data=None, *, figures, **kwargs):
        self.figures = figures
        super().__init__(data, **kwargs)
        for name, rows in self.rows.items():
            self.fields[name].widget.attrs["rows"] = rows

    def clean(self):
        cleaned = super().clean()
        for name in self.live:
            for words in unknown(cleaned.get(name) or "", self.figures):
                self.add_error(name, self.no_figure(words))
        return cleaned

    def no_figure(self, words):
        near = self.figures.nearest(words)
        hint = f"Did you mean {' or '.join(near)}?" if near else "Choose one from the list of figures"
        return f"“[[{words}]]” names no figure of this year. {hint}"

    def count_words(self, text):
        return len(resolve(text, self.figures).split())


class SectionForm(LiveForm):
    submit_label = "Save the section"
    live = ("standfirst", "narrative")
    rows = {"standfirst": 2, "narrative": 16}

    narrative = forms.CharField(
        label="What you have to say",
        help_text="An empty line starts a new paragraph; lines that begin with a dash become a list.",
        widget=forms.Textarea,
        max_length=LONGEST_NARRATIVE,
        required=False,
    )

    class Meta:
        model = ReportSection
        fields = ["standfirst", "narrative"]
        labels = {"standfirst": "The main thing in one sentence"}
        help_texts = {"standfirst": f"{MOST_WORDS_FIRST} words or fewer. It stands under the heading."}
        widgets = {"standfirst": forms.Textarea}

    def clean_standfirst(self):
        standfirst = " ".join(self.cleaned_data["standfirst"].split())
        words = self.count_words(standfirst)
        if words > MOST_WORDS_FIRST:
            raise forms.ValidationError(f"Use {MOST_WORDS_FIRST} words or fewer. You have {words}")
        return standfirst


class ForewordForm(LiveForm):
    submit_label = "Save the foreword"
    live = ("foreword",)
    rows = {"foreword": 14}

    class Meta:
        model = AnnualReport
        fields = ["foreword", "foreword_by"]
        labels = {"foreword": "Foreword", "foreword_by": "Who signs it?"}
        help_texts = {
            "foreword": "Half a page to a page. What went well, what did not, and thanks.",
            "foreword_by": "Names with their posts, parted by semicolons: Helena Crossfield, Chief executive; …",
        }


class InShortForm(LiveForm):
    submit_label = "Save the year in short"
    live = ("in_short",)
    rows = {"in_short": 8}

    class Meta:
        model = AnnualReport
        fields = ["in_short"]
        labels = {"in_short": "The year in short"}
        help_texts = {
            "in_short": f"{MOST_WORDS_SHORT} words or fewer, for the report on one page: what is different for "
            "children and adults, what is not, and what comes next."
        }

    def clean_in_short(self):
        text = self.cleaned_data["in_short"]
        words = self.count_words(text)
        if words > MOST_WORDS_SHORT:
            raise forms.ValidationError(f"Use {MOST_WORDS_SHORT} words or fewer. You have {words}")
        return text


def with_kept(words, form):
    """``words``, and which of somebody else's changes were kept."""
    return f"{words} Somebody else’s change was kept: {sentence_join(form.merged)}." if form.merged else words
