"""Accounts at the running service, the command line beside the test, and a faulty network."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from image_processing_client import Client, Retries
from tests.client.faulty import Faulty, faulty
from tests.stack.service import Service

SOURCE = Path(__file__).resolve().parents[2] / "client" / "src"
PASSWORD = "a-long-pass-phrase-7"


@pytest.fixture
def network() -> Iterator[Faulty]:
    with faulty() as server:
        yield server


@pytest.fixture
def pauses() -> list[float]:
    """How long the client would have waited before each retry, in seconds."""
    return []


@pytest.fixture
def client(network: Faulty, pauses: list[float]) -> Iterator[Client]:
    """A client at the other end of the faulty network, which does not wait between retries."""
    retries = Retries(sleep=pauses.append)
    with Client(network.url, key="k-1", retries=retries, timeout=0.5) as client:
        yield client


@dataclass(frozen=True)
class Shell:
    """`ips` as it is typed, with a home of its own."""

    home: Path
    environment: dict[str, str]

    @property
    def account_file(self) -> Path:
        return self.home / "ips" / "account.json"

    def command(self, *words: str | Path | int) -> list[str]:
        return [sys.executable, "-m", "image_processing_client", *map(str, words)]

    def run(
        self, *words: str | Path | int, typed: str = "", code: int = 0, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end, which has to have this exit code."""
        done = subprocess.run(
            self.command(*words),
            env=self.environment | variables,
            cwd=self.home,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr + done.stdout
        return done


@pytest.fixture
def ips(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    home = tmp_path_factory.mktemp("home")
    given = {name: value for name, value in os.environ.items() if not name.startswith("IPS_")}
    environment = given | {"XDG_CONFIG_HOME": str(home), "PYTHONPATH": str(SOURCE)}
    return Shell(home, environment)


@pytest.fixture
def email(service: Service) -> str:
    """The address of a new account, whose password is `PASSWORD`."""
    address = f"{uuid.uuid4().hex}@example.com"
    answer = httpx.post(
        f"{service.url}/api/v1/auth/registration/",
        json={"email": address, "password": PASSWORD},
        timeout=30,
    )
    assert answer.status_code == 201, answer.text
    return address


@pytest.fixture
def signed_in(service: Service, email: str) -> Iterator[Client]:
    """A client of the running service."""
    with Client(service.url, email=email, password=PASSWORD) as client:
        yield client


@pytest.fixture
def signed_in_shell(ips: Shell, service: Service, email: str) -> Shell:
    ips.run("login", service.url, "--email", email, typed=f"{PASSWORD}\n")
    return ips
