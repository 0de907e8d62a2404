"""Operations of the OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema as SpectacularAutoSchema

from api.auth.permissions import scopes_of
from api.requests.body import Body
from api.schema.parameters import IDEMPOTENCY_KEY, REPLAYED
from api.schema.responses import TITLES


class AutoSchema(SpectacularAutoSchema):
    """Adds what every operation shares: a summary, and the refusals of all of its kind."""

    def is_excluded(self) -> bool:
        """Each route is described once, by its canonical path."""
        return not self.path.startswith("/api/v1/")

    def get_summary(self) -> str | None:
        """As given by the view, else the first sentence of its description."""
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
        """Judged by what a success answers, not by the problem documents beside it."""
        answers = self.get_response_serializers() if serializer is None else serializer
        if isinstance(answers, dict):
            answers = answers.get(200, answers)
        listed: bool = super()._is_list_view(answers)
        return listed

    def _is_create_operation(self) -> bool:
        # Most POSTs (signing in, cancelling) answer 200, which spectacular would guess to be 201.
        # The views that create say so.
        return False

    def _get_request_for_media_type(self, serializer: Any, direction: str = "request") -> Any:
        """Spectacular marks what it finds in a PATCH as partial: a model says so by its fields."""
        if not (isinstance(serializer, type) and issubclass(serializer, Body)):
            return super()._get_request_for_media_type(serializer, direction)
        component = self.resolve_serializer(serializer, direction)
        return component.ref, bool(component.schema.get("required"))

    def _get_request_body(self, direction: str = "request") -> Any:
        """Also the body of a DELETE whose view names one, such as the password to an account."""
        if self.method != "DELETE":
            return super()._get_request_body(direction)
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
        if operation:
            for status in self._shared_refusals(operation):
                operation["responses"].setdefault(
                    str(status),
                    {
                        "description": TITLES[status],
                        "content": {
                            "application/problem+json": {
                                "schema": {"$ref": "#/components/schemas/Problem"}
                            }
                        },
                    },
                )
            if scopes := scopes_of(self.view):
                names = " and ".join(f"`{scope}`" for scope in scopes)
                needed = f"API keys need the scope{'s' if len(scopes) > 1 else ''} {names}."
                self._describe(operation, needed)
            if known_as := getattr(self.view, "alias_of", ""):
                self._describe(operation, f"Another name of `{known_as}`.")
            if self._is_idempotent():
                created = next(each for each in ("201", "202") if each in operation["responses"])
                headers = operation["responses"][created].setdefault("headers", {})
                headers["Idempotent-Replayed"] = REPLAYED
            operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    @staticmethod
    def _describe(operation: dict[str, Any], sentence: str) -> None:
        """Add a paragraph to the description."""
        given = operation.get("description")
        operation["description"] = f"{given}\n\n{sentence}" if given else sentence

    def _shared_refusals(self, operation: dict[str, Any]) -> list[int]:
        refusals = [429, 503]
        if self.get_auth() != [{}]:
            refusals += [401, 403]
        if self._is_idempotent():
            refusals += [409, 410, 422]
        if "requestBody" in operation:
            refusals += [400, 413, 415]
        if any(parameter["in"] == "query" for parameter in operation.get("parameters", [])):
            refusals.append(400)
        return refusals
