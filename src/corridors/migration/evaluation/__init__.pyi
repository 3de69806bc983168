from .compare import FlowEvaluation as FlowEvaluation
from .compare import evaluate_flows as evaluate_flows
from .measures import MEASURES as MEASURES
from .measures import flow_measures as flow_measures
from .reported import CRITERIA as CRITERIA
from .reported import reported_flows as reported_flows
