"""Bilateral remittance matrices: rules, reconciliation, priors, intervals, comparison."""

from corridors.remittances.matrix.compare import Comparison, compare_matrices
from corridors.remittances.matrix.estimate import bilateral_remittances
from corridors.remittances.matrix.exponent import ExponentFit, fit_exponent, implied_total
from corridors.remittances.matrix.gravity import gravity_prior
from corridors.remittances.matrix.inputs import MatrixInputs, Note, matrix_inputs
from corridors.remittances.matrix.interval import Intervals, matrix_intervals
from corridors.remittances.matrix.poisson import TwoWayFit, fit_two_way_poisson
from corridors.remittances.matrix.provenance import ORIGINS, EstimatedBy, ModelledEvidenceWarning
from corridors.remittances.matrix.reconciliation import (
    RELIABILITY,
    Reconciled,
    reconcile,
    reconcile_years,
    relative_error,
)
from corridors.remittances.matrix.refusals import RULES
from corridors.remittances.matrix.remittance_matrix import REST, RemittanceMatrix
from corridors.remittances.matrix.rules import allocate, propensity, remittance_shares
from corridors.remittances.matrix.world_matrix import Recipe, solve

__all__ = [
    "ORIGINS",
    "RELIABILITY",
    "REST",
    "RULES",
    "Comparison",
    "EstimatedBy",
    "ExponentFit",
    "Intervals",
    "MatrixInputs",
    "ModelledEvidenceWarning",
    "Note",
    "Recipe",
    "Reconciled",
    "RemittanceMatrix",
    "TwoWayFit",
    "allocate",
    "bilateral_remittances",
    "compare_matrices",
    "fit_exponent",
    "fit_two_way_poisson",
    "gravity_prior",
    "implied_total",
    "matrix_inputs",
    "matrix_intervals",
    "propensity",
    "reconcile",
    "reconcile_years",
    "relative_error",
    "remittance_shares",
    "solve",
]
