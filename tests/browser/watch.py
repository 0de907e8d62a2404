"""What a page did that it must not: errors, breaches of its policy, requests to other hosts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Request, Response, WebError

# Told by the browser itself, as the console's wording may change.
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => console.error(
    `policy: ${event.violatedDirective} forbids ${event.blockedURI} ` +
    `(${event.sourceFile}:${event.lineNumber}) ${event.sample}`,
));
"""

# While others' previews are made it may be told to wait, and asks again.
BUSY = re.compile(r"^answer: 503 to POST .*/preview/$")


class Watch:
    """Collects faults of all pages of a browser context; `allow` those that a test provokes."""

    def __init__(self, context: BrowserContext, *origins: str) -> None:
        """`origins`: the only places that may be asked for anything."""
        self._faults: list[str] = []
        self._allowed = [BUSY]
        self._origins = set(origins)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._web_error)
        context.on("request", self._request)
        context.on("response", self._response)

    def allow(self, pattern: str) -> None:
        """Faults that this regular expression finds are part of the test."""
        self._allowed.append(re.compile(pattern))

    @property
    def faults(self) -> list[str]:
        """What happened and was not allowed."""
        return [
            fault
            for fault in self._faults
            if not any(pattern.search(fault) for pattern in self._allowed)
        ]

    def _console(self, message: ConsoleMessage) -> None:
        # The status of an answer is noted in `_response`, with its address.
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
