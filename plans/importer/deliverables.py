"""Rows of a plan's table to deliverables with their activities, leads and dates."""

import re

from plans.importer.own import MEASURES
from plans.importer.pairing import pair
from plans.timescale import read_timescale

_REF = re.compile(
    r"^(\d{1,2}(?:\.\d{1,2}){1,2}|\d{1,2}[a-z]?|[A-Z]{1,2}\d{1,2}(?:\.\d{1,2})?)(?:\s?[.):]\s+|\s+(?=[A-Z]))(?=\S)"
)
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)’'])\.\s+(?=[A-Z‘'\"“])")
LONGEST_TITLE = 140


class DeliverableBuilder:
    """Collects the deliverables of one priority, row by row."""

    def __init__(self, at, cover, plan):
        self.at = at
        self.cover = cover
        self.plan = plan
        self.deliverables = []
        self.last_timescales = []
        self.first_lead = None  # of the first row of the deliverable at hand
        self.last_row = None  # its texts

    def add(self, table):
        self.last_timescales = []
        for row in table.rows:
            read = table.layout.read(row)
            if _is_heading_again(row, table.layout) or row.is_blank:
                continue
            self._row(read, table.layout)
            if row.doubt and self.deliverables:
                self.plan.doubt(f"{self.at}/deliverables/{len(self.deliverables) - 1}", row.doubt)

    def _row(self, row, layout):
        self._continue_what_is_repeated(row, layout)
        is_more = "deliverable" in row.continued
        if not row.deliverable and not is_more:
            is_more = bool(self.deliverables)
            self._doubt_going_on(row)
        if row.deliverable or row.activities or row.timescales or row.leads or row.progress:
            if not is_more or not self.deliverables:
                self._begin(row, layout)
            self._extend(self.deliverables[-1], row, layout)
        self._note_over(row)

    def _continue_what_is_repeated(self, row, layout):
        """A spreadsheet that is to be sorted says a deliverable again beside each of its activities."""
        own = (_texts(row.deliverable), row.priority, row.lead_text, _texts(row.activities))
        last, self.last_row = self.last_row, own
        if last is None or not layout.has_activities or not row.deliverable or not row.activities:
            return
        if own[:2] == last[:2] and own[3] != last[3]:
            row.continued.add("deliverable")
            if own[2] == last[2]:
                row.continued.add("leads")
                row.leads, row.lead_text = [], None

    def _doubt_going_on(self, row):
        if self.deliverables and row.activities:
            at = f"{self.at}/deliverables/{len(self.deliverables) - 1}"
            says = "A row under this deliverable has none of its own. We took it to go on with this one."
            self.plan.doubt(at, says)

    def _note_over(self, row):
        for heading, text in row.over:
            said = f"{heading}: {text}" if heading else text
            self.plan.notes.append(f"In the plan's table, beside {self._where()}: {said}")

    def _note_words_before_leads(self, row):
        """ "Groups to report as follows:" leads nothing, and would be lost."""
        first = (row.lead_text or "").split("\n")[0]
        if first.endswith(":") and row.leads and not row.leads[0].partnership and row.leads[0].text != first:
            self.plan.notes.append(f"Before the leads of {self._where()}: {first}")

    def _where(self):
        return f"“{self.deliverables[-1]['title']}”" if self.deliverables else "no deliverable"

    def _begin(self, row, layout):
        ref, title, description = None, "No deliverable written", None
        if row.deliverable:
            is_whole = not layout.has_activities
            ref, title, description = split_title(row.deliverable, is_whole=is_whole, own_ref=row.ref)
        description, measures = _measures_in(description)
        deliverable = {
            "ref": row.ref or ref,
            "title": title,
            "description": description,
            "leads": [],
            "other_partnerships": [],
            "evidence_measures": measures,
            "activities": [],
            "timescale_text": None,
            "progress": None,
            "lead_text": None,
            "other_partnerships_text": None,
        }
        self.deliverables.append(deliverable)

    def _extend(self, deliverable, row, layout):
        at = f"{self.at}/deliverables/{len(self.deliverables) - 1}"
        is_first = not deliverable["activities"]
        _add_leads(deliverable, row)
        self._note_words_before_leads(row)
        _add_new(deliverable["other_partnerships"], row.other_partnerships)
        _add_new(deliverable["evidence_measures"], row.evidence_measures)
        deliverable["other_partnerships_text"] = "\n".join(deliverable["other_partnerships"]) or None
        deliverable["progress"] = _joined(deliverable["progress"], row.progress)
        timescales = self.last_timescales if "timescales" in row.continued else row.timescales
        self.last_timescales = timescales
        if "timescales" not in row.continued:
            written = "\n".join(line.text for line in timescales)
            deliverable["timescale_text"] = _joined(deliverable["timescale_text"], written)
        if layout.has_activities:
            self._add_activities(deliverable, row, timescales, at, is_first)
        else:
            self._add_whole_row(deliverable, row, timescales, at)

    def _add_whole_row(self, deliverable, row, timescales, at):
        """A plan without activities: the row is one deliverable and its one activity."""
        paragraphs = [p.text for p in row.deliverable] or [deliverable["title"]]
        if deliverable["ref"] and _REF.match(paragraphs[0]):
            paragraphs[0] = _REF.sub("", paragraphs[0])
        text = "\n".join(paragraphs)
        activity = self.activity(text, [timescales], 0, f"{at}/activities/{len(deliverable['activities'])}")
        deliverable["activities"].append(activity)

    def _add_activities(self, deliverable, row, timescales, at, is_first):
        pairing = pair(row.activities, timescales)
        own_lead = "\n".join(lead.text for lead in row.leads) or None
        if is_first:
            self.first_lead, own_lead = own_lead, None
        for place, read in enumerate(row.activities):
            number = len(deliverable["activities"])
            here = f"{at}/activities/{number}"
            text, lead = _lead_after(read.text, deliverable["leads"])
            activity = self.activity(text, pairing.lines, place, here)
            if read.points:
                activity["points"] = read.points
            if read.partnership:
                activity["partnership"] = read.partnership
            activity["lead"] = own_lead or lead or self._lead_beside(row, place, here)
            self._doubt_pairing(activity, pairing, read, here)
            deliverable["activities"].append(activity)
        if row.activities:
            self._settle_first_lead(deliverable, row)
        elif timescales or row.leads:
            self.plan.doubt(at, "This row has no activity. We kept its lead and its timescale with the deliverable.")

    def _doubt_pairing(self, activity, pairing, read, here):
        if pairing.doubt:
            activity["judgement"] = True
            self.plan.doubt(f"{here}/timescale_text", pairing.doubt)
        elif read.points:
            says = "The list under these words may be activities of their own. We kept them as points of one activity."
            self.plan.doubt(f"{here}/text", says)

    def _lead_beside(self, row, place, here):
        """Leads set far apart in a cell stand beside the activities they are for."""
        gaps = [b.at - a.at for a, b in zip(row.leads, row.leads[1:], strict=False)]
        if len(row.activities) < 2 or not gaps or max(gaps) < 4:
            return None
        at = row.activities[place].at
        lead = max((lead for lead in row.leads if lead.at <= at), key=lambda lead: lead.at, default=row.leads[0])
        self.plan.doubt(f"{here}/text", f"We took “{lead.text}” to lead this, by its place on the page.")
        return lead.text

    def _settle_first_lead(self, deliverable, row):
        """Once a deliverable has rows with leads of their own, its first row has its own too."""
        if "deliverable" in row.continued and row.leads:
            for activity in deliverable["activities"]:
                activity["lead"] = activity["lead"] or self.first_lead

    def activity(self, text, lines, place, here):
        own = lines[place] if place < len(lines) else []
        written = "\n".join(line.text for line in own) or None
        reading = read_timescale(written or "", starts_on=self.cover.starts_on, ends_on=self.cover.ends_on)
        self._doubt_reading(written, reading, text, f"{here}/timescale_text")
        activity = {
            "text": text,
            "lead": None,
            "timescale_text": written,
            "dates": dates_of(reading),
            "kind": reading.kind,
        }
        if reading.kind == "window" and reading.milestones[-1].due_on is None:
            activity["open_end"] = True
        return activity

    def _doubt_reading(self, written, reading, text, at):
        if written is None:
            own = read_timescale(text, starts_on=self.cover.starts_on, ends_on=self.cover.ends_on)
            if own.kind in {"continuous", "recurring"}:
                self.plan.doubt(
                    at, "No timescale stands beside this activity, but its own words say how long it lasts."
                )
            else:
                self.plan.doubt(at, "No timescale stands beside this activity.")
            return
        for day in reading.dates:
            said = f"{day.day} {day:%B %Y}"
            if day > self.cover.ends_on:
                self.plan.doubt(at, f"{said} is after the end of this plan.")
            elif day < self.cover.starts_on:
                self.plan.doubt(at, f"{said} is before the start of this plan.")
        if reading.kind == "unset" and re.search(r"\d", written):
            self.plan.doubt(at, f"We could not read a date in “{written}”.")


