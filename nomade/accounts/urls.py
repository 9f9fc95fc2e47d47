from django.urls import include, path

from nomade.accounts import views
from nomade.accounts.channel import views as channel
from nomade.accounts.directories import views as directories
from nomade.accounts.directories.backchannel import left_directory
from nomade.accounts.directories.leaving import leave_directory
from nomade.accounts.letters import views as letters
from nomade.accounts.lockout.views import open_device
from nomade.accounts.passwords import views as passwords

app_name = "accounts"
urlpatterns = [
    path("connexion/", views.sign_in, name="sign-in"),
    path("deconnexion/", views.sign_out, name="sign-out"),
    path("a-bientot/", views.signed_out, name="signed-out"),
    path("premiere-connexion/", passwords.first_sign_in, name="first-sign-in"),
    path("premiere-connexion/avis/", channel.first_choice, name="first-channel"),
    path("compte/avis/", channel.change, name="channel"),
    path("confirmer-adresse/", channel.confirm, name="confirm-address"),
    path("connexion/prolonger/", views.keep_alive, name="keep-alive"),
    path("connexion/ouvrir-cet-appareil/", open_device, name="open-device"),
    path("connexion/annuaire/", directories.leave, name="directory"),
    path("connexion/annuaire/fin/", leave_directory, name="directory-end"),
    path("connexion/annuaire/deconnexion/", left_directory, name="directory-left"),
    path("connexion/annuaire/retour/", directories.come_back, name="directory-return"),
    path("connexion/relais/", views.hand_over, name="handover"),
    path("connexion/arrivee/", views.hand_over_arrival, name="hand-over-arrival"),
    path("", include("nomade.accounts.factors.urls")),
    path("premieres-connexions/", letters.index, name="newcomers"),
    path("premieres-connexions/<str:matricule>/lettre/", letters.print_letter, name="print-letter"),
    path("premieres-connexions/<str:matricule>/remise/", letters.hand_over, name="letter-handed-over"),
    path("compte/", views.account, name="account"),
    path("compte/securite/", passwords.change, name="security"),
    path("compte/mot-de-passe/verifier/", passwords.check, name="check-password"),
]
