"""A start on a prepared data folder does not prepare it again."""

from __future__ import annotations

import os

import pytest

from scripts.testing.prepared_data import VARIABLE
from tests.stack.service import Service

pytestmark = pytest.mark.stack


def test_only_an_empty_folder_is_prepared(service: Service) -> None:
    is_new = VARIABLE not in os.environ
    for name in ("migrate.log", "collectstatic.log"):
        assert (service.data / "logs" / name).exists() == is_new
