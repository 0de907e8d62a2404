"""Run schemathesis over every operation of a service and collect its findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from tests.fuzz.api.person import Person
from tests.fuzz.api.requests import requests_of

SEED = 20_260_801
DOCUMENTED_5XX = (503, 507)
# The document declares which bodies are well-formed. It cannot declare other conditions (two equal
# passwords, a crop inside of its picture, bytes that are a picture), so bodies may be refused.
REFUSALS_OF_BODIES = [400, 413, 415, 422]
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 429, *DOCUMENTED_5XX]
STATUSES = ["2xx", "3xx", 401, 403, 404, 409, 410, 412, 429, *DOCUMENTED_5XX]
STATUSES_WITH_BODY = [*STATUSES, *REFUSALS_OF_BODIES]


class Systematic(Enum):
    """Which systematic requests to send.

    Each differs from a valid request in one value. There is one for each limit and type of the
    document: 2,000 for a body with a pipeline.
    """

    NONE = auto()
    ONE_PIPELINE = auto()  # of all bodies with a pipeline, only that of the dry run
    ALL = auto()


@dataclass
class Figures:
    """The requests and the findings in their answers."""

    operations: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    findings: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        return self.statuses.total()

    @property
    def server_errors(self) -> int:
        return sum(
            count
            for status, count in self.statuses.items()
            if status >= 500 and status not in DOCUMENTED_5XX
        )

    def __str__(self) -> str:
        return (
            f"operations {len(self.operations)}, requests {self.requests}, "
            f"5xx {self.server_errors}, findings {len(self.findings)}"
        )


def run(
    url: str,
    examples: int,
    *,
    systematic: Systematic = Systematic.ALL,
    after_scenario: Callable[[Figures], None] = lambda figures: None,
) -> Figures:
    """Send `examples` random requests to every operation, and the systematic requests."""
    figures = Figures()
    config = SchemathesisConfig.from_dict(_configuration(url, examples, systematic))
    person = Person(url)
    with requests_of(person):
        schema = schemathesis.openapi.from_url(f"{url}/api/v1/schema/", config=config)
        for event in from_schema(schema).execute():
            _note(event, figures)
            if isinstance(event, events.ScenarioFinished):
                after_scenario(figures)
    person.leave()
    return figures


def _configuration(url: str, examples: int, systematic: Systematic) -> dict[str, Any]:
    """Configure all checks, for valid and invalid data, for single requests and for chains."""
    bounded = {"generation": {"max-examples": examples}}
    pipelines = {
        "include-path-regex": r"/(transform|preview|batches|presets|presets/\{id\})/$",
        "phases": {"coverage": {"enabled": systematic is Systematic.ALL}},
    }
    return {
        "base-url": url,
        "seed": SEED,
        "request-timeout": 60,
        "suppress-health-check": ["all"],
        "continue-on-failure": True,
        "cache": {"enabled": False},
        "auth": {"auto-signup": False},
        "generation": {
            "mode": "all",
            "deterministic": True,
            "no-shrink": True,
            "database": "none",
            "allow-x00": False,  # the service refuses NUL; the document cannot say so
        },
        "phases": {
            "coverage": {"enabled": systematic is not Systematic.NONE},
            "fuzzing": bounded,
            "stateful": bounded,
        },
        "checks": {
            "not_a_server_error": {
                "expected-statuses": ["2xx", "3xx", "4xx", *map(str, DOCUMENTED_5XX)]
            },
            "positive_data_acceptance": {"expected-statuses": STATUSES},
            # 412 (the version has changed) is answered before the body is read.
            "negative_data_rejection": {"expected-statuses": REFUSALS},
            # Other tests check that accounts cannot access each other's objects.
            "object_level_authorization": {"enabled": False},
        },
        "operations": [
            {
                "include-method": ["POST", "PUT", "PATCH", "DELETE"],
                "checks": {"positive_data_acceptance": {"expected-statuses": STATUSES_WITH_BODY}},
            },
            pipelines,
        ],
    }


def _note(event: events.EngineEvent, figures: Figures) -> None:
    match event:
        case events.ScenarioFinished():
            recorder = event.recorder
            figures.operations |= {node.value.operation.label for node in recorder.cases.values()}
            figures.statuses.update(
                interaction.response.status_code
                for interaction in recorder.interactions.values()
                if interaction.response is not None
            )
            for check in (check for checks in recorder.checks.values() for check in checks):
                if check.failure_info is not None:
                    failure = check.failure_info.failure
                    figures.findings.setdefault(
                        (failure.operation or "", f"{check.name}: {failure.title}"),
                        f"{failure.message}\n{check.failure_info.code_sample}",
                    )
        case events.NonFatalError():
            figures.findings.setdefault((event.label, "error"), str(event.value))
        case events.FatalError():
            raise event.exception
