"""Every route that creates rows has a bound: a quota, a number of rows, or a rate."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from accounts.access import api_keys
from image_processor.configured_limits import QuotaLimits
from image_processor.ingest import direct_uploads, imports
from image_processor.transform import presets
from tests.api.requests.idempotency.creating_routes import CREATING, NOT_CREATING
from tests.api.routes import PUBLIC, Route, routes, view_of
from webhooks import endpoints

# Route -> the quota, the most rows, or the rate that bounds what it creates.
BOUNDS: dict[str, str | int] = {
    "image-upload": "images",
    "image-import": imports.MAX_UNFINISHED,
    "direct-uploads": direct_uploads.MAX_OPEN,
    "upload-transform": "images",
    "image-transform": "tasks_this_month",
    "batches": "tasks_this_month",
    "presets": presets.MAX_PER_USER,
    "api-keys": api_keys.MAX_PER_USER,
    "webhooks": endpoints.MAX_PER_USER,
    "webhook-test": "webhook_tests",
}
# Routes without a user that write rows: accounts, sessions, mails, counted failures.
PUBLIC_RATES = {
    "registration": "registration",
    "resend-email": "password_reset",
    "login": "login",
    "password-reset": "password_reset",
    "password-reset-confirm": "password_reset",
    "token": "login",
    "alias-auth-register": "registration",
    "client-errors": "client_errors",
}
# They write no row, or change one that exists; requests without a user have the rate `anon`.
PUBLIC_WITHOUT_ROWS = {
    "verify-email",
    "logout",
    "token-refresh",
    "token-verify",
    "alias-auth-refresh",
    "alias-auth-token-refresh",
    "payments-webhook",
}
# A test message and a repeated delivery reach another server each time.
OTHER_RATES = {
    "webhook-redeliver": "webhook_tests",
    "image-preview": "preview",
    "image-file-size": "file_size",
}


def test_every_creating_route_has_a_bound() -> None:
    assert {route.name for route in CREATING} == set(BOUNDS)


def test_every_public_route_has_a_rate() -> None:
    posted = {route.name for route in routes() if route.method == "post"} & PUBLIC
    assert posted == set(PUBLIC_RATES) | PUBLIC_WITHOUT_ROWS


def rates_of(route: Route) -> tuple[str, ...]:
    view, _ = view_of(route)
    callback: Any = route_callback(route)
    given = getattr(callback, "initkwargs", {}).get("rate_scope", getattr(view, "rate_scope", ()))
    return (given,) if isinstance(given, str) else tuple(given)


def route_callback(route: Route) -> Any:
    from image_processing_service.api_urls import urlpatterns

    return next(each for each in urlpatterns if each.name == route.name).callback


POSTED = {route.name: route for route in routes() if route.method == "post"}


@pytest.mark.parametrize(("name", "bound"), BOUNDS.items(), ids=BOUNDS.keys())
def test_the_bound_exists(name: str, bound: str | int) -> None:
    if isinstance(bound, int):
        assert 0 < bound <= 1_000
    elif bound in settings.THROTTLE_RATES:
        assert bound in rates_of(POSTED[name])
    else:
        assert bound in QuotaLimits._fields


@pytest.mark.parametrize(("name", "rate"), (PUBLIC_RATES | OTHER_RATES).items())
def test_the_rate_exists(name: str, rate: str) -> None:
    assert rate in settings.THROTTLE_RATES
    assert rate in rates_of(POSTED[name])
    assert name in PUBLIC | NOT_CREATING
