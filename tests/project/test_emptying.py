"""After a test that commits the database is as it was before."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import TransactionTestCase

from accounts.models import User
from image_processor.models import SourceImage, TransformationTask
from tests.builders import many
from tests.emptying import empty_tables


@pytest.mark.django_db(transaction=True)
def test_rows_go_whoever_refers_to_whom_and_what_migrations_made_stays(make_user: Any) -> None:
    made = Permission.objects.count(), ContentType.objects.count()
    assert min(made) > 10
    user = make_user()
    user.user_permissions.add(Permission.objects.first())
    many.task(many.image(user))
    empty_tables(TransactionTestCase())
    assert not User.objects.exists()
    assert not User.user_permissions.through.objects.exists()
    assert not SourceImage.objects.exists()
    assert not TransformationTask.objects.exists()
    assert (Permission.objects.count(), ContentType.objects.count()) == made
