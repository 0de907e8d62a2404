"""The OpenAPI document tells the auth routes."""

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator


@pytest.fixture(scope="module")
def schema():
    GENERATOR_STATS.reset()
    return SchemaGenerator(api_version="v1").get_schema(public=True)


PUBLIC = (
    "auth/registration/",
    "auth/registration/verify-email/",
    "auth/registration/resend-email/",
    "auth/login/",
    "auth/logout/",
    "auth/password/reset/",
    "auth/password/reset/confirm/",
    "token/",
    "token/refresh/",
    "token/verify/",
)


def test_both_ways_to_sign_in_are_described(schema):
    schemes = schema["components"]["securitySchemes"]
    assert schemes["bearer"]["scheme"] == "bearer"
    assert (schemes["cookie"]["in"], schemes["cookie"]["name"]) == ("cookie", "access")


@pytest.mark.parametrize("path", PUBLIC)
def test_public_routes_ask_for_no_sign_in(schema, path):
    assert schema["paths"][f"/api/v1/{path}"]["post"]["security"] == [{}]


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("auth/user/", "get"),
        ("auth/user/", "put"),
        ("auth/user/", "patch"),
        ("auth/user/", "delete"),
        ("auth/password/change/", "post"),
    ],
)
def test_the_others_do(schema, path, method):
    security = schema["paths"][f"/api/v1/{path}"][method]["security"]
    assert {"bearer": []} in security
    assert {"cookie": []} in security


def test_bodies_say_which_fields_they_need(schema):
    bodies = schema["components"]["schemas"]
    for name, required, one_of in (
        ("LoginRequest", ["password"], ("username", "email")),
        ("TokenRequestRequest", ["password"], ("username", "email")),
        ("RegistrationRequest", ["email"], ("password1", "password")),
    ):
        assert bodies[name]["required"] == required
        assert bodies[name]["if"] == {"required": [one_of[0]]}
        assert bodies[name]["else"] == {"required": [one_of[1]]}
        assert bodies[name]["additionalProperties"] is False
    assert "additionalProperties" not in bodies["User"]


def test_no_warning_concerns_them(schema):
    warnings = [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]
    ours = ("api/auth/views", "api/serializers", "api/auth/authentication", "dj_rest_auth", "Auth")
    assert [text for text in warnings if any(name in text for name in ours)] == []
