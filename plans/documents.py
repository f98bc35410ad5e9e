"""A version as documents: asked for by a press or by publishing, made by a worker, kept as they were made.

A worker claims one (``partnership.builds``) and makes the PDF and the Word document of the version's
snapshot alone, never of the plan as it stands. Those of a published version are published in the same
transaction that says they are done, so there is one of each, whatever happens to the worker.
"""

from functools import partial
from types import SimpleNamespace

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import slugify

from partnership.builds import Pages, run_claimed
from partnership.exit_pack.papers import pdf_or_reason
from partnership.house_style import RATING_INKS, darkened, house_colours, name_lines
from partnership.models import PublishedFile
from partnership.pdf import render_pdf
from partnership.publishing import publish_file
from partnership.templatetags.components import long_date
from plans.comparing import comparison_html
from plans.models import Plan, PlanDocument, PlanVersion
from plans.plan_excel import make_workbook
from plans.plan_pdf import print_assets, print_html
from plans.plan_word import make_word
from plans.snapshots import hash_of, plan_of, table_of, take_snapshot

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

AS_IT_STANDS = "as it stands"
PLANS = "Plans as they stand"
STAGES = {
    AS_IT_STANDS: "Working copy, not a published version",
    PlanVersion.Stage.CONSULTATION: "Draft, sent out for comment",
    PlanVersion.Stage.APPROVED: "Approved, not published yet",
    PlanVersion.Stage.PUBLISHED: "Published",
}


# Asking


@transaction.atomic
def request_document(version, *, by, earlier=None):
    """Ask for ``version`` as PDF and Word; with ``earlier``, for what changed since that version, as PDF.

    One that is under way or was made already is the answer: a version never changes.
    """
    Plan.objects.select_for_update(of=["self"], no_key=True).get(pk=version.plan_id)
    asked = version.documents.filter(earlier=earlier)
    there = asked.under_way().first() or asked.done().first()
    return there or version.documents.create(earlier=earlier, requested_by=by, step="Waiting for a worker")


# Making


def run_document(document_id):
    """Make the document that waits; of any other nothing. Gives whether this call made it."""
    return run_claimed(PlanDocument, document_id, make)


def make(claim):
    document = PlanDocument.objects.select_related("version", "earlier", "requested_by").get(pk=claim.build_id)
    if document.earlier_id:
        claim.say("Comparing the two versions")
        html = comparison_html(document)
        content = content_of(document.version)
        claim.keep(render_pdf(html, assets=print_assets(content), on_progress=Pages(claim, 4)))
        return
    claim.say("Setting the table")
    content = content_of(document.version)
    pdf = make_pdf(content, claim=claim)
    claim.say("Making the Word document", pdf.page_count, pdf.page_count)
    word = make_word(content)
    finish(claim, document, pdf, word)


def pages_expected(content):
    return 5 + len(content["table"].priorities) + content["table"].activity_count // 12


def make_pdf(content, *, claim):
    pages = Pages(claim, pages_expected(content))
    return render_pdf(print_html(content), assets=print_assets(content), on_progress=pages)


@transaction.atomic
def finish(claim, document, pdf, word):
    """Keep both files, and publish them if the version is. Raises LeaseLost, and then nothing is published."""
    files = {}
    if document.version.stage == PlanVersion.Stage.PUBLISHED:
        files = publish_files(document, pdf, word, at=timezone.now())
    claim.keep(pdf, word=word, word_size=len(word), **files)


def publish_files(document, pdf, word, *, at):
    """Publish both, each as the next edition of the same file of the version before."""
    version = document.version
    plan = Plan.objects.select_for_update(of=["self"], no_key=True).get(pk=version.plan_id)
    said = {
        "partnerships": list(plan.partnerships.all()),
        "kind": PublishedFile.Kind.PLAN,
        "title": f"{version.snapshot['plan']['title']}, version {version.number}"[:200],
        "manifest": {"version": version.pk, "number": version.number, "snapshot_sha256": version.sha256},
        "by": document.requested_by,
        "at": at,
    }
    return {
        "published_pdf": publish_file(
            filename=filename_of(version, "pdf"),
            content=pdf.content,
            page_count=pdf.page_count,
            supersedes=edition_before(version, "plan_pdf"),
            **said,
        ),
        "published_word": publish_file(
            filename=filename_of(version, "docx"),
            content=word,
            content_type=WORD,
            supersedes=edition_before(version, "plan_word"),
            **said,
        ),
    }


def edition_before(version, kind):
    """The file of the last version published before this one that nothing has superseded yet."""
    earlier = {f"{kind}__version__plan": version.plan_id, f"{kind}__version__made_at__lt": version.made_at}
    files = PublishedFile.objects.without_content().filter(superseded_by=None, **earlier)
    return files.order_by(f"-{kind}__version__made_at").first()


def stem_of(title):
    """What a file about the plan of that title is called, without number and ending."""
    return slugify(title)[:70].strip("-") or "plan"


def filename_of(version, ending, *, earlier=None):
    """ "business-plan-2026-to-2027-version-1-3.pdf"."""
    title = stem_of(version.snapshot["plan"]["title"])
    number = version.number.replace(".", "-")
    since = f"-changes-since-{earlier.number.replace('.', '-')}" if earlier else ""
    return f"{title}-version-{number}{since}.{ending}"


