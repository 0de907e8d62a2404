"""The local stack's bucket is made once, in a real S3-compatible server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

SCRIPT = Path(__file__).resolve().parents[2] / "compose" / "local" / "storage" / "make_bucket.py"
KEYS = {"AWS_ACCESS_KEY_ID": "local-only", "AWS_SECRET_ACCESS_KEY": "local-only-secret"}


@pytest.fixture
def store() -> Iterator[str]:
    """The address of an empty S3-compatible store."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def make(endpoint: str, name: str) -> subprocess.CompletedProcess[str]:
    """Run the script as its container does."""
    environment = {
        **KEYS,
        "AWS_STORAGE_BUCKET_NAME": name,
        "AWS_S3_ENDPOINT_URL": endpoint,
        "AWS_S3_REGION_NAME": "us-east-1",
    }
    return subprocess.run(
        [sys.executable, str(SCRIPT)], env=environment, text=True, capture_output=True
    )


def test_the_first_start_makes_it_and_the_second_finds_it(store: str) -> None:
    first, second = make(store, "images"), make(store, "images")
    assert (first.returncode, first.stdout) == (0, "made bucket images\n")
    assert (second.returncode, second.stdout) == (0, "bucket images exists\n")
    client = boto3.client(
        "s3",
        endpoint_url=store,
        region_name="us-east-1",
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )
    assert "images" in [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]


def test_a_refused_name_is_an_error(store: str) -> None:
    assert make(store, "a").returncode != 0
