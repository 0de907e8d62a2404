"""Presets: named pipelines, validated when they are saved and again when they are used."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from accounts.locks import lock_owner
from image_processor.models import Preset
from image_processor.transform import pipelines
from utils.errors import DomainError
from utils.versions import ExpectedVersion, lock_version
from utils.visible_text import is_blank, is_hidden

MAX_PER_USER = 100
MAX_NAME = 100


class TooManyPresets(DomainError):
    code = "too_many_presets"
    status = 409
    title = "Preset limit reached"


class PresetNameTaken(DomainError):
    code = "preset_name_taken"
    status = 409
    title = "Preset name already used"


class InvalidPresetName(DomainError):
    code = "invalid_preset_name"
    status = 400
    title = "Invalid preset name"


class UnknownPreset(DomainError):
    code = "unknown_preset"
    status = 404
    title = "Preset not found"


def create(owner_id: int, *, name: str, description: str = "", **request: Any) -> Preset:
    """Save a pipeline under a name, in the caller's transaction.

    `request`: see `pipelines.parse`. Raises what parsing raises, `InvalidPresetName`,
    `PresetNameTaken`, `TooManyPresets`.
    """
    preset = Preset(owner_id=owner_id)
    _fill(preset, name=name, description=description, **request)
    lock_owner(owner_id)  # so that concurrent requests cannot exceed the limit together
    count = Preset.objects.filter(owner_id=owner_id).count()
    if count >= MAX_PER_USER:
        raise TooManyPresets(
            f"You have {count} presets; {MAX_PER_USER} are allowed. Delete one first.",
            limit=MAX_PER_USER,
            actual=count,
        )
    _require_free_name(preset)
    preset.save()
    return preset


def replace(
    preset: Preset, *, expected_version: ExpectedVersion | None = None, **content: Any
) -> Preset:
    """Replace the content of a preset; tasks that were made with it do not change.

    `content`: name, description and a pipeline, as for `create`. Raises what `create` raises, and
    `NotFound`, `PreconditionFailed`.
    """
    with transaction.atomic():
        locked = lock_version(Preset.objects.filter(pk=preset.pk), expected_version)
        return _change(locked, {"description": "", **content})


def update(
    preset: Preset, *, expected_version: ExpectedVersion | None = None, **changes: Any
) -> Preset:
    """Change parts of a preset. Works like `replace`, but keeps what `changes` does not name.

    An option that is None is removed.
    """
    with transaction.atomic():
        locked = lock_version(Preset.objects.filter(pk=preset.pk), expected_version)
        content = {
            "name": locked.name,
            "description": locked.description,
            "transformations": locked.transformations,
            **locked.options,
            **changes,
        }
        return _change(locked, content)


def delete(preset: Preset, *, expected_version: ExpectedVersion | None = None) -> None:
    """Delete a preset; its tasks stay. Raises `NotFound`, `PreconditionFailed`."""
    with transaction.atomic():
        lock_version(Preset.objects.filter(pk=preset.pk), expected_version).delete()


def find(owner_id: int, reference: int | str) -> Preset:
    """The preset with this id (a number) or name (a text). Raises `UnknownPreset`."""
    own = Preset.objects.filter(owner_id=owner_id)
    if isinstance(reference, int):
        preset = own.filter(pk=reference).first()
    else:
        preset = own.filter(name=reference).first()
    if preset is None:
        shown = str(reference)[:MAX_NAME]
        raise UnknownPreset(f"You have no preset {shown!r}.", pointer="/preset", actual=shown)
    return preset


def _change(preset: Preset, content: dict[str, Any]) -> Preset:
    _fill(preset, **content)
    _require_free_name(preset)
    now: Any = Now()
    preset.updated_at = now
    preset.save()
    preset.refresh_from_db(fields=["updated_at"])
    return preset


def _fill(preset: Preset, *, name: str, description: str, **request: Any) -> None:
    _require_valid_name(name)
    preset.name, preset.description = name, description
    given = {option: value for option, value in request.items() if value is not None}
    owned = pipelines.parse(preset.owner_id, **{"transformations": None, **given})
    preset.transformations, preset.options = owned.pipeline.steps, owned.options


def _require_valid_name(name: str) -> None:
    """Refuse names with hidden characters, or that do not fit into a URL (`/`, `,`)."""
    refused = any(_is_refused(character) for character in name)
    if not 1 <= len(name) <= MAX_NAME or name != name.strip() or is_blank(name) or refused:
        raise InvalidPresetName(
            f"A preset's name has 1 to {MAX_NAME} characters, without / \\ , control characters, "
            f"or spaces at its ends; this one has {len(name)} characters.",
            pointer="/name",
            limit=MAX_NAME,
            actual=len(name),
        )


def _is_refused(character: str) -> bool:
    if is_hidden(character) or character in "/\\,":
        return True
    return unicodedata.category(character) in ("Cn", "Co")  # no letter: unassigned, private use


def _require_free_name(preset: Preset) -> None:
    same = Preset.objects.filter(owner_id=preset.owner_id, name=preset.name)
    if same.exclude(pk=preset.pk).exists():
        raise PresetNameTaken(
            f"You already have a preset named {preset.name!r}.",
            pointer="/name",
            actual=preset.name,
        )
