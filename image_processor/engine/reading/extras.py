"""Formats that need a package which is not among the requirements: read and written if it is there.

HEIC by pillow-heif (its wheels hold x265, under the GPL), JPEG XL by pillow-jxl-plugin; their pins
are in `requirements-formats.txt`.
"""

from __future__ import annotations

import importlib
from importlib.metadata import PackageNotFoundError, version

# Format -> module and the package that it comes in.
_PACKAGES = {"HEIC": ("pillow_heif", "pillow-heif"), "JXL": ("pillow_jxl", "pillow-jxl-plugin")}

# What Pillow calls them.
PILLOW_NAMES = {"HEIC": "HEIF"}


def _versions() -> dict[str, str]:
    """Each extra format whose package can be imported, and the version of that package.

    Importing pillow_jxl registers it with Pillow; pillow_heif is told to. `open_image` names the
    one codec that may read a file, so a registered one reads nothing that it was not asked to.
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


# Format -> package and version, for those that this process has.
EXTRAS = _versions()
