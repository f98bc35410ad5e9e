"""The alarms of ``deployment/alerts.yml`` ring when they should and at no other time, by Prometheus's own tool."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from partnership.metrics import in_words_of_prometheus
from partnership.models import BackupRun
from partnership.operations.neighbours import BUCKET, COPY
from partnership.operations.readings import read_all
from partnership.operations.signs import signs_of
from tests.guarantees.figures import record

RULES = Path(settings.BASE_DIR, "deployment", "alerts.yml")
NAMES = re.findall(r"- alert: (\w+)", RULES.read_text())
UP = 'up{job="planner",instance="web-1"}'
BUCKETS = {
    f'planner_answer_seconds_bucket{{le="{le}"}}': rose
    for le, rose in (("0.5", 58), ("1.5", 60), ("3", 60), ("+Inf", 60))
}
# Three hours in which all is well, a number a minute: a word is Prometheus's own, "0+60x180" rises by 60 each minute.
WELL = {
    UP: "1x180",
    'planner_answers_total{status="2xx"}': "0+60x180",
    'planner_answers_total{status="5xx"}': "0x180",
    **{name: f"0+{rose}x180" for name, rose in BUCKETS.items()},
    "planner_beat_age_seconds": "30x180",
    "planner_well": "1x180",
    "planner_broker_up": "1x180",
    "planner_oldest_job_seconds": "599x180",
    "planner_mail_stopped": "0x180",
    "planner_queue_age_seconds": "1799x180",
    'planner_mails{state="held"}': "0x180",
    'planner_mails{state="refused"}': "5x180",
    "planner_backup_age_seconds": "10000x180",
    "planner_backup_interval_seconds": "3600x180",
    "planner_backup_failed": "0x180",
    "planner_drill_age_seconds": "1000000x180",
    "planner_drill_interval_seconds": "604800x180",
    "planner_drill_failed": "0x180",
    "planner_disk_free_ratio": "0.11x180",
    "planner_bucket_up": "1x180",
    "planner_replica_close": "1x180",
    'planner_night_age_seconds{work="retention"}': "90000x180",
    "planner_faults_last_day": "0x180",
    "planner_migrations_waiting": "0x180",
}
# What is otherwise ("" is not there at all), and which alarm rings.
ILL = [
    ({UP: "0x180"}, "PlannerDoesNotAnswer"),
    (dict.fromkeys(WELL, ""), "PlannerDoesNotAnswer"),
    ({'planner_answers_total{status="5xx"}': "0+2x180"}, "PlannerAnswersWithFaults"),
    (
        {'planner_answer_seconds_bucket{le="1.5"}': "0+50x180", 'planner_answer_seconds_bucket{le="0.5"}': "0+40x180"},
        "PlannerIsSlow",
    ),
    ({"planner_beat_age_seconds": "601x180"}, "PlannerClockStandsStill"),
    ({"planner_beat_age_seconds": ""}, "PlannerClockStandsStill"),
    ({"planner_well": "0x180"}, "PlannerRemindersAreNotWell"),
    ({"planner_broker_up": "0x180"}, "PlannerBrokerIsAway"),
    ({"planner_oldest_job_seconds": "601x180"}, "PlannerWorkWaits"),
    ({"planner_oldest_document_seconds": "1801x180"}, "PlannerWorkWaits"),
    ({"planner_mail_stopped": "1x180"}, "PlannerMailStands"),
    ({"planner_queue_age_seconds": "1801x180"}, "PlannerMailStands"),
    ({'planner_mails{state="held"}': "1x180"}, "PlannerMailsInDoubt"),
    ({"planner_backup_age_seconds": "10801x180"}, "PlannerBackupIsMissing"),
    ({"planner_backup_age_seconds": ""}, "PlannerBackupIsMissing"),
    ({"planner_backup_failed": "1x180"}, "PlannerBackupIsMissing"),
    ({"planner_drill_age_seconds": "1814401x180"}, "PlannerDrillIsMissing"),
    ({"planner_drill_age_seconds": ""}, "PlannerDrillIsMissing"),
    ({"planner_drill_failed": "1x180"}, "PlannerDrillIsMissing"),
    ({"planner_disk_free_ratio": "0.09x180"}, "PlannerDiskIsFull"),
    ({"planner_bucket_up": "0x180"}, "PlannerBucketIsAway"),
    ({"planner_replica_close": "0x180"}, "PlannerReplicaIsBehind"),
    ({'planner_night_age_seconds{work="retention"}': "93601x180"}, "PlannerNightFailed"),
    ({"planner_faults_last_day": "1x180"}, "PlannerFaults"),
    ({"planner_migrations_waiting": "1x180"}, "PlannerMigrationsWait"),
]


@pytest.fixture
def promtool(tmp_path):
    if not shutil.which("promtool"):
        pytest.skip("promtool is not installed (Debian: prometheus)")

    def run(*arguments):
        done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, cwd=tmp_path, timeout=60)
        return done.returncode, done.stdout + done.stderr

    return run


def of(series, ringing):
    """A test of promtool: after three hours of ``series`` these alarms ring and no others."""
    return {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items() if values],
        "promql_expr_test": [
            {
                "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
                "eval_time": "3h",
                "exp_samples": [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in ringing],
            }
        ],
    }


def tried(promtool, tmp_path, tests):
    (tmp_path / "tests.yml").write_text(json.dumps({"rule_files": [str(RULES)], "tests": tests}))
    return promtool("test", "rules", "tests.yml")


def test_prometheus_takes_the_rules(promtool):
    assert promtool("check", "rules", str(RULES))[0] == 0


def test_each_alarm_rings_when_it_should_and_no_other_with_it(promtool, tmp_path):
    tests = [of(WELL, []), *(of(WELL | otherwise, [alarm]) for otherwise, alarm in ILL)]
    assert tried(promtool, tmp_path, tests) == (0, "Unit Testing:  tests.yml\n  SUCCESS\n\n")
    assert {alarm for _otherwise, alarm in ILL} == set(NAMES)
    record("T5", f"{len(NAMES)} alarms, each tried in {len(ILL)} troubles and in none: 0 silent, 0 rung for nothing")


def test_an_alarm_that_is_silent_would_be_found(promtool, tmp_path):
    """The control."""
    code, said = tried(promtool, tmp_path, [of(WELL, ["PlannerDiskIsFull"])])
    assert (code, "FAILED" in said) == (1, True)


def test_each_alarm_names_its_page_and_says_what_to_do(db, today, monkeypatch):
    """With everything set that can stand outside. Each page is a part of the Operations page;
    ``test_administrator_guide.py`` holds the chapters of the guide."""
    monkeypatch.setattr("partnership.operations.signs.neighbours", lambda: [BUCKET, COPY])
    rules = re.split(r"- alert: ", RULES.read_text())[1:]
    pages = {f"/operations/#{sign.code}" for sign in signs_of(read_all(now=timezone.now()))} | {"/operations/"}
    assert [rule.split()[0] for rule in rules if not re.search(r"\n +do: \w.+\.\n", rule)] == []
    assert {re.search(r"\n +page: (\S+)", rule)[1] for rule in rules} - pages == set()


def test_every_number_that_an_alarm_asks_for_is_told(db, today):
    for kind in BackupRun.Kind.values:
        BackupRun.objects.create(kind=kind, state="done", began_at=timezone.now(), ended_at=timezone.now())
    told = in_words_of_prometheus(read_all(now=timezone.now())).decode()
    asked = set(re.findall(r"planner_\w+", " ".join(re.findall(r"expr: (.+)", RULES.read_text()))))
    # Of what is now and then absent, and of what is counted, the name is in the code.
    code = Path(settings.BASE_DIR, "partnership", "metrics.py").read_text()
    missing = {name for name in asked if name not in told and re.sub("_(total|bucket)$", "", name) not in code}
    assert missing == set()
