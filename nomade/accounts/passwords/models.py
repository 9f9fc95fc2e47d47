"""Passwords that are given, and those that were: what the rules need to know of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from nomade.accounts.passwords import lifecycle


class ProvisionalPassword(models.Model):
    """The last provisional password given to an account; its hash is the account's own."""

    class Kind(models.TextChoices):
        LETTER = lifecycle.Kind.LETTER.value, _("lettre d’activation")
        RESET = lifecycle.Kind.RESET.value, _("réinitialisation par le support")

    account = models.OneToOneField("accounts.Account", on_delete=models.CASCADE, related_name="provisional")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.LETTER)
    # The name of a roll-out: the letters that were printed together.
    batch = models.CharField(max_length=80, blank=True, db_index=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Agent", null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey("people.Agent", null=True, on_delete=models.SET_NULL, related_name="+")
    failures = models.PositiveSmallIntegerField(default=0)
    uses_left = models.PositiveSmallIntegerField(default=1)
    window_ends_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="provisional_handed_over_after_made",
                condition=models.Q(handed_over_at__isnull=True) | models.Q(handed_over_at__gte=models.F("made_at")),
            )
        ]

    def __str__(self) -> str:
        return f"provisional password of account {self.account_id}"

    @property
    def life(self) -> lifecycle.Life:
        """What the rules need to know."""
        return lifecycle.Life(
            kind=lifecycle.Kind(self.kind),
            expires_at=self.expires_at,
            uses_left=self.uses_left,
            handed_over_at=self.handed_over_at,
            window_ends_at=self.window_ends_at,
            voided_at=self.voided_at,
            replaced_at=self.replaced_at,
        )


class FormerPassword(models.Model):
    """The hash of a password that an account had, so that it does not come back."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    was_provisional = models.BooleanField(default=False)
    ended_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "-ended_at"], name="formerpassword_latest")]

    def __str__(self) -> str:
        return f"former password of account {self.account_id}"
