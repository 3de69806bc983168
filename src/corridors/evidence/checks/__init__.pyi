from . import ages_add_up as ages_add_up
from . import between_columns as between_columns
from . import between_tables as between_tables
from . import every_fault as every_fault
from . import one_column as one_column
from . import sex_known as sex_known
from . import whole_table as whole_table
