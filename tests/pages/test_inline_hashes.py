"""What the content policy allows of a page's own inline code."""

from __future__ import annotations

import base64
import hashlib

import pytest
from django.test import Client

from pages.inline_hashes import policy_of
from tests.api.http.test_security_headers import directives
from tests.builders import export


def source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_exactly_the_code_of_the_page_is_allowed(stranger: Client) -> None:
    answer = stranger.get("/login/")
    assert export.SCRIPT in answer.getvalue().decode()
    policy = directives(answer)
    scripts = [source(export.SCRIPT), source('document.title += "!"')]
    assert policy["script-src"] == ["'self'", *scripts]
    assert policy["style-src"] == ["'self'", source("h1 { color: rgb(1, 2, 3) }")]
    assert policy["style-src-attr"] == ["'unsafe-hashes'", source("text-align: center")]
    assert policy["default-src"] == ["'self'"]


@pytest.mark.parametrize("path", ["/icon.svg", "/_next/static/chunks/main-4d5e6f.js", "/healthz"])
def test_nothing_of_it_anywhere_else(path: str, stranger: Client) -> None:
    answer = stranger.get(path)
    answer.getvalue()
    assert directives(answer)["script-src"] == ["'self'"]
    assert "sha256" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("html", "allowed"),
    [
        ("<script>a</script><script>a</script>", {"script-src": ["a"]}),
        ("<script> a\n</script>", {"script-src": [" a\n"]}),
        ("<script>1 < 2 && '<b>' + '&amp;'</script>", {"script-src": ["1 < 2 && '<b>' + '&amp;'"]}),
        ("<SCRIPT TYPE='MODULE'>a</SCRIPT>", {"script-src": ["a"]}),
        ("<script></script>", {"script-src": [""]}),
        ("<script src='/a.js'></script>", {}),
        ("<script type='application/ld+json'>{}</script>", {}),
        ("<template><style>b{}</style></template>", {"style-src": ["b{}"]}),
        ("<p>text<!-- <script>a</script> --></p>", {}),
    ],
)
def test_kinds_of_inline_code(html: str, allowed: dict[str, list[str]]) -> None:
    expected = {name: [source(text) for text in texts] for name, texts in allowed.items()}
    assert policy_of(html) == expected


def test_attributes_are_compared_after_their_references_are_read() -> None:
    policy = policy_of("<p style='background: url(&quot;/a&quot;)'></p><p style=''></p>")
    attribute = source('background: url("/a")')
    assert policy == {"style-src-attr": ["'unsafe-hashes'", attribute, source("")]}
