"""Us, as the employer's directory knows us."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404

from nomade.accounts.directories import oidc
from nomade.kernel.hosts import absolute_url


def client() -> oidc.Client:
    """Us, as the settings say. Raises Http404 where no provider is set."""
    chosen = settings.NOMADE
    if not chosen.oidc_issuer:
        raise Http404
    return oidc.Client(
        issuer=chosen.oidc_issuer,
        client_id=chosen.oidc_client_id,
        client_secret=chosen.oidc_client_secret,
        redirect_uri=absolute_url("portal", "accounts:directory-return"),
        scopes=chosen.oidc_scopes,
        algorithms=chosen.oidc_algorithms,
        acr=chosen.oidc_acr,
        seconds=chosen.directory_seconds,
    )
