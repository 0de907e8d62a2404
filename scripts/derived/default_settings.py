"""Django with the default settings, whatever this machine's environment and `.env` say."""

from __future__ import annotations

import os
import sys

import environ

# Formats that are described only where they were added by hand.
_EXTRAS = ("pillow_heif", "pillow_jxl")

# What a program needs of its surroundings; everything else may be a setting.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH")


def start_django() -> None:
    """Set Django up. Needs no database; nothing is read but the code."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    os.environ.clear()
    os.environ.update(kept)
    sys.modules.update(dict.fromkeys(_EXTRAS))  # type: ignore[arg-type] # None: not importable
    os.environ["DJANGO_SETTINGS_MODULE"] = "image_processing_service.settings"
    os.environ["DJANGO_SECRET_KEY"] = "derived-files-only-" + "x" * 50
    environ.Env.read_env = staticmethod(lambda *args, **kwargs: None)

    import django

    django.setup()
