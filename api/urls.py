"""Every route under `/api/v1/` (and, unversioned, under `/api/`)."""

from __future__ import annotations

from django.urls import path

from api.auth.views import urlpatterns as auth
from api.views.batches import BatchViewSet
from api.views.client_errors import ClientErrorViewSet
from api.views.direct_uploads import DirectUploadViewSet
from api.views.documents import RedocView, SchemaView, SwaggerView
from api.views.images import ImageViewSet, UploadViewSet
from api.views.imports import ImportViewSet
from api.views.operations import OperationViewSet
from api.views.presets import PresetViewSet
from api.views.preview import PreviewViewSet
from api.views.stats import StatsViewSet
from api.views.tasks import TaskViewSet
from api.views.transform import PlanViewSet, TransformUploadViewSet, TransformViewSet
from api.views.transformed import TransformedImageViewSet
from api.views.unconfigured import AnalysisViewSet, PaymentsViewSet, PaymentWebhookViewSet
from api.views.usage import UsageViewSet

images = [
    path("images/", ImageViewSet.as_view({"get": "list"}), name="images"),
    path("images/zip/", ImageViewSet.as_view({"post": "zip"}), name="images-zip"),
    path("images/upload/", UploadViewSet.as_view({"post": "create"}), name="image-upload"),
    path("images/import/", ImportViewSet.as_view({"post": "create"}), name="image-import"),
    path(
        "images/direct-uploads/",
        DirectUploadViewSet.as_view({"post": "create"}),
        name="direct-uploads",
    ),
    path(
        "images/direct-uploads/<int:pk>/",
        DirectUploadViewSet.as_view({"get": "retrieve"}),
        name="direct-upload",
    ),
    path(
        "images/direct-uploads/<int:pk>/complete/",
        DirectUploadViewSet.as_view({"post": "complete"}),
        name="direct-upload-complete",
    ),
    path(
        "images/transformed/",
        TransformedImageViewSet.as_view({"get": "list"}),
        name="transformed-images",
    ),
    path(
        "images/transformed/zip/",
        TransformedImageViewSet.as_view({"post": "zip"}),
        name="transformed-images-zip",
    ),
    path(
        "images/transformed/<int:pk>/",
        TransformedImageViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
        name="transformed-image",
    ),
    path(
        "images/transformed/<int:pk>/download/",
        TransformedImageViewSet.as_view({"get": "download"}),
        name="transformed-image-download",
    ),
    path(
        "images/<int:pk>/",
        ImageViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="image",
    ),
    path(
        "images/<int:pk>/original/",
        ImageViewSet.as_view({"get": "original"}),
        name="image-original",
    ),
    path("images/status/<int:pk>/", ImageViewSet.as_view({"get": "status"}), name="image-status"),
    path("images/<int:pk>/tasks/", ImageViewSet.as_view({"get": "tasks"}), name="image-tasks"),
    path(
        "images/<int:pk>/transform/",
        TransformViewSet.as_view({"post": "create"}),
        name="image-transform",
    ),
    path(
        "images/<int:pk>/transform/plan/",
        PlanViewSet.as_view({"post": "plan"}),
        name="image-transform-plan",
    ),
    path(
        "images/transform/",
        TransformUploadViewSet.as_view({"post": "create"}),
        name="upload-transform",
    ),
    path(
        "images/<int:pk>/preview/",
        PreviewViewSet.as_view({"post": "preview"}),
        name="image-preview",
    ),
]

tasks = [
    path("tasks/", TaskViewSet.as_view({"get": "list"}), name="tasks"),
    path(
        "tasks/retry-failed/",
        TaskViewSet.as_view({"post": "retry_failed"}),
        name="tasks-retry-failed",
    ),
    path(
        "tasks/<int:pk>/",
        TaskViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
        name="task",
    ),
    path("tasks/<int:pk>/cancel/", TaskViewSet.as_view({"post": "cancel"}), name="task-cancel"),
    path("tasks/<int:pk>/retry/", TaskViewSet.as_view({"post": "retry"}), name="task-retry"),
]

usage = [
    path("usage/", UsageViewSet.as_view({"get": "retrieve"}), name="usage"),
    path("stats/", StatsViewSet.as_view({"get": "retrieve"}), name="stats"),
]

presets = [
    path("presets/", PresetViewSet.as_view({"get": "list", "post": "create"}), name="presets"),
    path(
        "presets/<int:pk>/",
        PresetViewSet.as_view(
            {
                "get": "retrieve",
                "put": "update",
                "patch": "partial_update",
                "delete": "destroy",
            }
        ),
        name="preset",
    ),
]

batches = [
    path("batches/", BatchViewSet.as_view({"get": "list", "post": "create"}), name="batches"),
    path(
        "batches/<int:pk>/",
        BatchViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
        name="batch",
    ),
    path(
        "batches/<int:pk>/retry-failed/",
        BatchViewSet.as_view({"post": "retry_failed"}),
        name="batch-retry-failed",
    ),
    path("batches/<int:pk>/cancel/", BatchViewSet.as_view({"post": "cancel"}), name="batch-cancel"),
    path(
        "batches/<int:pk>/download/",
        BatchViewSet.as_view({"get": "download"}),
        name="batch-download",
    ),
]

documents = [
    path("operations/", OperationViewSet.as_view({"get": "list"}), name="operations"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", SwaggerView.as_view(), name="docs"),
    path("redoc/", RedocView.as_view(), name="redoc"),
]

operators = [
    path("client-errors/", ClientErrorViewSet.as_view({"post": "create"}), name="client-errors"),
]

# Until there are payments and analyses.
unconfigured = [
    path(
        "images/<int:pk>/analyze/",
        AnalysisViewSet.as_view({"post": "analyze"}),
        name="image-analyze",
    ),
    path(
        "images/<int:pk>/analysis/",
        AnalysisViewSet.as_view({"get": "analysis"}),
        name="image-analysis",
    ),
    path("payments/create/", PaymentsViewSet.as_view({"post": "refuse"}), name="payments-create"),
    path("payments/confirm/", PaymentsViewSet.as_view({"post": "refuse"}), name="payments-confirm"),
    path(
        "payments/webhook/",
        PaymentWebhookViewSet.as_view({"post": "refuse"}),
        name="payments-webhook",
    ),
]

urlpatterns = [
    *auth,
    *images,
    *tasks,
    *presets,
    *batches,
    *usage,
    *documents,
    *operators,
    *unconfigured,
]
