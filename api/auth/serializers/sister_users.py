"""Users as clients of the sister systems know them: with `full_name` and `is_admin`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.models import User
from api.auth.serializers.registration import RegistrationSerializer
from api.auth.serializers.sessions import SessionSerializer
from api.auth.serializers.users import UserSerializer
from api.requests.strict import TextField

_NAME_LENGTH = 150  # of either name, as Django's users have it
_HELP = "First and last name in one: the first word, and the rest."


class _FullNameField(TextField):
    """Both names of a user as one text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            allow_blank=True,
            max_length=2 * _NAME_LENGTH + 1,
            help_text=_HELP,
            **options,
        )


def _names(full_name: str) -> dict[str, str]:
    """`first_name` and `last_name`; raises `ValidationError` for one that is too long."""
    first, _, last = full_name.strip().partition(" ")
    names = {"first_name": first, "last_name": last.strip()}
    for name in names.values():
        if len(name) > _NAME_LENGTH:
            message = f"A name has at most {_NAME_LENGTH} characters; one of these has {len(name)}."
            problem = ErrorDetail(message, code="max_length")
            raise serializers.ValidationError({"full_name": [problem]})
    return names


class SisterUserSerializer(UserSerializer):
    """The user. `full_name`, where it is a new one, is taken apart into the two names."""

    full_name = _FullNameField(source="get_full_name")
    is_admin = serializers.BooleanField(source="is_staff", read_only=True)

    class Meta(UserSerializer.Meta):
        fields = (*UserSerializer.Meta.fields, "full_name", "is_admin")  # type: ignore[assignment]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        full_name = attrs.pop("get_full_name", None)
        attrs = super().validate(attrs)
        user: User = self.instance
        if full_name is None or full_name == user.get_full_name():
            return attrs  # absent, or the whole object sent back
        names = _names(full_name)
        for name, value in names.items():
            if attrs.get(name, value) not in (value, getattr(user, name)):
                message = f"{name} says something else."
                problem = ErrorDetail(message, code="conflict")
                raise serializers.ValidationError({"full_name": [problem]})
        return {**attrs, **names}


class SisterRegistrationSerializer(RegistrationSerializer):
    """A new account, with a name if one is given."""

    full_name = _FullNameField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        names = _names(attrs.get("full_name", ""))
        return {**super().validate(attrs), **names}  # allauth takes the names from there


class SisterSessionSerializer(SessionSerializer):
    """A new session."""

    user = SisterUserSerializer()
