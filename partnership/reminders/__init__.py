"""Reminders: each deadline's people are told on certain days, once, whatever dies in between.

The ledger is in PostgreSQL; Celery only wakes this loop, and the loop may run twice, in several
workers at once, and after any crash:

1. *plan*: who is to be told of what today: by the policy of its kind, people's own paces and hours, what an
   office has paused, and up the ladder where it stays undone. A row for each deadline, day, step and person
   is unique.
2. *bundle*: everything for one person into one message a day. Its key is unique too.
3. *claim*: one worker takes a message, for the length of a lease, with a number that only grows.
4. *submit*: tell the carrier all but the last word; say in the ledger, and commit, that the message is about
   to leave; say it in a journal outside the database too, which outlives a backup put back. Then let it leave.
5. *accept*: the carrier took it. Whoever no longer holds the claim changes nothing.
6. *recover*: what a dead worker had only claimed goes back; what it was just handing over may or may
   not have left. A carrier that knows our reference is asked, twice; where none can be asked, the
   message is held for a person to see, never sent again by itself.

Between a mail server's yes and our commit lies a gap that nobody can close. What we promise: nobody gets the
same message twice; through a carrier that can be asked each arrives there once; otherwise every doubtful
one is listed for the office.
"""
