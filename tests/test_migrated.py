"""The database that the tests copy is made again where it would come out another, and only there."""

import pytest

from tests import migrated


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one migration, which imports what imports more."""
    for name, words in {
        "requirements-dev.txt": "django==5.2",
        "plans/migrations/0001_initial.py": "from django.db import migrations\nfrom plans.loading import load",
        "plans/loading.py": "import plans.words",
        "plans/words.py": "WORDS = 1",
        "plans/views.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(words)
    monkeypatch.setattr(migrated, "PROJECT", tmp_path)
    monkeypatch.setattr(migrated.embedded, "__file__", str(tmp_path / "plans" / "words.py"))
    return tmp_path


def changes(project, name):
    before = migrated.fingerprint()
    (project / name).write_text("WORDS = 2")
    return migrated.fingerprint() != before


@pytest.mark.parametrize(
    "name",
    [
        "plans/migrations/0001_initial.py",
        "plans/migrations/0002_more.py",
        "plans/loading.py",
        "plans/words.py",
        "requirements-dev.txt",
    ],
)
def test_a_migration_what_it_imports_or_a_package_makes_another(project, name):
    assert changes(project, name)


def test_nothing_else_does(project):
    assert not changes(project, "plans/views.py")


def test_ours_are_found():
    found = {str(path.relative_to(migrated.PROJECT)) for path in migrated.reached_from(migrated.migrations())}
    assert {"partnership/migrations/0001_initial.py", "partnership/statutory.py", "assurance/usual.py"} <= found
