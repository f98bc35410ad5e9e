"""Other people's programs: what they say is read as it comes, and where they fail their last words are told."""

import subprocess
from contextlib import contextmanager

CHUNK = 1024**2


class BackupProblem(Exception):
    """It cannot be done or went wrong; the message is for the administrator and says what to do."""


def last_words(text):
    return " ".join(text.split())[-400:] or "it ended without a word."


def ended_well(name, process, trouble):
    """Raises BackupProblem where ``process`` failed; ``trouble`` (bytes) is what it complained of."""
    if process.returncode:
        raise BackupProblem(f"{name}: {last_words(trouble.decode(errors='replace'))}")


@contextmanager
def saying(name, command, environment):
    """What ``command`` says, as a stream of bytes. Raises BackupProblem at its end if it failed."""
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with broken_off_with(process):
        yield process.stdout
    ended_well(name, process, process.communicate()[1])


@contextmanager
def broken_off_with(process):
    """Should the body fail, so does ``process``, before it takes what it has for all."""
    try:
        yield
    except BaseException:
        process.kill()
        process.communicate()
        raise
