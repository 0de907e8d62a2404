"""Test processes that run beside each other share no database, and copy the migrated one."""

from __future__ import annotations

import os
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import database_template, settings

VARIABLES = ("TEST_WORKER", "TEST_DATABASE_TEMPLATE")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Read the settings of tests with these variables: how to make a database, and the queue."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("CACHE_REDIS_URL", "redis://127.0.0.1:1/1")

    def read(**variables: str) -> tuple[Any, ...]:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        database = runpy.run_path(settings.__file__)["DATABASES"]["default"]
        addresses = os.environ["CELERY_BROKER_URL"], os.environ["CACHE_REDIS_URL"]
        return database["TEST"], *(Path(address).name for address in addresses)

    return read


def test_one_process_alone_leaves_the_databases_of_a_running_service_alone(
    read: Callable[..., Any],
) -> None:
    database, *redis = read()
    assert database["NAME"].startswith("test_")
    assert redis == ["14", "15"]


def test_a_container_of_the_local_stack_can_run_tests(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "http://localhost:8000")
    read(DEBUG="True", AWS_STORAGE_BUCKET_NAME="images", LOG_FILE_PATH="/var/log/django/x.log")
    assert os.environ["PUBLIC_URL"] == "http://testserver"
    assert not {"DEBUG", "AWS_STORAGE_BUCKET_NAME", "LOG_FILE_PATH"} & set(os.environ)


def test_each_worker_has_databases_of_its_own(read: Callable[..., Any]) -> None:
    database, *redis = read(TEST_WORKER="3")
    assert database["NAME"].startswith("test_")
    assert database["NAME"].endswith("_3")
    assert redis == ["6", "7"]
    assert read(TEST_WORKER="0")[1:] == ("0", "1")


def test_a_template_is_copied_and_not_migrated(read: Callable[..., Any]) -> None:
    database, *_ = read(TEST_DATABASE_TEMPLATE="test_template")
    assert database["TEMPLATE"] == "test_template"
    assert database["MIGRATE"] is False


@pytest.mark.parametrize("name", ["", "image_processing"])
def test_a_template_never_replaces_real_data(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("TEST_DATABASE_TEMPLATE", name)
    for command in (database_template.make, database_template.drop):
        with pytest.raises(SystemExit, match="must start with test_"):
            command()
