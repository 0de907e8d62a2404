"""manage.py create_admin."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User

pytestmark = pytest.mark.django_db


def create_admin(email: str) -> str:
    out = io.StringIO()
    call_command("create_admin", email, stdout=out)
    return out.getvalue()


def test_the_printed_password_works() -> None:
    said = create_admin("head.of.pictures@example.com")
    user = User.objects.get()
    assert user.is_superuser
    assert user.is_staff
    assert user.email == "head.of.pictures@example.com"
    assert f"user name {user.username}," in said
    assert user.check_password(said.rsplit("password ", 1)[1].strip())


def test_a_second_call_changes_nothing() -> None:
    create_admin("admin@example.com")
    before = User.objects.get().password
    said = create_admin("Admin@Example.com")
    assert said == "admin@example.com is already an administrator; nothing was changed.\n"
    assert User.objects.get().password == before


def test_an_ordinary_user_is_not_promoted() -> None:
    User.objects.create_user("ann", "ann@example.com", "x")
    assert "a user without admin rights" in create_admin("ann@example.com")
    assert not User.objects.get().is_superuser


def test_two_addresses_of_one_name_get_different_user_names() -> None:
    create_admin("ann@example.com")
    create_admin("ann@example.org")
    assert User.objects.values("username").distinct().count() == 2


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(CommandError, match="'root' is not an e-mail address"):
        create_admin("root")
