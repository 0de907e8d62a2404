"""Imports: images that a worker fetches from an address."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from accounts.locks import lock_owner
from image_processor.jobs import fair_order, wakeups
from image_processor.jobs.queues import IMPORT
from image_processor.library import images
from image_processor.library.accounting import quotas
from image_processor.models import ImageImport, SourceImage
from image_processor.storage import file_names
from utils.errors import DomainError

MAX_UNFINISHED = 1_000


class TooManyImports(DomainError):
    code = "too_many_imports"
    status = 409
    title = "Too many unfinished imports"


def create(
    owner_id: int, *, url: str, file_name: str | None = None, description: str = ""
) -> SourceImage:
    """Write an image in state `importing` and the job that fetches it, in the caller's transaction.

    Without a `file_name` the image is named after the address. Raises `InvalidFileName`,
    `QuotaExceeded` when there is no room at all or for no more images, `TooManyImports`.
    """
    name = file_names.choose(file_name, fallback=_path_of(url))
    lock_owner(owner_id)
    quotas.require_room(owner_id, 1)
    _require_below_limit(owner_id)
    image = images.write(
        owner_id,
        status=SourceImage.Status.IMPORTING,
        file_name=name,
        description=description,
    )
    ImageImport.objects.create(
        owner_id=owner_id,
        image=image,
        url=url,
        queue=IMPORT.name,
        position=fair_order.place(IMPORT.name, owner_id, 1),
    )
    wakeups.wake_on_commit(IMPORT.name)
    return image


def _path_of(url: str) -> str:
    try:
        return unquote(urlsplit(url).path)
    except ValueError:  # `require_reachable` refuses such an address
        return ""


def _require_below_limit(owner_id: int) -> None:
    unfinished = ImageImport.objects.filter(owner_id=owner_id, available_at__isnull=False)
    if unfinished[:MAX_UNFINISHED].count() >= MAX_UNFINISHED:
        raise TooManyImports(
            f"You have {MAX_UNFINISHED} unfinished imports, the most that are allowed. Wait until "
            "some of them end.",
            limit=MAX_UNFINISHED,
            actual=MAX_UNFINISHED + 1,
        )
