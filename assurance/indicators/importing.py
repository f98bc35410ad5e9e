"""Figures from a sheet, or pasted: staged, shown with every doubt at its cell, mended there, counted by one yes.

What a row means depends on what is known already, which may change until the yes: so rows are kept as they were
read or mended, understood again each time they are shown, and once more while the indicators are locked. A file
that says what is known already changes nothing.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

import pghistory
from django.db import transaction
from django.utils import timezone

from assurance.indicators.numbers import NotANumber, odd_about, plainly, read_number, value_behind
from assurance.indicators.periods import CALLED, EXAMPLES, MONTHS_OF, Period, UnreadablePeriod, read_period
from assurance.indicators.sheet import CALLED as FIELD_NAMES
from assurance.indicators.sheet import FIELDS, FIGURES, read_figures, read_pasted
from assurance.models import Indicator, IndicatorImport, IndicatorValue
from partnership.models import Area, Document, Partnership
from partnership.sheet_lists import CannotImport
from partnership.sheets import fold, nearest, shortened
from partnership.uploads import check_upload

WANTED = (".xlsx", ".csv")
WHOLE = "Whole partnership"
WHOLE_WORDS = {"whole partnership", "whole", "all areas", "all", "partnership", "total", "overall", "both areas"}
ROWS_AT_ONCE = 1_000
CHANGEABLE = (*FIGURES, "note")
ONE_IN_A_HUNDRED = Decimal(100)


class CannotMend(Exception):
    """The message says what to do."""


@transaction.atomic
def stage_file(upload, *, partnership, by):
    """Read an uploaded file and keep it, with what stands in it, until somebody confirms. Raises UnreadableFile."""
    suffix = check_upload(upload, wanted=WANTED)
    content = upload.read()
    understood = read_figures(content, suffix)
    document = Document.keep(filename=upload.name, content=content, by=by)
    return IndicatorImport.objects.create(
        partnership=partnership, document=document, understood=understood, created_by=by
    )


@transaction.atomic
def stage_pasted(text, *, partnership, by):
    """The same of cells that were pasted. Raises UnreadableFile."""
    return IndicatorImport.objects.create(
        partnership=partnership, pasted=text, understood=read_pasted(text), created_by=by
    )


@transaction.atomic
def mend(staged, *, rows):
    """Keep what somebody corrected: ``{key of an entry: {field: text}}``, with ``left_out`` among the fields.

    Raises CannotMend where all was counted meanwhile.
    """
    staged = IndicatorImport.objects.select_for_update().get(pk=staged.pk)
    if staged.confirmed_at:
        raise CannotMend("These figures were counted meanwhile. Correct them where the indicator’s figures are typed")
    for entry in staged.understood.get("entries", []):
        if (mended := rows.get(entry["key"])) is not None:
            entry["left_out"] = bool(mended.get("left_out"))
            for name in FIELDS:
                if name in mended:
                    _put(entry, name, mended[name])
    staged.save(update_fields=["understood"])
    return staged


def _put(entry, name, text):
    if text != entry.get(name, ""):
        entry[name] = text
        entry["shares"] = [each for each in entry.get("shares", []) if each != name]
        if name == "indicator":
            entry.pop("ref", None)
    entry["doubts"].pop(name, None)


@transaction.atomic
def leave_out_doubts(staged, *, on):
    """Leave out every row that has a doubt; gives how many."""
    staged = IndicatorImport.objects.select_for_update().get(pk=staged.pk)
    if staged.confirmed_at:
        raise CannotMend("These figures were counted meanwhile")
    keys = {line.key for line in Draft(staged, on=on).doubtful}
    for entry in staged.understood.get("entries", []):
        entry["left_out"] = entry["left_out"] or entry["key"] in keys
    staged.save(update_fields=["understood"])
    return len(keys)


@transaction.atomic
def confirm_figures(staged, *, by, at):
    """Count everything that is staged at once; gives the counts. A second yes counts nothing again.

    Raises CannotImport while there is a doubt, and has then changed nothing.
    """
    staged = IndicatorImport.objects.select_for_update().get(pk=staged.pk)
    if staged.confirmed_at:
        return staged.understood["brought"]
    Partnership.objects.select_for_update(no_key=True).get(pk=staged.partnership_id)
    draft = Draft(staged, on=timezone.localdate(at), is_final=True)
    if draft.problems or draft.doubtful:
        raise CannotImport("There is something to mend or to leave out first: see below. Nothing was counted")
    with pghistory.context(user=by.pk):
        draft.write(by=by, at=at)
    staged.understood = {**staged.understood, "entries": [], "brought": draft.counts}
    staged.confirmed_at = at
    staged.save(update_fields=["understood", "confirmed_at"])
    return draft.counts


@dataclass
class Line:
    """One figure as it would be counted. ``doubts``: ``{field: what to do}``; ``before`` is what stands now."""

    entry: dict
    doubts: dict
    indicator: Indicator | None = None
    area: Area | None = None
    period: Period | None = None
    figures: dict = field(default_factory=dict)
    before: IndicatorValue | None = None
    changes: list = field(default_factory=list)
    is_again: bool = False

    @property
    def key(self):
        return self.entry["key"]

    @property
    def row(self):
        return self.entry["row"]

    @property
    def is_left_out(self):
        return self.entry["left_out"]

    @property
    def cells(self):
        """[(field, what it is called, cell, what to do, what stands there)] of its doubts."""
        return [(name, FIELD_NAMES[name], self.at(name), says, self.text(name)) for name, says in self.doubts.items()]

    @property
    def said(self):
        """What it changes, in words."""
        return [
            f"{FIELD_NAMES[name]} {_in_words(now)} becomes {_in_words(said)}"
            if now not in (None, "")
            else f"{FIELD_NAMES[name]} {_in_words(said)}"
            for name, now, said in self.changes
        ]

    def at(self, name):
        places = self.entry["at"]
        return places.get(name) or f"row {self.row}"

    def text(self, name):
        return self.entry.get(name, "")

    @property
    def place(self):
        return self.indicator.pk, self.area.pk if self.area else None, self.period.starts_on

    @property
    def area_name(self):
        return self.area.name if self.area else WHOLE


class Draft:
    """What staged figures would change today, in a few queries, however many rows.

    ``doubtful``: lines with a doubt, that are not left out. ``is_final`` locks the indicators.
    """

    def __init__(self, staged, *, on, is_final=False):
        self.partnership, self.understood, self.on = staged.partnership, staged.understood, on
        self.problems = self.understood.get("problems", [])
        self.notes = list(self.understood.get("notes", []))
        self._read_what_is_known(is_final)
        self.lines = [Line(entry, dict(entry["doubts"])) for entry in self.understood.get("entries", [])]
        self.left_out = [line for line in self.lines if line.is_left_out]
        self.taken = [line for line in self.lines if not line.is_left_out]
        for line in self.taken:
            self._understand(line)
        self._read_values()
        self._find_doubles()
        self._find_overlaps()
        for line in self.taken:
            if not line.doubts and not line.is_again:
                self._compare(line)
        self._check_together()
        self.doubtful = [line for line in self.taken if line.doubts]
        self._note_shares()

    # What is known

    def _read_what_is_known(self, is_final):
        indicators = Indicator.objects.filter(partnership=self.partnership).order_by("pk")
        if is_final:
            indicators = indicators.select_for_update(of=["self"], no_key=True)
        self.indicators = list(indicators)
        self.by_name = defaultdict(set)
        for indicator in self.indicators:
            for name in (indicator.title, indicator.ref, str(indicator)):
                if name:
                    self.by_name[fold(name)].add(indicator)
        self.areas = list(Area.objects.filter(partnerships=self.partnership))
        self.area_by_name = {fold(name): area for area in self.areas for name in (area.name, area.code) if name}
        self.whole_words = WHOLE_WORDS | {fold(self.partnership.name), fold(self.partnership.short_name)}

    def _read_values(self):
        keys = {line.indicator.pk for line in self.taken if line.indicator}
        self.values = {
            (value.indicator_id, value.area_id, value.starts_on): value
            for value in IndicatorValue.objects.filter(indicator__in=keys)
        }

    # A row

    def _understand(self, line):
        for find in (self._find_indicator, self._find_area, self._find_period, self._find_figures):
            find(line)

    def _find_indicator(self, line):
        if "indicator" in line.doubts:
            return
        text = line.text("indicator")
        found = self.by_name.get(fold(text)) or self.by_name.get(fold(line.text("ref"))) or set()
        if not text:
            line.doubts["indicator"] = "Say which indicator this is of"
        elif not found:
            like = nearest(text, [indicator.title for indicator in self.indicators])
            offer = f"Did you mean “{like}”?" if like else "Add it to the register first, or leave this out"
            line.doubts["indicator"] = f"We know no indicator “{shortened(text)}”. {offer}"
        elif len(found) > 1:
            line.doubts["indicator"] = f"Two indicators are called “{shortened(text)}”. Write the ref of the one"
        else:
            [line.indicator] = found
            if line.indicator.retired_on:
                line.doubts["indicator"] = f"“{line.indicator}” is no longer followed. Leave this out"

    def _find_area(self, line):
        if "area" in line.doubts:
            return
        text = line.text("area")
        if not text:
            self._find_no_area(line)
        elif fold(text) in self.area_by_name:
            line.area = self.area_by_name[fold(text)]
        elif fold(text) not in self.whole_words:
            line.doubts["area"] = self._unknown_area(line, text)

    def _find_no_area(self, line):
        compared = line.text("comparator")
        if compared and not line.text("value"):
            line.doubts["area"] = (
                f"{shortened(compared)} is a comparator without an area. Write the area that is compared with it, "
                f"or “{WHOLE}”"
            )
        elif len(self.areas) > 1:
            line.doubts["area"] = f"Write the area, or “{WHOLE}” if this is of all areas together"

    def _unknown_area(self, line, text):
        name = line.indicator.comparator_name if line.indicator else ""
        if name and fold(text) == fold(name):
            return (
                f"“{text}” is what this is compared with, not an area of yours. Put its figure under “Compared with”, "
                "beside the area that is compared"
            )
        like = nearest(text, [area.name for area in self.areas])
        names = ", ".join(area.name for area in self.areas)
        offer = f"Did you mean “{like}”?" if like else f"Yours are {names}, or “{WHOLE}”"
        return f"We know no area “{shortened(text)}” of {self.partnership}. {offer}"

    def _find_period(self, line):
        if "period" in line.doubts:
            return
        frequency = line.indicator.frequency if line.indicator else None
        text = line.text("period")
        if not text:
            line.doubts["period"] = f"Write the period, like {EXAMPLES[frequency or Indicator.Frequency.QUARTER]}"
            return
        try:
            line.period = read_period(text, frequency)
        except UnreadablePeriod as problem:
            line.doubts["period"] = str(problem)
            return
        if frequency:
            self._check_period(line, frequency)

    def _check_period(self, line, frequency):
        wanted, period = MONTHS_OF[frequency], line.period
        if period.months != wanted:
            what = CALLED.get(period.months, "neither a month, a quarter nor a year")
            line.doubts["period"] = (
                f"This indicator is counted {Indicator.Frequency(frequency).label.lower()}, and {period.name} is "
                f"{what}. Write a period like {EXAMPLES[frequency]}"
            )
        elif period.starts_on > self.on:
            line.doubts["period"] = f"{period.name} has not begun yet. Correct the period, or leave this out"

    def _find_figures(self, line):
        for name in FIGURES:
            if name in line.doubts:
                continue
            try:
                line.figures[name] = self._scaled(line, name, read_number(line.text(name)))
            except NotANumber as problem:
                line.doubts[name] = str(problem)
        if not line.indicator or line.doubts.keys() & set(FIGURES):
            return
        figures = line.figures
        if figures["value"] is None:
            figures["value"] = value_behind(line.indicator, figures["numerator"], figures["denominator"])
        line.doubts |= odd_about(line.indicator, **figures)

    def _scaled(self, line, name, figure):
        """What Excel keeps as 0.985 and shows as 98.5%."""
        is_share = name in line.entry.get("shares", ()) and name in ("value", "comparator")
        if figure is None or not is_share or not line.indicator or line.indicator.unit != Indicator.Unit.PERCENT:
            return figure
        return figure * ONE_IN_A_HUNDRED

    # Rows together

    def _understood_lines(self):
        return [line for line in self.taken if line.indicator and line.period and "area" not in line.doubts]

    def _find_doubles(self):
        """One figure twice is one; two figures for one place are a doubt at each. A row may add what another left."""
        by_place = defaultdict(list)
        for line in self._understood_lines():
            by_place[line.place].append(line)
        for lines in by_place.values():
            for later_line in lines[1:]:
                for earlier in lines[: lines.index(later_line)]:
                    self._compare_two(earlier, later_line)
        self.lines_at = {place: [line for line in lines if not line.doubts] for place, lines in by_place.items()}

    def _compare_two(self, earlier, later_line):
        both = [
            name
            for name in FIGURES
            if None not in (earlier.figures.get(name), later_line.figures.get(name))
            and earlier.figures[name] != later_line.figures[name]
        ]
        for name in both:
            for line, other in ((earlier, later_line), (later_line, earlier)):
                line.doubts.setdefault(
                    name,
                    f"{other.at(name)} says {plainly(other.figures[name])} for the same period and area; here it is "
                    f"{plainly(line.figures[name])}. Correct one, or leave one out",
                )
        if not both and all(later_line.figures.get(name) in (None, earlier.figures.get(name)) for name in FIGURES):
            later_line.is_again = True

    def _find_overlaps(self):
        known = defaultdict(list)
        for indicator, area, starts_on in self.values:
            known[indicator, area].append(Period(starts_on, self.values[indicator, area, starts_on].ends_on))
        own = defaultdict(list)
        for line in self._understood_lines():
            own[line.place[:2]].append(line)
        for place, lines in own.items():
            periods = sorted({*known[place], *(line.period for line in lines)})
            for line in lines:
                for other in periods:
                    if other != line.period and other.overlaps(line.period):
                        line.doubts.setdefault(
                            "period", f"{line.period.name} overlaps with {other.name}. Correct one, or leave it out"
                        )

    # Against what stands

    def _compare(self, line):
        line.before = self.values.get(line.place)
        for name in CHANGEABLE:
            now = getattr(line.before, name) if line.before else None
            said = line.text("note") if name == "note" else line.figures.get(name)
            if said not in (None, "") and said != now:
                line.changes.append((name, now, said))
        if line.before is None and not any(line.figures.get(name) is not None for name in ("value", "comparator")):
            line.is_again = self._is_completed(line)
            if not line.is_again:
                line.doubts["value"] = "There is no value here to which this belongs. Write it, or leave this out"

    def _check_together(self):
        """What a row brings must fit what other rows bring, and what stands, for the same place."""
        for lines in self.lines_at.values():
            fresh = [line for line in lines if line.changes]
            if len(fresh) < 1 or (len(fresh) == 1 and fresh[0].before is None):
                continue
            merged = {name: getattr(fresh[0].before, name, None) for name in FIGURES}
            for line in fresh:
                merged |= {name: figure for name, figure in line.figures.items() if figure is not None}
            for name, says in odd_about(fresh[0].indicator, **merged).items():
                at = next((line for line in fresh if line.figures.get(name) is not None), fresh[0])
                at.doubts.setdefault(name, says)

    def _is_completed(self, line):
        """Whether another row brings the value that belongs to these people."""
        others = [each for each in self.lines_at[line.place] if each is not line]
        return any(each.figures.get("value") is not None for each in others)

    def _note_shares(self):
        by_indicator = defaultdict(list)
        for line in self.taken:
            if line.indicator and line.indicator.unit == Indicator.Unit.PERCENT and line.figures.get("value"):
                by_indicator[line.indicator].append(line)
        for indicator, lines in by_indicator.items():
            if all(line.figures["value"] <= 1 for line in lines):
                says = f"every value of “{indicator}” is 1% or less. Look whether 0.9 should be 90."
                self.notes.append({"at": lines[0].at("value"), "says": says})

    # What it comes to

    @property
    def new(self):
        return [line for line in self.taken if not line.doubts and line.before is None and line.changes]

    @property
    def changed(self):
        return [line for line in self.taken if not line.doubts and line.before is not None and line.changes]

    @property
    def same_count(self):
        return sum(not line.doubts and not line.changes for line in self.taken)

    @property
    def counts(self):
        return {
            "new": len({line.place for line in self.new}),
            "changed": len({line.place for line in self.changed}),
            "same": self.same_count,
            "left_out": len(self.left_out),
            "empty": self.understood.get("empty_count", 0),
        }

    def write(self, *, by, at):
        """Count all of it, many rows in a statement."""
        made, changed = {}, {}
        for line in (*self.new, *self.changed):
            if line.before is None:
                value = made.setdefault(line.place, _new_value(line))
            else:
                value = changed.setdefault(line.place, line.before)
            for name, _now, said in line.changes:
                setattr(value, name, said)
            value.entered_by, value.entered_at = by, at
        IndicatorValue.objects.bulk_create(made.values(), batch_size=ROWS_AT_ONCE)
        IndicatorValue.objects.bulk_update(
            changed.values(), [*CHANGEABLE, "entered_by", "entered_at"], batch_size=ROWS_AT_ONCE
        )


def _in_words(said):
    return said if isinstance(said, str) else plainly(said)


def _new_value(line):
    return IndicatorValue(
        indicator=line.indicator, area=line.area, starts_on=line.period.starts_on, ends_on=line.period.ends_on
    )
