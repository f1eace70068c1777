"""Addresses of this floor."""

app_name = "ministries"
urlpatterns = []
