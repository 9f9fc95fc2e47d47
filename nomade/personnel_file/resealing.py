"""The sealed columns of the personal file, for a rotation of keys."""

from __future__ import annotations

from nomade.kernel.resealing import reseal_column, reseal_with, sealed_column
from nomade.personnel_file.bank_facts import bank_context
from nomade.personnel_file.history import change_context
from nomade.personnel_file.models import BankChange, ChangeRequest, CivilStatus, DataChange, DisabilityRecognition
from nomade.personnel_file.secrets import fact_context, request_context


def declare_sealed_columns() -> None:
    """Called once, at start."""
    sealed_column("Changements du dossier", DataChange, "sealed", lambda row: change_context(row.pk, row.agent_id))
    sealed_column("Demandes du dossier", ChangeRequest, "sealed", lambda row: request_context(row.pk, row.owner_id))
    sealed_column("Comptes bancaires", BankChange, "sealed", lambda row: bank_context(row.pk, row.owner_id))
    sealed_column(
        "Reconnaissances", DisabilityRecognition, "sealed", lambda row: fact_context("disability", row.agent_id)
    )
    reseal_with("NIR", reseal_nirs, "personnel_file_civilstatus.nir_sealed")


def reseal_nirs() -> int:
    """The NIR of those who have one."""
    known = CivilStatus.objects.filter(nir_sealed__isnull=False)
    return reseal_column(known, "nir_sealed", lambda row: fact_context("nir", row.agent_id))
