from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "nomade.mail"
    label = "mail"
