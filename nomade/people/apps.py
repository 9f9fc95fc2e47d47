from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "nomade.people"
    label = "people"
