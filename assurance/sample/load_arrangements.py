"""Rows of the published arrangements, and of disputes, in which only those involved can see anything."""

from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import format_html, format_html_join

from assurance.sample import arrangements as content
from assurance.sample.dates import say
from partnership.arrangements import (
    ask_for_endorsement,
    endorse,
    publish_arrangements,
    start_version,
    statutory_partners,
    write_arrangements,
)
from partnership.models import Arrangements, ArrangementsChange, Dispute, DisputeStage, DisputeStep, PostHolding
from partnership.pdf import render_pdf
from partnership.working_days import add_working_days

FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"
FONT_NAMES = (
    "source-sans-3-latin-400-normal.woff2",
    "source-sans-3-latin-600-normal.woff2",
    "source-serif-4-latin-600-normal.woff2",
)


def load_arrangements(cast):
    """First versions as drafts (their PDFs are made later), the way disputes are settled, three disputes."""
    for partnership in cast.both:
        DisputeStep.objects.bulk_create(
            DisputeStep(partnership=partnership, position=position, name=name, who=who, working_days=days)
            for position, (name, who, days) in enumerate(content.STEPS, start=1)
        )
        Arrangements.objects.create(
            partnership=partnership,
            version=1,
            title=content.TITLE,
            summary=content.SUMMARY[partnership.short_name],
            in_force_from=cast.calendar.day(content.IN_FORCE),
            review_on=cast.calendar.day(content.REVIEWED),
        )
    for row in content.DISPUTES:
        load_dispute(cast, row)


def load_dispute(cast, row):
    day = cast.calendar.day
    dispute = Dispute.objects.create(
        partnership=cast.partnerships[row.of],
        ref=row.ref,
        title=row.title,
        about=row.about,
        raised_by=cast.agencies[row.raised_by],
        raised_on=day(row.raised),
        advice=row.advice,
        advice_by=row.advice_by,
        advice_on=day_or_none(cast, row.advised),
        advice_answer=row.response,
        advice_answered_on=day_or_none(cast, row.responded),
        outcome=row.outcome,
        settled_on=day_or_none(cast, row.settled),
        learned=row.learned,
    )
    dispute.raised_with.set([cast.agencies[name] for name in row.raised_with])
    dispute.people.set([cast.posts[key] for key in row.people])
    DisputeStage.objects.bulk_create(
        DisputeStage(
            dispute=dispute,
            position=position,
            name=name,
            begun_on=day(stage.begun),
            answer_due_on=add_working_days(day(stage.begun), days) if stage.due is None else day(stage.due),
            due_reason=stage.due_reason,
            answered_on=day_or_none(cast, stage.answered),
            answer=stage.answer,
            owed_by=cast.posts[stage.owed_by],
        )
        for position, (stage, (name, _who, days)) in enumerate(zip(row.stages, content.STEPS, strict=False), start=1)
    )


def day_or_none(cast, offset):
    return None if offset is None else cast.calendar.day(offset)


# With their PDFs


def publish_first_arrangements(cast):
    """Publish both first versions; Ashford Vale's second waits for the last of its three partners.

    Raises PdfProblem where this machine cannot make PDFs; the first versions then stay drafts.
    """
    published_on = cast.calendar.day(content.PUBLISHED)
    for version in Arrangements.objects.filter(partnership__in=cast.both, version=1):
        send(cast, version)
        for organisation in statutory_partners(version.partnership_id, on=cast.calendar.today):
            sign(cast, version, organisation, on=published_on)
        publish_arrangements(
            version,
            without="",
            by=cast.holders["manager"],
            at=cast.calendar.moment(published_on),
            on=cast.calendar.today,
        )
    start_second_version(cast)


def start_second_version(cast):
    version, _is_new = start_version(cast.partnerships["AV"])
    version.summary = content.NEXT_SUMMARY
    version.in_force_from = cast.calendar.day(content.NEXT_IN_FORCE)
    version.review_on = cast.calendar.day(content.NEXT_REVIEWED)
    ArrangementsChange.objects.bulk_create(
        ArrangementsChange(
            arrangements=version, position=position, what=what, reason=reason, timescale=cast.calendar.words(when)
        )
        for position, (what, reason, when) in enumerate(content.CHANGES, start=1)
    )
    send(cast, version)
    for organisation, offset in ((cast.agencies[content.ICB], -9), (cast.agencies[content.POLICE], -4)):
        sign(cast, version, organisation, on=cast.calendar.day(offset))


def send(cast, version):
    """Give it its document and ask the safeguarding partners."""
    upload = SimpleUploadedFile(f"arrangements-{version.version}.pdf", document_of(version).content)
    write_arrangements(version, upload=upload, by=cast.holders["manager"])
    ask_for_endorsement(version)


def sign(cast, version, organisation, *, on):
    """Whoever leads the organisation endorses it on a day."""
    holding = PostHolding.objects.current(on=cast.calendar.today).get(
        post__organisation=organisation, post__duty="lead-partner"
    )
    endorse(
        version,
        organisation=organisation,
        name=holding.user.name,
        post_title=holding.post.title,
        endorsed_on=on,
        by=holding.user,
        on=cast.calendar.today,
    )


def document_of(version):
    """A short document as a tagged PDF."""
    partnership = version.partnership
    partners = [partner.name for partner in statutory_partners(partnership.pk, on=version.in_force_from)]
    names = {"partners": f"{', '.join(partners[:-1])} and {partners[-1]}", "area": partnership.areas.first().name}
    sections = format_html_join(
        "\n",
        "<h2>{}</h2>{}",
        (
            (heading, format_html_join("", "<p>{}</p>", ((words.format(**names),) for words in paragraphs)))
            for heading, *paragraphs in content.DOCUMENT
        ),
    )
    changes = format_html_join(
        "",
        '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>',
        version.changes.values_list("what", "reason", "timescale"),
    )
    if changes:
        changes = format_html(
            '<h2>What this version changes</h2><table><tr><th scope="col">What</th><th scope="col">Why</th>'
            '<th scope="col">By when</th></tr>{}</table>',
            changes,
        )
    html = format_html(
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{title}, {name}</title>'
        '<link rel="stylesheet" href="style.css"></head><body><div class="cover"><p>{name}</p><h1>{title}</h1>'
        "<p>Version {version}, in force from {day}</p></div>{sections}{changes}</body></html>",
        title=version.title,
        name=partnership.name,
        version=version.version,
        day=say(version.in_force_from),
        sections=sections,
        changes=changes,
    )
    fonts = {f"fonts/{name}": (FONTS / name).read_bytes() for name in FONT_NAMES}
    style = content.STYLE.replace("HOUSE", partnership.house_colour).encode()
    return render_pdf(str(html), assets={"style.css": style, **fonts})
