"""The Postman collection, run by newman against a running service."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from scripts.local.checkout import ROOT
from scripts.local.installing.frontend import Frontend
from scripts.local.installing.node import NPM
from scripts.local.processes.interrupt import Interrupt
from tests.stack.service import NOWHERE, Service

pytestmark = [pytest.mark.stack, pytest.mark.long]

FOLDER = ROOT / "posting-collection"
COLLECTION = FOLDER / "image-processing-service.postman_collection.json"


def test_a_run_of_the_collection_gets_the_documented_answers(
    service: Service, tmp_path: Path
) -> None:
    Frontend(os.environ, Interrupt(), tmp_path / "npm.log", FOLDER).install()
    report = tmp_path / "report.json"
    command = [
        *(NPM[0], str(FOLDER / "node_modules/newman/bin/newman.js"), "run", str(COLLECTION)),
        *("--environment", str(FOLDER / "this-machine.postman_environment.json")),
        *("--env-var", f"base_url={service.url}"),
        *("--env-var", f"outside_url=http://{NOWHERE}:{service.outside}"),
        *("--working-dir", str(ROOT / "scripts/local")),
        *("--reporters", "json", "--reporter-json-export", str(report)),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    run = json.loads(report.read_text())["run"]
    failures = [(failure["source"].get("name"), failure["error"]) for failure in run["failures"]]
    assert failures == []
    assert done.returncode == 0, done.stdout + done.stderr
    folders = json.loads(COLLECTION.read_text())["item"]
    assert run["stats"]["requests"]["total"] == sum(len(folder["item"]) for folder in folders)
