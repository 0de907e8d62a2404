"""The folders of the collection, and in them the requests in the order in which a run sends them.

A run begins with a new account and ends with the account's deletion. Each request answers with a
documented status below 300, or with the statuses that are named here.
"""

from __future__ import annotations

REFUSED_LINK = (400,)  # only the link in a mail has the key that the request needs
NEEDS_S3 = (409,)  # with files on the local disk
NOT_INSTALLED = (409,)  # routes that only exist so that clients get a clear answer

# Folder -> request -> its statuses, or () for every documented status below 300.
FOLDERS: dict[str, dict[str, tuple[int, ...]]] = {
    "Account": {
        "POST auth/register/": (),
        "POST auth/registration/": (),
        "POST auth/logout/": (),
        "POST auth/login/": (),
        "POST token/": (),
        "POST token/verify/": (),
        "POST token/refresh/": (),
        "POST auth/token/refresh/": (),
        "POST auth/refresh/": (),
        "GET auth/user/": (),
        "PUT auth/user/": (),
        "PATCH auth/user/": (),
        "GET user/info/": (),
        "PUT user/info/": (),
        "PATCH user/info/": (),
        "GET users/me/": (),
        "PUT users/me/": (),
        "PATCH users/me/": (),
        "POST auth/registration/resend-email/": (),
        "POST auth/registration/verify-email/": REFUSED_LINK,
        "POST auth/password/reset/": (),
        "POST auth/password/reset/confirm/": REFUSED_LINK,
    },
    "API keys": {
        "POST auth/api-keys/": (),
        "GET auth/api-keys/": (),
        "GET auth/api-keys/{id}/": (),
        "DELETE auth/api-keys/{id}/": (),
    },
    "Images": {
        "POST images/upload/": (),
        "GET images/": (),
        "GET images/{id}/": (),
        "PATCH images/{id}/": (),
        "GET images/{id}/original/": (200, 302),
        "POST images/zip/": (),
        "POST images/direct-uploads/": (201, *NEEDS_S3),
        "GET images/direct-uploads/{id}/": (200, 404),
        "POST images/direct-uploads/{id}/complete/": (201, 404, *NEEDS_S3),
        "GET images/{id}/analysis/": NOT_INSTALLED,
        "POST images/{id}/analyze/": NOT_INSTALLED,
    },
    "Transformations": {
        "GET operations/": (),
        "POST images/{id}/transform/plan/": (),
        "POST images/{id}/preview/": (),
        "POST images/{id}/file-size/": (),
        "POST images/transform/": (),
        "POST images/{id}/transform/": (201,),
        "GET images/{id}/processed/": (200, 302),
        "GET images/{id}/tasks/": (),
        "GET images/status/{id}/": (),
    },
    "Tasks": {
        "GET tasks/": (),
        "GET tasks/{id}/": (),
        "POST tasks/{id}/cancel/": (409,),  # the task has ended
        "POST tasks/{id}/retry/": (409,),  # the task has succeeded
        "POST tasks/retry-failed/": (),
    },
    "Results": {
        "GET images/transformed/": (),
        "GET images/transformed/{id}/": (),
        "GET images/transformed/{id}/download/": (200, 302),
        "POST images/transformed/zip/": (),
    },
    "Presets": {
        "POST presets/": (),
        "GET presets/": (),
        "GET presets/{id}/": (),
        "PUT presets/{id}/": (),
        "PATCH presets/{id}/": (),
    },
    "Batches": {
        "POST batches/": (),
        "GET batches/": (),
        "GET batches/{id}/": (),
        "POST batches/{id}/cancel/": (),
        "POST batches/{id}/retry-failed/": (),
        "GET batches/{id}/download/": (200, 409),  # 409 if the batch was cancelled in time
    },
    "Webhooks": {
        "POST webhooks/": (),
        "GET webhooks/": (),
        "GET webhooks/{id}/": (),
        "PATCH webhooks/{id}/": (),
        "POST webhooks/{id}/test/": (),
        "GET webhooks/{id}/deliveries/": (),
        "GET webhooks/deliveries/{id}/": (),
        "POST webhooks/deliveries/{id}/redeliver/": (200, 409),  # 409 while it is being delivered
        "POST webhooks/{id}/rotate-secret/": (),
    },
    "Statistics": {
        "GET stats/": (),
        "GET usage/": (),
        "POST client-errors/": (),
    },
    "Payments": {
        "POST payments/create/": NOT_INSTALLED,
        "POST payments/confirm/": NOT_INSTALLED,
        "POST payments/webhook/": NOT_INSTALLED,
    },
    "Deletion": {
        "DELETE webhooks/{id}/": (),
        "DELETE batches/{id}/": (),
        "DELETE presets/{id}/": (),
        "DELETE tasks/{id}/": (),
        "DELETE images/transformed/{id}/": (204, 404),  # 404 if deleted with its task
        "DELETE images/{id}/": (),
        "GET images/deletions/": (),
        "GET images/deletions/{id}/": (404,),  # only large deletions have a row
        "POST images/import/": (),  # the last image, because the address has no picture
    },
    "Farewell": {
        "POST auth/password/change/": (),
        "POST users/me/change-password/": (),
        "DELETE auth/user/": (),
    },
}
PREFIX = "/api/v1/"


def statuses(method: str, path: str) -> tuple[int, ...]:
    """Return the statuses that the request may answer with; () for any success."""
    return _STATUSES[_name(method, path)]


def folder(method: str, path: str) -> str:
    """Return the folder of the request. Raises KeyError if no folder has it."""
    return _FOLDER_OF[_name(method, path)]


def position(method: str, path: str) -> int:
    """Return when a run sends the request. Raises KeyError if no folder has it."""
    return _POSITION[_name(method, path)]


def _name(method: str, path: str) -> str:
    return f"{method.upper()} {path.removeprefix(PREFIX)}"


_STATUSES = {name: codes for requests in FOLDERS.values() for name, codes in requests.items()}
_FOLDER_OF = {name: title for title, requests in FOLDERS.items() for name in requests}
_POSITION = {name: number for number, name in enumerate(_STATUSES)}
