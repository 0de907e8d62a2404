"""Generated clients do the main job at the running service."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest

from scripts.local.installing.frontend import FOLDER
from scripts.local.installing.node import BIN
from tests import generated_client
from tests.builders import pictures
from tests.client.conftest import PASSWORD
from tests.generated_client import PACKAGE
from tests.project.documents import marked_code
from tests.stack.service import Service

pytestmark = [pytest.mark.stack, pytest.mark.long]


def read_document(service: Service) -> Any:
    return httpx.get(f"{service.url}/api/schema/", params={"format": "json"}).json()


def test_a_python_client(
    service: Service, email: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generated_client.generate(read_document(service), tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    models, package = import_module(f"{PACKAGE}.models"), import_module(PACKAGE)

    def call(name: str, *arguments: Any, **options: Any) -> Any:
        return import_module(f"{PACKAGE}.api.{name}").sync(*arguments, **options)

    with package.Client(service.url) as client:
        login = models.LoginRequest(email=email, password=PASSWORD)
        token = call("auth.auth_login_create", client=client, body=login).access_token
    sent = package.types.File(
        io.BytesIO(pictures.jpeg(640, 480, seed=61)), "Möwe.jpg", "image/jpeg"
    )
    step = models.ResizeStep(
        operation=models.ResizeStepOperation.RESIZE, params=models.ResizeParams(width=80)
    )
    request = models.TransformRequest(transformations=[step], format_="webp", quality=70)

    with package.AuthenticatedClient(service.url, token, follow_redirects=True) as client:
        form = models.UploadRequest(file=sent, description="A gull.")
        image = call("images.images_upload_create", client=client, body=form)
        assert (image.file_name, image.description) == ("Möwe.jpg", "A gull.")
        task = call("images.images_transform_create", image.id, client=client, body=request)
        done = call("tasks.tasks_retrieve", task.id, client=client, wait=60)
        assert (done.status, done.options.quality) == ("SUCCESS", 70)
        result = done.result_image
        file = call("images.images_transformed_download_retrieve", result, client=client)
        assert pictures.opened(file.payload.read()).size == (80, 60)
        refused = call("images.images_transform_create", 2**40, client=client, body=request)
        assert (refused.status, refused.code) == (404, "not_found")


def test_a_typescript_client(service: Service, email: str, tmp_path: Path) -> None:
    """`generated_client.ts`, with openapi-fetch and the types of openapi-typescript."""
    shutil.copy(Path(__file__).with_name("generated_client.ts"), tmp_path)
    (tmp_path / "node_modules").symlink_to(FOLDER / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "openapi.json").write_text(json.dumps(read_document(service)))
    (tmp_path / "photo.jpg").write_bytes(pictures.jpeg(640, 480, seed=62))

    def node(script: str, *arguments: str) -> str:
        command = [str(BIN / "node"), script, *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    options = marked_code("docs/generated-clients.md", "typescript").split()[2:]
    node("node_modules/openapi-typescript/bin/cli.js", "openapi.json", *options)
    modules = ["--module", "nodenext", "--target", "es2022", "--types", "node"]
    strict = ["--strict", "--skipLibCheck", "--outDir", "build"]
    node("node_modules/typescript/bin/tsc", *modules, *strict, "generated_client.ts")
    made = node(
        "build/generated_client.js", service.url, email, PASSWORD, "photo.jpg", "small.webp"
    )
    assert json.loads(made) == ["Möwe.jpg", "A gull.", "SUCCESS", 70]
    assert pictures.opened((tmp_path / "small.webp").read_bytes()).size == (80, 60)
