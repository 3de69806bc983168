"""What is known: figures as validated tables, each row with its source.

>>> from corridors import evidence
>>> sorted(evidence.load().tables)[:3]
['displacement', 'economy', 'health_workforce']
"""

from corridors.evidence.cards import Card
from corridors.evidence.checks.consistency import territories
from corridors.evidence.checks.validation import validate
from corridors.evidence.loading import Evidence, load
from corridors.evidence.own import read_file
from corridors.evidence.table_schemas import ColumnSchema, TableSchema, schema, table_schema

__all__ = [
    "Card",
    "ColumnSchema",
    "Evidence",
    "TableSchema",
    "load",
    "read_file",
    "schema",
    "table_schema",
    "territories",
    "validate",
]
