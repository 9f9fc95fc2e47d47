"""Who is who in another system."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from nomade.kernel.clock import now


class Identity(models.Model):
    """An account as an OpenID Connect provider names it: its subject, which is never given to somebody else.

    The issuer is part of the name (ASVS 6.8.1): the same subject, or the same address, from elsewhere is nobody.
    """

    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    account = models.OneToOneField("accounts.Account", on_delete=models.CASCADE, related_name="identity")
    linked_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_a_subject")]

    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"
