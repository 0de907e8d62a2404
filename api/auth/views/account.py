"""`auth/user/`: the account of the signed-in user."""

from __future__ import annotations

from typing import Any, cast

from dj_rest_auth.views import UserDetailsView
from django.db import transaction
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from accounts.access import lockout
from accounts.access.credentials import lock_caller
from accounts.models import User
from api.auth import cookies
from api.auth.permissions import HasScope
from api.auth.serializers.sessions import CurrentPasswordSerializer
from image_processor.library.deletion.account import forget_user


@extend_schema_view(
    retrieve=extend_schema(summary="Show your account"),
    update=extend_schema(summary="Replace your account's details"),
    partial_update=extend_schema(summary="Change your account's details"),
)
class UserViewSet(ViewSetMixin, UserDetailsView):
    """The signed-in user."""

    permission_classes = (IsAuthenticated, HasScope)

    @extend_schema(request=CurrentPasswordSerializer, responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete the account with everything in it."""
        serializer = CurrentPasswordSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user = cast(User, request.user)
        password = serializer.validated_data["password"]
        checked = lockout.check_password(request._request, user.username, password)
        if checked is None:
            message = "The password is wrong. Nothing was deleted."
            raise ValidationError({"password": [message]}, code="password_incorrect")
        with transaction.atomic():
            lock_caller(user.pk, request.auth, checked=checked)
            forget_user(user)
        response = Response(status=204)
        cookies.clear(response)
        return response
