"""Addresses of the training programme."""

from training import public
from training.views import (
    attendance,
    booking_open,
    calendar,
    charges,
    competence,
    courses,
    evaluation,
    figures,
    framework,
    importing,
    mails,
    needs,
    needs_asking,
    own_record,
    own_returns,
    places,
    policy,
    practitioners,
    programme,
    staff_import,
)

app_name = "training"

urlpatterns = [
    *programme.patterns,
    *competence.patterns,
    *framework.patterns,
    *practitioners.patterns,
    *staff_import.patterns,
    *own_returns.patterns,
    *courses.patterns,
    *calendar.patterns,
    *policy.patterns,
    *public.patterns,
    *booking_open.patterns,
    *places.patterns,
    *evaluation.patterns,
    *figures.patterns,
    *importing.patterns,
    *charges.patterns,
    *attendance.patterns,
    *mails.patterns,
    *own_record.patterns,
    *needs.patterns,
    *needs_asking.patterns,
]
