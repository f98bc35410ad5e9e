"""The form in which the office edits why a deliverable stood still."""

from django import forms

from partnership.forms import GuardMixin, PlannerForm
from plans.models import Deliverable, StandstillNote


class NoteForm(GuardMixin, PlannerForm):
    """The words on one deliverable. Guarded from the first word on: two people may begin at once."""

    text = forms.CharField(
        label="What is said of it",
        help_text="A few plain sentences, as you would send them. They are offered to the annual report.",
        widget=forms.Textarea({"rows": 12}),
        max_length=20_000,
        error_messages={"required": "Write at least a sentence, or cancel to keep the draft"},
    )

    def __init__(self, data=None, *args, deliverable, **kwargs):
        if data is not None:
            Deliverable.objects.select_for_update(of=["self"], no_key=True).get(pk=deliverable.pk)
        self.note = StandstillNote.objects.filter(deliverable=deliverable).select_related("written_by").first()
        super().__init__(data, *args, **kwargs)
        self.guard()

    def values_now(self):
        return {"text": self.note.text if self.note else ""}

    def value_now(self, name):
        return self.values_now()[name]

    words_now = value_now

    def last_changed_by(self):
        return self.note.written_by.name if self.note else "Somebody"
