"""Scripts that run beside a test, as the tests of the scripts themselves have them."""

from tests.scripts.conftest import data, environment, start

__all__ = ["data", "environment", "start"]
