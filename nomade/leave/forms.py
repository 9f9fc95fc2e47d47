"""What an agent types to ask for an absence, and a decider to answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nomade.files.forms import UploadsField
from nomade.kernel.clock import today
from nomade.leave.actions import Hours
from nomade.leave.details import ANSWERED_BY_NOTHING, DayInput, detail_fields
from nomade.leave.facts import types_on
from nomade.leave.models import Document, ExtraPeriod, Group, LeaveRequest, LeaveType, Unit
from nomade.leave.rules.circuits import UNSPECIFIED
from nomade.leave.rules.periods import Half, Period
from nomade.leave.rules.validity import YOUNG_TYPE
from nomade.people.models import Agent, OrgUnit

FIRST_HALVES = [(int(Half.MORNING), _("Le matin")), (int(Half.AFTERNOON), _("L’après-midi"))]
NEEDED = _("Ce renseignement est nécessaire pour ce type d’absence.")
NOON = time(13)
# Who works elsewhere, is ill or on strike names nobody.
NEVER_REPLACED = (Group.TELEWORK, Group.HEALTH, Group.STRIKE)
LAST_HALVES = [(int(Half.AFTERNOON), _("Le soir")), (int(Half.MORNING), _("À midi"))]


def grouped(types: Iterable[LeaveType]) -> list[tuple[str, list[tuple[int, str]]]]:
    """The types under the names of their groups, in the order of the first of each; read once, for a list to choose."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for one in types:
        groups.setdefault(one.group, []).append((one.pk, one.label))
    names = ((str(Group(group).label), choices) for group, choices in groups.items())
    return [(name[:1].upper() + name[1:], choices) for name, choices in names]


def types_to_ask_for(hidden: Collection[str] = ()) -> list[LeaveType]:
    """The types of today but the one that waits to be named, and those `hidden`; shared, not to be changed."""
    return [one for one in types_on(today()) if one.code != UNSPECIFIED and one.code not in hidden]


