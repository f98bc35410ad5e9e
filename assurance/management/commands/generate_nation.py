"""Make an invented nation: many partnerships over many years, to measure by. See ``partnership.nation``."""

import time
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from assurance.management.commands.load_sample import count_rows
from assurance.nation.making import Nation, are_there, make_neighbours, strangers
from partnership.nation.words import MOST_PLACES

MOST_YEARS = 25
BAR = 30


class Command(BaseCommand):
    help = (
        "Make an invented nation in a database that holds nothing real. Neighbours are made in pairs, each pair whole "
        "or not at all: broken off and begun again, it goes on with the next pair."
    )

    def add_arguments(self, parser):
        parser.add_argument("--partnerships", type=int, default=10, help="how many (10)")
        parser.add_argument("--years", type=int, default=3, help="how many, up to this year (3)")
        parser.add_argument(
            "--seed", type=int, default=1, help="the same number and the same day: the same content (1)"
        )
        parser.add_argument("--yes-into-this-database", action="store_true", help="also outside a demonstration")

    def handle(self, *args, partnerships, years, seed, yes_into_this_database, **options):
        refuse(partnerships, years, is_sure=yes_into_this_database)
        nation = Nation(seed=seed, years=years, on=timezone.localdate())
        pairs = [tuple(range(first, min(first + 2, partnerships))) for first in range(0, partnerships, 2)]
        waiting = [pair for pair in pairs if not are_there(pair)]
        if len(waiting) < len(pairs):
            self.stdout.write(f"{len(pairs) - len(waiting)} pairs of neighbours are here already and stay as they are.")
        began, written = time.monotonic(), 0
        for done, pair in enumerate(waiting, 1):
            written += make_neighbours(nation, pair)
            self.show(done, len(waiting), written, time.monotonic() - began)
        if waiting:
            self.sum_up(nation, written, time.monotonic() - began)

    def show(self, done, count, written, seconds):
        """A bar that is drawn over on a screen, and a line a tenth in a file."""
        is_screen = getattr(self.stdout, "isatty", bool)()
        if not is_screen and done * 10 // count == (done - 1) * 10 // count:
            return
        filled = done * BAR // count
        left = timedelta(seconds=round(seconds / done * (count - done)))
        line = f"{'█' * filled}{'░' * (BAR - filled)} {done} of {count} pairs, {written:,} rows, {left} left"
        self.stdout.write(f"\r{line}" if is_screen else line, ending="" if is_screen and done < count else "\n")
        self.stdout.flush()

    def sum_up(self, nation, written, seconds):
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SELECT pg_database_size(current_database())")
            size = cursor.fetchone()[0]
        count_rows()
        largest = sorted(nation.counts.items(), key=lambda each: -each[1])[:10]
        self.stdout.write(
            f"{written:,} rows and the history of each, in {seconds:.0f} s: {written / seconds:,.0f} rows a second."
            f" The database has {size / 1_000_000:,.0f} MB."
        )
        self.stdout.write("Most: " + ", ".join(f"{label} {count:,}" for label, count in largest) + ".")


def refuse(partnerships, years, *, is_sure):
    """Raise CommandError, with what to do, where there is anything that an invented nation may not stand beside."""
    if not 1 <= partnerships <= MOST_PLACES or not 1 <= years <= MOST_YEARS:
        raise CommandError(f"From 1 to {MOST_PLACES} partnerships and from 1 to {MOST_YEARS} years can be made.")
    if settings.MODE not in ("demo", "test") and not is_sure:
        raise CommandError(
            "This is not a demonstration, and what is made stays. If it is a database of your own to measure with, "
            "say --yes-into-this-database."
        )
    real = strangers()
    if real:
        raise CommandError(
            f"{real[0]} is here, which is no invented partnership: nothing was made. Use an empty database."
        )
