"""Presets: pipelines under a name, checked when they are saved and again when they are used."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from accounts.locks import lock_owner
from image_processor.models import Preset
from image_processor.transform.submit import asked
from utils.errors import DomainError

MAX_PER_USER = 100
MAX_NAME = 100


class TooManyPresets(DomainError):
    code = "too_many_presets"
    status = 409
    title = "There are as many presets as there may be"


class PresetNameTaken(DomainError):
    code = "preset_name_taken"
    status = 409
    title = "Another preset has this name"


class InvalidPresetName(DomainError):
    code = "invalid_preset_name"
    status = 400
    title = "The preset cannot have this name"


class UnknownPreset(DomainError):
    code = "unknown_preset"
    status = 404
    title = "There is no such preset of yours"


def create(
    owner_id: int,
    *,
    name: str,
    description: str = "",
    on_created: Callable[[int], None] | None = None,
    **request: Any,
) -> Preset:
    """Save a pipeline (`request`: see `submit.asked`) under a name.

    `on_created(id)` is called in the same transaction. Raises what `submit.asked` raises,
    `InvalidPresetName`, `PresetNameTaken`, `TooManyPresets`.
    """
    preset = Preset(owner_id=owner_id, name=_checked(name), description=description)
    _set(preset, request)
    with transaction.atomic():
        lock_owner(owner_id)  # so that of many at once none gets past the limit
        count = Preset.objects.filter(owner_id=owner_id).count()
        if count >= MAX_PER_USER:
            raise TooManyPresets(
                f"You have {count} presets; {MAX_PER_USER} are allowed. Delete one first.",
                limit=MAX_PER_USER,
                actual=count,
            )
        _require_free(preset)
        preset.save()
        if on_created:
            on_created(preset.pk)
    return preset


def change(preset: Preset, *, name: str, description: str, **request: Any) -> None:
    """Give a preset another content; tasks that were made with it keep theirs.

    Raises what `create` raises. Belongs into the transaction that locked the preset.
    """
    preset.name, preset.description = _checked(name), description
    _set(preset, request)
    _require_free(preset)
    moment: Any = Now()
    preset.updated_at = moment
    preset.save()
    preset.refresh_from_db()


def find(owner_id: int, named: int | str) -> Preset:
    """The preset of this id (a number) or name (a text). Raises `UnknownPreset`."""
    mine = Preset.objects.filter(owner_id=owner_id)
    if isinstance(named, int):
        preset = mine.filter(pk=named).first()
    else:
        preset = mine.filter(name=named).first()
    if preset is None:
        shown = str(named)[:MAX_NAME]
        raise UnknownPreset(f"You have no preset {shown!r}.", pointer="/preset", actual=shown)
    return preset


def _set(preset: Preset, request: dict[str, Any]) -> None:
    wanted = asked(preset.owner_id, **request)
    preset.transformations = wanted.pipeline.steps
    preset.options = wanted.options(request)


def _checked(name: str) -> str:
    """A name as it was chosen, or refused. It may stand in an address, so `/` and `,` may not."""
    hidden = [c for c in name if unicodedata.category(c)[0] == "C" or c in "/\\,\u2028\u2029"]
    if not 1 <= len(name) <= MAX_NAME or name != name.strip() or hidden:
        raise InvalidPresetName(
            f"A preset's name has 1 to {MAX_NAME} characters, without / \\ , control characters, "
            f"or spaces at its ends; this one has {len(name)} characters.",
            pointer="/name",
            limit=MAX_NAME,
            actual=len(name),
        )
    return name


def _require_free(preset: Preset) -> None:
    same = Preset.objects.filter(owner_id=preset.owner_id, name=preset.name)
    if same.exclude(pk=preset.pk).exists():
        raise PresetNameTaken(
            f"You have a preset named {preset.name!r} already.", pointer="/name", actual=preset.name
        )
