"""Reset and change of passwords: dj-rest-auth's views with the serializers of `REST_AUTH`."""

from __future__ import annotations

from dj_rest_auth import views as base
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.permissions import IsAuthenticated
from rest_framework.viewsets import ViewSetMixin

from api.auth.permissions import HasScope
from api.auth.serializers.sessions import DetailSerializer
from api.auth.views.public import PublicViewSet
from api.requests.parsers import FORM_PARSERS

_with_detail = extend_schema_view(post=extend_schema(responses=DetailSerializer))


@_with_detail
class PasswordResetViewSet(PublicViewSet, base.PasswordResetView):
    """Send a link to reset the password; the answer is the same for unknown addresses."""

    rate_scope = "password_reset"


@_with_detail
class PasswordResetConfirmViewSet(PublicViewSet, base.PasswordResetConfirmView):
    """Set a new password with the link from the mail; all sessions end.

    API keys and webhooks that were made before the e-mail address was confirmed are deleted.
    """

    rate_scope = "password_reset"


@_with_detail
class PasswordChangeViewSet(ViewSetMixin, base.PasswordChangeView):
    """Set a new password; all other sessions end. API keys stay valid."""

    permission_classes = (IsAuthenticated, HasScope)
    parser_classes = FORM_PARSERS
