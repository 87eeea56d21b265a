"""Addresses of one's own account; allauth's pages stand beside them under /accounts/."""

from django.urls import path

from festival.people import views

app_name = "people"
urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/tokens/", views.make_token, name="token_make"),
    path("account/tokens/<int:pk>/revoke/", views.revoke_token, name="token_revoke"),
    path("account/language/", views.language, name="language"),
]
