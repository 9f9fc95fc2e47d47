"""What the personal file holds beside `people`: contacts, history, requests, bank account, traces of reading."""

from nomade.personnel_file.models.bank import BankChange, BankExport
from nomade.personnel_file.models.facts import (
    Child,
    CivilStatus,
    Custody,
    DisabilityRecognition,
    Family,
    Title,
    TitleKind,
)
from nomade.personnel_file.models.own import DataChange, EmergencyContact, Field, Origin
from nomade.personnel_file.models.reading import Consultation, DataExport, EmergencyAccess
from nomade.personnel_file.models.requests import ChangeRequest, Subject, WaitingPiece

__all__ = [
    "BankChange",
    "BankExport",
    "ChangeRequest",
    "Child",
    "CivilStatus",
    "Consultation",
    "Custody",
    "DataChange",
    "DataExport",
    "DisabilityRecognition",
    "EmergencyAccess",
    "EmergencyContact",
    "Family",
    "Field",
    "Origin",
    "Subject",
    "Title",
    "TitleKind",
    "WaitingPiece",
]
