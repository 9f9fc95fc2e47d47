from django.apps import AppConfig


class LeaveConfig(AppConfig):
    name = "nomade.leave"
    label = "leave"
