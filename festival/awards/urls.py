from django.urls import path

from festival.awards import views

app_name = "awards"
urlpatterns = [
    path("laureates/", views.archive, name="archive"),
    path("<slug:edition>/laureates/", views.laureates, name="laureates"),
    path("<slug:edition>/laureates/<slug:language>.rss", views.feed, name="feed"),
]
