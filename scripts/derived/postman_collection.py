"""The Postman collection (format 2.1), derived from the OpenAPI document."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from scripts.derived import openapi
from scripts.derived.sample import sample, summary_of_parameter

_NAME = "Image Processing Service"
_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_DESCRIPTION = (
    "Derived from the OpenAPI document by scripts/generate. Sign in (Auth / login), upload a "
    "picture, transform it. Each request stores the ids and tokens of its answer in variables."
)
_VARIABLES = {
    "base_url": "http://localhost:8000",
    "access_token": "",
    "refresh_token": "",
    "image_id": "1",
    "direct_upload_id": "1",
    "task_id": "1",
    "result_id": "1",
    "api_key_id": "1",
    "webhook_id": "1",
    "delivery_id": "1",
    "preset_id": "1",
    "batch_id": "1",
}

_TOKENS = {"access_token": "access_token", "refresh_token": "refresh_token"}
_PAIR = {"access_token": "access", "refresh_token": "refresh"}

# Values of answers that later requests need: request -> variable -> member of the answer.
_STORED_VALUES = {
    ("post", "/api/v1/auth/login/"): _TOKENS,
    ("post", "/api/v1/auth/registration/"): _TOKENS,
    ("post", "/api/v1/token/"): _PAIR,
    ("post", "/api/v1/token/refresh/"): _PAIR,
    ("post", "/api/v1/images/upload/"): {"image_id": "id"},
    ("post", "/api/v1/images/import/"): {"image_id": "id"},
    ("post", "/api/v1/images/direct-uploads/"): {"direct_upload_id": "id"},
    ("post", "/api/v1/images/direct-uploads/{id}/complete/"): {"image_id": "id"},
    ("post", "/api/v1/images/{id}/transform/"): {"task_id": "id", "result_id": "result_image"},
    ("post", "/api/v1/auth/api-keys/"): {"api_key_id": "id"},
    ("post", "/api/v1/webhooks/"): {"webhook_id": "id"},
    ("post", "/api/v1/webhooks/{id}/test/"): {"delivery_id": "id"},
    ("post", "/api/v1/presets/"): {"preset_id": "id"},
    ("post", "/api/v1/batches/"): {"batch_id": "id"},
    ("get", "/api/v1/tasks/{id}/"): {"result_id": "result_image"},
}
# The variable for `{id}` in a path, by the start of the path; the first match counts.
_ID_VARIABLES = {
    "/api/v1/images/transformed/": "result_id",
    "/api/v1/images/direct-uploads/": "direct_upload_id",
    "/api/v1/images/": "image_id",
    "/api/v1/tasks/": "task_id",
    "/api/v1/auth/api-keys/": "api_key_id",
    "/api/v1/webhooks/deliveries/": "delivery_id",
    "/api/v1/webhooks/": "webhook_id",
    "/api/v1/presets/": "preset_id",
    "/api/v1/batches/": "batch_id",
}
_HEADER_VALUES = {"Idempotency-Key": "{{$guid}}"}
_METHODS = ("get", "post", "put", "patch", "delete")


def text() -> str:
    """Return the text of the file."""
    return json.dumps(_collection(openapi.document()), indent=2, ensure_ascii=False) + "\n"


def _collection(document: dict[str, Any]) -> dict[str, Any]:
    folders: dict[str, list[dict[str, Any]]] = {}
    for path, operations in document["paths"].items():
        for method in _METHODS:
            if method in operations:
                folder = folders.setdefault(operations[method]["tags"][0], [])
                folder.append(_item(document, path, method, operations[method]))
    return {
        "info": {
            "_postman_id": str(uuid.uuid5(uuid.NAMESPACE_URL, _SCHEMA + _NAME)),
            "name": _NAME,
            "description": _DESCRIPTION,
            "schema": _SCHEMA,
        },
        "auth": {
            "type": "bearer",
            "bearer": [{"key": "token", "value": "{{access_token}}", "type": "string"}],
        },
        "variable": [{"key": key, "value": value} for key, value in _VARIABLES.items()],
        "item": [{"name": name, "item": items} for name, items in folders.items()],
    }


def _item(
    document: dict[str, Any], path: str, method: str, operation: dict[str, Any]
) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": method.upper(),
        "header": _headers(operation),
        "url": _url(path, operation),
        "description": operation.get("description", operation["summary"]),
    }
    if {} in operation.get("security", [{}]):
        request["auth"] = {"type": "noauth"}
    if body := _body(document, operation):
        request["body"] = body
    item: dict[str, Any] = {"name": operation["summary"], "request": request, "response": []}
    if stored := _STORED_VALUES.get((method, path)):
        script = {"type": "text/javascript", "exec": _script(stored)}
        item["event"] = [{"listen": "test", "script": script}]
    return item


def _headers(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """List the headers. Each request gets a new Idempotency-Key; send one twice for a replay."""
    names = [each["name"] for each in operation.get("parameters", []) if each["in"] == "header"]
    return [
        {"key": name, "value": _HEADER_VALUES.get(name, ""), "disabled": True} for name in names
    ]


def _url(path: str, operation: dict[str, Any]) -> dict[str, Any]:
    parts = re.sub(r"{(\w+)}", r":\1", path).strip("/").split("/")
    parts.append("")  # the trailing slash
    url: dict[str, Any] = {
        "raw": "{{base_url}}/" + "/".join(parts),
        "host": ["{{base_url}}"],
        "path": parts,
    }
    if "{id}" in path:
        variable = next(name for start, name in _ID_VARIABLES.items() if path.startswith(start))
        url["variable"] = [{"key": "id", "value": "{{" + variable + "}}"}]
    queries = [each for each in operation.get("parameters", []) if each["in"] == "query"]
    if queries:
        url["query"] = [
            {
                "key": each["name"],
                "value": str(sample({}, each["schema"])),
                "description": summary_of_parameter(each),
                "disabled": True,
            }
            for each in queries
        ]
    return url


def _body(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any] | None:
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        value = sample(document, content["application/json"]["schema"])
        if isinstance(value, dict) and "refresh" in value:
            value["refresh"] = "{{refresh_token}}"
        raw = json.dumps(value, indent=2, ensure_ascii=False)
        return {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}
    if "multipart/form-data" in content:
        schema = sample(document, content["multipart/form-data"]["schema"])
        fields = [
            {"key": name, "type": "file", "src": []}
            if name == "file"
            else {"key": name, "value": str(value), "type": "text", "disabled": True}
            for name, value in schema.items()
        ]
        return {"mode": "formdata", "formdata": fields}
    return None


def _script(stored: dict[str, str]) -> list[str]:
    lines = ["if (pm.response.code < 300) {", "  const body = pm.response.json();"]
    for variable, member in stored.items():
        lines.append(f"  if (body.{member}) {{")
        lines.append(f'    pm.collectionVariables.set("{variable}", body.{member});')
        lines.append("  }")
    return [*lines, "}"]
