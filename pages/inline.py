"""What a page's own inline code is, as hashes for its content policy.

Next writes small scripts into the pages that it exports. Their hashes allow exactly these, so that
the policy needs no 'unsafe-inline' and an injected script does not run.
"""

from __future__ import annotations

import base64
import hashlib
from html.parser import HTMLParser

# Anything else in a <script> is data to a browser, which runs none of it.
SCRIPT_TYPES = ("", "text/javascript", "application/javascript", "module", "importmap")


def policy_of(html: str) -> dict[str, list[str]]:
    """Content policy directive -> what must be added to it for this page."""
    found = _Inline()
    found.feed(html)
    found.close()
    policy = {
        "script-src": _sources(found.scripts),
        "style-src": _sources(found.styles),
        # Without style-src-attr, style-src speaks for attributes, too: it must be named in full.
        "style-src-attr": found.attributes and ["'unsafe-hashes'", *_sources(found.attributes)],
    }
    return {directive: sources for directive, sources in policy.items() if sources}


def _sources(texts: list[str]) -> list[str]:
    """One `'sha256-...'` for each text, in the order of the page."""
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
