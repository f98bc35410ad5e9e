"""People who take part in training, known by their work address."""

import pytest

from tests.at_once import at_once
from tests.factories_training import PractitionerFactory
from training.models import Practitioner
from training.practitioners.finding import practitioner_for


def test_somebody_is_known_by_their_address_however_it_is_written(hospital):
    first = practitioner_for(email=" Priya.Shah@NHS.example ", name="Priya Shah", organisation=hospital, job="Nurse")
    again = practitioner_for(email="priya.shah@nhs.example", name="P Shah", organisation=hospital)
    assert (first, first.email, first.job) == (again, "priya.shah@nhs.example", "Nurse")


def test_a_form_changes_nobody_who_is_known(hospital, charity):
    known = PractitionerFactory(name="Priya Shah", email="priya@nhs.example", organisation=hospital, job="Nurse")
    practitioner_for(
        email="priya@nhs.example", name="Mallory", organisation=charity, job="None", manager_email="m@bad.example"
    )
    after = Practitioner.objects.get()
    assert (after, after.name, after.organisation, after.job, after.manager_email) == (
        known,
        "Priya Shah",
        hospital,
        "Nurse",
        "",
    )


def test_without_an_address_a_person_is_known_by_name_and_organisation(hospital, charity):
    first = practitioner_for(email="", name="Priya Shah", organisation=hospital)
    assert practitioner_for(email="", name="Priya Shah", organisation=hospital) == first
    assert practitioner_for(email="", name="Priya Shah", organisation=charity) != first


@pytest.mark.django_db(transaction=True)
def test_made_twice_at_the_same_moment_somebody_is_one(hospital):
    def make():
        return practitioner_for(email="priya@nhs.example", name="Priya Shah", organisation=hospital)

    came_to = at_once(*[make] * 6)
    assert set(came_to) == {Practitioner.objects.get()}
