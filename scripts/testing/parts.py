"""The parts of a test run, in the order in which they start. Each test file belongs to one part.

Parts that others need come first, then long parts; small parts fill the gaps at the end. The
seconds are processor time at the last measurement; docs/testing.md names the machine.
"""

from dataclasses import replace
from functools import partial

from scripts.local.checkout import PYTHON, VENV
from scripts.local.installing.frontend import FOLDER
from scripts.local.installing.node import NPM
from scripts.testing.part import Part

MODULE = (str(PYTHON), "-m")
MANAGE = (str(PYTHON), "manage.py")
PAGE = (*NPM, "run", "--silent")
RUFF = (str(PYTHON.parent / "ruff"),)

BUILD, DATABASE, DATA = "page: build", "prepared database", "prepared data"

PREPARATIONS = [
    Part(DATABASE, 7, (*MODULE, "tests.database_template", "make")),
    Part(DATA, 16, (*MODULE, "scripts.testing.prepared_data")),
    Part(BUILD, 75, (*MODULE, "scripts.testing.page_build")),
]

# These parts start the service on a copy of the prepared data, with the built page.
service_part = partial(Part, after=[DATA, BUILD], starts_service=True)

SERVICE = [
    service_part(
        "service",
        200,
        tests=[
            "tests/stack",
            "tests/hostile",
            "tests/fuzz",
            "tests/client/service",
            "tests/project/test_first_request.py",
            "tests/webhooks/test_service.py",
            "tests/chaos/test_scenarios.py",
        ],
        ignored=["tests/hostile/test_coverage.py"],
    ),
    service_part("browser", 140, tests=["tests/browser"]),
    service_part("RabbitMQ", 5, tests=["tests/chaos/test_rabbitmq.py"]),
    service_part("scripts/up", 50, tests=["tests/scripts/local/running/test_up.py"]),
]

WITHOUT_SERVICE = [
    Part("api", 200, tests=["tests/api"], after=[DATABASE]),
    Part("engine", 160, tests=["tests/engine"]),
    Part(
        "storage, jobs, library",
        120,
        tests=[
            "tests/accounts",
            "tests/image_processing_service",
            "tests/storage",
            "tests/jobs",
            "tests/library",
            "tests/transform",
            "tests/webhooks",
            "tests/utils",
            "tests/pages",
            "tests/outbox",
        ],
        ignored=["tests/webhooks/test_service.py"],
        after=[DATABASE],
    ),
    Part(
        "scripts",
        65,
        tests=["tests/scripts"],
        ignored=["tests/scripts/local/running/test_up.py"],
        after=[DATABASE],
    ),
    Part(
        "project, client",
        45,
        tests=["tests/project", "tests/client", "tests/hostile/test_coverage.py"],
        ignored=["tests/project/test_first_request.py", "tests/client/service"],
        after=[DATABASE],
    ),
]

CHECKS = [
    Part("mypy", 28, (*MODULE, "mypy")),
    Part("page: tests", 20, (*PAGE, "test"), directory=FOLDER),
    Part("page: lint", 2, (*PAGE, "lint"), directory=FOLDER),
    Part("page: API types", 2, (*PAGE, "generate:check"), directory=FOLDER),
    Part("derived files", 11, (str(PYTHON), "scripts/generate", "--check")),
    Part("migrations", 3, (*MANAGE, "makemigrations", "--check", "--dry-run")),
    Part("django", 3, (*MANAGE, "check", "--fail-level", "WARNING")),
    Part("import-linter", 3, (str(PYTHON.parent / "lint-imports"),)),
    Part("ruff check", 1, (*RUFF, "check", ".")),
    Part("ruff format", 1, (*RUFF, "format", "--check", ".")),
]

QUICK = [*PREPARATIONS, *SERVICE, *WITHOUT_SERVICE, *CHECKS]

FORMATS = Part(
    "optional formats",
    30,
    (*MODULE, "scripts.local.installing.formats_environment", str(VENV / "formats")),
    after=[DATABASE],
)
MUTATIONS = Part("mutations", 540, (*MODULE, "tests.mutations"), after=[DATABASE])

# The processor seconds that the long tests add to a part.
LONG_SECONDS = {
    "service": 260,
    "engine": 280,
    "scripts": 45,
    "scripts/up": 45,
    "browser": 22,
    "RabbitMQ": 30,
}

WHOLE = [
    *(replace(part, seconds=part.seconds + LONG_SECONDS.get(part.name, 0)) for part in QUICK),
    FORMATS,
    MUTATIONS,
]


def pytest_options(*, whole: bool) -> list[str]:
    """Return the options of every run of pytest; the quick run deselects tests marked long."""
    deselected = "formats" if whole else "formats or long"
    return ["--quiet", "-p", "scripts.testing.progress", "-m", f"not ({deselected})"]


def may_start_service(path: str) -> bool:
    """Whether the test file belongs to a part with a service. The path is relative to ROOT."""
    return any(part.starts_service and part.covers(path) for part in WHOLE)
