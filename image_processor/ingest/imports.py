"""Asking for a picture to be fetched from an address: refused now, or written down as a job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from django.db import transaction
from django.db.models.functions import Now

from accounts.locks import lock_owner
from image_processor.jobs import fair, wakeups
from image_processor.jobs.queues import IMPORT
from image_processor.library import file_names, quotas
from image_processor.models import ImageImport, SourceImage
from utils.errors import DomainError
from utils.outbound import Client, OutboundError

MOST_UNFINISHED = 1_000
# How long it is remembered where an image came from: addresses may hold secrets.
KEPT = timedelta(days=7)


class TooManyImports(DomainError):
    code = "too_many_imports"
    status = 409
    title = "Many of your imports have not ended yet"


def ask(
    owner_id: int,
    url: str,
    *,
    file_name: str | None = None,
    description: str = "",
    on_created: Callable[[int], None] | None = None,
) -> SourceImage:
    """An image in state `importing`, which a worker is going to fetch.

    Without a `file_name` it is called as the address ends. `on_created(id)` is called in the
    transaction that writes it. Raises `InvalidFileName`, `QuotaExceeded` when there is no room at
    all, `TooManyImports`, and an `OutboundError` for what could never be fetched.
    """
    name = _name_in(url) if file_name is None else file_names.checked(file_name)
    _require_usable(url)
    with transaction.atomic():
        lock_owner(owner_id)
        quotas.require_room(owner_id, 1)
        _require_few(owner_id)
        image = SourceImage.objects.create(
            owner_id=owner_id,
            status=SourceImage.Status.IMPORTING,
            file_name=name,
            description=description,
        )
        ImageImport.objects.create(
            owner_id=owner_id,
            image=image,
            url=url,
            queue=IMPORT.name,
            position=fair.place(IMPORT.name, owner_id, 1),
        )
        wakeups.wake_on_commit(IMPORT.name)
        if on_created:
            on_created(image.pk)
    return image


def forget_old() -> int:
    """Remove the jobs that ended longer ago than `KEPT`; their images stay. How many."""
    return ImageImport.objects.filter(finished_at__lt=Now() - KEPT).delete()[0]


def _name_in(url: str) -> str:
    try:
        return file_names.from_upload(unquote(urlsplit(url).path))
    except ValueError:  # what is wrong with it is told by who looks at all of it
        return file_names.from_upload("")


def _require_usable(url: str) -> None:
    """Refuse what no attempt could reach; a name that cannot be looked up now may be so later."""
    try:
        Client().check(url)
    except OutboundError as error:
        if not error.transient:
            raise type(error)(
                error.detail, pointer="/url", limit=error.limit, actual=error.actual
            ) from error


def _require_few(owner_id: int) -> None:
    unfinished = ImageImport.objects.filter(owner_id=owner_id, available_at__isnull=False)
    if unfinished[:MOST_UNFINISHED].count() >= MOST_UNFINISHED:
        raise TooManyImports(
            f"{MOST_UNFINISHED} of your imports have not ended, as many as may be. Wait for some.",
            limit=MOST_UNFINISHED,
            actual=MOST_UNFINISHED + 1,
        )
