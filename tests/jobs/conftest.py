"""Fixtures for what has to do with the broker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from celery import current_app
from kombu import pools


@pytest.fixture
def use_broker() -> Callable[[str], AbstractContextManager[None]]:
    """Let Celery speak to another broker for a while."""

    @contextmanager
    def use(url: str) -> Iterator[None]:
        app = current_app._get_current_object()
        before = app.conf.broker_url
        _switch(app, url)
        try:
            yield
        finally:
            _switch(app, before)

    return use


def _switch(app: Any, url: str) -> None:
    app.conf.broker_url = app.conf.broker_write_url = url
    pools.reset()
    app._pool = None
    app.amqp._producer_pool = None
