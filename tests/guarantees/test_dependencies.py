"""T19: what we build on is pinned, listed, new enough, and compared with the published lists of faults."""

import json
from datetime import date, timedelta
from pathlib import Path

import jsonschema
import pytest
from django.conf import settings

from partnership.bill_of_materials import bill, npm_packages, python_packages
from tests.audit import KEPT, NotCompared, as_kept
from tests.guarantees.figures import real_time, record

DAYS_TO_MEND = 14
# A fault that cannot reach us, by its id, and why.
EXPLAINED = {}
# No older version than this: its faults are ones that our use of it would open.
AT_LEAST = {
    "django": ((5, 2, 19), "the series with long support, at the version that was newest when it was locked"),
    "weasyprint": ((70, 0), "before it, a style sheet could fetch what the fetcher forbids"),
    "gunicorn": ((22, 0), "before it, two readers of one request could disagree where it ends"),
    "pillow": ((10, 3), "before it, a picture could write beyond its place in memory"),
    "lxml": ((4, 9, 1), "before it, a document could read through a null pointer"),
    "cryptography": ((42, 0, 4), "before it, a damaged key file could end the process"),
    "urllib3": ((2, 2, 2), "before it, a redirect took a proxy's password along"),
    "requests": ((2, 32), "before it, a session that once did not verify never did again"),
    "sqlparse": ((0, 5), "before it, a nested list could end the process"),
}


def read(name):
    return Path(settings.BASE_DIR, name).read_text()


def numbers(version):
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def locked(name="requirements-dev.txt"):
    return dict(python_packages(read(name)))


def too_old(packages):
    return {
        name: packages[name]
        for name, (least, _why) in AT_LEAST.items()
        if name in packages and numbers(packages[name]) < least
    }


def test_nothing_is_older_than_it_may_be():
    assert too_old(locked()) == {}
    assert numbers(locked()["django"])[:2] == (5, 2)
    assert too_old({"weasyprint": "69.2", "django": "5.2.19"}) == {"weasyprint": "69.2"}
    packages, pictures = len(locked("requirements.txt")), len(npm_packages(read("package-lock.json")))
    record("T19", f"{packages} packages of production and {pictures} of the style sheet pinned by hash")


# The lists of faults


def faults_too_long(kept, packages, *, on):
    """Faults of locked versions that were seen more than 14 days ago and that nothing explains."""
    return [
        f"{each['package']} {each['version']}: {each['id']}"
        for each in kept["found"]
        if packages.get(each["package"]) == each["version"]
        and each["id"] not in EXPLAINED
        and on - date.fromisoformat(each["seen_on"]) > timedelta(days=DAYS_TO_MEND)
    ]


def test_no_known_fault_stays_longer_than_14_days():
    if not KEPT.exists():
        pytest.skip("the published lists of faults have not been read yet: ./run audit")
    kept = json.loads(KEPT.read_text())
    packages = locked()
    assert faults_too_long(kept, packages, on=real_time().date()) == []
    compared = [name for name, version in packages.items() if kept["packages"].get(name) == version]
    day, known = date.fromisoformat(kept["read_on"]), len(kept["found"])
    record(
        "T19", f"{len(compared)} of {len(packages)} compared with the lists of {day:%-d %B %Y}: {known} known faults"
    )
    if len(compared) < len(packages):
        pytest.skip(f"{len(packages) - len(compared)} packages are newer than the lists that were read: ./run audit")


ANSWER = {
    "dependencies": [
        {"name": "django", "version": "5.2.1", "vulns": [{"id": "PYSEC-1", "aliases": [], "fix_versions": ["5.2.2"]}]},
        {"name": "rules", "version": "3.5", "vulns": []},
    ]
}


def test_a_fault_may_stay_for_14_days_from_when_it_was_first_seen():
    first = as_kept(ANSWER, on=date(2027, 1, 1), before=None)
    again = as_kept(ANSWER, on=date(2027, 1, 10), before=first)
    assert again["found"][0]["seen_on"] == "2027-01-01"
    packages = {"django": "5.2.1", "rules": "3.5"}
    assert faults_too_long(again, packages, on=date(2027, 1, 15)) == []
    assert faults_too_long(again, packages, on=date(2027, 1, 16)) == ["django 5.2.1: PYSEC-1"]
    assert faults_too_long(again, packages | {"django": "5.2.2"}, on=date(2027, 1, 16)) == []


def test_lists_that_did_not_answer_for_a_package_are_not_kept():
    answer = {"dependencies": [*ANSWER["dependencies"], {"name": "nh3", "skip_reason": "not found"}]}
    with pytest.raises(NotCompared, match="nh3"):
        as_kept(answer, on=date(2027, 1, 1), before=None)


# The bill of materials

SCHEMA = {
    "type": "object",
    "required": ["bomFormat", "specVersion", "serialNumber", "version", "metadata", "components"],
    "properties": {
        "bomFormat": {"const": "CycloneDX"},
        "specVersion": {"const": "1.6"},
        "serialNumber": {"pattern": "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},
        "components": {
            "uniqueItems": True,
            "items": {
                "required": ["type", "name", "version", "purl", "bom-ref"],
                "properties": {
                    "type": {"const": "library"},
                    "purl": {"pattern": r"^pkg:(pypi|npm)/[%@A-Za-z0-9._/-]+@[^@]+$"},
                    "scope": {"enum": ["required", "excluded"]},
                    "hashes": {"items": {"properties": {"content": {"pattern": "^[0-9a-f]{128}$"}}}},
                },
            },
        },
    },
}


def test_the_bill_of_materials_lists_all_that_is_locked_and_nothing_else():
    made = bill(read("requirements.txt"), read("package-lock.json"), {"name": "planner", "version": "1"})
    jsonschema.validate(made, SCHEMA)
    listed = {each["purl"] for each in made["components"]}
    assert {f"pkg:pypi/{name}@{version}" for name, version in locked("requirements.txt").items()} <= listed
    assert len(listed) == len(locked("requirements.txt")) + len(npm_packages(read("package-lock.json")))
    assert made == bill(read("requirements.txt"), read("package-lock.json"), {"name": "planner", "version": "1"})
