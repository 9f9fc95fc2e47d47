"""Addresses of the drafts, on each host where an agent signs in."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from nomade.cases import views


class FormKey:
    """The name of a form: `leave.new`, `mail.compose-12`."""

    regex = r"[a-z][a-z0-9_.-]{0,79}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormKey, "form_key")

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("brouillons/<form_key:form>/", views.keep_draft, name="keep-draft"),
    path("brouillons/<form_key:form>/effacer/", views.drop_draft, name="drop-draft"),
]
