"""Addresses of the gallery."""

from django.urls import path

from nap_monitor.gallery import views

urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("modal/", views.gallery_modal, name="gallery_modal"),
]
