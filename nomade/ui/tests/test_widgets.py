"""Our way of drawing a list of choices says what Django's says."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.forms.renderers import Jinja2

from nomade.ui.widgets_renderer import WidgetRenderer

CHOICES = [
    ("", "—"),
    ("a", "L’un"),
    ("b", "<b>L’autre</b> & « lui »"),
    ("Groupe <1>", [("c", "Trois"), (4, "Quatre")]),
]


def _spaceless(html: str) -> str:
    return re.sub(r">\s+<", "><", html.strip())


@pytest.mark.parametrize("chosen", [None, "", "a", "c", 4, ["a", "c"]])
@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple])
def test_it_is_the_same_list(kind: type[forms.Select], chosen: object) -> None:
    widget = kind(attrs={"class": "input", "required": True, "hidden": False, "data-x": '"><script>'}, choices=CHOICES)
    ours, django = (_spaceless(widget.render("nature", chosen, {"id": "n"}, way())) for way in (WidgetRenderer, Jinja2))
    assert ours == django
    assert "<script>" not in ours and "&lt;b&gt;" in ours


def test_other_widgets_are_django_s_own() -> None:
    widget = forms.CheckboxInput(attrs={"class": "check"})
    assert widget.render("oui", True, renderer=WidgetRenderer()) == widget.render("oui", True, renderer=Jinja2())
