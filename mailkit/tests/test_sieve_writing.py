"""Scripts: what a person sets is what a server reads, whatever they typed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sievelib.parser import Parser  # type: ignore[import-untyped]

from mailkit.sieve import Condition, Filters, Rule, Unsupported, Vacation, read, write
from mailkit.sieve.writing import quoted

ALL = {"fileinto", "vacation", "date", "relational", "imap4flags", "copy", "include"}
RULE = Rule("Paie", (Condition("from", "contains", "paie@paris.fr"),), folder="Équipe", seen=True)


def parsed(script: str) -> Parser:
    parser = Parser()
    assert parser.parse(script), parser.error
    return parser


def test_a_script_is_read_back_as_it_was_set() -> None:
    away = Vacation(True, "Absent", 'Je suis "absent".\nÀ bientôt', "2026-12-01", "2026-12-15", ("a@paris.fr",))
    filters = Filters((RULE, replace(RULE, name="Autre", active=False, forward="x@y.fr")), away)
    script = write(filters, ALL)
    assert read(script) == filters
    assert read(script.replace("\n", "\r\n")) == filters
    parsed(script)


def test_what_was_changed_by_hand_is_noticed() -> None:
    script = write(Filters((RULE,)), ALL)
    changed = read(script.replace('fileinto "Équipe"', 'fileinto "Ailleurs"'))
    assert changed is not None
    assert changed.changed_elsewhere
    assert changed.rules == (RULE,)


@pytest.mark.parametrize("script", ["", "keep;", "# nomade:1 x\n# faits: %%%\n", "# nomade:1 x\n# faits: W10=\n"])
def test_a_script_of_another_program_or_a_damaged_one_is_not_ours(script: str) -> None:
    assert read(script) is None


def test_what_the_server_lacks_is_named() -> None:
    with pytest.raises(Unsupported) as told:
        write(Filters((RULE,)), {"fileinto"})
    assert told.value.extension == "imap4flags"


@given(st.text(max_size=200))
def test_no_text_leaves_its_quotes(text: str) -> None:
    shown = quoted(text)
    inside = shown[1:-1].replace("\\\\", "").replace('\\"', "")
    assert '"' not in inside
    assert "\\" not in inside
    assert "\0" not in inside


@given(name=st.text(max_size=60), value=st.text(min_size=1, max_size=60), words=st.text(max_size=200))
def test_whatever_is_typed_the_script_does_only_what_was_set(name: str, value: str, words: str) -> None:
    encodable = [text.encode(errors="replace").decode() for text in (name, value, words)]
    rule = Rule(encodable[0], (Condition("subject", "contains", encodable[1]),), folder="Paie", stop=False)
    script = write(Filters((rule,), Vacation(True, encodable[0], encodable[2])), ALL)
    code = "".join(line for line in script.split("\n") if not line.startswith("#"))
    assert code.count("redirect") <= "".join(encodable).count("redirect")
    found = read(script)
    assert found is not None
    assert found.rules == (rule,)
    assert not found.changed_elsewhere
