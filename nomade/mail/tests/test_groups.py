"""Writing to a group or a unit of the directory, named by its key."""

from __future__ import annotations

import pytest

from nomade.mail.testing import Box
from nomade.people import ports


def test_a_new_letter_to_a_group_names_each_of_its_people(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    people = (("Parcs, jardins", "parcs@paris.fr"), ("Éloïse Lefèvre", "eloise.lefevre@paris.fr"))
    group = ports.Recipient("groupe-7", "group", "Réunion", "", people, "")
    monkeypatch.setattr(ports, "recipient", lambda viewer, key: group if key == "groupe-7" else None)
    page = box.client.get("/messagerie/nouveau/", {"vers": "groupe-7"}).content.decode()
    assert "&#34;Parcs, jardins&#34; &lt;parcs@paris.fr&gt;, Éloïse Lefèvre &lt;eloise.lefevre@paris.fr&gt;" in page
    assert "parcs@paris.fr" not in box.client.get("/messagerie/nouveau/", {"vers": "groupe-8"}).content.decode()
