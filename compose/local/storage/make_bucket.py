"""Make the private bucket of the local S3-compatible store, from the service's variables."""

from __future__ import annotations

import os
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def make_bucket() -> str:
    """Create `AWS_STORAGE_BUCKET_NAME` at `AWS_S3_ENDPOINT_URL`; return a message."""
    name = os.environ["AWS_STORAGE_BUCKET_NAME"]
    client = boto3.client(
        "s3",
        endpoint_url=os.environ["AWS_S3_ENDPOINT_URL"],
        region_name=os.environ.get("AWS_S3_REGION_NAME", "us-east-1"),
        config=Config(s3={"addressing_style": "path"}),
    )
    try:
        client.head_bucket(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
            raise
        client.create_bucket(Bucket=name)
        return f"made bucket {name}"
    return f"bucket {name} exists"


if __name__ == "__main__":
    sys.stdout.write(make_bucket() + "\n")
