"""Secrets in the data folder."""

from pathlib import Path

from scripts.local.servers.secret_files import secret


def test_a_secret_is_generated_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    value = secret(tmp_path, "django-secret-key")
    assert len(value) == 43
    assert secret(tmp_path, "django-secret-key") == value
    path = tmp_path / "django-secret-key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_secrets_differ(tmp_path: Path) -> None:
    assert secret(tmp_path, "one") != secret(tmp_path, "two")


def test_a_secret_that_was_put_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "redis").write_text("mine\n")
    assert secret(tmp_path, "redis") == "mine"
