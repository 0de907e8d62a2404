"""Every function that locks rows follows the order of `image_processor.library.locks`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailConfirmationHMAC
from django.db import transaction
from django.test import Client
from rest_framework.test import APIClient

from accounts.access import api_keys, sessions
from accounts.access.tokens import Claims
from accounts.lifecycle import recovery
from api.requests import idempotency
from image_processor import maintenance, tasks
from image_processor.engine.errors import InvalidImage
from image_processor.ingest import file_check, imports
from image_processor.ingest.storing import storing
from image_processor.jobs import claim, runner
from image_processor.jobs.registry import job_type_of
from image_processor.library import images, results
from image_processor.library.deletion import account
from image_processor.models import ImageImport, SourceImage, TransformationTask, TransformedImage
from image_processor.transform import batches, presets, task_actions
from outbox import events
from scripts.local.installing.bootstrap import ROOT
from tests.builders import pictures, rows
from tests.lock_order import ROOTS, locked_tables, recorded_locks
from webhooks import endpoints
from webhooks.delivery import requested_deliveries
from webhooks.models import Delivery

LOCKING = {
    "lock_image",
    "lock_owner",
    "lock_version",
    "select_for_update",
    "share_free_owner",
    "share_free_owners",
    "share_image",
    "share_images",
    "share_owner",
}
# Direct uploads need an S3 server: tests/storage/direct_uploads/test_completion.py records them.
ELSEWHERE = {
    "image_processor.ingest.direct_completion:_take_in",
    "image_processor.ingest.direct_uploads:announce",
}


def functions_that_lock() -> Iterator[str]:
    for root in ROOTS:
        for file in sorted((ROOT / root).rglob("*.py")):
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            yield from (
                f"{module}:{name}" for name in _locking(ast.parse(file.read_text()), prefix="")
            )


def _locking(node: ast.AST, *, prefix: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from _locking(child, prefix=f"{prefix}{child.name}.")
        elif isinstance(child, ast.FunctionDef):
            calls = [call.func for call in ast.walk(child) if isinstance(call, ast.Call)]
            names = {getattr(func, "attr", getattr(func, "id", "")) for func in calls}
            if names & LOCKING:
                yield prefix + child.name


def use_tasks(owner: Any) -> None:
    image = rows.image(owner, pictures.jpeg(1600, 1200))
    rows.tasks(image, 2)
    runner.run_next("light")
    again = rows.task(image, TransformationTask.objects.order_by("pk")[0].transformations)
    assert again.status == "SUCCESS"
    rows.batch(image, transformations=again.transformations, format="png")  # done already
    waiting = TransformationTask.objects.get(status="PENDING")
    task_actions.cancel(waiting)
    task_actions.retry(TransformationTask.objects.get(pk=waiting.pk))
    TransformationTask.objects.filter(pk=waiting.pk).update(status="FAILED", available_at=None)
    assert task_actions.retry_failed(owner.pk) == (1, False)
    task_actions.delete(TransformationTask.objects.get(pk=waiting.pk))
    results.delete(TransformedImage.objects.order_by("pk")[0])
    images.update(image, description="new")
    batch = rows.batch(image, transformations=rows.RESIZE)
    assert task_actions.cancel_unfinished(owner.pk, batch.pk) == 1
    assert task_actions.retry_failed(owner.pk, batch_id=batch.pk) == (0, False)
    batches.delete(batch)


def end_tasks_badly(owner: Any) -> None:
    """A result that another task stored meanwhile, a task that fails, a batch that ends."""
    image = rows.image(owner, pictures.jpeg(seed=3))
    rows.task(image)
    rows.task(image)
    for _ in range(2):
        tasks.work("light")
    batch = rows.batch(image, transformations=[{"operation": "flip"}], format="png")
    image.stored_object.refresh_from_db()
    job = claim.claim(TransformationTask, "light", release=99)
    assert job is not None
    assert job.batch_id == batch.pk
    runner._end(job_type_of("light"), job, _ending("light", job), InvalidImage("broken"))
    images.delete(image)


def derive(owner: Any) -> None:
    rows.image(owner, pictures.jpeg(1600, 1200, seed=4))
    tasks.work("derive")
    rows.image(owner, pictures.jpeg(seed=5))
    job_type = job_type_of("derive")
    assert job_type is not None
    job_type.collect()
    job = claim.claim(job_type.model, "derive", release=99)
    assert job is not None
    runner._end(job_type, job, _ending("derive", job), InvalidImage("broken"))
    assert SourceImage.objects.filter(owner=owner, status="failed").exists()


def _ending(queue: str, job: Any) -> Any:
    job_type = job_type_of(queue)
    assert job_type is not None
    return job_type.ending(job, InvalidImage("broken"))


def import_image(owner: Any) -> None:
    with transaction.atomic():
        image = imports.create(owner.pk, url="http://192.0.2.1/photo.jpg")
    tasks.work("import")
    assert ImageImport.objects.filter(image=image).exclude(error_code="").exists()
    file = BytesIO(pictures.jpeg(seed=9))
    with storing(file_check.check(owner.pk, file), image_id=image.pk) as stored:
        SourceImage.objects.filter(pk=image.pk).update(stored_object=stored)
    image.refresh_from_db()
    images.update(image, description="new")
    images.delete(image)


def use_webhooks(owner: Any) -> None:
    with transaction.atomic():
        hook = endpoints.create(owner.pk, url="http://192.0.2.1/", events=["task.succeeded"])
    rows.task(rows.image(owner, pictures.jpeg(seed=6)))
    tasks.work("light")
    events.drain()
    assert Delivery.objects.filter(kind="task.succeeded").exists()
    tasks.work("webhooks")
    hook = endpoints.change(hook, description="new")
    with transaction.atomic():
        test = requested_deliveries.send_test(hook)
    Delivery.objects.filter(pk=test.pk).update(status="FAILED", available_at=None)
    requested_deliveries.redeliver(Delivery.objects.get(pk=test.pk))
    endpoints.delete(endpoints.rotate_secret(hook))


def use_account(owner: Any) -> None:
    family = sessions.start(owner)
    sessions.rotate(Claims(family.pk, str(owner.pk), family.current, "refresh"))
    with transaction.atomic():
        key, _ = api_keys.create(owner.pk, name="key", scopes=["tasks"])
    api_keys.delete(key)
    idempotency.claim(owner.pk, "key", "fingerprint").release()
    with transaction.atomic():
        preset = presets.create(owner.pk, name="one", transformations=rows.RESIZE)
    preset = presets.replace(preset, name="two", transformations=rows.RESIZE)
    presets.delete(presets.update(preset, name="three"))


def recover_account(owner: Any) -> None:
    """Change and confirm the e-mail address, set a password as operator, recover by a mail."""
    owner.set_password("a horse")
    owner.is_staff = owner.is_superuser = True
    owner.save()
    client = APIClient()
    client.force_authenticate(owner, token=sessions.start(owner))
    change = {"email": "new@example.com", "password": "a horse"}
    assert client.patch("/api/v1/auth/user/", change).status_code == 200
    key = {"key": EmailConfirmationHMAC(owner.emailaddress_set.get()).key}
    verified = client.post("/api/v1/auth/registration/verify-email/", key)
    assert verified.status_code == 200
    operator = Client()
    operator.force_login(owner, backend="accounts.access.backends.UsernameOrEmailBackend")
    form = dict.fromkeys(("password1", "password2"), "a new horse") | {"usable_password": "true"}
    assert operator.post(f"/admin/accounts/user/{owner.pk}/password/", form).status_code == 302
    with transaction.atomic():
        hook = endpoints.create(owner.pk, url="http://192.0.2.1/", events=["task.succeeded"])
        type(owner).objects.filter(pk=owner.pk).update(email_confirmed_at=None)
    owner.refresh_from_db()
    with transaction.atomic():
        token = default_token_generator.make_token(owner)
        recovery.end_earlier_access(recovery.lock_for_reset(owner.pk, token))
    events.drain()
    assert not endpoints.of_owner(owner.pk).filter(pk=hook.pk).exists()


def delete_images(owner: Any) -> None:
    image = rows.image(owner, pictures.jpeg(seed=7))
    rows.tasks(image, 3)
    rows.batch(image, transformations=rows.RESIZE)
    tasks.work("light")
    assert images.delete(image) is not None
    rows.run_deletions()
    assert not SourceImage.objects.filter(pk=image.pk).exists()


def keep_house(owner: Any) -> None:
    maintenance.maintain()
    maintenance.forget_old()


def delete_account(owner: Any) -> None:
    image = rows.image(owner, pictures.jpeg(1600, 1200, seed=8))
    rows.tasks(image, 2)
    rows.batch(image, transformations=rows.RESIZE)
    tasks.work("light")
    tasks.work("derive")
    account.forget_user(owner)
    rows.run_deletions()
    assert not type(owner).objects.filter(pk=owner.pk).exists()


PATHS: tuple[Callable[[Any], None], ...] = (
    use_tasks,
    end_tasks_badly,
    derive,
    import_image,
    use_webhooks,
    use_account,
    recover_account,
    delete_images,
    keep_house,
    delete_account,
)


def test_every_path_locks_in_the_one_order(
    transactional_db: None, user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded from the statements of each transaction. A function that no path runs fails, too."""
    monkeypatch.setattr(images, "MOST_TASKS_AT_ONCE", 2)
    with recorded_locks() as recorder:
        for path in PATHS:
            path(user)
    assert not recorder.violations, "\n".join(recorder.violations)
    assert set(functions_that_lock()) - recorder.functions - ELSEWHERE == set()


