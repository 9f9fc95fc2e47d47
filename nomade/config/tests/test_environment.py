"""A bad setting stops the start with one sentence that names it; the process wins over files."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from nomade.config.environment import SettingError, gathered_values, only_from_assistant, read_environment

KEY = base64.b64encode(b"k" * 32).decode()
PRODUCTION = {"NOMADE_ENV": "production", "NOMADE_SECRET_KEY": "s" * 50, "NOMADE_ENCRYPTION_KEYS": f"2026:{KEY}"}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ENV", "prod", "development ou production"),
        ("PROFILE", "lyon", "paris ou commune"),
        ("SERVICES", "home,pizza", "« pizza » n’existe pas"),
        ("DATABASE_URL", "mysql://base", "postgresql://"),
        ("STORAGE_URL", "ftp://x", "commencer par file://"),
        ("STORAGE_URL", "s3://", "nom du compartiment"),
        ("PORT", "huit mille", "un nombre entier"),
        ("PORT", "70000", "entre 1 et 65535"),
        ("PORTAL_HOST", "https://portail", "n’est pas un nom d’hôte"),
        ("PROFESSIONAL_NETWORKS", "10.0.0.0/33", "une liste de réseaux"),
        ("TRUSTED_PROXIES", "le mandataire", "une liste de réseaux"),
        ("IMAP_URL", "mail.ville.fr", "imap:// ou imaps://"),
        ("MAIL_AUTH", "none", "il faut master"),
        ("MAIL_AUTH", "oauthbearer", "il faut aussi NOMADE_OIDC_ISSUER"),
        ("MAIL_AUTH", "xoauth2", "il faut aussi NOMADE_OIDC_ISSUER"),
        ("MFA", "parfois", "internet ou always ou never"),
        ("BRAND_COLOUR", "bleu", "#1d3f7a"),
        ("ENCRYPTION_KEYS", "2026:pas-du-base64", "pas en base64"),
        ("ENCRYPTION_KEYS", "2026:" + base64.b64encode(b"court").decode(), "32 octets"),
        ("ENCRYPTION_KEYS", f"a:{KEY},a:{KEY}", "la même version"),
        ("SESSION_IDLE_MINUTES", "0", "entre 2 et"),
    ],
)
def test_a_bad_value_is_said_with_the_name_of_its_setting(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_environment({f"NOMADE_{name}": value})
    assert f"NOMADE_{name}" in str(caught.value) and said in str(caught.value)


@pytest.mark.parametrize("missing", ["NOMADE_SECRET_KEY", "NOMADE_ENCRYPTION_KEYS"])
def test_production_refuses_to_start_without_its_secrets(missing: str) -> None:
    with pytest.raises(SettingError, match=missing):
        read_environment({name: value for name, value in PRODUCTION.items() if name != missing})


def test_production_trusts_no_network_by_default_and_development_trusts_loopback() -> None:
    assert read_environment(PRODUCTION).professional_networks == ()
    assert [str(n) for n in read_environment({}).professional_networks] == ["127.0.0.0/8", "::1/128"]


def test_the_first_key_encrypts_and_all_are_kept() -> None:
    keys = read_environment({"NOMADE_ENCRYPTION_KEYS": f"2026:{KEY}, 2025:{KEY}"}).encryption_keys
    assert [key.version for key in keys] == ["2026", "2025"]


def test_the_home_page_is_always_there() -> None:
    assert read_environment({"NOMADE_SERVICES": "leave"}).services == ("home", "leave")


def test_the_process_wins_over_the_env_file_which_wins_over_the_assistant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("NOMADE_DATA_DIR", "NOMADE_ORGANISATION", "NOMADE_SUPPORT_PHONE", "NOMADE_MAIL_DOMAIN"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text(f"NOMADE_DATA_DIR={data}\nNOMADE_ORGANISATION=du .env\nNOMADE_SUPPORT_PHONE=3975\n")
    (data / "installation.env").write_text(
        "NOMADE_ORGANISATION='assistant'\nNOMADE_SUPPORT_PHONE='3975'\nNOMADE_MAIL_DOMAIN='ville.fr'\n"
    )
    monkeypatch.setenv("NOMADE_SUPPORT_PHONE", "0199001234")
    found = read_environment(gathered_values())
    assert (found.organisation, found.support_phone, found.mail_domain) == ("du .env", "0199001234", "ville.fr")
    assert only_from_assistant() == {"NOMADE_MAIL_DOMAIN"}


def test_a_hash_cheaper_than_the_floor_stops_the_start() -> None:
    assert read_environment({"NOMADE_ARGON2_PASSES": "3", "NOMADE_ARGON2_MEMORY_KIB": "12288"}).argon2_passes == 3
    with pytest.raises(SettingError, match="47104"):
        read_environment({"NOMADE_ARGON2_PASSES": "1"})
    with pytest.raises(SettingError, match="19456"):
        read_environment({"NOMADE_ARGON2_MEMORY_KIB": "12288"})
