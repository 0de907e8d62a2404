"""The settings that an environment gives, without a process for each."""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any
from unittest.mock import patch

SETTINGS = Path(__file__).resolve().parents[2] / "image_processing_service" / "settings.py"


def settings_of(**environment: str) -> dict[str, Any]:
    """Run the settings in this environment and no other; the ones in use stay as they are.

    Raises:
        ImproperlyConfigured: as a start does.
    """
    with patch.dict(os.environ, {"DJANGO_SECRET_KEY": "x" * 50, **environment}, clear=True):
        return runpy.run_path(str(SETTINGS))
