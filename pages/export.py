"""The exported web pages on disk: which file belongs to which path.

A process reads the export once; it serves a new build only after a restart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from whitenoise.base import WhiteNoise

from pages.inline_hashes import policy_of

INDEX = "index.html"
MISSING = "404.html"
# Next.js puts files whose names contain a hash of their content here.
HASHED = re.compile(r"^/_next/static/")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that people open.

    `file` is WhiteNoise's file with compressed variants, ETag and headers. `policy` holds what the
    content security policy must allow for the page.
    """

    path: str
    file: Any
    policy: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Missing:
    """The page for paths that do not exist."""

    content: bytes
    policy: dict[str, list[str]]


class Export:
    """`pages` by path (with a slash at the end), and `files` that pages load, by path."""

    def __init__(self, root: Path) -> None:
        found = _Files(root).files
        # Files whose names start with a dot belong to the build tool and are not served.
        found = {url: file for url, file in found.items() if "/." not in url}
        html = {url: _read(root, url) for url in found if url.endswith(".html")}
        self.pages: dict[str, Page] = {}
        for url, content in html.items():
            path = url.removesuffix(INDEX)
            # `/404/` and names with an underscore are internal to Next.js.
            if path.endswith("/") and path != "/404/" and not path.startswith("/_"):
                self.pages[path] = Page(path, found[url], policy_of(content))
        self.files = {url: file for url, file in found.items() if url not in html}
        text = html.get(f"/{MISSING}", "")
        self.missing = Missing(text.encode(), policy_of(text)) if text else None

    def page(self, path: str) -> Page | None:
        """Return the page at a path with or without the slash at the end."""
        return self.pages.get(path if path.endswith("/") else f"{path}/")


def current() -> Export | None:
    """Return the export in `settings.FRONTEND_ROOT`, or None if there is none."""
    return _exported(Path(settings.FRONTEND_ROOT))


@cache
def _exported(root: Path) -> Export | None:
    return Export(root) if (root / INDEX).is_file() else None


class _Files(WhiteNoise):
    """Browsers cache hashed files for a year and revalidate all others (304 if unchanged)."""

    FOREVER = 365 * 24 * 60 * 60

    def __init__(self, root: Path) -> None:
        super().__init__(
            None,
            root=str(root),
            max_age=None,
            allow_all_origins=False,
            immutable_file_test=lambda path, url: bool(HASHED.match(url)),
            add_headers_function=_require_revalidation,
        )


def _require_revalidation(headers: Headers, path: str, url: str) -> None:
    headers.setdefault("Cache-Control", "no-cache")


def _read(root: Path, url: str) -> str:
    return (root / url.lstrip("/")).read_text(encoding="utf-8")
