"""How Django's form widgets are drawn: its own templates, but for those that we write in a cheaper way."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.forms.renderers import Jinja2
from django.template.backends.jinja2 import Jinja2 as Backend
from django.utils.functional import cached_property


class WidgetRenderer(Jinja2):
    """Django's, where a list of choices is one template: its own calls two more for each choice of fifty."""

    @cached_property
    def engine(self) -> Backend:
        places = [Path(__file__).parent / "widgets", Path(forms.__file__).parent / "jinja2"]
        return Backend({"APP_DIRS": True, "DIRS": places, "NAME": "widgets", "OPTIONS": {}})
