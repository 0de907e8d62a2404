"""Settings of `benchmarks.service.empty_project`: its routes, and what the web server reads."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.service.empty_project"
