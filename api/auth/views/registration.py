"""Registration and confirmation of the e-mail address."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.contrib import rest_auth
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.fields import get_error_detail
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import sessions
from accounts.email_addresses import confirmation_is_mandatory
from accounts.lifecycle.confirmation import confirm_email_address
from accounts.mails.requests import request_mail
from api.auth.serializers.registration import RegistrationSerializer
from api.auth.serializers.sessions import (
    DetailSerializer,
    EmailSerializer,
    SessionSerializer,
    VerifyEmailSerializer,
)
from api.auth.serializers.users import UserSerializer
from api.auth.views.public import OwnPagesViewSet, PublicViewSet
from api.auth.views.token_responses import session_response
from api.schema import AUTH_MODE, problems
from utils import audit

# dj-rest-auth's registration views are not used: importing them needs allauth's social accounts,
# which are not installed. Without a target class drf-spectacular does not try to import them.
_extensions: tuple[Any, ...] = (
    rest_auth.RestAuthRegisterView,
    rest_auth.RestAuthVerifyEmailView,
    rest_auth.RestAuthResendEmailVerificationView,
)
for _extension in _extensions:
    _extension.target_class = None


class RegistrationViewSet(OwnPagesViewSet):
    """Create an account and sign in; with `EMAIL_VERIFICATION=mandatory`, only send the mail.

    Then the answer for an address that has an account is the same: its owner gets a mail.
    """

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
        if user is not None:
            audit.record("registration", user_id=user.pk)
        if user is None or confirmation_is_mandatory():
            return Response({"detail": "Verification e-mail sent."}, status=201)
        family = sessions.start(user)
        return session_response(
            request, family, status=201, user_serializer=self.user_serializer_class
        )


class VerifyEmailViewSet(PublicViewSet):
    """Confirm an e-mail address with the key from the mail; a changed address takes effect."""

    @extend_schema(request=VerifyEmailSerializer, responses=DetailSerializer)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = VerifyEmailSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        try:
            confirm_email_address(request._request, serializer.validated_data["key"])
        except ValidationError as error:
            raise serializers.ValidationError(get_error_detail(error)) from error
        return Response({"detail": "ok"})


class ResendEmailViewSet(PublicViewSet):
    """Send the confirmation mail again; the answer is the same for unknown addresses."""

    rate_scope = "password_reset"

    @extend_schema(request=EmailSerializer, responses=DetailSerializer)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = EmailSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        request_mail("confirmation", serializer.validated_data["email"])
        return Response({"detail": "ok"})
