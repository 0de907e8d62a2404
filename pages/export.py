"""The exported page as it lies on the disk: which file answers which address.

Read once in a process; a new build is served from the next start on.
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

from pages.inline import policy_of

INDEX = "index.html"
MISSING = "404.html"
# Next puts everything that carries a hash of its content in its name here.
HASHED = re.compile(r"^/_next/static/")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that people open.

    `file` is WhiteNoise's, with its compressed variant, ETag and headers; `policy` holds what the
    content policy must allow for it.
    """

    path: str
    file: Any
    policy: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Missing:
    """What people see where there is no page."""

    content: bytes
    policy: dict[str, list[str]]


class Export:
    """`pages` by path with a slash at its end, `files` for what pages load, by path."""

    def __init__(self, root: Path) -> None:
        found = _Files(root).files
        # What begins with a dot is a note of those who built it.
        found = {url: file for url, file in found.items() if "/." not in url}
        html = {url: _read(root, url) for url in found if url.endswith(".html")}
        self.pages: dict[str, Page] = {}
        for url, content in html.items():
            path = url.removesuffix(INDEX)
            # `/404/` and names with an underscore are pages to Next alone.
            if path.endswith("/") and path != "/404/" and not path.startswith("/_"):
                self.pages[path] = Page(path, found[url], policy_of(content))
        self.files = {url: file for url, file in found.items() if url not in html}
        text = html.get(f"/{MISSING}", "")
        self.missing = Missing(text.encode(), policy_of(text)) if text else None

    def page(self, path: str) -> Page | None:
        """The page at this address, which may lack the slash at its end."""
        return self.pages.get(path if path.endswith("/") else f"{path}/")


def current() -> Export | None:
    """The export in `settings.FRONTEND_ROOT`; None where the service runs without a page."""
    return _exported(Path(settings.FRONTEND_ROOT))


@cache
def _exported(root: Path) -> Export | None:
    return Export(root) if (root / INDEX).is_file() else None


class _Files(WhiteNoise):
    """Hashed files are good for a year, all others must be asked for again (304 if unchanged)."""

    FOREVER = 365 * 24 * 60 * 60

    def __init__(self, root: Path) -> None:
        super().__init__(
            None,
            root=str(root),
            max_age=None,
            allow_all_origins=False,
            immutable_file_test=lambda path, url: bool(HASHED.match(url)),
            add_headers_function=_ask_again,
        )


def _ask_again(headers: Headers, path: str, url: str) -> None:
    headers.setdefault("Cache-Control", "no-cache")


def _read(root: Path, url: str) -> str:
    return (root / url.lstrip("/")).read_text(encoding="utf-8")
