"""The page on which the office takes duties of law and guidance into its plan."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path

from partnership.forms import PlannerForm
from partnership.models import Rule
from partnership.whole_numbers import whole_number
from plans import undoing
from plans.duties import TITLE, add_duties, editions_for
from plans.models import Priority
from plans.views import asks_and_answers
from plans.writing_views import crumbs, place_of, plan_to_edit


class DutiesForm(PlannerForm):
    submit_label = "Put them into the plan"

    duties = forms.ModelMultipleChoiceField(
        Rule.objects.none(),
        label="Duties",
        error_messages={"required": "Tick at least one duty that the plan is to promise"},
    )
    priority = forms.ModelChoiceField(
        Priority.objects.none(),
        label="Under which priority?",
        required=False,
        empty_label=f"A priority of their own: {TITLE}",
    )

    def __init__(self, *args, plan, editions, **kwargs):
        super().__init__(*args, **kwargs)
        keys = [each.rule.pk for edition in editions for each in edition.duties]
        self.fields["duties"].queryset = Rule.objects.filter(pk__in=keys).order_by("rule_set", "position")
        self.fields["priority"].queryset = plan.priorities.in_plan().filter(is_cross_cutting=False)

    @property
    def ticked(self):
        """The keys of the duties that are ticked, as the page shows them again."""
        return {whole_number(str(key)) for key in self["duties"].value() or []} - {None}


@asks_and_answers
def add_duties_view(request, pk):
    """Duties by edition, those in the plan marked; the ticked ones become deliverables."""
    plan = plan_to_edit(request, pk)
    editions = editions_for(plan)
    form = DutiesForm(request.POST or None, plan=plan, editions=editions, cancel_url=plan.get_absolute_url())
    if form.is_valid():
        made = add_duties(plan, form.cleaned_data["priority"], list(form.cleaned_data["duties"]))
        if not made:
            messages.info(request, "The plan promises these already.")
            return redirect(plan)
        undoing.remember(request.session, plan, undoing.rows_step("deliverable", made))
        messages.success(
            request, f"Added {len(made)} {'duty' if len(made) == 1 else 'duties'}. Say now who leads each."
        )
        return redirect(place_of(plan, made[0]))
    context = {"plan": plan, "form": form, "editions": editions, "crumbs": crumbs(plan, "Duties")}
    return render(request, "plans/duties_add.html", context, status=form.status)


patterns = [
    path("plans/<int:pk>/duties/", add_duties_view, name="duties-add"),
]
