"""What people put right in a staged import before the yes: each step is kept, by whom, and can be undone.

Every command locks the import, so that two people who correct at once take turns, and a yes never comes
between. Nothing is made in the plan's own tables here.
"""

from django.db import transaction

from plans.corrections import CELLS, PLAN, Draft, Gone, anchor_of, kind_of
from plans.models import ImportCorrection, PlanImport

What = ImportCorrection.What


class AlreadyMade(Exception):
    """The yes was given meanwhile: what is to be changed now is the plan."""


def draft_of(staged):
    """The draft as it stands, with all that was put right in it. One query."""
    return Draft(staged.understood, staged.corrections.standing().order_by("number").select_related("made_by"))


def lock(staged):
    """Let nobody else correct or confirm ``staged`` until this transaction ends. Raises AlreadyMade."""
    fresh = PlanImport.objects.select_for_update().only("plan").get(pk=staged.pk)
    if fresh.plan_id:
        raise AlreadyMade


@transaction.atomic
def correct_cell(staged, row, cell, values, *, by, at):
    """Put ``values`` in a cell. Raises plans.corrections.Gone where the row was taken out."""
    lock(staged)
    draft = draft_of(staged)
    draft.row(row)
    before = words_in(draft, staged, row, cell)
    if cell == "whose":
        values = values | {"before": sorted(staged.partnership_ids)}
        staged.partnerships.set(values["partnerships"])
    else:
        draft.write(row, cell, values)
    step = _keep(staged, What.CELL, row, cell, values, place=place_of(draft, row, cell), by=by, at=at, before=before)
    step.after = words_in(draft, staged, row, cell)
    step.save(update_fields=["after"])
    return step


@transaction.atomic
def find_right(staged, row, cell, *, by, at):
    """Somebody has looked at a doubted cell and it is right. A second time changes nothing."""
    lock(staged)
    draft = draft_of(staged)
    draft.row(row)
    doubted = [doubt for doubt in draft.left if (doubt.row, doubt.cell) == (row, cell)]
    if doubted:
        before = " ".join(doubt.says for doubt in doubted)
        _keep(staged, What.RIGHT, row, cell, {}, place=place_of(draft, row, cell), by=by, at=at, before=before)
    return bool(doubted)


@transaction.atomic
def take_out(staged, row, *, by, at):
    """Leave a row out of the plan that is to be made, with all below it."""
    lock(staged)
    draft = draft_of(staged)
    before = "\n".join(words_below(draft, row))
    _keep(staged, What.OUT, row, "", {}, place=draft.name(row), by=by, at=at, before=before)


@transaction.atomic
def move_activity(staged, row, *, up, by, at):
    """To the end of the deliverable above, or the beginning of the one below. False where there is none."""
    lock(staged)
    draft = draft_of(staged)
    draft.row(row)
    goes_to = draft.beside(row, by=-1 if up else 1)
    if goes_to is None:
        return False
    place, before = draft.name(row), draft.name(draft.parent(row))
    values = {"by": -1 if up else 1}
    _keep(
        staged, What.MOVE, row, "", values, place=place, by=by, at=at, before=before, after=draft.name(goes_to["key"])
    )
    return True


@transaction.atomic
def split_activity(staged, row, values, *, by, at):
    """Two activities of one. ``values``: ``first_text``, ``first_timescale``, ``second_text``, ``second_timescale``."""
    lock(staged)
    draft = draft_of(staged)
    activity = draft.row(row)
    after = "\n".join(filter(None, values.values()))
    before = "\n".join(filter(None, [activity["text"], activity["timescale_text"]]))
    _keep(staged, What.SPLIT, row, "", values, place=draft.name(row), by=by, at=at, before=before, after=after)


