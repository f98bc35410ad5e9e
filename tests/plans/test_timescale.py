"""The timescale reader: words to dates. Some tests read /work/shared and skip where it is absent."""

import csv
import json
import string
import time
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plans.timescale import KINDS, PRECISIONS, ReadMilestone, Timescale, describe, read_timescale

SHARED = Path(__file__).resolve().parents[3] / "shared" / "plans" / "timescales.tsv"
YEAR = {"starts_on": date(2025, 4, 1), "ends_on": date(2026, 3, 31)}


def read(phrase, **period):
    reading = read_timescale(phrase, **(period or YEAR))
    return reading.kind, [m.due_on.isoformat() if m.due_on else None for m in reading.milestones]


ONE_DATE = {
    "Sept 2025": "2025-09-30",
    "by end of Nov 2025": "2025-11-30",
    "early October 2025": "2025-10-10",
    "mid-October 2025": "2025-10-15",
    "Mid/End Oct": "2025-10-31",
    "beginning of October": "2025-10-10",
    "first week of July": "2025-07-07",
    "28 February 2026": "2026-02-28",
    "the 12th of September 2025": "2025-09-12",
    "March 26th, 2026": "2026-03-26",
    "31/3/26": "2026-03-31",
    "2025/09/30": "2025-09-30",
    "by 5pm on 30.9.25": "2025-09-30",
    "23-Mar": "2026-03-23",
    "Mar-26": "2026-03-31",
    "Mar '26": "2026-03-31",
    "June 14": "2025-06-14",
    "Q2": "2025-09-30",
    "Q4 2025/26": "2026-03-31",
    "2025-26 Q1": "2025-06-30",
    "Q3/4": "2026-03-31",
    "Quarter 3 (Oct-Dec 2025)": "2025-12-31",
    "Spring 2027": "2027-05-31",
    "Winter 2025": "2026-02-28",
    "Summer term 2026": "2026-07-31",
    "spring term 2025/26": "2026-03-31",
    "Autumn/Winter 2025": "2026-02-28",
    "2025/26": "2026-03-31",
    "FY26": "2026-03-31",
    "by 2027": "2027-12-31",
    "mid-2026": "2026-06-30",
    "year end": "2026-03-31",
    "by the end of the financial year": "2026-03-31",
    "Dec/Jan": "2026-01-31",
    "Dec 2025 (revised to Feb 2026)": "2026-02-28",
    "Dec 2025 (revised from Oct 2025)": "2025-12-31",
    "Oct 2025 (originally July 2025)": "2025-10-31",
    "moved from June to September 2025": "2025-09-30",
    "before the summer holidays": "2025-07-31",
    "ASAP and by end of June": "2025-06-30",
    "TBC (likely Sept 2025)": "2025-09-30",
    "In line with Working Together 2018, by March 2026": "2026-03-31",
    "Report to Board March 2026": "2026-03-31",
    "w/c 6 October": "2025-10-06",
}


@pytest.mark.parametrize(("phrase", "due"), ONE_DATE.items())
def test_one_date_is_read_by_the_conventions(phrase, due):
    assert read(phrase) == ("date", [due])


SEVERAL = {
    "Dec 2025 and Feb 2026": ("dates", ["2025-12-31", "2026-02-28"]),
    "Jul, Oct, Jan": ("dates", ["2025-07-31", "2025-10-31", "2026-01-31"]),
    "5, 12 and 19 June 2025": ("dates", ["2025-06-05", "2025-06-12", "2025-06-19"]),
    "Phase 1 June 2025, Phase 2 December 2025": ("dates", ["2025-06-30", "2025-12-31"]),
    "Apr-Jun 2025": ("window", ["2025-04-01", "2025-06-30"]),
    "Nov - Jan 2026": ("window", ["2025-11-01", "2026-01-31"]),
    "between June and September 2025": ("window", ["2025-06-01", "2025-09-30"]),
    "12-16 May 2025": ("window", ["2025-05-12", "2025-05-16"]),
    "throughout 2025-26": ("window", ["2025-04-01", "2026-03-31"]),
    "first half of the year": ("window", ["2025-04-01", "2025-09-30"]),
    "from Apr 2027": ("window", ["2027-04-01", None]),
    "Sept 2025 - ongoing": ("window", ["2025-09-01", None]),
    "To commence in June 2025, completing by December": ("window", ["2025-06-01", "2025-12-31"]),
    "Quarterly": ("recurring", []),
    "at every Board meeting": ("recurring", []),
    "quarterly from July 2025": ("recurring", ["2025-07-01"]),
    "Annually in September": ("recurring", ["2025-09-30"]),
    "March 2026 and annually thereafter": ("recurring", ["2026-03-31"]),
    "October Board meeting": ("meeting", ["2025-10-31"]),
    "next meeting (25 September)": ("meeting", ["2025-09-25"]),
    "before the next Executive": ("meeting", []),
    "6 weeks from sign off": ("relative", []),
    "within seven days of being published": ("relative", []),
    "Once guidance is published": ("relative", []),
    "Following the audit in June 2025": ("relative", []),
    "ongoing": ("continuous", []),
    "Throughout the business year": ("continuous", []),
    "24/7": ("continuous", []),
    "Ongoing, review March 2026": ("continuous", ["2026-03-31"]),
    "tbc - awaiting guidance": ("unset", []),
    "As soon as possible": ("unset", []),
    "complete": ("unset", []),
    "Dates may change": ("unset", []),
    "": ("unset", []),
}


