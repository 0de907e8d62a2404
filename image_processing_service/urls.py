"""All routes of the service."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path, re_path

from api.http import error_handlers
from api.views.files import FileView
from image_processing_service.health import alive, ready
from pages import views as pages

API = "image_processing_service.api_urls"

urlpatterns = [
    path("api/v1/", include((API, "api"), namespace="v1")),
    path("api/", include((API, "api"), namespace="unversioned")),
    re_path(r"^api/", error_handlers.not_found),
    path("files/<str:token>", FileView.as_view(), name="file"),
    path("admin/", admin.site.urls),
    path("healthz", alive),
    path("readyz", ready),
    path("config.json", pages.config, name="config"),
    # Last, because the web page owns every other path.
    re_path("", pages.exported, name="page"),
]

handler400 = error_handlers.bad_request
handler403 = error_handlers.forbidden
handler404 = pages.not_found
handler500 = error_handlers.server_error