@transaction.atomic
def join_activities(staged, row, values, *, by, at):
    """One activity of this and the ``other`` after it. ``values``: ``text``, ``timescale`` and ``other``."""
    lock(staged)
    draft = draft_of(staged)
    both = [draft.row(row), draft.row(values["other"])]
    if draft.next(row) is not both[1]:
        raise Gone(values["other"])
    before = "\n".join(filter(None, [each[name] for each in both for name in ("text", "timescale_text")]))
    after = "\n".join(filter(None, [values["text"], values["timescale"]]))
    _keep(staged, What.JOIN, row, "", values, place=draft.name(row), by=by, at=at, before=before, after=after)


def _keep(staged, what, row, cell, values, *, place, by, at, before="", after=""):
    last = staged.corrections.order_by("-number").values_list("number", flat=True).first() or 0
    return ImportCorrection.objects.create(
        staged=staged,
        number=last + 1,
        what=what,
        row=row,
        cell=cell,
        values=values,
        place=place,
        before=before,
        after=after,
        made_by=by,
        made_at=at,
    )


# Undo


@transaction.atomic
def undo(staged, *, by, at):
    """Take back the last step of ``by``: (whether it was done, a sentence, the step or None)."""
    lock(staged)
    steps = list(staged.corrections.standing().order_by("number").select_related("made_by"))
    mine = [step for step in steps if step.made_by_id == by.pk]
    if not mine:
        return False, "There is nothing of yours to undo.", None
    last = mine[-1]
    since = next((step for step in steps if step.number > last.number and concern_same(step, last)), None)
    if since:
        return False, f"{since.made_by} has changed “{last.place}” since, so it was left as it is.", last
    last.undone_by, last.undone_at = by, at
    last.save(update_fields=["undone_by", "undone_at"])
    if last.cell == "whose" and last.what == What.CELL:
        staged.partnerships.set(last.values["before"])
    return True, f"Undone: {last.place} is as it was.", last


def concern_same(one, two):
    """Whether taking back ``two`` would change what ``one`` was about."""
    if PLAN in (one.row, two.row) or (one.cell and two.cell):
        return (one.row, one.cell) == (two.row, two.cell)
    return one.row == two.row or one.row.startswith(f"{two.row}-") or two.row.startswith(f"{one.row}-")


def undoable(steps, user):
    """The step of ``steps`` (all, in their order) that ``user`` would take back, or None."""
    mine = [step for step in steps if step.made_by_id == user.pk and step.undone_at is None]
    return mine[-1] if mine else None


# In words

CELL_NAMES = {
    "details": "title, period and version",
    "introduction": "introduction",
    "whose": "whose plan it is",
    "heading": "heading",
    "note": "what stands under the heading",
    "joint": "whom it is shared with",
    "rationale": "why it matters",
    "outcomes": "what will be different",
    "ref": "ref",
    "promise": "what is promised",
    "measures": "how we will know",
    "leads": "lead",
    "others": "other partnerships",
    "text": "what is done",
    "timescale": "timescale",
}


def place_of(draft, row, cell):
    """ "1.2 A briefing, activity a: timescale"."""
    return f"{draft.name(row)}: {CELL_NAMES[cell]}"


def anchor_of_step(step, draft):
    """Where on the page a step is to be seen; the top where its row is gone."""
    if step.row not in draft.rows:
        return ""
    cell = step.cell or {"activity": "text", "deliverable": "promise"}.get(kind_of(step.row), "heading")
    return anchor_of(step.row, cell)


def words_in(draft, staged, row, cell):
    """What stands in a cell, as lines."""
    if cell == "whose":
        return "\n".join(str(each) for each in staged.partnerships.order_by("name"))
    values = CELLS[kind_of(row), cell].read(draft.row(row))
    return "\n".join(str(value) for value in values.values() if value)


def words_below(draft, row):
    """All words of a row and those below it, so that what was taken out can be read."""
    values = draft.row(row)
    yield values.get("title") or values.get("text") or ""
    if values.get("timescale_text"):
        yield values["timescale_text"]
    for name in ("deliverables", "activities"):
        for each in values.get(name, []):
            yield from words_below(draft, each["key"])
