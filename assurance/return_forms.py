"""The form in which an organisation answers a request."""

from django import forms

from partnership.forms import PlannerFormMixin


class QuestionFields(forms.Form):
    """One long answer for each of the request's questions, and who signed them off.

    ``last``: what the organisation said last time, by the question's words.
    """

    def __init__(self, *args, questions, last, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = {f"answer_{question.pk}": question.pk for question in questions}
        for number, question in enumerate(questions, start=1):
            field = forms.CharField(
                label=question.text,
                help_text=question.guidance,
                widget=forms.Textarea,
                error_messages={"required": f"Answer question {number} before you submit"},
            )
            field.last_words = last.get(question.text, "")
            self.fields[f"answer_{question.pk}"] = field
        self.fields["signed_off_by"] = forms.CharField(
            label="Who signed this off?",
            help_text="The name and post of a senior person in your organisation",
            max_length=160,
            error_messages={"required": "Enter who signed this off"},
        )


class ReturnForm(PlannerFormMixin, QuestionFields):
    """What is submitted has no gaps (``is_submitting``); a draft may have any."""

    def __init__(self, *args, is_submitting=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_submitting = is_submitting
        if self.is_bound and not is_submitting:
            for field in self.fields.values():
                field.required = False

    @property
    def answers(self):
        """{question's pk: words}, of a valid form."""
        return {pk: self.cleaned_data[name] for name, pk in self.names.items()}
