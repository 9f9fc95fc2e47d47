from django.urls import path

from nomade.accounts.factors.views import devices, door, helping, lost, own

urlpatterns = [
    path("connexion/second-facteur/", door.second_factor, name="second-factor"),
    path("connexion/cle/options/", door.passkey_options, name="passkey-options"),
    path("connexion/cle/", door.passkey_sign_in, name="passkey-sign-in"),
    path("connexion/confirmation/", door.confirm, name="confirm"),
    path("connexion/mot-de-passe-oublie/", lost.lost, name="lost-password"),
    path("connexion/mot-de-passe-oublie/preuves/", lost.proofs, name="lost-proofs"),
    path("connexion/mot-de-passe-oublie/lien/", lost.link, name="recovery-link"),
    path("connexion/mot-de-passe-oublie/nouveau/", lost.new, name="lost-new"),
    path("connexion/aider/", helping.index, name="help-team"),
    path("connexion/aider/<int:agent_id>/", helping.person, name="help-person"),
    path("connexion/aider/<int:agent_id>/carte/", helping.make_card, name="make-card"),
    path("connexion/aider/<int:agent_id>/carte/remise/", helping.hand_over, name="hand-card-over"),
    path("connexion/aider/<int:agent_id>/code/", helping.give_code, name="give-code"),
    path("premiere-connexion/protection/", own.choose_step, name="factor-step"),
    path("compte/securite/facteurs/", own.factors, name="factors"),
    path("compte/securite/facteurs/cle/", own.add_passkey, name="add-passkey"),
    path("compte/securite/facteurs/cle/options/", own.passkey_creation, name="passkey-creation"),
    path("compte/securite/facteurs/cle/<int:identifier>/retirer/", own.remove_passkey, name="remove-passkey"),
    path("compte/securite/facteurs/application/", own.authenticator, name="authenticator"),
    path("compte/securite/facteurs/application/qr.svg", own.qr, name="authenticator-qr"),
    path("compte/securite/facteurs/application/retirer/", own.remove_authenticator, name="remove-authenticator"),
    path("compte/securite/facteurs/carte/", own.card, name="card"),
    path("compte/securite/facteurs/carte/suite/", own.card_done, name="card-done"),
    path("compte/securite/facteurs/carte/retirer/", own.remove_card, name="remove-card"),
    path("compte/securite/appareils/", devices.index, name="devices"),
    path("compte/securite/appareils/deconnecter/", devices.end, name="end-sessions"),
    path("compte/securite/appareils/<int:identifier>/oublier/", devices.forget, name="forget-browser"),
]
