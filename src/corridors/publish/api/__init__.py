"""The atlas over HTTP: pages, JSON and CSV of the same resources, for reading only."""

from corridors.publish.api.app import create_app

__all__ = ["create_app"]
