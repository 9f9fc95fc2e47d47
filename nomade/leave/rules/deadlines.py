"""Deadlines that other procedures of staff share with leave."""

from datetime import date, timedelta

from nomade.kernel.months import add_months
from nomade.leave.rules.parameters import Law


def training_account_answer_before(asked: date, law: Law) -> date:
    """CPF: a reasoned answer within two months (décret 2017-928, CRPA L.231-4)."""
    return add_months(asked, law.number("cpf.answer_months", asked))


def interview_summons_before(interview: date, law: Law) -> date:
    """Yearly interview: the summons comes 8 days before at least, with the fiche de poste (décret 2014-1526 art. 6)."""
    return interview - timedelta(days=law.number("interview.notice_days", interview))


def interview_review_before(notified: date, law: Law) -> date:
    """A review of its report is asked within 15 clear days (« jours francs », décret 2014-1526 art. 7).

    Neither the day of notification nor the last day counts.
    """
    return notified + timedelta(days=law.number("interview.review_days", notified) + 1)
