"""Everything that the project's card promises is there: packages, folders, shape."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]

PACKAGES = [
    "django",
    "djangorestframework",
    "djangorestframework-simplejwt",
    "dj-rest-auth",
    "django-allauth",
    "celery",
    "redis",
    "pillow",
    "django-storages",
    "boto3",
    "psycopg2-binary",
    "django-cors-headers",
    "sentry-sdk",
    "pytest-django",
    "moto",
]
TOP_LEVEL = [
    "api/",
    "image_processor/",
    "image_processing_service/",
    "utils/",
    "compose/",
    "elk/",
    "docker-compose.local.yml",
    "justfile",
    "manage.py",
    "requirements.txt",
    ".env.example",
    "README.md",
]
# The first README shows these as well.
ALSO = [
    "compose/local/django/",
    "compose/local/worker/",
    "elk/local/elasticsearch/",
    "elk/local/filebeat/",
    "elk/local/kibana/",
    "logs/",
    ".dockerignore",
    ".gitignore",
    "LICENSE",
    "image_processing_service/asgi.py",
    "image_processing_service/wsgi.py",
]


def pinned() -> dict[str, str]:
    """Package and version of every pin in requirements*.txt."""
    pin = re.compile(
        r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==([^\s;]+)", re.IGNORECASE | re.MULTILINE
    )
    found: dict[str, str] = {}
    for path in ROOT.glob("requirements*.txt"):
        found |= dict(pin.findall(path.read_text()))
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_package_is_pinned(package: str) -> None:
    assert package in pinned()


@pytest.mark.parametrize("name", [*TOP_LEVEL, *ALSO])
def test_file_or_folder_is_there(name: str) -> None:
    path = ROOT / name
    if name.endswith("/"):
        assert path.is_dir()
        assert any(path.iterdir()), f"{name} is empty"
    else:
        assert path.is_file()


def views(resolver: URLResolver) -> list[type]:
    """The classes behind all addresses below a resolver; functions are left out."""
    found: list[type] = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            found += views(entry)
        elif isinstance(entry, URLPattern):
            # DRF's viewsets and views name their class `cls`, Django's views `view_class`.
            for name in ("cls", "view_class"):
                if isinstance(view := getattr(entry.callback, name, None), type):
                    found.append(view)
                    break
    return found


def test_the_api_is_served_by_drf_viewsets() -> None:
    from rest_framework.viewsets import ViewSetMixin

    # Files are for holders of a link, documents for browsers: neither speaks the API's language.
    found = [view for view in views(get_resolver()) if view.__module__.startswith("api.views.")]
    assert len(found) > 20
    others = {view for view in found if not issubclass(view, ViewSetMixin)}
    apart = {"api.views.files", "api.views.documents"}
    assert {view.__module__ for view in others} == apart
