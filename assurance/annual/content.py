"""All that an annual report prints, as plain data: text, numbers, lists.

``content_of`` is the one place where the report is put together. The PDF and the web page are two
templates over what it gives; a proof keeps it, publishing freezes it, and its hash says whether
anything has changed since. Every date in it is already words.
"""

import string

from django.utils.functional import cached_property

from assurance.annual.annexes import attendance, maps_of, next_steps, public_groups, structure
from assurance.annual.charts import ratings_chart
from assurance.annual.figures import Figures, resolve, used_figures
from assurance.annual.parts import consultation_of, own_section, parts_of
from assurance.annual.pieces import (
    checked,
    evidence_of,
    figure,
    finding_of_ratings,
    in_parts,
    long_date,
    number_subsections,
    parts_of_a_page,
    plan_row,
    quote_of,
    room_for_source,
    signers,
    source_of,
)
from assurance.annual.section_blocks import BLOCKS, last_review
from assurance.annual.standstill import code_of
from assurance.annual.words import WORDS_WE_USE
from assurance.annual.year import Year
from assurance.models import ReportEvidence
from assurance.printed import paragraphs, rating_of
from partnership.frame import joined_names
from partnership.house_style import house_colours, name_lines
from plans.table import read_table

MOST_DRAWN = 6  # priorities whose ratings fill the page of the year as a figure with its table
# How much of a kind stands together without a break: a table is shorter than a page.
EVIDENCE_TOGETHER = 5


def content_of(report, *, on):
    """The whole report, dated ``on``."""
    return Contents(report, on).whole()


