from django.urls import path

from festival.awards import views

app_name = "awards"
urlpatterns = [path("<slug:edition>/laureates/", views.laureates, name="laureates")]
