"""Django's handle on the web site."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The app `web`: templates, static files and translations; it has no tables."""

    name = "clearland.web"
    label = "web"
