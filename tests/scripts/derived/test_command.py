"""The derived files: current, complete, and noticed when they are not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from image_processor.engine import catalogue
from scripts.derived import command, openapi, operations_page
from scripts.derived.postman import collection as postman_collection
from scripts.derived.sample import sample
from scripts.local.checkout import PYTHON, ROOT

# What would be in the document if it described the settings of this machine.
ENVIRONMENT = {"IMAGE_MAX_FILE_SIZE_MB": "3", "DEFAULT_OUTPUT_QUALITY": "7"}
DOCUMENT = """
import sys
from scripts.derived import openapi
from scripts.derived.default_settings import start_django
start_django()
sys.stdout.write(openapi.text())
"""


def test_the_document_describes_the_defaults_whatever_the_environment_says() -> None:
    """That all files are current is a check of its own, `scripts/generate --check`."""
    environment = {**os.environ, **ENVIRONMENT}
    made = subprocess.run([PYTHON, "-c", DOCUMENT], cwd=ROOT, env=environment, capture_output=True)
    assert made.stdout.decode() == (ROOT / "docs" / "openapi.json").read_text(), made.stderr


@pytest.mark.long  # makes every file, as the check does
def test_the_files_of_the_checkout_are_current() -> None:
    """Whatever the environment says: they describe the defaults."""
    environment = {**os.environ, **ENVIRONMENT}
    done = subprocess.run(
        [PYTHON, ROOT / "scripts" / "generate", "--check"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_stale_and_a_missing_file_are_named(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for name in ("docs/configuration.md", ".env.example"):
        shutil.copy(ROOT / name, tmp_path / name)
    names = list(command.derived_files(tmp_path))
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text((ROOT / name).read_text())
    page = tmp_path / "docs" / "operations.md"
    page.write_text(page.read_text().replace("resize", "resise"))
    (tmp_path / "docs" / "openapi.json").unlink()
    configuration = tmp_path / "docs" / "configuration.md"
    configuration.write_text(
        configuration.read_text().replace("`IMAGE_MAX_PIXELS`", "`IMAGE_PIXELS`")
    )
    found = command.stale(tmp_path)
    assert found["docs/operations.md"] == operations_page.text()
    assert {"docs/openapi.json", "docs/operations.md", "docs/configuration.md"} <= found.keys()


def test_the_page_shows_every_operation_and_parameter() -> None:
    page = operations_page.text()
    sections = {part.partition("\n")[0]: part for part in page.split("\n### ")[1:]}
    for operation in catalogue():
        section = sections[operation["name"]]
        assert operation["description"] in section
        assert json.dumps(operation["example"], ensure_ascii=False) in section
        for name, field in operation["parameters"].get("properties", {}).items():
            (row,) = (line for line in section.splitlines() if line.startswith(f"| `{name}` |"))
            assert field.get("description", "") in row.replace("\\|", "|")
    resize = sections["resize"]
    assert "| `width` | integer, px | 1 to 16,384 |  |" in resize
    assert '| `"fill"` |' in resize
    assert "| required |" in sections["rotate"]


@pytest.fixture
def collection() -> dict[str, Any]:
    return json.loads(postman_collection.text())


def requests(collection: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (item["request"]["method"], item["request"]["url"]["raw"]): item
        for folder in collection["item"]
        for item in folder["item"]
    }


def test_the_collection_holds_every_request(collection: dict[str, Any]) -> None:
    expected = {
        (method.upper(), "{{base_url}}" + path.replace("{id}", ":id"))
        for path, operations in openapi.document()["paths"].items()
        for method in operations
    }
    assert requests(collection).keys() == expected
    assert collection["info"]["schema"].endswith("/v2.1.0/collection.json")
    variables = {each["key"]: each["value"] for each in collection["variable"]}
    assert variables["base_url"].startswith("http://localhost")
    assert variables["access_token"] == ""
    assert collection["auth"]["bearer"][0]["value"] == "{{access_token}}"


def test_the_collection_keeps_the_token_of_a_sign_in(collection: dict[str, Any]) -> None:
    found = requests(collection)
    for path in ("auth/login/", "auth/registration/", "token/", "token/refresh/"):
        item = found["POST", "{{base_url}}/api/v1/" + path]
        (event,) = item["event"]
        assert event["listen"] == "test"
        assert 'pm.collectionVariables.set("access_token"' in "\n".join(event["script"]["exec"])
        assert item["request"]["auth"] == {"type": "noauth"}
    upload = found["POST", "{{base_url}}/api/v1/images/upload/"]["request"]
    assert {"key": "file", "type": "file", "src": "rocket.jpg"} in upload["body"]["formdata"]
    transform = found["POST", "{{base_url}}/api/v1/images/:id/transform/"]["request"]
    assert json.loads(transform["body"]["raw"])["transformations"]
    assert transform["url"]["variable"] == [{"key": "id", "value": "{{image_id}}"}]
    assert "auth" not in transform


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "minimum": 3}, 3),
        ({"type": "integer"}, 1),
        ({"type": ["string", "null"]}, ""),
        ({"enum": ["a", "b"]}, "a"),
        ({"type": "string", "default": "x"}, "x"),
        ({"type": "array", "items": {"type": "boolean"}}, [True]),
        (
            {"type": "object", "properties": {"a": {"type": "null"}, "b": {"readOnly": True}}},
            {"a": None},
        ),
        ({"$ref": "#/components/schemas/Name"}, 7),
        ({"oneOf": [{"type": "number"}, {"type": "null"}]}, 0.5),
    ],
)
def test_a_sample_fits_its_schema(schema: dict[str, Any], value: Any) -> None:
    document = {"components": {"schemas": {"Name": {"type": "integer", "example": 7}}}}
    assert sample(document, schema) == value
