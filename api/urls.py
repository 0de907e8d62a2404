"""Every route under `/api/v1/` (and, unversioned, under `/api/`)."""

from __future__ import annotations

from django.urls import path

from api.auth.views import urlpatterns as auth
from api.router import Router
from api.views.client_errors import ClientErrorViewSet
from api.views.documents import RedocView, SchemaView, SwaggerView
from api.views.images.deletions import ImageDeletionViewSet
from api.views.images.direct_uploads import DirectUploadViewSet
from api.views.images.images import ImageStatusViewSet, ImageViewSet
from api.views.images.imports import ImportViewSet
from api.views.images.uploads import UploadViewSet
from api.views.pipelines.batches import BatchViewSet
from api.views.pipelines.operations import OperationViewSet
from api.views.pipelines.presets import PresetViewSet
from api.views.pipelines.preview import PreviewViewSet
from api.views.pipelines.tasks import TaskViewSet
from api.views.pipelines.transform import TransformUploadViewSet, TransformViewSet
from api.views.pipelines.transformed import TransformedImageViewSet
from api.views.stats import StatsViewSet
from api.views.unconfigured import AnalysisViewSet, PaymentsViewSet, PaymentWebhookViewSet
from api.views.usage import UsageViewSet

router = Router()
router.register("images", ImageViewSet, "image")
router.register("images", TransformViewSet, "image")
router.register("images", PreviewViewSet, "image")
router.register("images", AnalysisViewSet, "image")
router.register("images/status", ImageStatusViewSet, "image-status")
router.register("images/upload", UploadViewSet, "image-upload")
router.register("images/import", ImportViewSet, "image-import")
router.register("images/transform", TransformUploadViewSet, "upload-transform")
router.register("images/direct-uploads", DirectUploadViewSet, "direct-upload")
router.register("images/deletions", ImageDeletionViewSet, "image-deletion")
router.register("images/transformed", TransformedImageViewSet, "transformed-image")
router.register("tasks", TaskViewSet, "task")
router.register("presets", PresetViewSet, "preset")
router.register("batches", BatchViewSet, "batch")
router.register("operations", OperationViewSet, "operations")
router.register("client-errors", ClientErrorViewSet, "client-errors")

# Without the router, which has no routes for an object without an id and for plain actions.
others = [
    path("usage/", UsageViewSet.as_view({"get": "retrieve"}), name="usage"),
    path("stats/", StatsViewSet.as_view({"get": "retrieve"}), name="stats"),
    path("payments/create/", PaymentsViewSet.as_view({"post": "refuse"}), name="payments-create"),
    path("payments/confirm/", PaymentsViewSet.as_view({"post": "refuse"}), name="payments-confirm"),
    path(
        "payments/webhook/",
        PaymentWebhookViewSet.as_view({"post": "refuse"}),
        name="payments-webhook",
    ),
]

documents = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", SwaggerView.as_view(), name="docs"),
    path("redoc/", RedocView.as_view(), name="redoc"),
]

urlpatterns = [*auth, *router.urls, *others, *documents]