@pytest.mark.parametrize(("phrase", "reading"), SEVERAL.items())
def test_every_kind_is_told_from_the_others(phrase, reading):
    assert read(phrase) == reading


def test_each_milestone_keeps_the_words_that_say_what_it_is_for():
    words = "LSCPB: Begin September 2025, for completion March 2026"
    assert read_timescale(words, **YEAR) == Timescale(
        "window",
        (
            ReadMilestone(date(2025, 9, 1), "Begin", "month"),
            ReadMilestone(date(2026, 3, 31), "for completion", "month"),
        ),
    )
    words = "June 2025 (draft), 30 September 2025 (final)"
    assert read_timescale(words, **YEAR).milestones == (
        ReadMilestone(date(2025, 6, 30), "draft", "month"),
        ReadMilestone(date(2025, 9, 30), "final", "day"),
    )


def test_work_that_starts_in_a_month_is_late_only_after_that_month():
    start = read_timescale("from September 2025", **YEAR).milestones[0]
    assert (start.due_on, start.last_day) == (date(2025, 9, 1), date(2025, 9, 30))


def test_a_month_without_a_year_is_the_one_inside_the_plan():
    assert read("by 19 August", starts_on=date(2011, 9, 1), ends_on=date(2012, 8, 31)) == (
        "date",
        ["2012-08-19"],
    )
    three_years = {"starts_on": date(2024, 4, 1), "ends_on": date(2027, 3, 31)}
    assert read("June", **three_years) == ("date", ["2024-06-30"])
    one_quarter = {"starts_on": date(2025, 7, 1), "ends_on": date(2025, 9, 30)}
    assert read("November", **one_quarter) == ("date", ["2025-11-30"])


SAID = {
    "Sept 2021": "We read this as due 30 September 2021",
    "October 2020 and January 2021": "Twice: 31 October 2020 and 31 January 2021",
    "1 May 2026, 2 June 2026, 3 July 2026": "3 times: 1 May 2026, 2 June 2026 and 3 July 2026",
    "July 2025 to March 2026": "From 1 July 2025 to 31 March 2026",
    "from Apr 2027": "Starts 1 April 2027, with no end date",
    "quarterly": "Comes round again. Asked about each round",
    "annually in September": "Comes round again. We read 30 September 2025",
    "next meeting": "At a meeting. Asked about each round",
    "by the December 2025 Board": "At a meeting. We read this as 31 December 2025",
    "6 weeks from sign off": "Waits for something else to happen. Asked about each round",
    "ongoing": "Never overdue. Asked about each round",
    "Ongoing, review March 2026": "Goes on, with 31 March 2026",
    "tbc": "No date yet. Asked about each round",
}


@pytest.mark.parametrize(("phrase", "said"), SAID.items())
def test_a_reading_is_said_in_plain_words(phrase, said):
    assert describe(read_timescale(phrase, **YEAR)) == said


PIECES = (
    "by end of mid early June Sept Dec March May 2025 2025/26 25 31/3/26 31/02 Q2 quarter term "
    "autumn winter from to - / , ; ( ) and until ongoing tbc each every half year week first "
    "next meeting Board after within 12 months 30 1st FY26 9999 00/00/00 0 w/c 'd"
)


