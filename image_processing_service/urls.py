"""Every address of the service."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from api import problem
from api.views.files import FileView
from utils.health import alive, ready

API = "image_processing_service.api_urls"

urlpatterns = [
    # Until there is a page: whoever opens the printed address finds what can be done here.
    path("", RedirectView.as_view(pattern_name="v1:docs"), name="home"),
    path("api/v1/", include((API, "api"), namespace="v1")),
    path("api/", include((API, "api"), namespace="unversioned")),
    re_path(r"^api/", problem.not_found),
    path("files/<str:token>", FileView.as_view(), name="file"),
    path("admin/", admin.site.urls),
    path("healthz", alive),
    path("readyz", ready),
]

handler400 = problem.bad_request
handler403 = problem.forbidden
handler404 = problem.not_found
handler500 = problem.server_error
