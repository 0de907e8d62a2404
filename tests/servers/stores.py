"""Object stores for tests.

moto refuses unsigned requests to private objects, but accepts expired and altered links. S3rver
refuses expired and altered links (it checks Signature Version 4), but accepts unsigned requests.
"""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from tests.servers import node
from tests.servers.child import start_server

HERE = Path(__file__).parent
REGION = "eu-central-1"


@dataclass(frozen=True, slots=True)
class Store:
    """A bucket in a server. `client` is a boto3 client for direct access."""

    endpoint: str
    bucket: str
    client: Any = field(default=None, repr=False)
    access_key: str = "S3RVER"  # the only account of S3rver
    secret_key: str = "S3RVER"

    def options(self, **changes: Any) -> dict[str, Any]:
        """Return the options of `PrivateS3Storage`."""
        return {
            "bucket_name": self.bucket,
            "access_key": self.access_key,
            "secret_key": self.secret_key,
            "region_name": REGION,
            "endpoint_url": self.endpoint,
            "addressing_style": "path",
            **changes,
        }

    def empty(self) -> Store:
        """Create a new private bucket in the same server."""
        made = replace(self, bucket=f"images-{uuid.uuid4().hex}")
        where = {"LocationConstraint": REGION}
        self.client.create_bucket(Bucket=made.bucket, CreateBucketConfiguration=where)
        return made

    def listed(self) -> set[str]:
        """Return the keys of all objects in the bucket."""
        listed = self.client.list_objects_v2(Bucket=self.bucket)
        return {item["Key"] for item in listed.get("Contents", [])}

    def address(self, key: str) -> str:
        """Return the address of an object, without a signature."""
        return f"{self.endpoint}/{self.bucket}/{key}"


@contextmanager
def _connect(store: Store) -> Iterator[Store]:
    client = boto3.client(
        "s3",
        endpoint_url=store.endpoint,
        region_name=REGION,
        aws_access_key_id=store.access_key,
        aws_secret_access_key=store.secret_key,
        config=Config(s3={"addressing_style": "path"}),
    )
    with closing(client):
        yield replace(store, client=client)


@contextmanager
def moto() -> Iterator[Store]:
    """Run moto's server. It has no bucket yet; see `Store.empty`."""
    command = [sys.executable, HERE / "start_moto.py"]
    with (
        start_server(command) as port,
        _connect(Store(f"http://127.0.0.1:{port}", "none-yet")) as store,
    ):
        yield store


@contextmanager
def s3rver(data: Path) -> Iterator[Store]:
    """Run S3rver with an empty bucket. Its files are in the folder `data`."""
    folder = HERE / "s3rver"
    environment = {**os.environ, "NODE_PATH": str(node.modules(folder))}
    command = [node.NODE, folder / "start.js", data, "images"]
    with (
        start_server(command, environment) as port,
        _connect(Store(f"http://127.0.0.1:{port}", "images")) as store,
    ):
        yield store
