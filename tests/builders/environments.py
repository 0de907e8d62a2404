"""Compute the settings of an environment without a new process."""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any
from unittest.mock import patch

SETTINGS = Path(__file__).resolve().parents[2] / "image_processing_service" / "settings.py"


def settings_of(**environment: str) -> dict[str, Any]:
    """Run the settings module with only this environment. The active settings do not change.

    Raises:
        ImproperlyConfigured: A setting is invalid.
    """
    with patch.dict(os.environ, {"DJANGO_SECRET_KEY": "x" * 50, **environment}, clear=True):
        return runpy.run_path(str(SETTINGS))
