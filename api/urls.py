"""Every route under `/api/v1/` (and, unversioned, under `/api/`)."""

from __future__ import annotations

from django.urls import path

from api.views.auth import urlpatterns as auth
from api.views.batches import BatchViewSet
from api.views.documents import RedocView, SchemaView, SwaggerView
from api.views.images import ImageViewSet, UploadViewSet
from api.views.operations import OperationViewSet
from api.views.presets import PresetViewSet
from api.views.stats import StatsViewSet
from api.views.tasks import TaskViewSet
from api.views.transform import TransformViewSet
from api.views.transformed import TransformedImageViewSet
from api.views.usage import UsageViewSet

images = [
    path("images/", ImageViewSet.as_view({"get": "list"}), name="images"),
    path("images/zip/", ImageViewSet.as_view({"post": "zip"}), name="images-zip"),
    path("images/upload/", UploadViewSet.as_view({"post": "create"}), name="image-upload"),
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

urlpatterns = [*auth, *images, *tasks, *presets, *batches, *usage, *documents]
