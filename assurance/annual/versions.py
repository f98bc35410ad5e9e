"""Versions of a report: its finished proofs, and what each was used for. What differs: ``annual.comparing``."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch

from assurance.annual.content import content_of
from assurance.models import ReportBuild, ReportConsultation, SignOff
from assurance.printed import content_hash

NOW = "now"  # the words as they are, beside the numbers of versions
LONG = ["pdf", "content", "word", "summary"]


def is_up_to_date(build):
    """Whether the report would print the same today as when the proof ``build`` was made."""
    if not build.content:
        return False
    made_on = date.fromisoformat(build.content["dated_on"])
    return content_hash(content_of(build.report, on=made_on)) == build.content_hash


# The list


@dataclass(frozen=True)
class Version:
    """A finished proof, what it was used for (sentences) and the number of the one before it (or None)."""

    build: ReportBuild
    uses: list
    earlier: int | None

    @property
    def is_kept(self):
        """Whether something rests on it: only what was a proof and nothing else may be cleaned up."""
        return bool(self.uses)


def versions_of(report):
    """The Versions of a report, the newest first."""
    sign_offs = SignOff.objects.prefetch_related("signatures")
    builds = (
        report.builds.done()
        .exclude(number=None)
        .defer(*LONG)
        .select_related("requested_by")
        .prefetch_related(
            Prefetch("consultations", ReportConsultation.objects.order_by("opens_on", "pk")),
            Prefetch("sign_offs", sign_offs.order_by("asked_at", "pk")),
        )
        .order_by("-number")
    )
    found = list(builds)
    published = report.published_file.manifest.get("version") if report.is_published else None
    numbers = [build.number for build in found]
    return [
        Version(
            build,
            uses_of(build, is_published=build.number == published),
            max((number for number in numbers if number < build.number), default=None),
        )
        for build in found
    ]


def uses_of(build, *, is_published):
    """For what it was used, a sentence and an address each, the oldest first."""
    uses = [(f"Draft for comment: {each.name}", each.get_absolute_url()) for each in build.consultations.all()]
    for each in build.sign_offs.all():
        signed = sum(signature.decision == signature.Decision.SIGNED for signature in each.signatures.all())
        words = f"Put before the lead partners, signed by {signed}"
        uses.append((f"{words}, then withdrawn" if each.withdrawn_at else words, each.get_absolute_url()))
    if is_published:
        uses.append(("Published", build.report.get_absolute_url()))
    return uses


def removable(report):
    """Proofs of a report on which nothing rests, so that they may be cleaned up: never the newest."""
    newest = report.builds.done().exclude(number=None).order_by("-number").values_list("number", flat=True).first()
    published = report.published_file.manifest.get("version") if report.is_published else None
    used = [Exists(model.objects.filter(build=OuterRef("pk"))) for model in (ReportConsultation, SignOff)]
    return report.builds.done().exclude(used[0] | used[1]).exclude(number__in=[newest, published])


def content_at(report, code, *, on):
    """What ``code`` prints: the number of a version, or NOW. None where there is no such version."""
    if code == NOW:
        return report.published_file.manifest if report.is_published else content_of(report, on=on)
    builds = report.builds.done().filter(number=code) if str(code).isdecimal() and len(str(code)) < 6 else ()
    build = next(iter(builds), None)
    return build.content if build else None
