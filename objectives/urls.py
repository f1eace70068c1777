"""Addresses of this floor."""

app_name = "objectives"
urlpatterns = []
