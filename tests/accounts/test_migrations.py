"""Accounts of earlier releases keep their ways to sign in."""

from __future__ import annotations

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps

from accounts.models import User


@pytest.mark.django_db
def test_names_and_addresses_get_their_normal_form() -> None:
    user = User.objects.create_user("ann", "ann@example.com")
    other = User.objects.create_user("Bob", "bob@example.com")
    old = "ann@b\u00fccher.example"
    User.objects.filter(pk=user.pk).update(username="\uff21nn", email=old)
    EmailAddress.objects.create(user=user, email=old, verified=True, primary=True)
    import_module("accounts.migrations.0003_normal_forms").normalize_users(apps, None)
    assert User.objects.get_by_login("\uff21nn") == User.objects.get_by_login(old) == user
    assert EmailAddress.objects.get(user=user).email == "ann@xn--bcher-kva.example"
    assert User.objects.get(pk=other.pk).username == "Bob"
