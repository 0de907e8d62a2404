"""Hashes of a page's inline scripts and styles, for its content security policy.

Next.js writes small scripts into exported pages. The hashes allow exactly these, so the policy
needs no 'unsafe-inline', and injected scripts do not run.
"""

from __future__ import annotations

import base64
import hashlib
from html.parser import HTMLParser

# Browsers run only these types; other scripts are data.
SCRIPT_TYPES = ("", "text/javascript", "application/javascript", "module", "importmap")


def policy_of(html: str) -> dict[str, list[str]]:
    """Return content policy directive -> sources that the page needs in addition."""
    found = _Inline()
    found.feed(html)
    found.close()
    policy = {
        "script-src": _sources(found.scripts),
        "style-src": _sources(found.styles),
        # style-src-attr replaces style-src for attributes, so it must be complete.
        "style-src-attr": found.attributes and ["'unsafe-hashes'", *_sources(found.attributes)],
    }
    return {directive: sources for directive, sources in policy.items() if sources}


def _sources(texts: list[str]) -> list[str]:
    """Return one `'sha256-...'` per text, in the order of the page."""
    digests = (hashlib.sha256(text.encode()).digest() for text in dict.fromkeys(texts))
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


class _Inline(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.attributes: list[str] = []
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "style" in given:
            self.attributes.append(given["style"])
        runs = "src" not in given and given.get("type", "").lower() in SCRIPT_TYPES
        self._text = [] if tag == "style" or (tag == "script" and runs) else None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._text is not None and tag in ("script", "style"):
            target = self.scripts if tag == "script" else self.styles
            target.append("".join(self._text))
        self._text = None