class DatesForm(forms.Form):
    """From a half-day to a half-day."""

    first_day = forms.DateField(label=_("Premier jour"), widget=DayInput)
    first_half = forms.TypedChoiceField(label=_("Je pars"), choices=FIRST_HALVES, coerce=int, initial=int(Half.MORNING))
    last_day = forms.DateField(label=_("Dernier jour"), widget=DayInput)
    last_half = forms.TypedChoiceField(
        label=_("Je termine"), choices=LAST_HALVES, coerce=int, initial=int(Half.AFTERNOON)
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first is None or last is None or not {"first_half", "last_half"} <= cleaned.keys():
            return cleaned
        if last < first:
            self.add_error("last_day", _("Le dernier jour est avant le premier."))
            return cleaned
        halves = Half(cleaned["first_half"]), Half(cleaned["last_half"])
        if last == first and halves == (Half.AFTERNOON, Half.MORNING):
            self.add_error("last_half", _("Une absence d’un seul jour ne part pas l’après-midi pour finir à midi."))
            return cleaned
        cleaned["period"] = Period(first, last, *halves)
        return cleaned

    @property
    def period(self) -> Period:
        """The period of a valid form."""
        period: Period = self.cleaned_data["period"]
        return period


class PeriodForm(DatesForm):
    """Type and dates: enough to count."""

    leave_type = forms.ModelChoiceField(label=_("Type d’absence"), queryset=LeaveType.objects.none(), empty_label=None)
    field_order = ("leave_type",)

    def __init__(self, *args: Any, hidden: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["leave_type"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = LeaveType.objects.on(today()).exclude(code__in=[UNSPECIFIED, *hidden])
        self.types = types_to_ask_for(hidden)
        field.choices = grouped(self.types)


class ChangeForm(DatesForm):
    """Other days for a request already sent."""

    reason = forms.CharField(label=_("Pourquoi"), required=False, max_length=500)

    @classmethod
    def of(cls, leave: LeaveRequest) -> ChangeForm:
        """The form filled with the days of a request."""
        names = ("first_day", "first_half", "last_day", "last_half")
        return cls(initial={name: getattr(leave, name) for name in names})


class ChangeAnswerForm(forms.Form):
    """The answer to a change that was asked."""

    answer = forms.ChoiceField(choices=[("accept", ""), ("decline", "")])
    reason = forms.CharField(required=False, max_length=1000)
    version = forms.IntegerField()


class MinimumForm(forms.Form):
    """How many must be there in a unit."""

    unit = forms.IntegerField(widget=forms.HiddenInput)
    people = forms.IntegerField(
        label=_("Présents au moins"), min_value=0, max_value=999, help_text=_("0 : pas de minimum.")
    )


class ReservedDaysForm(forms.Form):
    """Days on which nobody of a unit asks for leave."""

    unit = forms.TypedChoiceField(label=_("Unité"), coerce=int)
    first_day = forms.DateField(label=_("Du"), widget=DayInput)
    last_day = forms.DateField(label=_("Au"), widget=DayInput)
    reason = forms.CharField(label=_("Raison de service"), max_length=200, help_text=_("Les agents la lisent."))

    def __init__(self, *args: Any, units: Iterable[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["unit"]
        assert isinstance(choices, forms.TypedChoiceField)
        choices.choices = [(unit.pk, unit.label) for unit in units]


class MoveDayForm(forms.Form):
    """A day off worked for once, a day of work off in its place."""

    worked = forms.DateField(label=_("Jour libre qui sera travaillé"), widget=DayInput)
    off = forms.DateField(label=_("Jour qui sera libre à la place"), widget=DayInput)
    reason = forms.CharField(label=_("Raison"), max_length=200)


class DelegationForm(forms.Form):
    """Who decides in one's place, and when."""

    receiver = forms.ModelChoiceField(label=_("À qui"), queryset=Agent.objects.none(), empty_label=_("Choisissez"))
    first_day = forms.DateField(label=_("Du"), widget=DayInput)
    last_day = forms.DateField(label=_("Au"), widget=DayInput)

    def __init__(self, *args: Any, receivers: QuerySet[Agent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["receiver"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = receivers


class TypedPeriodForm(PeriodForm):
    """Type, dates, and what the type asks: enough to count and to advise."""

    starts_at = forms.TimeField(label=_("De"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    ends_at = forms.TimeField(label=_("À"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    counters = forms.MultipleChoiceField(
        label=_("Prendre ces jours dans"), required=False, widget=forms.CheckboxSelectMultiple
    )

    replacement = forms.TypedChoiceField(
        label=_("Qui vous remplace"),
        required=False,
        help_text=_("Si vous en avez convenu : un collègue de votre unité, prévenu quand l’absence est validée."),
    )

    def __init__(self, *args: Any, colleagues: Callable[[], list[Agent]] = list, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(detail_fields())
        _offer(self.fields["replacement"], colleagues)
        for name in self.asked:
            if name not in ANSWERED_BY_NOTHING:
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = str(NEEDED)
        choices = self.fields["counters"]
        assert isinstance(choices, forms.MultipleChoiceField)
        leave_type = self.chosen_type
        choices.choices = [(code, code) for code in leave_type.counters] if leave_type else []

    @property
    def chosen_type(self) -> LeaveType | None:
        """The type chosen so far, the first one on an empty form; None when it is not a type."""
        types = {str(one.pk): one for one in self.types}
        typed = self.data.get("leave_type") or str(self.initial.get("leave_type") or "")
        return types.get(typed) if typed else next(iter(types.values()), None)

    @property
    def asked(self) -> list[str]:
        """The names of the fields that the chosen type adds."""
        return [name for name in (self.chosen_type.fields if self.chosen_type else []) if name in self.fields]

    @property
    def in_hours(self) -> bool:
        """Whether the chosen type is asked in hours of one day."""
        return self.chosen_type is not None and self.chosen_type.unit == Unit.MINUTE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.in_hours:
            return cleaned
        start, end, period = cleaned.get("starts_at"), cleaned.get("ends_at"), cleaned.get("period")
        if period is None:
            return cleaned
        if period.first_day != period.last_day:
            self.add_error("last_day", _("Ce type d’absence se prend en heures, un seul jour à la fois."))
        if start is None or end is None or end <= start:
            self.add_error("ends_at", _("Indiquez l’heure de début, puis une heure de fin plus tardive."))
        if start is not None and end is not None and not self.errors:
            halves = (Half.MORNING if start < NOON else Half.AFTERNOON, Half.MORNING if end <= NOON else Half.AFTERNOON)
            cleaned["period"] = Period(period.first_day, period.first_day, *halves)
        return cleaned

    @property
    def minutes(self) -> int | None:
        """The minutes asked, for a type in hours."""
        start, end = self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends_at")
        return Hours(start, end).minutes if self.in_hours and start and end else None

    @property
    def hours(self) -> Hours | None:
        """The hours of a valid form, for a type in hours."""
        return Hours(self.cleaned_data["starts_at"], self.cleaned_data["ends_at"]) if self.in_hours else None

    @property
    def may_be_replaced(self) -> bool:
        """Whether somebody stands in during an absence of this type."""
        return self.chosen_type is not None and self.chosen_type.group not in NEVER_REPLACED

    @property
    def named_replacement(self) -> Agent | None:
        """The colleague named to stand in, where the type allows one."""
        return (self.cleaned_data.get("replacement") or None) if self.may_be_replaced else None

    @property
    def details(self) -> dict[str, Any]:
        """What the type asked, as it was answered."""
        return {name: self.cleaned_data.get(name) for name in self.asked}


def _offer(field: forms.Field, colleagues: Callable[[], list[Agent]]) -> None:
    """The colleagues, read when the list is drawn or an answer checked, and not before."""
    assert isinstance(field, forms.TypedChoiceField)
    field.choices = lambda: [("", _("Personne en particulier")), *((one.pk, one.full_name) for one in colleagues())]
    field.coerce = lambda key: next(one for one in colleagues() if str(one.pk) == str(key))
    field.empty_value = None


class LeaveForm(TypedPeriodForm):
    """The whole request."""

    comment = forms.CharField(
        label=_("Message pour votre responsable"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("N’écrivez rien sur votre santé ni votre vie privée."),
    )
    documents = UploadsField(label=_("Pièce justificative"), required=False, most=3)
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.chosen_type is not None and self.chosen_type.document == Document.REQUIRED:
            self.fields["documents"].required = True
            missing = _("Joignez la pièce demandée : une photo prise avec votre téléphone suffit.")
            self.fields["documents"].error_messages["required"] = str(missing)


class AbsentTodayForm(forms.Form):
    """From which half of today one does not come."""

    since = forms.TypedChoiceField(
        label=_("Depuis"),
        choices=[(int(Half.MORNING), _("Ce matin")), (int(Half.AFTERNOON), _("Cet après-midi"))],
        coerce=int,
        initial=int(Half.MORNING),
        widget=forms.RadioSelect,
    )
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=40)

    @property
    def half(self) -> Half:
        """The half of a valid form."""
        return Half(self.cleaned_data["since"])


class SpecifyForm(forms.Form):
    """What an announced absence was."""

    leave_type = forms.ModelChoiceField(label=_("Type d’absence"), queryset=LeaveType.objects.none())
    last_day = forms.DateField(label=_("Dernier jour"), widget=DayInput, help_text=_("Ce jour compris."))
    documents = UploadsField(label=_("Pièce justificative"), required=False, most=3)
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, first: Period | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = first
        field = self.fields["leave_type"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = LeaveType.objects.on(today()).exclude(code__in=[UNSPECIFIED, YOUNG_TYPE])
        field.choices = [("", _("Choisissez")), *grouped(list(field.queryset))]

    def clean_last_day(self) -> date:
        last: date = self.cleaned_data["last_day"]
        if self.first and last < self.first.first_day:
            raise forms.ValidationError(_("Le dernier jour est avant le premier."))
        return last

    @property
    def period(self) -> Period:
        """From the half that was announced to the last day."""
        assert self.first is not None
        return Period(self.first.first_day, self.cleaned_data["last_day"], self.first.first_half)


class ExtraHoursForm(forms.Form):
    """Hours done beyond the cycle, on one day."""

    day = forms.DateField(label=_("Jour"), widget=DayInput)
    duration = forms.TimeField(
        label=_("Durée"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("En heures et minutes : 02:30 pour deux heures et demie."),
    )
    period = forms.ChoiceField(label=_("Faites"), choices=ExtraPeriod.choices)
    reason = forms.CharField(
        label=_("Pourquoi"), max_length=200, help_text=_("Ce que le service vous a demandé : votre responsable le lit.")
    )
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def clean_duration(self) -> int:
        """In minutes."""
        told: time = self.cleaned_data["duration"]
        minutes = told.hour * 60 + told.minute
        if not minutes:
            raise forms.ValidationError(_("Indiquez une durée."))
        return minutes


class CancelForm(forms.Form):
    """Why a leave is cancelled: compulsory when it is somebody else's."""

    reason = forms.CharField(label=_("Motif"), required=False, max_length=1000)


def content_of(form: LeaveForm) -> dict[str, object]:
    """What makes two sendings the same: everything but the key."""
    typed = {name: form.data.get(name, "") for name in form.fields if name not in ("form_token", "counters")}
    return typed | {"counters": form.cleaned_data["counters"]}
