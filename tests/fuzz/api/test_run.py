"""Requests and answers match the OpenAPI document."""

from __future__ import annotations

import pytest

from tests.fuzz.api.run import Figures, Systematic, run
from tests.stack.service import Service

pytestmark = pytest.mark.stack


def test_every_operation_matches_the_document(service: Service) -> None:
    figures = run(service.url, examples=1, systematic=Systematic.NONE)
    require_no_findings(figures)
    assert figures.requests > 100


@pytest.mark.long
def test_every_limit_of_the_document_holds(service: Service) -> None:
    figures = run(service.url, examples=3, systematic=Systematic.ONE_PIPELINE)
    require_no_findings(figures)
    assert figures.requests > 1_000


def require_no_findings(figures: Figures) -> None:
    assert not figures.findings, "\n\n".join(
        f"{operation}: {title}\n{detail}" for (operation, title), detail in figures.findings.items()
    )
    assert len(figures.operations) >= 33
    assert figures.server_errors == 0
