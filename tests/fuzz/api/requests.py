"""How random requests become somebody's: a token, and ids of what that person has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import StatefulPhaseData

from tests.fuzz.api.person import Person

# Whoever calls these with a valid token may end its session.
WITHOUT_TOKEN = r"/auth/(login|logout|regist(er|ration)|refresh|password/reset)|/token/"

# Of the forms that there are: an upload, and one with a pipeline.
UPLOAD = {"file", "file_name", "description"}
PIPELINE = {"transformations", "preset", "style", "params", "mode"}
OPTIONS = {"format", "quality", "lossless", "metadata", "background"}


@contextmanager
def requests_of(person: Person) -> Iterator[None]:
    """While it lasts, requests are this person's; with hooks, of which there is one set."""

    @schemathesis.auth(refresh_interval=None).skip_for(path_regex=WITHOUT_TOKEN)
    class _SignedIn:
        def get(self, case: Any, context: Any) -> dict[str, str]:
            return person.header()

        def set(self, case: Any, data: dict[str, str], context: Any) -> None:
            case.headers = {**(case.headers or {}), **data}

    @schemathesis.hook
    def before_call(context: Any, case: Any, kwargs: Any) -> None:
        kind = _kind(case.operation.path)
        if kind and not _is_wrong(case, ParameterLocation.PATH) and not _follows(case):
            case.path_parameters["id"] = person.id_of(kind)
        if case.query and not _is_wrong(case, ParameterLocation.QUERY):
            case.query.pop("cursor", None)  # nobody can guess one
            if "search" in case.query:  # a schema cannot say that there must be a word in it
                case.query["search"] = f"{case.query['search'][:9]} cat"
            if "wait" in case.query:
                case.query["wait"] = int(case.query["wait"]) % 2

    @schemathesis.hook
    def after_call(context: Any, case: Any, response: Any) -> None:
        kind = _kind(case.operation.path)
        if kind and case.method == "DELETE" and response.status_code == 204:
            person.lost(kind, int(case.path_parameters["id"]))

    @schemathesis.hook
    def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
        if response.status_code == 414:  # longer than the web server reads, whatever the address
            return False
        return not (isinstance(failure, AcceptedNegativeData) and _is_text_in_a_form(case))

    try:
        yield
    finally:
        schemathesis.hooks.unregister_all()
        schemathesis.auths.unregister()


def _kind(path: str) -> str | None:
    """What the id in a path is of."""
    if "{id}" not in path:
        return None
    if "/images/direct-uploads/" in path:  # there are none on a disk
        return None
    if "/images/transformed/" in path:
        return "result"
    if "/webhooks/" in path:
        return "delivery" if "/webhooks/deliveries/" in path else "webhook"
    if "/api-keys/" in path:
        return "key"
    if "/presets/" in path:
        return "preset"
    if "/batches/" in path:
        return "batch"
    return "task" if "/tasks/{id}" in path else "image"


def _is_text_in_a_form(case: Any) -> bool:
    """Whether all that is wrong is a number or the like where text belongs: forms have text."""
    simple = (str, int, float, bool, bytes)
    return (
        case.media_type == "multipart/form-data"
        and set(case.body) <= UPLOAD | PIPELINE | OPTIONS
        and all(isinstance(value, simple) for value in case.body.values())
    )


def _is_wrong(case: Any, place: ParameterLocation) -> bool:
    """Whether this part of the request is what it tries out."""
    return case.meta is not None and case.meta.is_negative_at(place)


def _follows(case: Any) -> bool:
    """Whether the request takes its id from an earlier answer."""
    return case.meta is not None and isinstance(case.meta.phase.data, StatefulPhaseData)
