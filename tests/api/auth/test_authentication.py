"""Who may: the 401 table, whatever the route."""

import base64
import json
import uuid
from datetime import timedelta

import jwt
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import RefreshFamily

URL = "/api/v1/auth/user/"

# The tests sign with algorithms whose keys should be longer than ours.
pytestmark = pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")


@pytest.fixture
def claims(ann):
    """The claims of a good access token."""
    family = RefreshFamily.objects.create(
        user=ann, current="a" * 32, expires_at=timezone.now() + timedelta(days=1)
    )
    return {
        "token_type": "access",
        "exp": int(timezone.now().timestamp()) + 300,
        "jti": "b" * 32,
        "user_id": str(ann.pk),
        "family": family.pk.hex,
    }


def signed(claims, key=None, algorithm="HS256"):
    return jwt.encode(claims, key or django_settings.SECRET_KEY, algorithm=algorithm)


def unsigned(claims, algorithm="none"):
    parts = ({"alg": algorithm, "typ": "JWT"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()) for part in parts]
    return b".".join([*(part.rstrip(b"=") for part in encoded), b""]).decode()


def with_header(header):
    encoded = base64.urlsafe_b64encode(header.encode()).rstrip(b"=").decode()
    return f"{encoded}.e30.AAAA"


TABLE = {
    "good": (lambda claims: signed(claims), None),
    "expired": (lambda claims: signed({**claims, "exp": 1_700_000_000}), "token_expired"),
    "unsigned": (lambda claims: unsigned(claims), "token_invalid"),
    "unsigned, shouting": (lambda claims: unsigned(claims, "NONE"), "token_invalid"),
    "unsigned, pretending": (lambda claims: unsigned(claims, "HS256"), "token_invalid"),
    "no algorithm": (lambda claims: unsigned(claims, None), "token_invalid"),
    "odd algorithm": (lambda claims: unsigned(claims, ["HS256"]), "token_invalid"),
    "other algorithm": (lambda claims: signed(claims, algorithm="HS512"), "token_invalid"),
    "other key": (lambda claims: signed(claims, key="k" * 64), "token_invalid"),
    "refresh as access": (
        lambda claims: signed({**claims, "token_type": "refresh"}),
        "token_invalid",
    ),
    "no type": (lambda claims: signed(without(claims, "token_type")), "token_invalid"),
    "no expiry": (lambda claims: signed(without(claims, "exp")), "token_invalid"),
    "no family": (lambda claims: signed(without(claims, "family")), "token_invalid"),
    "no user": (lambda claims: signed(without(claims, "user_id")), "token_invalid"),
    "no id": (lambda claims: signed(without(claims, "jti")), "token_invalid"),
    "odd family": (lambda claims: signed({**claims, "family": 7}), "token_invalid"),
    "unknown family": (
        lambda claims: signed({**claims, "family": uuid.uuid4().hex}),
        "session_revoked",
    ),
    "other user": (
        lambda claims: signed({**claims, "user_id": str(int(claims["user_id"]) + 1)}),
        "session_revoked",
    ),
    "nonsense": (lambda claims: "nonsense", "token_invalid"),
    "dots": (lambda claims: "...", "token_invalid"),
    "header of no object": (lambda claims: with_header("[]"), "token_invalid"),
    "deep header": (lambda claims: with_header("[" * 2500), "token_invalid"),
    "unreadable header": (lambda claims: with_header("\x00"), "token_invalid"),
    "long": (lambda claims: "a" * 7000, "token_invalid"),
    "accents": (lambda claims: "\u00e9.\u00e9.\u00e9", "token_invalid"),
}


def without(claims, name):
    return {key: value for key, value in claims.items() if key != name}


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("carrier", ["header", "cookie"])
@pytest.mark.parametrize("url", [URL, "/api/auth/user/"])
def test_table(claims, name, carrier, url):
    make, code = TABLE[name]
    client = APIClient()
    if carrier == "header":
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {make(claims)}")
    else:
        client.cookies["access"] = make(claims)
    response = client.get(url)
    if code is None:
        assert response.status_code == 200
        return
    assert (response.status_code, response.json()["code"]) == (401, code)
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "not_authenticated"),
        ("Bearer", "token_invalid"),
        ("Bearer ", "token_invalid"),
        ("bearer nonsense", "token_invalid"),
        ("Bearer two words", "token_invalid"),
        ("Api-Key nonsense", "token_invalid"),
        # A proxy's own, such as one that asks for a password: not ours.
        ("Basic YTpi", "not_authenticated"),
    ],
)
def test_authorization_header(api, header, code):
    response = api.get(URL, HTTP_AUTHORIZATION=header)
    assert (response.status_code, response.json()["code"]) == (401, code)
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_token_of_a_closed_account(api, claims, ann):
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {signed(claims)}")
    ann.is_active = False
    ann.save()
    assert api.get(URL).json()["code"] == "session_revoked"


def test_a_token_of_a_deleted_account(api, claims, ann):
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {signed(claims)}")
    ann.delete()
    assert api.get(URL).json()["code"] == "session_revoked"


def test_the_header_goes_before_the_cookie(api, claims):
    api.cookies["access"] = "broken"
    response = api.get(URL, HTTP_AUTHORIZATION=f"Bearer {signed(claims)}")
    assert response.status_code == 200


@pytest.mark.parametrize("carrier", ["header", "cookie"])
def test_costs_one_query_besides_the_answer_s_own(api, claims, carrier):
    if carrier == "header":
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {signed(claims)}")
    else:
        api.cookies["access"] = signed(claims)
    with CaptureQueriesContext(connection) as queries:
        assert api.get(URL).status_code == 200
    assert len(queries) == 2  # the session with its user, and the pending address


@pytest.mark.parametrize("name", TABLE)
def test_verify_judges_alike(api, claims, name):
    make, code = TABLE[name]
    response = api.post("/api/v1/token/verify/", {"token": make(claims)})
    if name in ("good", "long"):
        assert response.status_code == (200 if name == "good" else 400)
    elif name == "refresh as access":
        # Well-formed, but not the family's current one.
        assert response.json()["code"] == "token_invalid"
    else:
        assert (response.status_code, response.json()["code"]) == (401, code)


def test_verify_takes_both_kinds(api, ann, sign_in):
    body = sign_in()
    for token in (body["access_token"], body["refresh_token"]):
        response = api.post("/api/v1/token/verify/", {"token": token})
        assert (response.status_code, response.json()) == (200, {})


def test_a_refresh_token_is_no_access_token(bearer, ann, sign_in):
    response = bearer(sign_in()["refresh_token"]).get(URL)
    assert response.json()["code"] == "token_invalid"


def test_an_access_token_is_no_refresh_token(api, ann, sign_in):
    response = api.post("/api/v1/token/refresh/", {"refresh": sign_in()["access_token"]})
    assert (response.status_code, response.json()["code"]) == (401, "token_invalid")
