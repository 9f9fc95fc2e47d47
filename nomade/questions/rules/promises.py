"""The day by which an answer is promised, and what moves it. The delays are the organisation's own."""

from __future__ import annotations

from datetime import date

from nomade.cases.working_days import WorkingDays


def after_pause(promised_on: date, paused_on: date, resumed_on: date, days: WorkingDays) -> date:
    """The clock stood still while the office waited for the agent: as many working days later."""
    return days.after(promised_on, days.between(paused_on, resumed_on))


def after_hand_over(promised_on: date, today: date, least: int, days: WorkingDays) -> date:
    """What was promised to the agent holds; the new office has some days at least."""
    return max(promised_on, days.after(today, least))


def reminder_due(promised_on: date, today: date, before: int, days: WorkingDays) -> bool:
    """Whether who handles a question is reminded: few working days are left."""
    return today <= promised_on and days.between(today, promised_on) <= before
