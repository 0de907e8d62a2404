"""Set Django up with the default settings, regardless of the environment and of `.env`."""

from __future__ import annotations

import os
import sys

import environ

# Optional formats: the derived files describe an installation without them.
_OPTIONAL_PACKAGES = ("pillow_heif", "pillow_jxl")

# Variables that any program needs. Every other variable may be a setting and is removed.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH")


def start_django() -> None:
    """Set Django up. This needs no database and reads only code."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    os.environ.clear()
    os.environ.update(kept)
    sys.modules.update(dict.fromkeys(_OPTIONAL_PACKAGES))  # type: ignore[arg-type] # None: not importable
    os.environ["DJANGO_SETTINGS_MODULE"] = "image_processing_service.settings"
    os.environ["DJANGO_SECRET_KEY"] = "derived-files-only-" + "x" * 50
    environ.Env.read_env = staticmethod(lambda *args, **kwargs: None)

    import django

    django.setup()
