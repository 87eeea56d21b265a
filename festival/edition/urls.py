"""An edition's own pages. The front page takes any single word as an address: include these last."""

from django.urls import path

from festival.edition import views

app_name = "edition"
urlpatterns = [
    path("<slug:edition>/desk/team/", views.team, name="team"),
    path("<slug:edition>/desk/team/<int:pk>/remove/", views.remove_member, name="remove_member"),
    path("<slug:edition>/", views.front, name="front"),
]
