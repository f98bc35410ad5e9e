"""Making the PDF and the Word file of a quarter's report: a worker claims it and keeps both."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from assurance.models import QuarterlyBuild, QuarterlyReport
from assurance.printed import content_hash
from assurance.quarterly.content import content_of
from assurance.quarterly.paper import make_pdf
from assurance.quarterly.word import make_word
from assurance.quarterly.writing import gather
from partnership.builds import Pages, run_claimed
from partnership.replica_reading import caught_up

PAGES_OF_AN_OUTCOME = 0.7


@transaction.atomic
def request_build(report, *, by, on):
    """Ask for the files of ``report``; those under way are the answer. What was withdrawn at its source goes first."""
    QuarterlyReport.objects.select_for_update(of=["self"], no_key=True).get(pk=report.pk)
    under_way = report.builds.under_way().first()
    if under_way:
        return under_way
    gather(report, on=on)
    return report.builds.create(requested_by=by, step="Waiting for a worker")


def run_build(build_id):
    """Make the files of a build that waits; of any other nothing. Gives whether this call made them."""
    return run_claimed(QuarterlyBuild, build_id, make)


def asked_on(build_id):
    """The day by which the report is dated: that on which its files were asked for."""
    return timezone.localdate(QuarterlyBuild.objects.values_list("requested_at", flat=True).get(pk=build_id))


def make(claim):
    report = QuarterlyReport.objects.select_related("round__plan").get(builds=claim.build_id)
    claim.say("Putting the report together")
    content = caught_up(partial(content_of, report, on=asked_on(claim.build_id)))
    count = sum(len(priority["outcomes"]) for priority in content["priorities"])
    claim.say(f"Setting {count} outcome{'' if count == 1 else 's'}", 0, count)
    word = make_word(content)
    pdf = make_pdf(content, on_progress=Pages(claim, 3 + round(PAGES_OF_AN_OUTCOME * count)))
    claim.keep(pdf, word=word, word_size=len(word), content=content, content_hash=content_hash(content))
