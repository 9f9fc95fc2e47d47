from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "nomade.ui"
    label = "ui"
