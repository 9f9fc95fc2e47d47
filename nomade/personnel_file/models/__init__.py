"""What the personal file holds beside `people`: contacts, history, requests, bank account, traces of reading."""

from nomade.personnel_file.models.own import DataChange, EmergencyContact, Field, Origin

__all__ = ["DataChange", "EmergencyContact", "Field", "Origin"]
