"""Faults of pages: errors, violations of the content policy, requests to other hosts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Request, Response, WebError

# Reported by an event of the browser, because the wording in the console may change.
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => console.error(
    `policy: ${event.violatedDirective} forbids ${event.blockedURI} ` +
    `(${event.sourceFile}:${event.lineNumber}) ${event.sample}`,
));
"""

# While other previews are made, the service may answer 503, and the page asks again.
BUSY = re.compile(r"^answer: 503 to POST .*/preview/$")


class Watch:
    """Collects faults of all pages of a browser context; `allow` those that a test provokes."""

    def __init__(self, context: BrowserContext, *origins: str) -> None:
        """`origins`: the only origins that pages may send requests to."""
        self._faults: list[str] = []
        self._allowed = [BUSY]
        self._origins = set(origins)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._web_error)
        context.on("request", self._request)
        context.on("response", self._response)

    def allow(self, pattern: str) -> None:
        """Accept faults that match this regular expression."""
        self._allowed.append(re.compile(pattern))

    @property
    def faults(self) -> list[str]:
        """The faults that were not allowed."""
        return [
            fault
            for fault in self._faults
            if not any(pattern.search(fault) for pattern in self._allowed)
        ]

    def _console(self, message: ConsoleMessage) -> None:
        # `_response` records the status of an answer together with its address.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self._faults.append(f"console: {message.text}")

    def _web_error(self, error: WebError) -> None:
        fault: Error = error.error
        self._faults.append(f"uncaught: {fault.stack or fault.message}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        outside = f"{parts.scheme}://{parts.netloc}" not in self._origins
        if parts.scheme in ("http", "https", "ws", "wss") and outside:
            self._faults.append(f"outside: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            method = response.request.method
            self._faults.append(f"answer: {response.status} to {method} {response.url}")
