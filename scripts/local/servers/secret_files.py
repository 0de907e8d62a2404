"""Generated secrets in the data folder."""

import os
import secrets
from pathlib import Path


def secret(folder: Path, name: str) -> str:
    """Read the secret of this name. The first time, generate it (43 characters, mode 0600).

    Only the holder of the data folder's lock calls this, so two processes never write at once.
    """
    path = folder / name
    if path.exists():
        return path.read_text().strip()
    value = secrets.token_urlsafe(32)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(value + "\n")
    draft.rename(path)
    return value
