"""Formats whose codec is an optional package: available only where the package is installed.

HEIC needs pillow-heif (its wheels hold x265, which is under the GPL), JPEG XL needs
pillow-jxl-plugin. `requirements-formats.txt` pins both.
"""

from __future__ import annotations

import importlib
from importlib.metadata import PackageNotFoundError, version

# Format -> (module, package).
_PACKAGES = {"HEIC": ("pillow_heif", "pillow-heif"), "JXL": ("pillow_jxl", "pillow-jxl-plugin")}

# Format -> Pillow's name for it, where the names differ.
PILLOW_NAMES = {"HEIC": "HEIF"}


def _installed() -> dict[str, str]:
    """Register each codec that can be imported; return format -> package and version.

    pillow_jxl registers itself with Pillow on import; pillow_heif needs a call for it. A registered
    codec reads only files of its format, because `open_image` names the codec to use.
    """
    found = {}
    for name, (module_name, package) in _PACKAGES.items():
        try:
            module = importlib.import_module(module_name)
            found[name] = f"{package}-{version(package)}"
        except (ImportError, PackageNotFoundError):
            continue
        if name == "HEIC":
            module.register_heif_opener()
    return found


# Format -> package and version of each codec that is installed.
EXTRAS = _installed()
