"""The Postman collection (format 2.1), derived from the OpenAPI document."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from scripts.derived import openapi
from scripts.derived.postman import bodies, run_order
from scripts.derived.sample import sample, summary_of_parameter

_NAME = "Image Processing Service"
_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_DESCRIPTION = (
    "Derived from the OpenAPI document by scripts/generate. The requests are in the order of a "
    "run: the first makes a new account, the last deletes it. Each request checks its answer and "
    "stores the ids and tokens of the answer in variables. For files, the working directory is "
    "scripts/local of the checkout. Imports and webhooks go to outside_url."
)
_VARIABLES = {
    "base_url": "http://localhost:8000",
    "outside_url": "https://www.example.com",
    "username": "",
    "email": "",
    "password": "a-long-pass-phrase-7",
    "new_password": "another-long-pass-phrase-8",
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
_PICTURE = "rocket.jpg"
_NEW_ACCOUNT = [
    'if (!pm.collectionVariables.get("username")) {',
    "  const name = `postman-${Date.now().toString(36)}`;",
    '  pm.collectionVariables.set("username", name);',
    '  pm.collectionVariables.set("email", `${name}@example.com`);',
    "}",
]
_OWN_NAME = 'pm.expect(pm.response.json().username).to.eql(pm.variables.get("username"));'
# What an answer must contain: request -> name of the test -> script.
_EXPECTED = {
    ("get", "/api/v1/auth/user/"): {"it is the new account": _OWN_NAME},
    ("post", "/api/v1/images/upload/"): {
        "the sides are those of the photograph": (
            "const { width, height } = pm.response.json().metadata; "
            "pm.expect([width, height]).to.eql([640, 427]);"
        )
    },
    ("get", "/api/v1/images/"): {
        "it lists the image": "pm.expect(pm.response.json().results).to.have.lengthOf(1);"
    },
    ("get", "/api/v1/operations/"): {
        "it describes resize": 'pm.expect(pm.response.text()).to.include("resize");'
    },
    ("get", "/api/v1/tasks/{id}/"): {
        "the task succeeded": 'pm.expect(pm.response.json().status).to.eql("SUCCESS");'
    },
    ("get", "/api/v1/images/transformed/{id}/"): {
        "it is the result of the image": (
            "pm.expect(String(pm.response.json().source_image))"
            '.to.eql(String(pm.variables.get("image_id")));'
        )
    },
    ("post", "/api/v1/images/transformed/zip/"): {
        "it is a ZIP": 'pm.expect(pm.response.text().slice(0, 2)).to.eql("PK");'
    },
}
_METHODS = ("get", "post", "put", "patch", "delete")


def text() -> str:
    """Return the text of the file."""
    return json.dumps(_collection(openapi.document()), indent=2, ensure_ascii=False) + "\n"


def environment_text() -> str:
    """Return the text of the environment file: the address of a service on this machine."""
    values = [{"key": "base_url", "value": _VARIABLES["base_url"], "type": "default"}]
    name = f"{_NAME}: this machine"
    environment = {
        "id": _identifier(name),
        "name": name,
        "values": [each | {"enabled": True} for each in values],
        "_postman_variable_scope": "environment",
    }
    return json.dumps(environment, indent=2) + "\n"


def _identifier(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, _SCHEMA + name))


def _collection(document: dict[str, Any]) -> dict[str, Any]:
    requests = sorted(
        (run_order.position(method, path), method, path)
        for path, operations in document["paths"].items()
        for method in _METHODS
        if method in operations
    )
    folders: dict[str, list[dict[str, Any]]] = {}
    for _, method, path in requests:
        folder = folders.setdefault(run_order.folder(method, path), [])
        folder.append(_item(document, path, method, document["paths"][path][method]))
    return {
        "info": {
            "_postman_id": _identifier(_NAME),
            "name": _NAME,
            "description": _DESCRIPTION,
            "schema": _SCHEMA,
        },
        "auth": {
            "type": "bearer",
            "bearer": [{"key": "token", "value": "{{access_token}}", "type": "string"}],
        },
        # Otherwise the cookies of the sign-in would authenticate too, and ask for a CSRF token.
        "protocolProfileBehavior": {"disableCookies": True},
        "event": [_event("prerequest", _NEW_ACCOUNT)],
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
    if body := _body(document, path, operation):
        request["body"] = body
    item: dict[str, Any] = {"name": operation["summary"], "request": request, "response": []}
    lines = [
        *_assertions(method, path, operation),
        *_script(_STORED_VALUES.get((method, path), {})),
    ]
    item["event"] = [_event("test", lines)]
    return item


def _event(name: str, lines: list[str]) -> dict[str, Any]:
    return {"listen": name, "script": {"type": "text/javascript", "exec": lines}}


def _assertions(method: str, path: str, operation: dict[str, Any]) -> list[str]:
    """Return the script that checks the status and, for JSON, the members of the answer."""
    documented = operation["responses"]
    allowed = run_order.statuses(method, path) or [
        int(status) for status in documented if int(status) < 300
    ]
    undocumented = {str(status) for status in allowed} - documented.keys()
    if undocumented or not allowed:
        raise ValueError(
            f"{method.upper()} {path}: the document lacks {undocumented or 'successes'}"
        )
    lines = [
        f'pm.test("status is {" or ".join(map(str, allowed))}", () => {{',
        f"  pm.expect(pm.response.code, pm.response.text()).to.be.oneOf({list(allowed)});",
        "});",
    ]
    if expected := _EXPECTED.get((method, path)):
        lines += [f'pm.test("{title}", () => {{ {check} }});' for title, check in expected.items()]
    return lines


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


def _body(document: dict[str, Any], path: str, operation: dict[str, Any]) -> dict[str, Any] | None:
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        value = sample(document, content["application/json"]["schema"])
        raw = bodies.render(bodies.fill(path, value))
        return {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}
    if "multipart/form-data" in content:
        schema = bodies.fill(path, sample(document, content["multipart/form-data"]["schema"]))
        fields = [
            {"key": name, "type": "file", "src": _PICTURE}
            if name == "file"
            else _text_field(name, value)
            for name, value in schema.items()
        ]
        return {"mode": "formdata", "formdata": fields}
    return None


def _text_field(name: str, value: Any) -> dict[str, Any]:
    """Return a field of a form. The fields that a request can do without are not sent."""
    field = {"key": name, "value": value if isinstance(value, str) else json.dumps(value)}
    return field | {"type": "text", "disabled": name != "transformations"}


def _script(stored: dict[str, str]) -> list[str]:
    if not stored:
        return []
    lines = ["if (pm.response.code < 300) {", "  const body = pm.response.json();"]
    for variable, member in stored.items():
        lines.append(f"  if (body.{member}) {{")
        lines.append(f'    pm.collectionVariables.set("{variable}", body.{member});')
        lines.append("  }")
    return [*lines, "}"]
