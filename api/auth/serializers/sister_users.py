"""Users as clients of the sister systems expect them: with `full_name` and `is_admin`."""

from __future__ import annotations

from typing import Any, cast

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.models import User
from api.auth.serializers.passwords import PasswordChangeSerializer
from api.auth.serializers.registration import RegistrationSerializer
from api.auth.serializers.sessions import SessionSerializer
from api.auth.serializers.sign_in import PasswordField
from api.auth.serializers.users import UserSerializer
from api.requests.strict import StrictSerializer, TextField

_NAME_LENGTH = 150  # of Django's `first_name` and `last_name`


class _FullNameField(TextField):
    """The first and last name of a user as one text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            allow_blank=True,
            max_length=2 * _NAME_LENGTH + 1,
            help_text="First and last name: the first word, and the rest.",
            **options,
        )


def _split_name(full_name: str) -> dict[str, str]:
    """Return `first_name` and `last_name`; raise `ValidationError` if one is too long."""
    first, _, last = full_name.strip().partition(" ")
    names = {"first_name": first, "last_name": last.strip()}
    for name in names.values():
        if len(name) > _NAME_LENGTH:
            message = f"A name has {len(name)} characters; the limit is {_NAME_LENGTH}."
            problem = ErrorDetail(message, code="max_length")
            raise serializers.ValidationError({"full_name": [problem]})
    return names


class SisterUserSerializer(UserSerializer):
    """The user. A changed `full_name` is split into first and last name."""

    full_name = _FullNameField(source="get_full_name")
    is_admin = serializers.BooleanField(source="is_staff", read_only=True)

    class Meta(UserSerializer.Meta):
        fields = (*UserSerializer.Meta.fields, "full_name", "is_admin")  # type: ignore[assignment]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        full_name = attrs.pop("get_full_name", None)
        attrs = super().validate(attrs)
        user = cast(User, self.instance)
        if full_name is None or full_name == user.get_full_name():
            return attrs  # absent, or the client sent the unchanged object back
        names = _split_name(full_name)
        for name, value in names.items():
            if attrs.get(name, value) not in (value, getattr(user, name)):
                message = f"full_name and {name} contradict each other."
                problem = ErrorDetail(message, code="conflict")
                raise serializers.ValidationError({"full_name": [problem]})
        return {**attrs, **names}


class SisterRegistrationSerializer(RegistrationSerializer):
    """A new account, with a name if one is given."""

    full_name = _FullNameField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {**super().validate(attrs), **_split_name(attrs.get("full_name", ""))}


class SisterPasswordChangeSerializer(StrictSerializer):
    """The current and the new password."""

    current_password = PasswordField()
    new_password = PasswordField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check as `auth/password/change/` does; errors stand under the names of this form."""
        old, new = attrs["current_password"], attrs["new_password"]
        names = {"old_password": old, "new_password1": new, "new_password2": new}
        self._change = PasswordChangeSerializer(data=names, context=self.context)
        if not self._change.is_valid():
            errors = dict(self._change.errors)
            wrong = {"current_password": errors.pop("old_password", [])}
            wrong["new_password"] = [text for texts in errors.values() for text in texts]
            raise serializers.ValidationError({name: got for name, got in wrong.items() if got})
        return attrs

    def save(self, **kwargs: Any) -> User:
        return self._change.save()


class SisterSessionSerializer(SessionSerializer):
    """A new session."""

    user = SisterUserSerializer()
