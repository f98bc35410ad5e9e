"""Making the PDF and the Word file of a cover report: a worker claims it and keeps both."""

from django.utils import timezone

from assurance.annual.cover import cover_content
from assurance.annual.cover_pdf import make_pdf
from assurance.annual.cover_word import make_word
from assurance.models import CoverBuild, CoverReport
from partnership.builds import Pages, run_claimed

PAGES_EXPECTED = 4


def run_cover_build(build_id):
    """Make the files of a build that waits; of any other nothing. Gives whether this call made them."""
    return run_claimed(CoverBuild, build_id, make)


def make(claim):
    cover = CoverReport.objects.select_related("consultation__report").get(builds=claim.build_id)
    asked_at = CoverBuild.objects.values_list("requested_at", flat=True).get(pk=claim.build_id)
    claim.say("Putting the cover report together")
    content = cover_content(cover, on=timezone.localdate(asked_at))
    word = make_word(content)
    pdf = make_pdf(content, on_progress=Pages(claim, PAGES_EXPECTED))
    claim.keep(pdf, word=word, word_size=len(word))