class Contents:
    """One report being put together. Tables and figures are numbered as they come."""

    def __init__(self, report, on):
        self.report = report
        self.on = on
        self.year = Year.of(report)
        self.partnerships = list(report.partnerships.all())
        self.plans = list(self.year.plans())
        self.rounds = list(self.year.rounds())
        self.updates = list(self.year.updates())
        self.reviews = list(self.year.decided_reviews())
        self.tables = [self._table_of(plan) for plan in self.plans]
        self.figure_count = self.table_count = 0
        self.live = Figures(self.year)

    def whole(self):
        """Everything, and last which live figures its words used."""
        return self._printed() | {"used_figures": used_figures(self.live)}

    def said(self, text):
        """``text`` with its live figures as they stand."""
        return resolve(text, self.live)

    def _printed(self):
        report, first = self.report, self.partnerships[0]
        name = joined_names([partnership.name for partnership in self.partnerships])
        return {
            "title": "Annual report",
            "years": report.years,
            "period": f"{long_date(report.starts_on)} to {long_date(report.ends_on)}",
            "edition": report.edition,
            "changes": paragraphs(report.changes),
            "dated": long_date(self.on),
            "dated_on": self.on.isoformat(),
            "name": name,
            "name_lines": name_lines(name),
            "bodies": [organisation.name for organisation in self.year.statutory_partners()],
            "house": house_colours(first.house_colour),
            "office": {"email": first.office_email, "phone": first.office_phone},
            "rule_set": {"title": report.rule_set.title, "note": report.rule_set.note},
            "round_count": len({(each.starts_on, each.ends_on) for each in self.rounds}),
            "in_short": paragraphs(self.said(report.in_short)),
            "foreword": {"paragraphs": paragraphs(self.said(report.foreword)), "signed": signers(report.foreword_by)},
            "figures": self.key_figures(),
            "rating_charts": [self.ratings_of(plan) for plan in self.plans if self._rounds_of(plan)],
            "keys": [self.key_of(plan) for plan in self._plans_with_own_key()],
            "sections": self.sections(),
            "plans": [self.plan_tables(table, plan) for plan, table in zip(self.plans, self.tables, strict=True)],
            **self.appendices(),
            "words": [{"term": term, "meaning": meaning} for term, meaning in WORDS_WE_USE],
            "next": next_steps(self.year),
        }

    # What is read once

    def _table_of(self, plan):
        return read_table(plan, on=self.report.ends_on, rounds=self._rounds_of(plan), is_public=True)

    def _rounds_of(self, plan):
        return [each for each in self.rounds if each.plan_id == plan.pk]

    def _plans_with_own_key(self):
        return reversed({plan.rating_key_id: plan for plan in reversed(self.plans)}.values())

    def _sections(self):
        return self.report.sections.select_related("rule__rule_set").prefetch_related("evidence")

    def next_table(self):
        self.table_count += 1
        return self.table_count

    def next_figure(self):
        self.figure_count += 1
        return self.figure_count

    # The year on one page

    def key_figures(self):
        now, then = self.year.figures(), self.year.before().figures()
        return [
            figure(
                now["deliverables_with_difference"],
                now["deliverables"],
                "deliverables whose leads say what difference they made",
                then["deliverables_with_difference"] if then["deliverables"] else None,
            ),
            figure(
                now["people_heard"],
                None,
                "children, adults and family members heard",
                then["people_heard"] or None,
            ),
            figure(
                now["places_attended"],
                now["places_booked"],
                "training places taken up, of those booked",
                then["places_attended"] if then["places_booked"] else None,
            ),
            figure(
                now["returns_submitted"],
                now["returns_asked"],
                "assurance returns answered by organisations",
                then["returns_submitted"] if then["returns_asked"] else None,
            ),
        ]

    def ratings_of(self, plan):
        """A plan's decided ratings, round by round: as a figure with its table, where they are many as a table alone.

        One plan with its figure, table and key fills the page; of two the tables do.
        """
        table = self.tables[self.plans.index(plan)]
        rounds = [
            {"months": each.short_name, "year": str(each.ends_on.year), "name": each.name}
            for each in self._rounds_of(plan)
        ]
        priorities = [
            {
                "heading": priority.heading,
                "ratings": [rating_of(point.rating) for point in priority.strip],
            }
            for priority in table.priorities
        ]
        finding = finding_of_ratings(priorities)
        is_drawn = self.are_ratings_drawn
        return {
            "figure": self.next_figure() if is_drawn else None,
            "table": self.next_table(),
            "plan": plan.title,
            "finding": finding,
            "rounds": rounds,
            "priorities": priorities,
            "drawing": ratings_chart(priorities, rounds, finding=finding) if is_drawn else None,
        }

    @cached_property
    def are_ratings_drawn(self):
        shown = [table for plan, table in zip(self.plans, self.tables, strict=True) if self._rounds_of(plan)]
        return len(shown) < 2 and all(len(table.priorities) <= MOST_DRAWN for table in shown)

    def key_of(self, plan):
        """What a plan's ratings mean: as a table beside a figure, else as a list."""
        return {
            "table": self.next_table() if self.are_ratings_drawn else None,
            "plan": plan.title,
            "ratings": [rating_of(rating) for rating in plan.ratings],
        }

    # The sections

    def sections(self):
        """Those of the report, each with what others wrote under its heading; then what has no heading of its own."""
        rows = list(self._sections())
        held, others = {}, []
        for codes, opening, block in parts_of(self.report):
            holder = next((each.pk for each in rows if each.rule and each.rule.code in codes), None)
            if holder:
                held.setdefault(holder, []).append(block)
            else:
                others.append((opening, block))
        consultation = consultation_of(self.report)
        shown = [self.section(section, *held.get(section.pk, [])) for section in rows]
        last = max((section.position for section in rows), default=0)
        for number, (opening, block) in enumerate(others + [consultation] * bool(consultation), start=last + 1):
            shown.append(self.finished(own_section(number, *opening, block)))
        return shown

    def finished(self, shown):
        """``shown`` with its tables and subsections numbered, and with room for its source."""
        for block in shown["blocks"]:
            if block["kind"] == "consultation":
                block["table"] = self.next_table()
        number_subsections(shown)
        return shown | {"source_room": room_for_source(shown)}

    def section(self, section, *parts):
        """One heading with its narrative, figures and evidence; ``parts`` are blocks that others wrote."""
        rule = section.rule
        number = str(section.position)
        blocks = BLOCKS.get(code_of(section), [])
        evidence = section.evidence.all()
        shown = {
            "number": number,
            "anchor": f"s{number}",
            "title": section.title,
            "source": source_of(rule),
            "is_required": rule is not None and not rule.rule_set.is_own,
            "standfirst": self.said(section.standfirst),
            "paragraphs": paragraphs(self.said(section.narrative)),
            "blocks": [*[block for make in blocks for block in make(self)], *parts],
            "quotes": [quote_of(each) for each in evidence if each.use == ReportEvidence.Use.QUOTED],
            "evidence": in_parts(
                [evidence_of(each) for each in evidence if each.use == ReportEvidence.Use.ACCEPTED], EVIDENCE_TOGETHER
            ),
        }
        return self.finished(shown)

    # Appendices

    def appendices(self):
        """Rules, members, groups and attendance, with the letter of each that there is."""
        groups = public_groups(self.year)
        maps = maps_of(groups, self.year)
        found = attendance(groups, maps)
        shown = {"rules": self.rules()}  # their tables are numbered as they stand
        if groups:
            shown["structure"] = {"table": self.next_table(), "rows": structure(groups, maps)}
        shown["members"] = self.members()
        if found["rows"]:
            shown["attendance"] = {"table": self.next_table(), **found}
        there_are = [
            *(["plan"] if self.plans else []),
            "rules",
            *(["structure"] if groups else []),
            "members",
            *(["attendance"] if found["rows"] else []),
            "words",
        ]
        return shown | {"letters": dict(zip(there_are, string.ascii_uppercase, strict=False))}

    def plan_tables(self, table, plan):
        """A plan as tables short enough for a page each, a priority never in one table with another."""
        last = {update.deliverable_id: update for update in self.updates}
        shown = []
        for priority in table.priorities:
            rows = [plan_row(deliverable, last.get(deliverable.pk)) for deliverable in priority.deliverables]
            review = last_review(self, priority.pk)
            for place, part in enumerate(parts_of_a_page(rows)):
                shown.append(
                    {
                        "heading": priority.heading,
                        "is_continued": place > 0,
                        "outcomes": priority.outcomes if place == 0 else [],
                        "rating": rating_of(review.decided_rating) if review else None,
                        "rated": review.round.name if review else "",
                        "rows": part,
                    }
                )
        return {"title": plan.title, "tables": shown}

    def rules(self):
        """The rules behind the headings, as they stood."""
        rules = [section.rule for section in self._sections() if section.rule]
        return {
            "table": self.next_table(),
            "rows": [{"title": rule.title, "source": rule.source, "checked": checked(rule)} for rule in rules],
        }

    def members(self):
        """Organisations with the partnerships and roles in which they were members at the year's end."""
        short_names = len(self.partnerships) > 1
        rows = {}
        for membership in self.year.memberships():
            roles = rows.setdefault(membership.organisation.name, {})
            roles.setdefault(membership.get_role_display(), []).append(membership.partnership.short_name)
        found = [
            {
                "name": name,
                "roles": "; ".join(
                    f"{role} ({' and '.join(where)})" if short_names else role for role, where in roles.items()
                ),
            }
            for name, roles in rows.items()
        ]
        return {
            "table": self.next_table(),
            "parts": [found] if found else [],
        }
