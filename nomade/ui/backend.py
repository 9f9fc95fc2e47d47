"""Jinja2 templates found in each app's `templates` folder."""

from __future__ import annotations

from django.template.backends import jinja2


class Jinja2(jinja2.Jinja2):
    """Django's own Jinja2 backend, looking in `templates` rather than in `jinja2`."""

    app_dirname = "templates"
