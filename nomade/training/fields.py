"""Choosing a course among thousands, without a widget for each of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from nomade.training.models import Course


class CourseSelect(forms.Select):
    """The courses by title, written at once: a template for each option took half a second for 3,000 courses."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The same control as the one of the framework."""
        courses = Course.objects.order_by("title").values_list("pk", "title")
        chosen = str(value or "")
        nobody: Any = self.choices
        options = [("", nobody.field.empty_label), *((str(key), title) for key, title in courses)]
        rows = ((key, " selected" if key == chosen else "", title) for key, title in options)
        written = format_html_join("", '<option value="{}"{}>{}</option>', rows)
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), written
        )


class CourseField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not a generic class at run time
    """A course of the catalogue."""

    widget = CourseSelect

    def __init__(self, **options: Any) -> None:
        super().__init__(Course.objects.defer("words"), **{"label": gettext_lazy("Formation"), **options})
