"""What the bodies of the collection hold instead of the examples of the OpenAPI document."""

from __future__ import annotations

import json
from typing import Any

# Members of a body that must fit the state of the run.
_MEMBERS: dict[str, dict[str, Any]] = {
    "/api/v1/auth/register/": {"username": "other-{{username}}", "email": "other-{{email}}"},
    "/api/v1/auth/password/change/": {
        "new_password1": "{{new_password}}",
        "new_password2": "{{new_password}}",
    },
    "/api/v1/users/me/change-password/": {"current_password": "{{new_password}}"},
    "/api/v1/token/verify/": {"token": "{{access_token}}"},
    "/api/v1/auth/password/reset/confirm/": {"uid": "from-the-mail", "token": "from-the-mail"},
    "/api/v1/auth/registration/verify-email/": {"key": "from-the-mail"},
    "/api/v1/images/direct-uploads/": {"content_type": "image/jpeg", "size_bytes": 27639},
    "/api/v1/images/{id}/transform/": {"mode": "sync"},
    "/api/v1/batches/": {"image_ids": ["{{image_id}}"]},
    "/api/v1/images/zip/": {"ids": ["{{image_id}}"]},
    "/api/v1/images/transformed/zip/": {"ids": ["{{result_id}}"]},
    "/api/v1/client-errors/": {"message": "The page could not be shown", "url": "/"},
    "/api/v1/images/import/": {"url": "{{outside_url}}/garden.jpg"},
    "/api/v1/images/transform/": {
        "transformations": '[{"operation": "resize", "params": {"width": 320}}]'
    },
    "/api/v1/webhooks/": {"url": "{{outside_url}}/hooks"},
    "/api/v1/webhooks/{id}/": {"url": "{{outside_url}}/hooks"},
}
# Examples of the document, which a run replaces by its own account.
_ACCOUNT = {
    "jane": "{{username}}",
    "jane@example.com": "{{email}}",
    "a-long-pass-phrase-7": "{{password}}",
}
# Numbers: quotes around them would make them texts.
_NUMBERS = ("image_id", "result_id")


def fill(path: str, value: Any) -> Any:
    """Return the example body with the variables of the run."""
    if not isinstance(value, dict):
        return value
    filled = {
        name: _ACCOUNT.get(member, member) if isinstance(member, str) else member
        for name, member in value.items()
    }
    if "refresh" in filled:
        filled["refresh"] = "{{refresh_token}}"
    return filled | _MEMBERS.get(path, {})


def render(value: Any) -> str:
    """Return the body as text."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    for name in _NUMBERS:
        text = text.replace(f'"{{{{{name}}}}}"', f"{{{{{name}}}}}")
    return text
