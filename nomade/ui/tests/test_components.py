"""The macros refuse what they do not know and wire what they know."""

from __future__ import annotations

from typing import Any, cast

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from jinja2 import Environment
from jinja2.exceptions import UndefinedError

from nomade.ui.components import ComponentError, html_attributes, icon_svg


def draw(source: str, **context: Any) -> str:
    env = cast(Environment, engines["jinja2"].env)  # type: ignore[attr-defined]
    names = "alert, avatar, badge, button, card, empty_state, error_summary, field, icon, meter, pagination, tabs"
    return env.from_string('{% from "ui/components.html" import ' + names + " %}" + source).render(**context)


class Form(forms.Form):
    day = forms.DateField(label="Premier jour", help_text="Exemple : 23/11/2026")
    half = forms.ChoiceField(label="Moment", choices=[("am", "Matin")], widget=forms.RadioSelect)
    note = forms.CharField(label="Motif", required=False)
    secret = forms.CharField(label="Mot de passe", widget=forms.PasswordInput)
    agree = forms.BooleanField(label="J’ai lu")


@pytest.mark.parametrize(
    "source",
    [
        '{{ button("Envoyer", kind="big") }}',
        '{{ button("Envoyer", type="image") }}',
        '{{ button("Envoyer", icon="unicorn") }}',
        '{{ button("Envoyer", attrs={"onclick": "alert(1)"}) }}',
        '{{ button("Envoyer", attrs={"style": "color: red"}) }}',
        '{{ button("Envoyer", attrs={"hx-on:click": "alert(1)"}) }}',
        '{{ badge("Neuf", tone="pink") }}',
        '{% call alert("error") %}non{% endcall %}',
        '{% call card(title="Paie", tone="pink") %}{% endcall %}',
        '{{ icon("unicorn") }}',
        '{{ meter([(1, "pink", "un")], 2, "un sur deux") }}',
        '{{ field("day") }}',
    ],
)
def test_a_component_refuses_an_option_it_does_not_have(source: str) -> None:
    with pytest.raises(ComponentError):
        draw(source)


def test_an_unknown_variable_is_an_error_and_not_a_blank() -> None:
    with pytest.raises(UndefinedError):
        draw("{{ nobody.name }}")


def test_a_button_with_an_address_is_a_link_and_its_text_is_escaped() -> None:
    html = draw('{{ button(label, href="/paie/", id="voir") }}', label="<b>Voir</b>")
    assert '<a class="button button--primary" href="/paie/" id="voir">' in html
    assert "&lt;b&gt;Voir&lt;/b&gt;" in html


def test_attributes_are_escaped_bare_when_true_and_left_out_when_false() -> None:
    assert html_attributes({"hx-get": '"/x"', "disabled": True, "hidden": False, "title": None}) == (
        ' hx-get="&quot;/x&quot;" disabled'
    )


def test_an_icon_is_silent_unless_it_is_given_words() -> None:
    assert 'aria-hidden="true"' in icon_svg("bell")
    assert 'role="img" aria-label="Cloche"' in icon_svg("bell", "Cloche")


@pytest.mark.parametrize(("tone", "role"), [("success", "status"), ("info", "status"), ("danger", "alert")])
def test_a_success_is_announced_politely_and_an_error_at_once(tone: str, role: str) -> None:
    assert f'role="{role}"' in draw("{% call alert(tone) %}Phrase{% endcall %}", tone=tone)


def test_a_field_shows_label_then_hint_and_ties_the_hint_to_the_control() -> None:
    html = draw("{{ field(form['day']) }}", form=Form())
    assert (
        html.index('<label class="field__label" for="id_day">') < html.index('id="id_day_hint"') < html.index("<input")
    )
    assert 'aria-describedby="id_day_hint"' in html
    assert "aria-invalid" not in html


def test_a_wrong_field_says_so_to_the_eye_and_to_the_ear() -> None:
    html = draw("{{ field(form['day']) }}", form=Form({}))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_day_hint id_day_error"' in html
    assert 'id="id_day_error"' in html


def test_only_what_is_optional_is_marked() -> None:
    form = Form()
    assert "facultatif" in draw("{{ field(form['note']) }}", form=form)
    assert "facultatif" not in draw("{{ field(form['day']) }}", form=form)


def test_choices_are_grouped_under_a_legend() -> None:
    html = draw("{{ field(form['half']) }}", form=Form())
    assert "<fieldset" in html
    assert "<legend" in html


def test_a_password_can_be_shown_and_never_comes_back_in_the_page() -> None:
    html = draw("{{ field(form['secret']) }}", form=Form({"secret": "Vélo-Quai"}))
    assert "<nm-password" in html
    assert "Vélo-Quai" not in html


def test_the_error_summary_names_each_field_and_leads_to_it() -> None:
    html = draw("{{ error_summary(form) }}", form=Form({}))
    assert 'role="alert"' in html
    assert 'href="#id_day"' in html
    assert "Premier jour\N{NO-BREAK SPACE}:" in html
    assert 'href="#id_half_0"' in html, "a group of choices is reached by its first control"


def test_there_is_no_summary_before_anything_is_sent() -> None:
    assert draw("{{ error_summary(form) }}", form=Form()).strip() == ""


def test_pagination_keeps_the_question_asked() -> None:
    page = Paginator(range(90), 30).page(2)
    html = draw('{{ pagination(page, query="q=durand") }}', page=page)
    assert 'href="?q=durand&amp;page=1"' in html
    assert 'href="?q=durand&amp;page=3"' in html


def test_one_page_needs_no_pagination() -> None:
    assert draw("{{ pagination(page) }}", page=Paginator(range(3), 30).page(1)).strip() == ""
