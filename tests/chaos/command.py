"""The common part of all commands: print the line of figures, end with 0 or 1."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from tests.chaos.figures import Figures
from tests.servers.rabbitmq import RabbitMQ, rabbitmq
from tests.stack.service import Service, start_service


def report(scenario: Callable[[Service], Figures]) -> NoReturn:
    """Run a scenario with a new service, print its line, end with 0 or 1."""
    with start_service() as service:
        end(scenario(service))


def add_rabbitmq(parser: argparse.ArgumentParser) -> None:
    """Add the option that chooses the broker."""
    parser.add_argument(
        "--rabbitmq", action="store_true", help="use a RabbitMQ started for this run"
    )


@contextmanager
def running_with_rabbitmq(**settings: str) -> Iterator[tuple[Service, RabbitMQ]]:
    """Start RabbitMQ and a service that uses it as broker. Redis is only the cache."""
    with rabbitmq() as broker, start_service(CELERY_BROKER_URL=broker.url, **settings) as service:
        yield service, broker


def end(figures: Figures) -> NoReturn:
    """Print the line; end with 1 when a promise was broken."""
    print(figures)
    sys.exit(1 if figures.broken else 0)
