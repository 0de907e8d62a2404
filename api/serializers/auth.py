"""Bodies of the auth routes: signing in, signing up, the user."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings as allauth_settings
from allauth.account.adapter import get_adapter
from dj_rest_auth.serializers import LoginSerializer as BaseLoginSerializer
from dj_rest_auth.serializers import UserDetailsSerializer
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import get_error_detail

from api import lockout
from api.accounts import email_of, replace_email
from api.models import User
from utils.errors import DomainError

INVALID_CREDENTIALS = "invalid_credentials"

_MAX_PASSWORD = 128
_MAX_LOGIN = 254


class EmailNotVerified(DomainError):
    code = "email_not_verified"
    status = 403
    title = "The e-mail address has not been confirmed"

    def __init__(self) -> None:
        super().__init__(
            "Follow the link in the mail first, or ask for another one by "
            "auth/registration/resend-email/."
        )


class PasswordField(serializers.CharField):
    """A password as typed: spaces at its ends belong to it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", _MAX_PASSWORD)
        style = {"input_type": "password"}
        super().__init__(write_only=True, trim_whitespace=False, style=style, **kwargs)


class LoginSerializer(BaseLoginSerializer):
    """`username` or `email`, either of which may hold the other, and `password`."""

    username = serializers.CharField(required=False, allow_blank=True, max_length=_MAX_LOGIN)
    email = serializers.CharField(required=False, allow_blank=True, max_length=_MAX_LOGIN)
    password = PasswordField()

    def get_auth_user(self, username: str | None, email: str | None, password: str) -> User:
        login = username or email
        if not login:
            raise serializers.ValidationError(
                'Must include either "username" or "email" and "password".', code="required"
            )
        user = lockout.check_password(self.context["request"], login, password)
        if user is None:
            raise serializers.ValidationError(
                "Unable to log in with provided credentials.", code=INVALID_CREDENTIALS
            )
        return user

    @staticmethod
    def validate_email_verification_status(user: User, email: str | None = None) -> None:
        method = allauth_settings.EmailVerificationMethod.MANDATORY
        if method == allauth_settings.EMAIL_VERIFICATION and not email_of(user).verified:
            raise EmailNotVerified


class RegistrationSerializer(serializers.Serializer):
    """A new account. `password` may stand for `password1`; `password2`, if sent, must be equal."""

    email = serializers.EmailField(max_length=254)
    username = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=150,
        help_text="Made from the e-mail if absent.",
    )
    password1 = PasswordField(required=False)
    password2 = PasswordField(required=False)
    password = PasswordField(required=False, help_text="The same as `password1`.")

    def validate_email(self, email: str) -> str:
        return _free_email(email)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        name = "password1" if "password1" in attrs else "password"
        password = attrs.get(name)
        if password is None:
            raise serializers.ValidationError({"password1": [_REQUIRED]})
        others = {attrs.get(other, password) for other in ("password", "password2")}
        if others != {password}:
            raise serializers.ValidationError(
                {"password2": ["The two password fields didn't match."]}, code="password_mismatch"
            )
        username = attrs.get("username", "")
        if username:
            _check_username(username, attrs["email"])
        try:
            alike = username or attrs["email"].partition("@")[0]
            person = User(username=alike, email=attrs["email"])
            get_adapter().clean_password(password, user=person)
        except DjangoValidationError as error:
            raise serializers.ValidationError({name: get_error_detail(error)}) from error
        return {"email": attrs["email"], "username": username, "password1": password}

    def save(self, **kwargs: Any) -> User:
        """Create the account; two at once with the same names get one account and one 400."""
        request = self.context["request"]
        adapter = get_adapter(request)
        self.cleaned_data = self.validated_data  # allauth reads it as a form's
        user: User = adapter.save_user(request, adapter.new_user(request), self, commit=False)
        for _ in range(5):
            try:
                with transaction.atomic():
                    user.save(force_insert=True)
                    email_of(user)
                return user
            except IntegrityError as error:
                problem = taken(error)
                if self.validated_data["username"] or "email" in problem:
                    raise serializers.ValidationError(problem) from error
            # Somebody took the name that we had made: make another.
            user.pk, user.username = None, ""
            adapter.populate_username(request, user)
        raise serializers.ValidationError({"username": [_USERNAME_TAKEN]})