def papers_of(partnership, *, by, at, claim):
    """(heading, file name, bytes) of each of its plans as it stands: PDF, Word and Excel."""
    for plan in Plan.objects.visible_to(by).filter(partnerships=partnership).order_by("pk"):
        claim.say(f"Setting {plan.title}"[:120])
        snapshot = take_snapshot(plan)
        version = PlanVersion(
            plan=plan,
            number=plan.version,
            stage=AS_IT_STANDS,
            snapshot=snapshot,
            sha256=hash_of(snapshot),
            made_at=at,
        )
        content = content_of(version)
        stem = f"{stem_of(plan.title)}-as-it-stands"
        yield pdf_or_reason(PLANS, stem, partial(make_pdf, content, claim=claim))
        yield PLANS, f"{stem}.docx", make_word(content)
        yield PLANS, f"{stem}.xlsx", make_workbook(snapshot, number=plan.version)


# What is in it


def content_of(version):
    """All that both documents say: values of the version and its snapshot, its table as a PlanTable."""
    snapshot = version.snapshot
    plan = plan_of(snapshot)
    partnership = version.plan.partnerships.first()
    return {
        "plan": plan,
        "period": f"{long_date(plan.starts_on)} to {long_date(plan.ends_on)}",
        "name": plan.whose,
        "name_lines": name_lines(plan.whose),
        "house": house_colours(darkened(plan.house_colour or "#5b2459")),
        "number": version.number,
        "stage": STAGES[version.stage],
        "is_published": version.stage == PlanVersion.Stage.PUBLISHED,
        "made_on": timezone.localdate(version.made_at).isoformat(),
        "day": long_date(version.made_at),
        "approved_by": version.approved_by.name if version.approved_by else "",
        "approved_on": long_date(version.approved_on),
        "reason": version.reason,
        "sha256": version.sha256,
        "office_email": partnership.office_email if partnership else "",
        "drivers": snapshot["drivers"],
        "review_dates": [
            {"day": long_date(parse_date(each["day"])), "label": each["label"]} for each in snapshot["review_dates"]
        ],
        "ratings": [rating_on_paper(place, rating) for place, rating in enumerate(snapshot["ratings"], start=1)],
        "table": printed(snapshot),
    }


def rating_on_paper(place, rating):
    fill, edge, letter = RATING_INKS.get(rating["token"], RATING_INKS["grey"])
    name = f"rating-{place}"
    return SimpleNamespace(name=name, image=f"{name}.svg", fill=fill, edge=edge, letter=letter, **rating)


def printed(snapshot):
    """The snapshot's table; its priorities and rows know beside what they print."""
    table = table_of(snapshot, on=parse_date(snapshot["plan"]["starts_on"]))
    sources = {priority["key"]: priority for priority in snapshot["priorities"]}
    return SimpleNamespace(
        columns=table.columns,
        headings=table.headings,
        column_count=table.column_count,
        activity_count=table.activity_count,
        deliverable_count=table.deliverable_count,
        priorities=[printed_priority(priority, sources[priority.pk], table.headings) for priority in table.priorities],
    )


def printed_priority(priority, source, headings):
    reasons = [f"{each['text']} ({each['source']})" if each["source"] else each["text"] for each in source["rationale"]]
    return SimpleNamespace(
        anchor=f"priority-{priority.pk}",
        ref=priority.ref,
        title=priority.title,
        heading=priority.heading,
        note=priority.note,
        joint_with=source["joint_with"],
        rationale=reasons,
        outcomes_heading=priority.outcomes_heading,
        outcomes=priority.outcomes,
        is_long=sum(map(len, [*reasons, *priority.outcomes])) > MOST_BESIDE,
        is_cross_cutting=priority.is_cross_cutting,
        blocks=[PrintedBlock(row, headings) for row in priority.deliverables],
        activity_count=sum(len(row.activities) for row in priority.deliverables),
    )


MOST_BESIDE = 1600  # letters of reasons and outcomes that may stand side by side


class PrintedBlock:
    """A deliverable with its activities. ``leads_beside``: each activity's own lead, where all have one.

    One that is tall may go over the end of a page, so none of its cells spans rows: half of such a cell
    on each page is no table to a screen reader.
    """

    def __init__(self, row, headings):
        self.row = row
        by_text = {lead.text: lead for lead in row.leads}
        own = [activity.lead for activity in row.activities]
        is_each = len(by_text) > 1 and set(own) == by_text.keys()
        self.leads_beside = [by_text[text] for text in own] if is_each else None
        self.lines = list(zip(row.activities, self.leads_beside or [None] * len(own), strict=True))
        self.has_letters = len(own) > 1
        self.is_tall = line_count(row, headings) > MOST_LINES_TOGETHER
        self.span = row.span
        self.rowspan = 1 if self.is_tall else row.span


# How many letters fit in a line of a printed cell, and how many lines are surely less than a page.
LETTERS = {"ref": 6, "promise": 36, "measures": 27, "leads": 27, "others": 18, "timescale": 22}
LETTERS_OF_ALL = 160
MOST_LINES_TOGETHER = 26


def line_count(row, headings):
    """About how many printed lines a deliverable's rows take."""
    under = [row.description, row.duty]
    beside = {"measures": row.evidence_measures, "leads": [lead.text for lead in row.leads]}
    beside["others"] = row.other_partnerships
    if "measures" not in headings:
        under.append("; ".join(row.evidence_measures))
    shared = {"promise": [row.title, *under], **beside}
    tallest = max(lines_in(texts, LETTERS[code]) for code, texts in shared.items() if code in headings)
    room = LETTERS_OF_ALL - sum(LETTERS[code] for code in headings if code != "activity")
    own = sum(
        max(lines_in([each.text], room) if "activity" in headings else 1, lines_in([each.timescale_text], 22))
        for each in row.activities
    )
    return max(tallest, own)


def lines_in(texts, letters):
    """How many lines ``texts`` take in a cell of so many letters a line; never less than one."""
    lines = [line for text in texts for line in text.splitlines()]
    return max(1, sum(-(-max(len(line), 1) // letters) for line in lines))
