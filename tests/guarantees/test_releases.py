"""T19: a release can be signed and its signature checked; one that somebody else signed is refused."""

import shutil
import subprocess

import pytest

ADDRESS = "maintainer@example.org"

pytestmark = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is not installed")


@pytest.fixture
def git(tmp_path):
    """``git(*words)``: its exit status and what it said, in a repository with one commit."""
    repository = tmp_path / "repository"
    repository.mkdir()

    def git(*words):
        us = ["-c", "user.name=Maintainer", "-c", f"user.email={ADDRESS}", "-c", "gpg.format=ssh"]
        done = subprocess.run(["git", *us, *words], cwd=repository, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "First")
    return git


@pytest.fixture
def key(tmp_path):
    """``key(name)``: the file of a new key that opens without a passphrase."""

    def key(name):
        file = tmp_path / name
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(file)], check=True)
        return file

    return key


def sign(git, key, name):
    notes = key.with_name("notes.txt")
    notes.write_text("Notes of the release\n")
    status, said = git("-c", f"user.signingkey={key}.pub", "tag", "-s", name, "-F", str(notes))
    assert status == 0, said


def maintainers(key):
    """The file of those who may sign."""
    allowed = key.with_name("maintainers")
    allowed.write_text(f"{ADDRESS} {key.with_suffix('.pub').read_text()}")
    return f"gpg.ssh.allowedSignersFile={allowed}"


def test_a_signed_release_is_known_and_one_of_somebody_else_is_not(git, key):
    ours, another = key("ours"), key("another")
    sign(git, ours, "v1.0.0")
    sign(git, another, "v1.0.1")
    allowed = maintainers(ours)
    status, said = git("-c", allowed, "verify-tag", "v1.0.0")
    assert (status, f'Good "git" signature for {ADDRESS}' in said) == (0, True)
    assert git("-c", allowed, "verify-tag", "v1.0.1")[0] != 0
    git("tag", "-a", "v1.0.2", "-m", "Not signed")
    assert git("-c", allowed, "verify-tag", "v1.0.2")[0] != 0


def test_notes_that_were_changed_are_refused(git, key):
    ours = key("ours")
    sign(git, ours, "v1.0.0")
    _status, tag = git("cat-file", "tag", "v1.0.0")
    forged = key("x").with_name("forged")
    forged.write_text(tag.replace("Notes of the release", "Other notes"))
    _status, made = git("hash-object", "-t", "tag", "-w", str(forged))
    git("update-ref", "refs/tags/v1.0.0", made.strip())
    assert git("-c", maintainers(ours), "verify-tag", "v1.0.0")[0] != 0
