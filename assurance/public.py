"""The reports and voices that everyone may read. Every page starts at ``.published()``."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from assurance.annual.companion_forms import languages_of
from assurance.annual.companions import published_with, with_companions
from assurance.annual.recipients import told_in_public
from assurance.models import AnnualReport, VoiceEntry
from assurance.models.timetable import year_of
from assurance.printed import as_objects
from partnership.models import Partnership
from partnership.public import find_partnership, public_page
from partnership.templatetags.components import file_facts


@login_not_required
@require_safe
def report_list(request, slug):
    partnership = find_partnership(slug)
    reports = with_companions(AnnualReport.objects.published().filter(partnerships=partnership).for_list())
    return public_page(request, partnership, "assurance/public_report_list.html", reports=reports)


@login_not_required
@require_safe
def report_page(request, slug, pk):
    """A published report as a page, with the file itself and what shows that it is the one."""
    reports = AnnualReport.objects.published().filter(
        partnerships__in=Partnership.objects.published().filter(slug=slug)
    )
    record = get_object_or_404(reports.select_related("published_file", "corrects__published_file"), pk=pk)
    partnership = find_partnership(slug)
    return public_page(
        request,
        partnership,
        "assurance/public_report.html",
        description=record.in_short
        or f"What {partnership} did in {record.years}, what difference it made, and what it has not yet put right.",
        record=record,
        file=record.published_file,
        download_words=f"Download {file_facts(record.published_file)}",
        report=as_objects(record.published_file.manifest),
        later=AnnualReport.objects.published().filter(corrects=record).first(),
        told=told_in_public(record),
        companions=languages_of(published_with(record)),
        editions=editions_of(record, partnership),
    )


def editions_of(record, partnership):
    """Every published edition of the same year, the first one first, with what each corrected."""
    same = {"partnerships": partnership, "starts_on": record.starts_on, "ends_on": record.ends_on}
    return list(AnnualReport.objects.published().filter(**same).for_list().order_by("edition"))


@login_not_required
@require_safe
def voice_page(request, slug):
    """You said, we did: one year of it, the newest unless the address asks for another, of everybody or of one kind."""
    partnership = find_partnership(slug)
    told = VoiceEntry.objects.published().answered().filter(partnerships=partnership)
    days = told.order_by("-heard_on").values_list("heard_on", flat=True)
    years = list(dict.fromkeys(year_of(day) for day in days))
    asked = request.GET.get("year", "")
    year = next((each for each in years if str(each) == asked), next(iter(years), None))
    of_year = [entry for entry in told if year_of(entry.heard_on) == year]
    kinds = [(value, VoiceEntry.People(value).label) for value in dict.fromkeys(each.people for each in of_year)]
    people = request.GET.get("people", "")
    return public_page(
        request,
        partnership,
        "assurance/public_voices.html",
        canonical_query=f"year={year}" if days and year != year_of(days[0]) else "",
        entries=[entry for entry in of_year if entry.people == people] if people in dict(kinds) else of_year,
        year=year,
        years=[(each, f"{each} to {each + 1}") for each in years],
        people=people if people in dict(kinds) else "",
        kinds=kinds,
    )