def _measures_in(description):
    """(what a promise says, its measures), where they stand under it after "How we will know:"."""
    said, is_there, measures = (description or "").partition(MEASURES)
    if not is_there or (said and not said.endswith("\n")):
        return description, []
    return said.strip() or None, [line for line in measures.strip().split("\n") if line]


def _lead_after(text, leads):
    """(the words of an activity, its lead) of "Write it (Head of Midwifery)", if that is a lead of the deliverable."""
    lead = next((lead["text"] for lead in leads if text.endswith(f" ({lead['text']})")), None)
    return (text.removesuffix(f" ({lead})"), lead) if lead else (text, None)


def dates_of(reading):
    """The dates of a reading as ``read_plan`` gives them.

    The start of a window is late only after the stretch that was written ("from September" after the
    30th): ``due`` is that day, ``starts`` the first.
    """
    dates = []
    for place, milestone in enumerate(reading.milestones):
        if milestone.due_on is None:
            continue
        is_start = reading.kind == "window" and place == 0
        due = milestone.last_day if is_start else milestone.due_on
        entry = {"due": due.isoformat(), "label": milestone.label, "precision": milestone.precision}
        if is_start:
            entry["starts"] = milestone.due_on.isoformat()
        dates.append(entry)
    return dates


def split_title(paragraphs, *, is_whole=False, own_ref=None):
    """(ref, title, description) of a Key Deliverables cell.

    The title is what stands in bold before the rest, or the first sentence; where the plan has no
    Activity column (``is_whole``) the first paragraph. A number before it is its ref, unless another
    (``own_ref``) stands in a column of its own: "20 families" is no twentieth deliverable then.
    """
    first, rest = paragraphs[0], [p.text for p in paragraphs[1:]]
    text, ref = first.text, first.number
    match = _REF.match(text)
    if match and (not own_ref or own_ref.endswith(match.group(1))):
        ref, text = match.group(1), text[match.end() :].strip()
    if not is_whole:
        title, after = _head_of(text, first)
        if after:
            return ref, title, "\n".join([after, *rest])
        text = title
    return ref, text, "\n".join(rest) or None


