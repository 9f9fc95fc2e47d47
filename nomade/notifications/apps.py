from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "nomade.notifications"
    label = "notifications"
