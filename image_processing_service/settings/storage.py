"""Where files are: the store of images, static files, the web page, and uploads on their way."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from image_processing_service.env import BASE_DIR, env

MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / ".data" / "media"))
LINK_LIFETIME_SECONDS = env.whole("LINK_LIFETIME_SECONDS", 300, least=60, most=604_800)
THUMBNAIL_LINK_LIFETIME_SECONDS = env.whole(
    "THUMBNAIL_LINK_LIFETIME_SECONDS", 86_400, least=60, most=604_800
)

_bucket = env.str("AWS_STORAGE_BUCKET_NAME", default="")
_s3_options = {
    "bucket_name": _bucket,
    "access_key": env.str("AWS_ACCESS_KEY_ID", default="") or None,
    "secret_key": env.str("AWS_SECRET_ACCESS_KEY", default="") or None,
    "security_token": env.str("AWS_SESSION_TOKEN", default="") or None,
    "region_name": env.str("AWS_S3_REGION_NAME", default="us-east-1"),
    "endpoint_url": env.address("AWS_S3_ENDPOINT_URL", "") or None,
    "addressing_style": env.choice("AWS_S3_ADDRESSING_STYLE", "auto", ("auto", "virtual", "path")),
}
STORAGES = {
    "default": (
        {"BACKEND": "image_processor.storage.s3.PrivateS3Storage", "OPTIONS": _s3_options}
        if _bucket
        else {
            "BACKEND": "image_processor.storage.local.PrivateFileStorage",
            "OPTIONS": {"location": MEDIA_ROOT},
        }
    ),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / ".data" / "static"))
# The exported web page. Without it the service serves only the API.
FRONTEND_ROOT = env.str("FRONTEND_ROOT", default="")
if FRONTEND_ROOT and not (Path(FRONTEND_ROOT) / "index.html").is_file():
    raise ImproperlyConfigured(
        f"FRONTEND_ROOT is {FRONTEND_ROOT!r}; there is no index.html in that folder."
    )
FRONTEND_ROOT = FRONTEND_ROOT or str(BASE_DIR / "frontend" / "out")

FILE_UPLOAD_HANDLERS = [
    "api.requests.upload_handlers.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "api.requests.upload_handlers.SpooledUpload",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