@given(
    st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES.split()), max_size=14).map(" ".join)),
    st.dates(date(1995, 1, 1), date(2090, 1, 1)),
    st.integers(0, 2000),
)
@example("31/12/9999", date(2025, 4, 1), 364)
@example("30 February 2026 - 31 June", date(2025, 4, 1), 364)
@settings(max_examples=400, deadline=None)
def test_any_words_are_read_and_no_date_comes_from_nowhere(phrase, starts_on, days):
    ends_on = date.fromordinal(starts_on.toordinal() + days)
    reading = read_timescale(phrase, starts_on=starts_on, ends_on=ends_on)
    assert reading.kind in KINDS
    assert all(m.precision in PRECISIONS for m in reading.milestones)
    assert describe(reading)
    if len(reading.dates) > 1:
        assert reading.kind != "date"
    assert (reading.kind in {"unset", "relative"}) <= (reading.milestones == ())


UNTIMED = ["agree", "the plan", "with partners", "by then", "after sign off", "tbc", "ongoing", "lead", "all", "each"]
BETWEEN = ["by", "and", ", then", "draft", "; final report", "presented to the Board", "/", "to", "until", "reviewed"]


@given(
    st.lists(
        st.tuples(st.dates(date(2024, 1, 1), date(2029, 12, 31)), st.sampled_from(BETWEEN)), min_size=1, max_size=5
    ),
    st.sampled_from(["{0.day} {0:%B} {0.year}", "{0:%d/%m/%Y}", "{0.day} {0:%b} {0:%y}"]),
)
@settings(max_examples=150, deadline=None)
def test_every_day_that_is_read_is_one_that_was_written(days, form):
    phrase = " ".join(f"{words} {form.format(day)}" for day, words in days)
    reading = read_timescale(phrase, starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    assert set(reading.dates) <= {day for day, _words in days}


@given(st.lists(st.sampled_from(UNTIMED)))
def test_words_that_name_no_time_hold_no_date(words):
    reading = read_timescale(" ".join(words), starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    assert reading.dates == ()


@given(st.text(alphabet=string.punctuation + " \n\t\u2013\u2022", max_size=200))
def test_words_without_letters_or_numbers_hold_no_date(phrase):
    assert read(phrase) == ("unset", [])


@pytest.mark.parametrize("piece", ["1/", "every ", "June, ", "2025-", "(", "a-", "q1/", "once a "])
def test_very_long_words_are_read_quickly(piece):
    started = time.process_time()
    read(piece * 200_000)
    assert time.process_time() - started < 2


def test_the_command_prints_one_json_line():
    out = StringIO()
    call_command("read_timescale", "by Mid/End May", "--start=2021-04-01", "--end=2022-03-31", stdout=out)
    expected = {"kind": "date", "dates": [{"due": "2021-05-31", "label": None}]}
    assert json.loads(out.getvalue()) == expected


def test_the_command_reads_a_file_line_by_line(tmp_path):
    phrases = tmp_path / "phrases.tsv"
    phrases.write_text(
        'phrase\tplan_start\tplan_end\nMonthly "live"\t2025-04-01\t2026-03-31\nfrom May\t2025-04-01\t2026-03-31\n',
        encoding="utf-8",
    )
    out = StringIO()
    call_command("read_timescale", file=str(phrases), stdout=out)
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [
        {"kind": "recurring", "dates": []},
        {
            "kind": "window",
            "dates": [{"due": "2025-05-01", "label": None}, {"due": None, "label": None}],
        },
    ]


def test_the_command_says_what_it_needs(tmp_path):
    with pytest.raises(CommandError, match="Give a phrase with --start and --end, or a --file"):
        call_command("read_timescale", "June")
    with pytest.raises(CommandError, match="can't be read"):
        call_command("read_timescale", file=str(tmp_path / "none.tsv"))


@pytest.mark.skipif(not SHARED.exists(), reason="the shared phrases are not on this machine")
def test_every_shared_phrase_is_read_as_people_read_it():
    wrong = []
    with SHARED.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            period = [date.fromisoformat(row[name]) for name in ("plan_start", "plan_end")]
            reading = read_timescale(row["phrase"], starts_on=period[0], ends_on=period[1])
            accepted = {(row["kind"], tuple(filter(None, row["dates"].split(";"))))}
            for other in filter(None, (row["also"] or "").split("|")):
                kind, _, dates = other.partition("=")
                accepted.add((kind, tuple(filter(None, dates.split(";")))))
            found = reading.kind, tuple(day.isoformat() for day in reading.dates)
            if found not in accepted:
                wrong.append((row["phrase"], found))
    assert wrong == []
