"""The staged draft in the shape of a plan's table, each doubt at its cell and each cell with where it is corrected."""

from django.urls import reverse

from plans.columns import USUAL_HEADINGS, columns_named
from plans.corrections import full_ref
from plans.due_words import due_words
from plans.importing import milestones_of
from plans.letters import lettered
from plans.table import ActivityRow, DeliverableRows, LeadCell, PriorityRows, arranged


class CellDoubt(str):
    """What the reader was not sure of in one cell; ``right`` is where one says that it is right."""

    def __new__(cls, words, right=""):
        doubt = super().__new__(cls, words)
        doubt.right = right
        return doubt


class StagedTable:
    """Makes the PlanTable of a Draft. ``on``: its first day, so that last year's plan has dates, not lateness."""

    def __init__(self, staged, draft, *, on):
        self.draft, self.on = draft, on
        self.doubts = {}
        for doubt in draft.left:
            self.doubts.setdefault((doubt.row, doubt.cell), []).append(doubt.says)
        cell = reverse("plans:import-cell", args=[staged.pk, "KEY", "CELL"])
        self.cells, self.right = (
            cell.removesuffix("CELL/"),
            reverse("plans:import-right", args=[staged.pk, "KEY", "CELL"]),
        )
        self.tools = reverse("plans:import-row", args=[staged.pk, "KEY"])

    def table(self):
        read = self.draft.read
        rows = [self._priority(row, is_cross_cutting=True) for row in read["cross_cutting"]]
        table = arranged(rows + [self._priority(row) for row in read["priorities"]], has_ratings=False)
        shown = {"promise", "leads", "activity", "timescale"} | self._filled(table)
        table.columns = columns_named({code: USUAL_HEADINGS[code] for code in shown})
        return table

    @staticmethod
    def _filled(table):
        rows = table.deliverables
        filled = {"ref": any(row.ref for row in rows), "others": any(row.other_partnerships for row in rows)}
        return {code for code, is_filled in filled.items() if is_filled}

    def doubt(self, row, *cells):
        """What is doubted in these cells; the first is where one says that it is right."""
        found = [cell for cell in cells if (row["key"], cell) in self.doubts]
        words = " ".join(says for cell in found for says in self.doubts[row["key"], cell])
        return CellDoubt(words, self._at(self.right, row).replace("CELL", found[0])) if found else ""

    @staticmethod
    def _at(address, row):
        return address.replace("KEY", row["key"])

    def _own(self, row):
        return {"pk": row["key"], "edit": self._at(self.cells, row), "tools": self._at(self.tools, row)}

    def _priority(self, row, *, is_cross_cutting=False):
        return PriorityRows(
            **self._own(row),
            ref=row.get("ref") or "",
            title=row["title"],
            note=row["note"],
            rationale=row["rationale"],
            joint_with=row["joint_with"],
            outcomes_heading=row["outcomes_heading"],
            outcomes=row["outcomes"],
            deliverables=[self._deliverable(each, row) for each in row["deliverables"]],
            is_cross_cutting=is_cross_cutting,
            doubt=self.doubt(row, "heading"),
            doubts={cell: self.doubt(row, cell) for cell in ("note", "rationale", "outcomes")},
        )

    def _deliverable(self, row, priority):
        return DeliverableRows(
            **self._own(row),
            ref=full_ref(row, priority),
            title=row["title"],
            description=row.get("description") or "",
            leads=[LeadCell(lead["text"], area=lead.get("partnership") or "") for lead in row["leads"]],
            other_partnerships=row["other_partnerships"],
            evidence_measures=row["evidence_measures"],
            activities=[self._activity(each, lettered(n)) for n, each in enumerate(row["activities"], start=1)],
            doubt=self.doubt(row, "promise"),
            doubts={cell: self.doubt(row, cell) for cell in ("ref", "leads", "others", "measures")},
        )

    def _activity(self, row, letter):
        milestones = [(due_on, None) for due_on, _label, _precision in milestones_of(row)]
        return ActivityRow(
            pk=row["key"],
            edit=self._at(self.cells, row),
            tools=self._at(self.tools, row),
            text=row["text"],
            timescale_text=row["timescale_text"],
            due=due_words(row["kind"], milestones, on=self.on),
            by_hand=row["by_hand"],
            letter=letter,
            lead=row.get("lead") or "",
            doubt=self.doubt(row, "timescale"),
            text_doubt=self.doubt(row, "text"),
        )
