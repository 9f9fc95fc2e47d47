"""Settings of the questions to human resources (`docs/operations.md`, « Questions »)."""

from __future__ import annotations

from dataclasses import dataclass

from nomade.config.fields import number


@dataclass(frozen=True, kw_only=True)
class QuestionSettings:
    """Reminders, closing, and how long questions are kept; the promised delays are kept by human resources."""

    # Every request that somebody decides: working days before the promised one on which who answers is reminded; days
    # between two reminders that its agent sends once that day has come.
    requests_reminder_days: int = number(1, low=1, high=20)
    requests_recall_days: int = number(2, low=1, high=30)

    # Working days before the promised one on which who handles a question is reminded.
    questions_reminder_days: int = number(1, low=0, high=20)
    # A question handed over to another office leaves it at least so many working days.
    questions_handover_days: int = number(2, low=0, high=20)
    # An agent who does not answer is reminded, then the question closes; one that is answered closes.
    questions_pending_days: int = number(5, low=1, high=60)
    questions_closing_days: int = number(15, low=1, high=90)
    # After it is closed, its agent may still open it again.
    questions_reopen_days: int = number(60, low=0, high=365)
    questions_kept_months: int = number(36, low=6, high=120)
    # « Mon portefeuille »: what ends within so many days is an alert; letters made at once.
    portfolio_alert_days: int = number(90, low=7, high=365)
    portfolio_letters: int = number(500, low=1, high=5000)
