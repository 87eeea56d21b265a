"""Addresses of notices and of the demo's mailbox."""

from django.urls import path

from festival.post import views

app_name = "post"
urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("mailbox/", views.mail, name="mailbox"),
]
