"""The public check, under /verifier/: an address that papers carry for years."""

from __future__ import annotations

from django.urls import URLPattern, path

from nomade.certificates.views import check

app_name = "certificates_check"
urlpatterns: list[URLPattern] = [path("", check.check, name="check")]
