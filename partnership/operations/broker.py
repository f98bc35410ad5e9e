"""What waits in the broker: how many messages, and since when the oldest. Asked directly, and never for long."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import redis
from django.conf import settings

from partnership.celery import app
from partnership.request_ids import ASKED_AT

SECONDS = 1  # a page may wait for a broker that does not answer


@dataclass(frozen=True)
class Broker:
    """``queues``: {name: messages}; ``oldest_seconds`` None where nothing waits or it does not say since when."""

    is_there: bool
    version: str = ""
    queues: dict = field(default_factory=dict)
    oldest_seconds: float | None = None

    @property
    def waiting(self):
        return sum(self.queues.values())


def queue_names():
    routed = {route.get("queue") for route in (app.conf.task_routes or {}).values()}
    return sorted({*app.amqp.queues, *routed} - {None})


def read_broker():
    return read_redis() if settings.REDIS_URL else read_folder()


def read_redis():
    link = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=SECONDS, socket_timeout=SECONDS)
    names = queue_names()
    try:
        with link.pipeline(transaction=False) as asked:
            for name in names:
                asked.llen(name).lindex(name, -1)
            found = asked.info("server").execute()
    except redis.RedisError:
        return Broker(is_there=False)
    finally:
        link.close()
    ages = [age_of(message) for message in found[1:-1:2] if message]
    return Broker(
        is_there=True,
        version=found[-1]["redis_version"],
        queues=dict(zip(names, found[:-1:2], strict=True)),
        oldest_seconds=max((age for age in ages if age is not None), default=None),
    )


def age_of(message):
    """In seconds, of a message as it stands in Redis; None where it does not say."""
    try:
        return max(0.0, time.time() - json.loads(message)["headers"][ASKED_AT])
    except (ValueError, KeyError, TypeError):
        return None


def read_folder():
    """Where there is no Redis the messages are files, each with its queue's name: ``…_….celery.msg``."""
    folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])
    names = queue_names()
    if not folder.is_dir():
        return Broker(is_there=False)
    since, queues = [], dict.fromkeys(names, 0)
    for name in names:
        for message in folder.glob(f"*.{name}.msg"):
            queues[name] += 1
            try:
                since.append(message.stat().st_mtime)
            except FileNotFoundError:  # taken just now
                queues[name] -= 1
    return Broker(is_there=True, queues=queues, oldest_seconds=max(0.0, time.time() - min(since)) if since else None)
