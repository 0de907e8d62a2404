"""Routes under the names that clients of the sister systems use (docs/decisions/0033).

Every route here is a second name of a route in `api.urls`. Users also have `full_name` and
`is_admin`, and two routes also take the names that the clients send.
The aliases do not use the router, because each maps a path of its own to some actions of a viewset
that has other routes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import path
from django.urls.resolvers import URLPattern
from drf_spectacular.utils import (
    OpenApiParameter,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_view,
)
from rest_framework.request import Request

from api.auth.serializers.sessions import DetailSerializer
from api.auth.serializers.sister_users import (
    SisterPasswordChangeSerializer,
    SisterRegistrationSerializer,
    SisterSessionSerializer,
    SisterUserSerializer,
)
from api.auth.views.account import UserViewSet
from api.auth.views.passwords import PasswordChangeViewSet
from api.auth.views.registration import RegistrationViewSet
from api.auth.views.tokens import TokenRefreshViewSet
from api.schema import problems
from api.views.pipelines.transformed import TransformedImageViewSet


@extend_schema_view(
    create=extend_schema(
        request=SisterRegistrationSerializer,
        responses={
            **problems(403),
            201: PolymorphicProxySerializer(
                component_name="SisterRegistered",
                serializers=[SisterSessionSerializer, DetailSerializer],
                resource_type_field_name=None,
            ),
        },
    )
)
class _SisterRegistrationViewSet(RegistrationViewSet):
    """Create an account and sign in; with `EMAIL_VERIFICATION=mandatory`, only send the mail."""

    serializer_class = SisterRegistrationSerializer
    user_serializer_class = SisterUserSerializer


class _SisterUserViewSet(UserViewSet):
    """The signed-in user."""

    serializer_class = SisterUserSerializer


@extend_schema_view(post=extend_schema(request=SisterPasswordChangeSerializer))
class _SisterPasswordChangeViewSet(PasswordChangeViewSet):
    """Set a new password; all other sessions end. API keys stay valid."""

    def get_serializer_class(self) -> Any:
        """The names of the canonical route are taken, too."""
        body = self.request.data
        if isinstance(body, Mapping) and "old_password" in body:
            return super().get_serializer_class()
        return SisterPasswordChangeSerializer


@extend_schema_view(
    create=extend_schema(
        parameters=[
            OpenApiParameter(
                "refresh_token", str, description="In place of the body, for clients that must."
            )
        ]
    )
)
class _SisterRefreshViewSet(TokenRefreshViewSet):
    """Exchange a refresh token, from the body, the query or else the cookie, for a new pair."""

    def token_of_query(self, request: Request) -> str:
        return request.query_params.get("refresh_token", "")


def _alias(route: str, view: type[Any], of: str, **actions: str) -> URLPattern:
    """Route to a view that the OpenAPI document describes as another name of `of`."""
    alias: Any = type(view.__name__, (view,), {"alias_of": of, "__doc__": view.__doc__})
    name = "alias-" + route.replace("<int:pk>/", "").strip("/").replace("/", "-")
    return path(route, alias.as_view(actions), name=name)


# No sister system deletes accounts.
_USER_ACTIONS = {"get": "retrieve", "put": "update", "patch": "partial_update"}

urlpatterns = [
    _alias("auth/register/", _SisterRegistrationViewSet, "auth/registration/", post="create"),
    _alias("auth/refresh/", _SisterRefreshViewSet, "token/refresh/", post="create"),
    _alias("auth/token/refresh/", TokenRefreshViewSet, "token/refresh/", post="create"),
    _alias("user/info/", _SisterUserViewSet, "auth/user/", **_USER_ACTIONS),
    _alias("users/me/", _SisterUserViewSet, "auth/user/", **_USER_ACTIONS),
    _alias(
        "users/me/change-password/",
        _SisterPasswordChangeViewSet,
        "auth/password/change/",
        post="post",
    ),
    _alias(
        "images/<int:pk>/processed/",
        TransformedImageViewSet,
        "images/transformed/{id}/download/",
        get="newest",
    ),
]
