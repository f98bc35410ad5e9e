"""Sessions as Django keeps them in the database. A new key is written beside its owner too, so that none gets lost."""

from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from partnership.compiled import CompiledQuery


def open_sessions(key, now):
    return Session.objects.filter(session_key=key, expire_date__gt=now).values_list("session_data")


SESSION = CompiledQuery(open_sessions, key="a key", now=datetime(1727, 2, 27, tzinfo=UTC))


class SessionStore(DatabaseStore):
    def load(self):
        """As Django does it, without compiling the question for every request."""
        for (data,) in SESSION.rows(key=self.session_key, now=timezone.now()):
            return self.decode(data)
        self._session_key = None
        return {}

    def cycle_key(self):
        before = self.session_key
        super().cycle_key()
        if before:
            UserSession.objects.filter(session_key=before).update(session_key=self.session_key)

    @classmethod
    def clear_expired(cls):
        super().clear_expired()
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
