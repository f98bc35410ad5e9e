"""On an organisation's page: what it told the partnership, for itself and for the office."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_an_organisations_page_leads_to_what_it_told(
    client_of, office, other_partner, lead, submitted_return, hospital
):
    def leads(user):
        html = client_of(user).get(hospital.get_absolute_url()).content.decode()
        return reverse("assurance:organisation-pack", args=[hospital.pk]) in html, str(submitted_return.request) in html

    assert [leads(user) for user in (office, other_partner, lead)] == [(True, True), (True, True), (False, False)]
