"""The environment variables select and configure the storage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import json
from django.core.files.storage import default_storage as storage
storage.exists  # creates the storage
names = ("location", "bucket_name", "access_key", "secret_key", "security_token", "region_name",
         "endpoint_url", "querystring_auth", "custom_domain", "default_acl")
found = {name: getattr(storage, name) for name in names if hasattr(storage, name)}
kind = type(storage._wrapped)
config = getattr(storage, "client_config", None)
style = config.s3["addressing_style"] if config else None
print(json.dumps({"kind": f"{kind.__module__}.{kind.__name__}", "style": style, **found}))
"""


def describe_storage(**environment: str) -> dict[str, Any]:
    """Return attributes of the storage in a process with this environment only."""
    # Empty values, so that a `.env` of the checkout fills nothing in.
    unset = dict.fromkeys(
        ("AWS_STORAGE_BUCKET_NAME", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), ""
    )
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "image_processing_service.settings",
            "DJANGO_SECRET_KEY": "tests-only-" + "x" * 50,
            **unset,
            **environment,
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_without_a_bucket_the_storage_is_local(tmp_path: Path) -> None:
    found = describe_storage(MEDIA_ROOT=str(tmp_path))
    assert found["kind"] == "image_processor.storage.local.PrivateFileStorage"
    assert found["location"] == str(tmp_path)


def test_with_a_bucket_the_storage_is_s3() -> None:
    found = describe_storage(
        AWS_STORAGE_BUCKET_NAME="images",
        AWS_ACCESS_KEY_ID="key",
        AWS_SECRET_ACCESS_KEY="secret",
        AWS_SESSION_TOKEN="token",
        AWS_S3_REGION_NAME="eu-central-1",
        AWS_S3_ENDPOINT_URL="http://127.0.0.1:9000",
        AWS_S3_ADDRESSING_STYLE="path",
    )
    assert found == {
        "kind": "image_processor.storage.s3.PrivateS3Storage",
        "style": "path",
        "location": "",
        "bucket_name": "images",
        "access_key": "key",
        "secret_key": "secret",
        "security_token": "token",
        "region_name": "eu-central-1",
        "endpoint_url": "http://127.0.0.1:9000",
        "querystring_auth": True,
        "custom_domain": None,
        "default_acl": None,
    }


@pytest.mark.parametrize(
    ("environment", "style"),
    [({}, "virtual"), ({"AWS_S3_ENDPOINT_URL": "http://127.0.0.1:9000"}, "auto")],
)
def test_a_bucket_at_aws_is_addressed_by_its_region(
    environment: dict[str, str], style: str
) -> None:
    found = describe_storage(AWS_STORAGE_BUCKET_NAME="images", **environment)
    assert (found["region_name"], found["style"]) == ("us-east-1", style)
    assert found["access_key"] is None  # boto3 finds credentials of a role or profile
