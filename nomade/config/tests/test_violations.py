"""Reports of browsers: one line of the log for each, and nothing that could harm it."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client

from nomade.config.urls import violations

REPORT = {
    "violated-directive": "script-src-elem",
    "blocked-uri": "https://evil.example/steal.js?who=camille",
    "document-uri": "https://nomades.ville.localhost/mot-de-passe/perdu/?q=secret#jeton",
}


@pytest.fixture(autouse=True)
def _new_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(violations, "_tap", violations._Tap())  # each test has its minute


def told(client: Client, body: object) -> int:
    text = body if isinstance(body, str) else json.dumps({"csp-report": body})
    return client.post("/securite/csp", text, content_type="application/csp-report").status_code


def test_a_violation_is_told_to_the_log_without_an_address_nor_a_person(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "nomade.csp"):
        assert told(client, REPORT) == 204
    (line,) = [record.getMessage() for record in caplog.records if record.name == "nomade.csp"]
    assert line.startswith("csp directive=script-src-elem blocked=https://evil.example page=")
    assert not {"camille", "secret", "jeton", "steal"} & set(line.replace("=", " ").replace("?", " ").split())


@pytest.mark.django_db
def test_the_policy_of_each_page_says_where_to_tell(client: Client) -> None:
    policy = client.get("/connexion/").headers["Content-Security-Policy"]
    assert "report-uri /securite/csp" in policy


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"csp-report": 3}', '{"csp-report": null}', "\x00", "{" * 200])
def test_what_is_no_report_is_refused_and_written_nowhere(
    body: str, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    assert told(client, body) == 400
    assert not [record for record in caplog.records if record.name == "nomade.csp"]


def test_a_long_report_is_not_read(client: Client) -> None:
    assert told(client, {**REPORT, "script-sample": "x" * violations.LARGEST_REPORT}) == 413


@pytest.mark.parametrize("blocked", ["inline", "eval", "data", "blob"])
def test_the_kind_of_source_is_kept(blocked: str, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "nomade.csp"):
        told(client, {**REPORT, "blocked-uri": blocked})
    assert f"blocked={blocked} " in caplog.text


@pytest.mark.parametrize("part", ["violated-directive", "blocked-uri", "document-uri"])
def test_what_a_report_holds_writes_no_line_of_its_own(
    part: str, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "nomade.csp"):
        assert told(client, {**REPORT, part: "https://x\n2026 ERROR forged\r\x1b[31m"}) == 204
    for record in caplog.records:
        assert "\n" not in record.getMessage() and "forged" not in record.getMessage()


def test_a_page_cannot_fill_the_log(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [600.0]
    monkeypatch.setattr("nomade.config.urls.violations.time.monotonic", lambda: clock[0])
    with caplog.at_level(logging.WARNING, "nomade.csp"):
        for _ in range(violations.LINES_A_MINUTE + 7):
            assert told(client, REPORT) == 204
        clock[0] += 60
        told(client, REPORT)
    lines = [record.getMessage() for record in caplog.records if record.name == "nomade.csp"]
    assert len(lines) == violations.LINES_A_MINUTE + 2
    assert "csp others=7" in lines


def test_only_a_post_tells(client: Client) -> None:
    assert client.get("/securite/csp").status_code == 405
