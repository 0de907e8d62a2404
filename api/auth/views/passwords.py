"""Forgotten and changed passwords."""

from __future__ import annotations

from typing import Any

from dj_rest_auth import views as base
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from accounts.models import User
from api.auth.permissions import HasScope
from api.auth.serializers.passwords import (
    PasswordChangeSerializer,
    PasswordResetConfirmSerializer,
    PasswordResetSerializer,
)
from api.auth.serializers.sessions import DetailSerializer
from api.auth.views.answers import PublicViewSet
from utils import audit


class PasswordResetViewSet(PublicViewSet, base.PasswordResetView):
    """Send a link to reset the password; answers the same whether the address exists or not."""

    rate_scope = "password_reset"
    serializer_class = PasswordResetSerializer

    @extend_schema(request=PasswordResetSerializer, responses=DetailSerializer)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        audit.record("password_reset_asked", user_id=None)
        return super().post(request, *args, **kwargs)


class PasswordResetConfirmViewSet(PublicViewSet, base.PasswordResetConfirmView):
    """Set a new password by the link of the mail; ends all sessions. API keys stay."""

    rate_scope = "password_reset"
    serializer_class = PasswordResetConfirmSerializer

    @extend_schema(request=PasswordResetConfirmSerializer, responses=DetailSerializer)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user: User = serializer.save()
        audit.record("password_reset", user_id=user.pk)
        return Response({"detail": "Password has been reset with the new password."})


class PasswordChangeViewSet(ViewSetMixin, base.PasswordChangeView):
    """Set a new password; ends all other sessions. API keys stay."""

    permission_classes = (IsAuthenticated, HasScope)
    serializer_class = PasswordChangeSerializer

    @extend_schema(request=PasswordChangeSerializer, responses=DetailSerializer)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().post(request, *args, **kwargs)
        audit.record("password_changed", user_id=request.user.pk)
        return response
