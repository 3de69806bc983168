from .division import AnnualFlows as AnnualFlows
from .division import split_years as split_years
from .labelled import annual_flows as annual_flows
from .labelled import mid_year_net as mid_year_net
