"""``docker compose`` as deployment/upgrade.sh calls it, done with the estate's processes.

The script itself is run, word for word; what it asks of docker compose is answered here: which command a service has
stands in docker-compose.yml, and a service that is brought up anew is stopped and started, as its container would be.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml

SECONDS_FOR_A_STEP = 600
# What the script calls instead of docker compose: hands its words over, and ends as it is told to.
CALL = """#!{python} -I
import json, socket, sys
link = socket.socket(socket.AF_UNIX)
link.connect("{address}")
link.sendall(json.dumps(sys.argv[1:]).encode())
link.shutdown(socket.SHUT_WR)
sys.exit(int(link.makefile().read()))
"""


class Compose:
    def __init__(self, estate, project):
        self.estate = estate
        self.project = project  # the new version's checkout
        self.services = yaml.safe_load((project / "docker-compose.yml").read_text())["services"]

    def upgrade(self):
        """Run the new version's deployment/upgrade.sh; gives the words of each step, which is then done."""
        with tempfile.TemporaryDirectory(prefix="planner-compose-") as folder, socket.socket(socket.AF_UNIX) as door:
            address, call = Path(folder, "door"), Path(folder, "compose")
            door.bind(str(address))
            door.listen(1)
            door.settimeout(1)
            call.write_text(CALL.format(python=sys.executable, address=address))
            call.chmod(0o755)
            script = subprocess.Popen(
                [self.project / "deployment" / "upgrade.sh"],
                env={"PATH": os.environ["PATH"], "COMPOSE": str(call)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
            self.estate.watcher.tell(script.pid)
            try:
                yield from self.serve(door, script)
            finally:
                script.kill()
                self.estate.watcher.tell(-script.pid)

    def serve(self, door, script):
        while script.poll() is None:
            try:
                link, _ = door.accept()
            except TimeoutError:
                continue
            with link:
                link.setblocking(True)
                words = json.loads(link.makefile().read())
                yield " ".join(words)
                self.do(words)
                link.sendall(b"0")
        if script.returncode:
            pytest.fail(f"upgrade.sh ended with {script.returncode}")

    def do(self, words):
        match words:
            case ["build", "--quiet"]:
                self.estate.project, self.estate.static = self.project, self.estate.folder / "static-new"
                self.estate.run("collectstatic")  # as the image's build does
            case ["run", "--rm", service]:
                self.estate.run(*self.command_of(service))
            case ["exec", "-T", "proxy", "pool", *name]:
                self.estate.pool(*name)
            case ["up", "--detach", "--no-deps", "--wait", *services]:
                for service in services:
                    self.replace(service)
            case _:
                pytest.fail(f"Nobody knows how to do: docker compose {' '.join(words)}")

    def command_of(self, service):
        run, *words = self.services[service]["command"]
        assert run == "./run"
        return [str(self.estate.proxied) if word == "/static" else word for word in words]

    def replace(self, service):
        """Its processes, by those of the new version."""
        estate = self.estate
        match service:
            case "web-a" | "web-b":
                number = ["web-a", "web-b"].index(service)
                estate.web[number].stop()
                estate.web[number] = estate.part_web(number)
                estate.web[number].start()
            case "worker":
                for worker in estate.worker:
                    worker.stop()
                estate.worker = estate.parts_worker()
                for worker in estate.worker:
                    worker.start()
            case "beat":
                estate.beat.stop()
                estate.beat = estate.part("beat", "beat")
                estate.beat.start()
            case "backup":
                pass  # the estate makes no backups
            case _:
                pytest.fail(f"The estate has no service {service}")