def test_the_recorder_notices_a_wrong_order(transactional_db: None, user: Any) -> None:
    image = rows.image(user)
    with recorded_locks() as recorder, transaction.atomic():
        SourceImage.objects.select_for_update().get(pk=image.pk)
        type(user).objects.select_for_update().get(pk=user.pk)
        assert len(recorder.violations) == 1
        image.save()
    with recorded_locks() as recorder, transaction.atomic():
        TransformationTask(owner=user, original_image=image, transformations=[], pipeline={}).save()
    assert "who is not locked" in recorder.violations[0]


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ('SELECT 1 FROM "accounts_user" WHERE id = 1', []),
        ('SELECT 1 FROM "accounts_user" WHERE id = 1 FOR KEY SHARE', ["accounts_user"]),
        ('UPDATE "image_processor_usage" SET month = now()', ["image_processor_usage"]),
        (
            "WITH o AS (SELECT id FROM accounts_user FOR KEY SHARE) SELECT id FROM "
            "image_processor_sourceimage WHERE NOT EXISTS (SELECT 1 FROM x) FOR KEY SHARE",
            ["accounts_user", "image_processor_sourceimage"],
        ),
    ],
)
def test_the_recorder_reads_statements(sql: str, tables: list[str]) -> None:
    assert locked_tables(sql) == tables
