"""The secrets that the data folder keeps."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from nomade.runtime.data_folder import kept_secrets
from nomade.runtime.errors import StartRefused


def test_secrets_are_made_once_and_their_owner_alone_reads_them(tmp_path: Path) -> None:
    made = kept_secrets(tmp_path, {})
    assert kept_secrets(tmp_path, {}) == made
    for name in ("encryption-keys", "secret-key"):
        assert stat.S_IMODE((tmp_path / "secrets" / name).stat().st_mode) == 0o600


def test_a_key_that_is_gone_is_said_and_never_replaced(tmp_path: Path) -> None:
    kept_secrets(tmp_path, {})
    key = tmp_path / "secrets" / "encryption-keys"
    saved = key.read_text()
    key.unlink()
    with pytest.raises(StartRefused, match="La clé de chiffrement manque"):
        kept_secrets(tmp_path, {})
    assert not key.exists()
    assert "NOMADE_ENCRYPTION_KEYS" not in kept_secrets(tmp_path, {"NOMADE_ENCRYPTION_KEYS": saved.strip()})


def test_documents_without_any_secret_are_not_given_a_new_key(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    with pytest.raises(StartRefused, match="sauvegarde des clés"):
        kept_secrets(tmp_path, {})
