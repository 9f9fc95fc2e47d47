from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "nomade.home"
    label = "home"
