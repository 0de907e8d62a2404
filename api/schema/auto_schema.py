"""Operations of the OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema as SpectacularAutoSchema

from api.auth.permissions import scopes_of
from api.requests.body import Body
from api.schema.parameters import IDEMPOTENCY_KEY, REPLAYED
from api.schema.responses import problem_response


class AutoSchema(SpectacularAutoSchema):
    """Adds to each operation a summary, and the errors that all operations of its kind have."""

    def is_excluded(self) -> bool:
        """Exclude the paths that are not canonical."""
        return not self.path.startswith("/api/v1/")

    def get_summary(self) -> str | None:
        """The summary that the view gives, else the first sentence of the description."""
        given: str | None = super().get_summary()
        if given:
            return given
        first = " ".join((self.get_description() or "").split("\n\n")[0].split())
        sentence, _, _ = first.partition(". ")
        return sentence.partition(";")[0].rstrip(".") or None

    def get_override_parameters(self) -> list[Any]:
        return [IDEMPOTENCY_KEY] if self._is_idempotent() else []

    def _is_idempotent(self) -> bool:
        action = getattr(self.view, getattr(self.view, "action", None) or "", None)
        return getattr(action, "idempotent", False)

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Decide by the success response; the problem documents beside it are no lists."""
        answers = self.get_response_serializers() if serializer is None else serializer
        if isinstance(answers, dict):
            answers = answers.get(200, answers)
        listed: bool = super()._is_list_view(answers)
        return listed

    def _is_create_operation(self) -> bool:
        # Spectacular assumes that every POST answers 201. Most answer 200; the others say 201.
        return False

    def _get_request_for_media_type(self, serializer: Any, direction: Any = "request") -> Any:
        """Take the body of a PATCH as its model says; spectacular makes all fields optional."""
        is_body = isinstance(serializer, type) and issubclass(serializer, Body)
        if not is_body:
            return super()._get_request_for_media_type(serializer, direction)
        component = self.resolve_serializer(serializer, direction)
        return component.ref, not {"required", "oneOf", "allOf"}.isdisjoint(component.schema)

    def _get_request_body(self, direction: str = "request") -> Any:
        """Describe also the body of a DELETE, if the view names one: spectacular ignores it.

        The body of a PUT or PATCH is required even if each of its fields may be left out.
        """
        if self.method != "DELETE":
            body = super()._get_request_body(direction)
            return {**body, "required": True} if body and self.method != "POST" else body
        named = self.get_request_serializer()
        usual = SpectacularAutoSchema.get_request_serializer(self)
        if named is None or isinstance(usual, named if isinstance(named, type) else type(named)):
            return None
        self.method = "POST"
        try:
            return super()._get_request_body(direction)
        finally:
            self.method = "DELETE"

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if not operation:
            return operation
        responses = operation["responses"]
        for status in self._shared_errors(operation):
            responses.setdefault(str(status), problem_response(status))
        if scopes := scopes_of(self.view):
            names = " and ".join(f"`{scope}`" for scope in scopes)
            self._add(operation, f"API keys need the scope{'s' * (len(scopes) > 1)} {names}.")
        if original := getattr(self.view, "alias_of", ""):
            self._add(operation, f"Another name of `{original}`.")
        if self._is_idempotent():
            created = next(status for status in ("201", "202") if status in responses)
            responses[created].setdefault("headers", {})["Idempotent-Replayed"] = REPLAYED
        operation["responses"] = dict(sorted(responses.items()))
        return operation

    @staticmethod
    def _add(operation: dict[str, Any], sentence: str) -> None:
        """Add a paragraph to the description."""
        given = operation.get("description")
        operation["description"] = f"{given}\n\n{sentence}" if given else sentence

    def _shared_errors(self, operation: dict[str, Any]) -> list[int]:
        errors = [429, 503]
        if self.get_auth() != [{}]:
            errors += [401, 403]
        if self._is_idempotent():
            errors += [409, 410, 422]
        if "requestBody" in operation:
            errors += [400, 413, 415]
        if any(parameter["in"] == "query" for parameter in operation.get("parameters", [])):
            errors.append(400)
        return errors
