"""Hooks that give random requests the token of a person and the ids of that person's objects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import StatefulPhaseData

from tests.fuzz.api.person import Person

# With a valid token, these routes could end its session.
WITHOUT_TOKEN = r"/auth/(login|logout|regist(er|ration)|refresh|password/reset)|/token/"

# The fields of forms: of an upload, of a pipeline and of its output.
UPLOAD = {"file", "file_name", "description"}
PIPELINE = {"transformations", "preset", "style", "params", "mode"}
OPTIONS = {"format", "quality", "lossless", "metadata", "background"}


@contextmanager
def requests_of(person: Person) -> Iterator[None]:
    """Send requests as this person during the block. The hooks are global, so use it once."""

    @schemathesis.auth(refresh_interval=None).skip_for(path_regex=WITHOUT_TOKEN)
    class _Authentication:
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
            case.query.pop("cursor", None)  # a random cursor is never valid
            if "search" in case.query:  # a schema cannot require a word in it
                case.query["search"] = f"{case.query['search'][:9]} cat"
            if "wait" in case.query:
                case.query["wait"] = int(case.query["wait"]) % 2

    @schemathesis.hook
    def after_call(context: Any, case: Any, response: Any) -> None:
        kind = _kind(case.operation.path)
        if kind and case.method == "DELETE" and response.status_code == 204:
            person.forget(kind, int(case.path_parameters["id"]))

    @schemathesis.hook
    def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
        if response.status_code == 414:  # the web server refuses long addresses of any route
            return False
        return not (isinstance(failure, AcceptedNegativeData) and _is_text_in_a_form(case))

    try:
        yield
    finally:
        schemathesis.hooks.unregister_all()
        schemathesis.auths.unregister()


def _kind(path: str) -> str | None:
    """Return the kind of object whose id is in the path."""
    if "{id}" not in path:
        return None
    if "/images/direct-uploads/" in path:  # a local disk has none
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
    """Whether the form is only invalid because a value is no text: form values are always text."""
    simple = (str, int, float, bool, bytes)
    return (
        case.media_type == "multipart/form-data"
        and set(case.body) <= UPLOAD | PIPELINE | OPTIONS
        and all(isinstance(value, simple) for value in case.body.values())
    )


def _is_wrong(case: Any, place: ParameterLocation) -> bool:
    """Whether this part of the request is invalid on purpose."""
    return case.meta is not None and case.meta.is_negative_at(place)


def _follows(case: Any) -> bool:
    """Whether the request's id comes from an earlier answer."""
    return case.meta is not None and isinstance(case.meta.phase.data, StatefulPhaseData)
