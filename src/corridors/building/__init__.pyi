from . import steps as steps
from .sequence import BuildSummary as BuildSummary
from .sequence import build as build
