"""Django REST framework, and the OpenAPI document."""

from __future__ import annotations

from image_processing_service.settings.security import NUM_PROXIES

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.auth.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "api.auth.permissions.HasScope",
    ],
    "DEFAULT_THROTTLE_CLASSES": [
        "api.http.throttling.AnonRateThrottle",
        "api.http.throttling.UserRateThrottle",
        "api.http.throttling.ScopeRateThrottle",
    ],
    "DEFAULT_PARSER_CLASSES": ["api.requests.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.http.negotiation.AlwaysJSON",
    "DEFAULT_PAGINATION_CLASS": "api.lists.pagination.NewestFirstPagination",
    "DEFAULT_VERSIONING_CLASS": "api.http.versioning.PathVersioning",
    "DEFAULT_VERSION": "v1",
    "DEFAULT_SCHEMA_CLASS": "api.schema.AutoSchema",
    "EXCEPTION_HANDLER": "api.http.problem.exception_handler",
    "NUM_PROXIES": NUM_PROXIES,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Image Processing Service",
    "DESCRIPTION": "Upload an image once; get any version of it by a pipeline of operations.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Without null, Swagger UI sends the address of the document to a validator on another host.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ImageStatus": "image_processor.models.image.SourceImage.Status",
        "TaskStatus": "image_processor.jobs.model.Status",
        "WebhookEvent": "webhooks.models.EVENTS",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.add_shared_parts",
    ],
}
