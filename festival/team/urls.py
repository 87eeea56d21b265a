"""Addresses of invitations to the team."""

from django.urls import path

from festival.team.views import desk, invited

app_name = "team"
urlpatterns = [
    path("join/", invited.invitation, name="invitation"),
    path("join/accept/", invited.accept, name="accept"),
    path("join/decline/", invited.decline, name="decline"),
    path("join/<str:token>/", invited.link, name="link"),
    path("<slug:edition>/desk/invitations/", desk.invitations, name="invitations"),
    path("<slug:edition>/desk/invitations/new/", desk.invite, name="invite"),
    path("<slug:edition>/desk/invitations/<int:pk>/again/", desk.again, name="again"),
    path("<slug:edition>/desk/invitations/<int:pk>/withdraw/", desk.withdraw, name="withdraw"),
]
