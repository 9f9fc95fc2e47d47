from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "nomade.accounts"
    label = "accounts"
