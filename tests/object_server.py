"""A server of our own that speaks S3, for tests: moto's, on loopback, with one bucket."""

from contextlib import contextmanager, suppress

import boto3
from moto.server import ThreadedMotoServer

BUCKET, KEY, SECRET = "files-of-the-planner", "test-key", "test-secret"


class ObjectServer:
    """``options`` are those of ``BucketStorage``; ``objects()`` is {key: bytes} of all that is there."""

    def __init__(self):
        self.port = 0
        self.start()
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = boto3.client(
            "s3", endpoint_url=self.url, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="eu-west-2"
        )
        # What an earlier one held stands in this process too, so it begins empty.
        with suppress(self.client.exceptions.BucketAlreadyOwnedByYou):
            self.client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
        self.empty()

    def start(self):
        """Again with what it held: that stands in this process."""
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        self.server.start()
        self.port = self.server.get_host_and_port()[1]

    def stop(self):
        self.server.stop()

    @property
    def options(self):
        return {
            "bucket_name": BUCKET,
            "location": "planner",
            "endpoint_url": self.url,
            "region_name": "eu-west-2",
            "access_key": KEY,
            "secret_key": SECRET,
        }

    @property
    def environment(self):
        """The settings of a process that keeps its files here."""
        return {
            "FILES_IN": "s3",
            "FILES_S3_BUCKET": BUCKET,
            "FILES_S3_ENDPOINT": self.url,
            "FILES_S3_REGION": "eu-west-2",
            "FILES_S3_ACCESS_KEY": KEY,
            "FILES_S3_SECRET_KEY": SECRET,
        }

    def names(self):
        return [each["Key"] for each in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]

    def objects(self):
        return {
            name.removeprefix("planner/"): self.client.get_object(Bucket=BUCKET, Key=name)["Body"].read()
            for name in self.names()
        }

    def put(self, key, content):
        self.client.put_object(Bucket=BUCKET, Key=f"planner/{key}", Body=content)

    def remove(self, key):
        self.client.delete_object(Bucket=BUCKET, Key=f"planner/{key}")

    def empty(self):
        for name in self.names():
            self.client.delete_object(Bucket=BUCKET, Key=name)


@contextmanager
def object_server():
    server = ObjectServer()
    yield server
    server.stop()
