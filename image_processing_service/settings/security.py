"""Proxies, HTTPS, other origins, the content policy, and requests to other servers."""

from __future__ import annotations

from image_processing_service.env import env
from image_processing_service.settings.core import DEBUG, is_https, public_address

NUM_PROXIES = env.whole("NUM_PROXIES", 0)
if NUM_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "if-range",
    "range",
    "x-auth-mode",
    "x-request-id",
]
CORS_EXPOSE_HEADERS = [
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Range",
    "ETag",
    "Full-Bytes",
    "Full-Exact",
    "Full-Format",
    "Full-Height",
    "Full-Width",
    "Idempotent-Replayed",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-ID",
]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = is_https
CSRF_TRUSTED_ORIGINS = [f"{public_address.scheme}://{public_address.netloc}"]

# A proxy terminates HTTPS, so only behind a proxy can plain requests be redirected to HTTPS.
# Probes of containers and load balancers bypass the proxy.
SECURE_SSL_REDIRECT = is_https and NUM_PROXIES > 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# Browsers apply HSTS to all ports of a host, so it is never sent for localhost.
_local = f".{public_address.hostname}".endswith(".localhost")
_hsts_seconds = env.whole("HSTS_SECONDS", 31_536_000)
SECURE_HSTS_SECONDS = _hsts_seconds if is_https and not DEBUG and not _local else 0
# W005 and W021 (HSTS for subdomains, preload) are up to the operator of the domain.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# api.http.content_policy adds the storage's origin; pages add the hashes of their scripts.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Imports and webhooks may also reach these networks, beside the public internet.
OUTBOUND_ALLOWED_NETWORKS = env.networks("OUTBOUND_ALLOWED_NETWORKS")
OUTBOUND_ALLOWED_PORTS = env.ports("OUTBOUND_ALLOWED_PORTS", [80, 443])
