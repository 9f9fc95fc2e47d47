"""Choosing where one is told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.accounts.models import Account, NoticeChannel


class ChannelForm(forms.Form):
    """In the portal only, or at a personal address too."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Comment souhaitez-vous être prévenu ?"),
        choices=[
            (NoticeChannel.EMAIL.value, gettext_lazy("Par courriel, à mon adresse personnelle")),
            (NoticeChannel.PORTAL.value, gettext_lazy("Sur le portail seulement")),
        ],
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(
        label=gettext_lazy("Votre adresse personnelle"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": gettext_lazy("Cette adresse n’est pas complète : écrivez-la comme nom@exemple.fr.")},
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "channel": account.notice_channel or NoticeChannel.EMAIL.value,
            "email": account.agent.personal_email,
        }

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip()
        if email.lower().endswith("@" + settings.NOMADE.mail_domain):
            raise ValidationError(
                _("C’est une adresse professionnelle : donnez celle que vous gardez quand vous êtes chez vous.")
            )
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("channel") == NoticeChannel.EMAIL and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Écrivez votre adresse, ou choisissez « Sur le portail seulement »."))
        return cleaned

    @property
    def chosen(self) -> NoticeChannel:
        return NoticeChannel(self.cleaned_data["channel"])
