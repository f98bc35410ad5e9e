"""The numbers of ``partnership.health`` as Prometheus reads them.

They are read from PostgreSQL when asked for, so it does not matter which of gunicorn's processes answers.
"""

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily


def in_words_of_prometheus(health):
    """The page as bytes. A registry of its own: nothing is kept between two answers."""
    registry = CollectorRegistry()
    registry.register(Numbers(health))
    return generate_latest(registry)


class Numbers:
    """A collector of one answer."""

    def __init__(self, health):
        self.health = health

    def describe(self):
        """Nothing beforehand: or the registry would collect once to learn the names."""
        return []

    def collect(self):
        numbers = self.health.numbers
        yield gauge("planner_well", "1 while /health/reminders/ finds no trouble", self.health.is_well)
        yield gauge("planner_reminders_astray", "Reminders due that the ledger does not account for", numbers["astray"])
        yield gauge("planner_queue_age_seconds", "Of the oldest mail that could leave", numbers["queue_seconds"])
        yield gauge("planner_mail_stopped", "1 while the brake is on", numbers["is_mail_stopped"])
        yield gauge("planner_bank_holidays_ahead", "Known in the next year", numbers["bank_holidays_ahead"])
        if numbers["seconds_since_turn"] is not None:
            yield gauge(
                "planner_reminders_turn_age_seconds", "Since the last turn ended", numbers["seconds_since_turn"]
            )
        yield of_each("planner_messages_today", "Mails of this day", "state", numbers["messages_today"])
        for span in ("last_turn", "last_hour", "last_day"):
            yield of_each(f"planner_reminders_{span}", "Reminders due, and what each came to", "outcome", numbers[span])


def gauge(name, words, value):
    return GaugeMetricFamily(name, words, value=float(value))


def of_each(name, words, label, values):
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
