"""A bucket of whatever speaks S3, for the files that ``kept_bytes`` puts outside the database.

Every trouble of it is an OSError (FileNotFoundError where there is no such object), as it would be of a folder, so
that what is above need not know which it is.
"""

from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

MISSING = {"404", "NoSuchKey", "NotFound"}
SECONDS_TO_CONNECT, SECONDS_TO_ANSWER, TRIES = 3, 15, 2  # a page waits for it, and PostgreSQL for the page


class BucketStorage(S3Storage):
    """Objects of one bucket under one prefix. Never read by anybody but us: no address of it is given away."""

    def __init__(self, **options):
        super().__init__(
            client_config=Config(
                signature_version="s3v4",
                # A server of one's own rarely has a name for each bucket.
                s3={"addressing_style": "path" if options.get("endpoint_url") else "auto"},
                connect_timeout=SECONDS_TO_CONNECT,
                read_timeout=SECONDS_TO_ANSWER,
                retries={"total_max_attempts": TRIES, "mode": "standard"},
                # Not every make knows the newest ways of checking what arrives; we check by SHA-256.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            transfer_config=TransferConfig(use_threads=False),
            default_acl=None,
            file_overwrite=True,  # every key is new; looking first whether it is taken would be one more question
            querystring_auth=True,
            **options,
        )

    def _save(self, name, content):
        with plainly(name):
            return super()._save(name, content)

    def _open(self, name, mode="rb"):
        with plainly(name):
            file = super()._open(name, mode)
            file.file  # fetched now, so that its trouble is told here  # noqa: B018
            return file

    def delete(self, name):
        with plainly(name):
            super().delete(name)

    def exists(self, name):
        with plainly(name):
            return super().exists(name)

    def listdir(self, name):
        with plainly(name):
            return super().listdir(name)

    def ask(self):
        """Nothing but whether it is there and lets us in."""
        with plainly("The bucket is not there."):
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)

    def get_modified_time(self, name):
        with plainly(name):
            return super().get_modified_time(name)


@contextmanager
def plainly(name):
    """Trouble of the bucket, as OSError; its words name no key of ours."""
    try:
        yield
    except ClientError as problem:
        code = problem.response.get("Error", {}).get("Code", "")
        if code in MISSING:
            raise FileNotFoundError(name) from problem
        raise OSError(f"The storage of files answered {code or 'nothing'}.") from problem
    except (BotoCoreError, Boto3Error) as problem:
        raise OSError(f"The storage of files does not answer ({type(problem).__name__}).") from problem
