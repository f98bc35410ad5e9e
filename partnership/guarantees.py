"""What the product promises of security and reliability, and what the last kept run of its tests found.

``./run guarantees`` tries every promise, or those that are named. With ``--keep`` it writes what it found to
``guarantees.json`` beside this file, where promises that it did not try stay with the run that did; that file is
looked through like code, goes out with it, and is what ``/about/guarantees/`` says.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

KEPT_RUN = Path(__file__).with_name("guarantees.json")
OLD_AFTER = timedelta(days=92)  # a quarter


class Promise(NamedTuple):
    """One promise: its number in the tests, its name, what is promised, and what is not covered by its test."""

    number: str
    name: str
    words: str
    beyond: str


WHO_SEES = [
    Promise(
        "T1",
        "Everyone gets what their role may have",
        "Every address is opened as every role, and the answer is what one table of roles says. "
        "Whoever is refused changes nothing.",
        "Whether a partnership gave somebody the right role is for the partnership to look at.",
    ),
    Promise(
        "T2",
        "What is restricted leaves no trace elsewhere",
        "A case that you may not see, or another agency’s draft, changes no page, list, file, calendar or mail that "
        "you can get: two worlds, one with it and one without, are compared byte by byte. Faults are put in on "
        "purpose, and each must be noticed.",
        "What people tell each other, and what they write into places that more people read.",
    ),
    Promise(
        "T3",
        "Forbidden looks like absent",
        "The answer for a record that is hidden is the same, and asks the database the same, as for one that was never "
        "there.",
        "Differences too small for our tests, over a network, in thousandths of a second.",
    ),
    Promise(
        "T10",
        "Every change has its entry in the history",
        "Who changed what, when, and from what to what, and who opened a case; the history itself cannot be changed or "
        "emptied. A seal each night shows whether somebody who rules the database did so all the same.",
        "What is changed before its first night, and a seal that nobody outside has kept: name mailboxes for it.",
    ),
]
NOTHING_LOST = [
    Promise(
        "T4",
        "Nobody overwrites anybody’s words unseen",
        "When many people save the same record at once, each change is kept or its writer is shown both versions.",
        "Words that stand on a page which nobody ever sent.",
    ),
    Promise(
        "T5",
        "What was acknowledged is stored",
        "Servers are killed while people save. What the page said was saved is there afterwards.",
        "The loss of the disk itself: see backups.",
    ),
    Promise(
        "T6",
        "Reminders go once",
        "Workers, database and broker are killed while reminders are sent. None is lost in silence, none comes twice.",
        "What a mail server does with a mail it took. If it cannot be asked, doubtful mails are listed for a person.",
    ),
    Promise(
        "T12",
        "A backup can be put back",
        "After a restore every row and file is as it was, nothing that had left is sent again, and whoever was erased "
        "stays so. Each week the newest backup is put back to try it.",
        "That your host keeps backups in another house, and their password where it is found.",
    ),
    Promise(
        "T13",
        "Published is for ever",
        "What was published, submitted or decided cannot be changed or removed; a correction is a new edition.",
        "Copies that others have made.",
    ),
    Promise(
        "T21",
        "New versions keep what old ones wrote",
        "The database of an earlier version is brought up to date without losing a row.",
        "Going back to an earlier version: put a backup back instead.",
    ),
]
IN_AND_OUT = [
    Promise(
        "T7",
        "A broken or hostile file does no harm",
        "Damaged, huge and malicious Word, Excel and PDF files each get an answer in words, within limits of time and "
        "memory, and leave nothing behind.",
        "Viruses inside a well-made file: let your host scan uploads.",
    ),
    Promise(
        "T8",
        "The PDF engine reaches nothing outside",
        "Documents made to read other files, to ask other servers or never to end do none of it.",
        "Faults of the engine that nobody has found yet.",
    ),
    Promise(
        "T9",
        "Nonsense is refused, and hidden fields change nothing",
        "Every form and address is given thousands of unlikely values; none breaks a page. A form changes the fields "
        "that it shows and no others.",
        "Values that nobody thought of, nor chance tried.",
    ),
    Promise(
        "T14",
        "Nobody’s words run in your browser",
        "Text with formatting is reduced to a short list of harmless parts; known attacks are tried in a real browser.",
        "Faults of browsers themselves.",
    ),
    Promise(
        "T16",
        "Exports say what the page said, and do nothing",
        "No text becomes a formula in Excel, and what is read again from a file is what was written.",
        "What a spreadsheet program does after you change the file.",
    ),
    Promise(
        "T17",
        "Nothing of a case in logs, mails or caches",
        "Words that stand only in a restricted record are looked for everywhere else that the product writes.",
        "Logs of the machines and networks around the product.",
    ),
]
ACCOUNTS = [
    Promise(
        "T11",
        "An account is its holder’s alone",
        "Guessing, stolen links, forged addresses, old sessions and leavers’ accounts are tried, and get nowhere.",
        "A device or mailbox that somebody else controls.",
    ),
]
HOW_IT_IS_BUILT = [
    Promise(
        "T15",
        "Browsers are told to trust nothing else",
        "Every answer carries headers that forbid scripts, frames and images from elsewhere; scored by the rules of "
        "Mozilla’s Observatory.",
        "What your proxy takes away or adds. Ask the Observatory about your own address as well.",
    ),
    Promise(
        "T18",
        "The checks of the framework are clean",
        "Django’s checks for production, and our own for habits that lead to leaks, find nothing; none is silenced.",
        "Mistakes that no check looks for.",
    ),
    Promise(
        "T19",
        "Known faults in what we build on are mended within 14 days",
        "Every package is fixed by its hash and listed, and compared with the published lists of faults.",
        "Faults that nobody has published. The machine and its operating system are your host’s to keep up to date.",
    ),
    Promise(
        "T20",
        "No secret is in the code",
        "Every version of every file is searched for passwords and keys, and production refuses to start with a key "
        "that anybody could know.",
        "Secrets that an installation keeps: they are its host’s.",
    ),
    Promise(
        "T23",
        "Errors are plain and give nothing away",
        "Every error page says what to do, comes out when all else is away, and is accessible.",
        "Pages that a proxy shows when it cannot reach us.",
    ),
    Promise(
        "T24",
        "Each line of a public standard has its answer",
        "Every requirement of levels 1 and 2 of OWASP’s Application Security Verification Standard 5.0 is tested, or "
        "is said to be the host’s duty, or does not apply for a reason that is written down.",
        "Nobody outside the project has verified it yet.",
    ),
]
FAST_ENOUGH = [
    Promise(
        "T22",
        "It keeps its pace with a whole country in it",
        "Pages come quickly with hundreds of people at work and years of history.",
        "Your machine may be slower than the one this was measured on.",
    ),
]
PROMISES = {
    "Who sees what": WHO_SEES,
    "Nothing is lost": NOTHING_LOST,
    "What comes in and what goes out": IN_AND_OUT,
    "Accounts": ACCOUNTS,
    "How it is built": HOW_IT_IS_BUILT,
    "Pace": FAST_ENOUGH,
}
NUMBERS = sorted((each.number for part in PROMISES.values() for each in part), key=lambda number: int(number[1:]))


class Verdict(NamedTuple):
    """What a run found of one promise; ``figures`` are sentences, ``reasons`` say what was left out."""

    promise: Promise
    state: str = "untried"
    figures: tuple = ()
    reasons: tuple = ()
    tried_at: datetime | None = None

    @property
    def words(self):
        return {
            "kept": "Kept",
            "partly": "Kept, as far as it was tried",
            "failed": "Not kept",
            "untried": "Not tried yet",
        }[self.state]


class Run(NamedTuple):
    """One run of the tests of some promises or of all."""

    ended_at: datetime
    minutes: int
    commit: str
    test_count: int


class Kept(NamedTuple):
    """What is kept: ``guarantees`` is {number: {"state", "figures", "reasons", "run": which of ``runs``}}."""

    runs: list
    guarantees: dict

    @property
    def oldest(self):
        return min(run.ended_at for run in self.runs)

    def is_old(self, *, at):
        return at - self.oldest > OLD_AFTER


def parts_of(kept):
    """(heading, verdicts) for each part of the page, also where nothing is kept."""
    return [(heading, [verdict_of(each, kept) for each in promises]) for heading, promises in PROMISES.items()]


def verdict_of(promise, kept):
    found = kept.guarantees.get(promise.number) if kept else None
    if found is None:
        return Verdict(promise)
    return Verdict(promise, found["state"], found["figures"], found["reasons"], kept.runs[found["run"]].ended_at)


def kept_runs(file=None):
    """What was kept of the last runs, or None."""
    try:
        written = json.loads((file or KEPT_RUN).read_text())
    except FileNotFoundError:
        return None
    runs = [Run(**{**run, "ended_at": datetime.fromisoformat(run["ended_at"])}) for run in written["runs"]]
    return Kept(runs, written["guarantees"])


def joined(written, run, found):
    """What is kept once ``run`` was: its promises are said anew, the others stay with the run that tried them.

    ``written``: the file's words so far, or None; ``run``: a ``Run`` as a dict of JSON; ``found``: as
    ``Kept.guarantees`` without "run". A run of which no promise is left is dropped.
    """
    runs = [*(written["runs"] if written else []), run]
    before = written["guarantees"] if written else {}
    said = {**before, **{number: {**each, "run": len(runs) - 1} for number, each in found.items()}}
    left = sorted({each["run"] for each in said.values()})
    return {
        "runs": [runs[which] for which in left],
        "guarantees": {
            number: {**said[number], "run": left.index(said[number]["run"])} for number in NUMBERS if number in said
        },
    }
