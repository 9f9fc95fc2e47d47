"""A rotation of keys forgets nothing."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from nomade.kernel.resealing import declared_columns

# Binary, and secret to nobody: public halves of passkeys, and digests.
NOT_SEALED = {"accounts_passkey.credential_id", "accounts_passkey.credential"}


def test_every_sealed_column_of_every_application_follows_a_rotation() -> None:
    binary = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField)
    }
    forgotten = {name for name in binary - declared_columns() - NOT_SEALED if "seal" in name}
    assert forgotten == set(), "declare them with nomade.kernel.resealing.sealed_column, from apps.py"
    assert declared_columns() <= binary
