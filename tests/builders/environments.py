"""Compute the settings of an environment without a new process."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any
from unittest.mock import patch

import image_processing_service

SETTINGS = "image_processing_service.settings"


def settings_of(**environment: str) -> dict[str, Any]:
    """Import the settings with only this environment. The active settings do not change.

    Raises:
        ImproperlyConfigured: A setting is invalid.
    """
    with (
        patch.dict(os.environ, {"DJANGO_SECRET_KEY": "x" * 50, **environment}, clear=True),
        patch.object(image_processing_service, "settings", create=True),
        patch.dict(sys.modules),
    ):
        for name in [name for name in sys.modules if f"{name}.".startswith(f"{SETTINGS}.")]:
            del sys.modules[name]
        return vars(importlib.import_module(SETTINGS))
