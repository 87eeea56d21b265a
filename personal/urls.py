"""Addresses of one's own data: a copy of it, and its deletion."""

from django.urls import path

from personal import views

app_name = "personal"
urlpatterns = [
    path("account/data/", views.data, name="data"),
    path("account/data/copy/", views.ask_copy, name="copy"),
    path("account/delete/", views.delete, name="delete"),
    path("account/delete/confirm/", views.confirm, name="confirm"),
    path("account/delete/keep/", views.take_back, name="take_back"),
    path("account/delete/keep/<str:token>/", views.keep, name="keep"),
]
