from .groups import aggregate_flows as aggregate_flows
from .groups import expand_flows as expand_flows
from .largest import lump_flows as lump_flows
from .largest import top_corridors as top_corridors
from .summary_input import flow_rows as flow_rows
from .summary_input import one_table as one_table
from .totals import pair_totals as pair_totals
from .totals import place_totals as place_totals
