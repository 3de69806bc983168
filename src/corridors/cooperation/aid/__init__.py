"""Aid coded to migration: project files of the OECD's Creditor Reporting System, read and classified."""

from corridors.cooperation.aid.about_migration import classify, flagged
from corridors.cooperation.aid.accuracy import Accuracy, Rate, accuracy_of, embedded_accuracy
from corridors.cooperation.aid.keyword_list import keywords
from corridors.cooperation.aid.reading import open_activities
from corridors.cooperation.aid.series import MigrationAid, labelling_sample, migration_aid

__all__ = [
    "Accuracy",
    "MigrationAid",
    "Rate",
    "accuracy_of",
    "classify",
    "embedded_accuracy",
    "flagged",
    "keywords",
    "labelling_sample",
    "migration_aid",
    "open_activities",
]
