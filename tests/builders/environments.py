"""Settings for a given environment, without a process of their own."""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any
from unittest.mock import patch

SETTINGS = Path(__file__).resolve().parents[2] / "image_processing_service" / "settings.py"


def settings_of(**environment: str) -> dict[str, Any]:
    """Return the settings that this environment alone gives; the active settings do not change.

    Raises:
        ImproperlyConfigured: as at a start of the service.
    """
    with patch.dict(os.environ, {"DJANGO_SECRET_KEY": "x" * 50, **environment}, clear=True):
        return runpy.run_path(str(SETTINGS))
