"""Signing up, and confirming the e-mail address."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings as allauth_settings
from allauth.account.models import get_emailconfirmation_model
from drf_spectacular.contrib import rest_auth
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import mails, sessions
from api.auth.serializers.registration import RegistrationSerializer
from api.auth.serializers.sessions import (
    DetailSerializer,
    EmailSerializer,
    SessionSerializer,
    VerifyEmailSerializer,
)
from api.auth.serializers.users import UserSerializer
from api.auth.views.answers import CookieGivingViewSet, PublicViewSet, session_answer
from api.schema import AUTH_MODE, problems
from utils import audit

# dj-rest-auth's own registration views need allauth's social accounts, which are not installed;
# None tells drf-spectacular not to look for them.
_unused: tuple[Any, ...] = (
    rest_auth.RestAuthRegisterView,
    rest_auth.RestAuthVerifyEmailView,
    rest_auth.RestAuthResendEmailVerificationView,
)
for _view in _unused:
    _view.target_class = None


class RegistrationViewSet(CookieGivingViewSet):
    """Make an account and sign in; with `EMAIL_VERIFICATION=mandatory`, only send the mail."""

    rate_scope = "registration"
    serializer_class: type[RegistrationSerializer] = RegistrationSerializer
    user_serializer_class: type[UserSerializer] = UserSerializer

    @extend_schema(
        request=RegistrationSerializer,
        parameters=[AUTH_MODE],
        responses={
            **problems(403),
            201: PolymorphicProxySerializer(
                component_name="Registered",
                serializers=[SessionSerializer, DetailSerializer],
                resource_type_field_name=None,
            ),
        },
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = self.serializer_class(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        user = serializer.save()
        audit.record("registration", user_id=user.pk)
        mandatory = allauth_settings.EmailVerificationMethod.MANDATORY
        if mandatory == allauth_settings.EMAIL_VERIFICATION:
            return Response({"detail": "Verification e-mail sent."}, status=201)
        names = ("access_token", "refresh_token")
        family = sessions.start(user)
        return session_answer(
            request, family, names=names, status=201, user_as=self.user_serializer_class
        )


class VerifyEmailViewSet(PublicViewSet):
    """Confirm an e-mail address by the key of the mail."""

    @extend_schema(request=VerifyEmailSerializer, responses=DetailSerializer)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = VerifyEmailSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        found = get_emailconfirmation_model().from_key(serializer.validated_data["key"])
        address = found.confirm(request._request) if found else None
        if address is None:
            message = "This link is not valid, has expired, or was used already."
            raise ValidationError({"key": [message]}, code="invalid_key")
        audit.record("email_verified", user_id=address.user_id)
        return Response({"detail": "ok"})


class ResendEmailViewSet(PublicViewSet):
    """Send the confirmation mail again; answers the same whether the address exists or not."""

    rate_scope = "password_reset"

    @extend_schema(request=EmailSerializer, responses=DetailSerializer)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = EmailSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        mails.ask("confirmation", serializer.validated_data["email"])
        return Response({"detail": "ok"})
