"""Which static files are collected."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """Django's own, less a style sheet of KRDS that nobody uses and whose pictures are not where it says."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "component.css*"]
