"""What the OpenAPI document says of requests and answers holds; the short version."""

from __future__ import annotations

import pytest

from tests.fuzz.api.run import run
from tests.stack.service import Service

pytestmark = pytest.mark.stack


def test_every_operation_answers_as_the_document_says(service: Service) -> None:
    figures = run(service.url, examples=1, thorough=False)
    assert not figures.findings, "\n\n".join(
        f"{operation}: {title}\n{detail}" for (operation, title), detail in figures.findings.items()
    )
    assert len(figures.operations) >= 33
    assert figures.requests > 1_000
    assert figures.failures_of_ours == 0
