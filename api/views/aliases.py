"""Routes under the names that clients of the sister systems use (docs/decisions/0033).

Every route here is a second name of a route in `api.urls`. Only users look different: they also
have `full_name` and `is_admin`. The aliases do not use the router, because each maps a path of its
own to some actions of a viewset that has other routes.
"""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.urls.resolvers import URLPattern
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema, extend_schema_view

from api.auth.serializers.sessions import DetailSerializer
from api.auth.serializers.sister_users import (
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


def _alias(route: str, view: type[Any], of: str, **actions: str) -> URLPattern:
    """Route to a view that the OpenAPI document describes as another name of `of`."""
    alias: Any = type(view.__name__, (view,), {"alias_of": of, "__doc__": view.__doc__})
    name = "alias-" + route.replace("<int:pk>/", "").strip("/").replace("/", "-")
    return path(route, alias.as_view(actions), name=name)


# No sister system deletes accounts.
_USER_ACTIONS = {"get": "retrieve", "put": "update", "patch": "partial_update"}

urlpatterns = [
    _alias("auth/register/", _SisterRegistrationViewSet, "auth/registration/", post="create"),
    _alias("auth/refresh/", TokenRefreshViewSet, "token/refresh/", post="create"),
    _alias("auth/token/refresh/", TokenRefreshViewSet, "token/refresh/", post="create"),
    _alias("user/info/", _SisterUserViewSet, "auth/user/", **_USER_ACTIONS),
    _alias("users/me/", _SisterUserViewSet, "auth/user/", **_USER_ACTIONS),
    _alias(
        "users/me/change-password/", PasswordChangeViewSet, "auth/password/change/", post="post"
    ),
    _alias(
        "images/<int:pk>/processed/",
        TransformedImageViewSet,
        "images/transformed/{id}/download/",
        get="newest",
    ),
]
