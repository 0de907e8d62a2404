"""The API routes of all applications."""

from __future__ import annotations

from api.urls import urlpatterns as core
from api.views.aliases import urlpatterns as aliases
from webhooks.api.urls import urlpatterns as webhooks

urlpatterns = [*core, *webhooks, *aliases]
