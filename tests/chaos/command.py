"""What the commands share: the line that they print and the status that they end with."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from tests.chaos.figures import Figures
from tests.servers.rabbitmq import RabbitMQ, rabbitmq
from tests.stack.service import Service, running


def report(scenario: Callable[[Service], Figures]) -> NoReturn:
    """Run a scenario against a service of its own, print its line, end with 0 or 1."""
    with running() as service:
        end(scenario(service))


def add_rabbitmq(parser: argparse.ArgumentParser) -> None:
    """Let the command line say which broker it is."""
    parser.add_argument("--rabbitmq", action="store_true", help="with a RabbitMQ of its own")


@contextmanager
def running_with_rabbitmq(**settings: str) -> Iterator[tuple[Service, RabbitMQ]]:
    """A service whose broker is RabbitMQ, and that; Redis is its cache alone."""
    with rabbitmq() as broker, running(CELERY_BROKER_URL=broker.url, **settings) as service:
        yield service, broker


def end(figures: Figures) -> NoReturn:
    """Print the line; end with 1 when a promise was broken."""
    print(figures)
    sys.exit(1 if figures.broken else 0)
