"""The same things under the names that clients of the sister systems know.

Whatever is here has a route of its own in `api.urls`; nothing else is done here but to answer
under another name, with users as those systems show them.
"""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.urls.resolvers import URLPattern
from drf_spectacular.utils import (
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_view,
)

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
from api.schema import AUTH_MODE, problems
from api.views.transformed import TransformedImageViewSet


@extend_schema_view(
    create=extend_schema(
        request=SisterRegistrationSerializer,
        parameters=[AUTH_MODE],
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
    """Make an account and sign in; with `EMAIL_VERIFICATION=mandatory`, only send the mail."""

    serializer_class = SisterRegistrationSerializer
    user_serializer_class = SisterUserSerializer


class _SisterUserViewSet(UserViewSet):
    """The signed-in user."""

    serializer_class = SisterUserSerializer


def _alias(route: str, view: type[Any], of: str, **actions: str) -> URLPattern:
    """The route as another name of the route `of`, which the document says."""
    known: Any = type(view.__name__, (view,), {"alias_of": of, "__doc__": view.__doc__})
    name = "alias-" + route.replace("<int:pk>/", "").strip("/").replace("/", "-")
    return path(route, known.as_view(actions), name=name)


_REGISTRATION = "auth/registration/"
_REFRESH = "token/refresh/"
_USER = "auth/user/"
# Without deletion, which no sister system has.
_USER_ACTIONS = {"get": "retrieve", "put": "update", "patch": "partial_update"}

urlpatterns = [
    _alias("auth/register/", _SisterRegistrationViewSet, _REGISTRATION, post="create"),
    _alias("auth/refresh/", TokenRefreshViewSet, _REFRESH, post="create"),
    _alias("auth/token/refresh/", TokenRefreshViewSet, _REFRESH, post="create"),
    _alias("user/info/", _SisterUserViewSet, _USER, **_USER_ACTIONS),
    _alias("users/me/", _SisterUserViewSet, _USER, **_USER_ACTIONS),
    _alias(
        "users/me/change-password/", PasswordChangeViewSet, "auth/password/change/", post="create"
    ),
    _alias(
        "images/<int:pk>/processed/",
        TransformedImageViewSet,
        "images/transformed/{id}/download/",
        get="newest",
    ),
]
