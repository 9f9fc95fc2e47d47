from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "nomade.demo"
    label = "demo"