class UserSerializer(UserDetailsSerializer):
    """The user. A new e-mail needs `password`: who holds the mailbox holds the account."""

    password = PasswordField(required=False, help_text="The current one, to change `email`.")

    class Meta(UserDetailsSerializer.Meta):
        model = User
        fields = (
            "pk",
            "id",
            "username",
            "email",
            "first_name",
            "last_name",
            "date_joined",
            "last_login",
            "password",
        )
        read_only_fields = ("date_joined", "last_login")
        extra_kwargs = {"username": {"required": False}, "email": {"required": False}}

    @staticmethod
    def validate_username(username: str) -> str:
        """Checked in `validate`, where one's own name is not one that is taken."""
        return username

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        password = attrs.pop("password", "")
        user: User = self.instance
        if attrs.get("email", "").lower() in ("", user.email.lower()):
            attrs.pop("email", None)
        else:
            attrs["email"] = self._new_email(user, attrs["email"], password)
        if attrs.get("username", user.username) != user.username:
            _check_username(attrs["username"], attrs.get("email", user.email), but=user)
        return attrs

    def _new_email(self, user: User, email: str, password: str) -> str:
        method = allauth_settings.EmailVerificationMethod.MANDATORY
        if method == allauth_settings.EMAIL_VERIFICATION:
            message = "A confirmed e-mail address cannot be changed."
            raise serializers.ValidationError({"email": [message]}, code="read_only")
        try:
            email = _free_email(email)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"email": error.detail}) from error
        if lockout.check_password(self.context["request"], user.username, password) is None:
            message = "Changing the e-mail address needs your current password."
            raise serializers.ValidationError({"password": [message]}, code="password_incorrect")
        return email

    def update(self, instance: User, validated_data: dict[str, Any]) -> User:
        try:
            with transaction.atomic():
                user: User = super().update(instance, validated_data)
                if "email" in validated_data:
                    replace_email(user)
                return user
        except IntegrityError as error:
            raise serializers.ValidationError(taken(error)) from error


_REQUIRED = ErrorDetail("This field is required.", code="required")
_EMAIL_TAKEN = ErrorDetail(
    "A user is already registered with this e-mail address.", code="email_taken"
)
_USERNAME_TAKEN = ErrorDetail("A user with that username already exists.", code="username_taken")


def taken(error: IntegrityError) -> dict[str, list[ErrorDetail]]:
    """Which name a unique constraint refused, as DRF's errors; raises what is anything else."""
    constraint = str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))
    if constraint == "user_email_unique":
        return {"email": [_EMAIL_TAKEN]}
    if "username" in constraint:
        return {"username": [_USERNAME_TAKEN]}
    raise error


def _free_email(email: str) -> str:
    email = User.objects.normalize_email(get_adapter().clean_email(email))
    try:
        User.objects.get_by_email(email)
    except User.DoesNotExist:
        return email
    raise serializers.ValidationError([_EMAIL_TAKEN])


def _check_username(username: str, email: str, *, but: User | None = None) -> None:
    """Raise unless it is well-formed, free, and nobody else's e-mail address."""
    message = None
    if "@" in username and username.lower() != email.lower():
        message = ErrorDetail("A user name with @ must be your own e-mail address.", code="invalid")
    elif but is not None and username.lower() == but.username.lower():
        return
    else:
        try:
            get_adapter().clean_username(username)
        except DjangoValidationError as error:
            details = get_error_detail(error)
            raise serializers.ValidationError({"username": details}) from error
    if message:
        raise serializers.ValidationError({"username": [message]})
