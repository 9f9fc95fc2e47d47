"""Public holidays, computed: no list to type again each year."""

from datetime import date, timedelta

from nomade.leave.rules.parameters import Law


def easter_sunday(year: int) -> date:
    """Easter of the Gregorian calendar (algorithm of Meeus, Jones and Butcher)."""
    a = year % 19
    b, c = divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    correction = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * correction) // 451
    month, day = divmod(h + correction - 7 * m + 114, 31)
    return date(year, month, day + 1)


def public_holidays(year: int, law: Law) -> dict[date, str]:
    """Name of each public holiday of a year, by date.

    Code du travail L.3133-1; L.3134-13 adds two days in Alsace-Moselle (population « alsace-moselle » of the law).
    The law in force on the first of January names the days of the whole year.
    """
    first = date(year, 1, 1)
    named: dict[date, str] = {}
    for month_day, row in law.table("holiday.fixed", first).items():
        month, day = month_day.split("-")
        named[date(year, int(month), int(day))] = row.value
    easter = easter_sunday(year)
    for offset, row in law.table("holiday.easter", first).items():
        named.setdefault(easter + timedelta(days=int(offset)), row.value)
    return dict(sorted(named.items()))


def holidays_between(first: date, last: date, law: Law) -> dict[date, str]:
    """Public holidays from `first` to `last`, both included."""
    return {
        day: name
        for year in range(first.year, last.year + 1)
        for day, name in public_holidays(year, law).items()
        if first <= day <= last
    }
