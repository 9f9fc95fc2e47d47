"""Settings of the employer's directory (`docs/operations.md`, « Directory »)."""

from __future__ import annotations

from dataclasses import dataclass

from nomade.config.fields import address, choice, number, text, words, yes_or_no


@dataclass(frozen=True, kw_only=True)
class DirectorySettings:
    """OpenID Connect and LDAP: nothing of it is used while its address is empty."""

    oidc_issuer: str = address("https", "http")
    oidc_client_id: str = text()
    oidc_client_secret: str = text()
    oidc_label: str = text("l’annuaire de la collectivité")
    oidc_scopes: tuple[str, ...] = words("openid,email")
    # The claim that holds the login of a first sign-in; afterwards only (issuer, subject) counts.
    oidc_login_claim: str = text("email")
    oidc_algorithms: tuple[str, ...] = words("RS256,PS256,ES256")
    # Levels of authentication that are accepted; empty: any. `oidc_second_factor`: they include a second factor.
    oidc_acr: tuple[str, ...] = words()
    oidc_second_factor: bool = yes_or_no(default=False)
    directory_password_url: str = address("https", "http")
    directory_seconds: int = number(3, low=1, high=10)
    ldap_url: str = address("ldaps", "ldap")
    ldap_start_tls: bool = yes_or_no(default=True)
    ldap_ca_file: str = text()
    ldap_bind_dn: str = text()
    ldap_bind_password: str = text()
    ldap_base: str = text()
    ldap_login_attribute: str = text("mail")
    ldap_password_change: str = choice("page", "page", "rfc3062")