def _head_of(text, paragraph):
    if paragraph.is_bold:
        return text, ""
    bold = paragraph.bold_start
    if bold and text in paragraph.text:
        bold = bold[len(paragraph.text) - len(text) :].strip()
        if len(bold) > 3 and text.startswith(bold) and len(text) > len(bold) + 1:
            return bold.rstrip(" .:\u2013-"), text[len(bold) :].lstrip(" .:\u2013-")
    end = _SENTENCE_END.search(text)
    if end and end.start() <= LONGEST_TITLE:
        return text[: end.start()], text[end.end() :]
    return text, ""


def _is_heading_again(row, layout):
    """Is this the row of headings, printed again on the next page?"""
    cells = [cell for cell in row.cells if cell.text]
    known = [c for c in cells if layout.is_heading(c)]
    return len(cells) > 1 and len(known) == len(cells)


def _add_leads(deliverable, row):
    known = {(lead["partnership"], lead["text"]) for lead in deliverable["leads"]}
    for lead in row.leads:
        if (lead.partnership, lead.text) not in known:
            deliverable["leads"].append({"partnership": lead.partnership, "text": lead.text})
    if row.lead_text:
        deliverable["lead_text"] = _joined(deliverable["lead_text"], row.lead_text)


def _texts(parts):
    return [part.text for part in parts]


def _add_new(found, texts):
    found += [text for text in texts if text not in found]


def _joined(one, two):
    return "\n".join(filter(None, [one, two])) or None
