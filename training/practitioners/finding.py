"""People who take part in training, known by their work address."""

from django.db import IntegrityError, transaction

from training.models import Practitioner


def practitioner_for(*, email, name, organisation, job="", manager_email=""):
    """The Practitioner with this address, however it is written; a new one where there is none.

    Somebody who is known stays as they are: whoever fills in a public form has not proved whose address it is.
    Without an address (old logs) a person is known by name and organisation.
    """
    email = email.strip().lower()
    if not email:
        known, _is_new = Practitioner.objects.get_or_create(
            email="", name=name, organisation=organisation, defaults={"job": job, "manager_email": manager_email}
        )
        return known
    known = Practitioner.objects.filter(email__iexact=email).select_related("organisation").first()
    if known:
        return known
    try:
        with transaction.atomic():
            return Practitioner.objects.create(
                email=email, name=name, organisation=organisation, job=job, manager_email=manager_email.lower()
            )
    except IntegrityError:  # somebody else made it at this moment
        return Practitioner.objects.select_related("organisation").get(email__iexact=email)
