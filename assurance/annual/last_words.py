"""What the last published report said under the same heading."""

from assurance.models import AnnualReport, ReportSection
from assurance.printed import as_objects


def report_before(report):
    """The newest edition of the report before, published, of any of the same partnerships, or None."""
    own = AnnualReport.objects.filter(partnerships__in=report.partnership_ids).values("pk")
    return (
        AnnualReport.objects.published()
        .filter(pk__in=own, ends_on__lt=report.ends_on)
        .select_related("published_file")
        .defer("published_file__content")
        .order_by("-ends_on", "-edition")
        .first()
    )


def last_words(section):
    """``(its report, what was printed there)`` of the same heading in the report before, or None.

    The same by its rule, else by its title; the words are those of the published file. Two queries.
    """
    before = report_before(section.report)
    if before is None:
        return None
    titles = {section.title}
    if section.rule_id:
        code = section.rule.code
        titles |= set(
            ReportSection.objects.filter(report=before, rule__code=code)
            .exclude(title="")
            .values_list("title", flat=True)
        )
    printed = before.published_file.manifest.get("sections", [])
    found = next((each for each in printed if each["title"] in titles and each.get("paragraphs")), None)
    return (before, as_objects(found)) if found else None


def last_foreword(report):
    """``(its report, paragraphs)`` of the foreword before, or None."""
    before = report_before(report)
    words = before.published_file.manifest.get("foreword", {}).get("paragraphs") if before else None
    return (before, as_objects({"standfirst": "", "paragraphs": words})) if words else None
