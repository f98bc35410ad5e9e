"""Who asks: Django's own backend, but every request's question for the person is compiled once."""

from django.contrib.auth.backends import ModelBackend

from partnership.compiled import CompiledQuery
from partnership.models import User

PERSON = CompiledQuery(lambda pk: User.objects.filter(pk=pk).order_by(), pk=-727_272)


class Backend(ModelBackend):
    def get_user(self, user_id):
        for user in PERSON.records(User, pk=user_id):
            if self.user_can_authenticate(user):
                return user
        return None
