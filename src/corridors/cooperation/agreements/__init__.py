"""Bilateral labour agreements: whom they cover, what they say, what they lack."""

from corridors.cooperation.agreements.agreement_tables import (
    agreement_assessment,
    agreement_coverage,
    agreement_provision,
)
from corridors.cooperation.agreements.assessment import Assessment, assess, assess_all
from corridors.cooperation.agreements.coded_agreements import (
    PROVISIONS,
    as_agreements,
    one_agreement,
    read_agreements,
)
from corridors.cooperation.agreements.coders import (
    Reliability,
    coder_agreement,
    cohen_kappa,
    krippendorff_alpha,
)
from corridors.cooperation.agreements.covered import Coverage, coverage
from corridors.cooperation.agreements.drafting import Checklist, checklist
from corridors.cooperation.agreements.guidance_list import as_guidance, guidance
from corridors.cooperation.agreements.implementation import Implementation
from corridors.cooperation.agreements.profile import co_occurrence, provision_trends, provisions
from corridors.cooperation.agreements.resemblance import similar, similarity
from corridors.cooperation.agreements.trend import trend_test

__all__ = [
    "PROVISIONS",
    "Assessment",
    "Checklist",
    "Coverage",
    "Implementation",
    "Reliability",
    "agreement_assessment",
    "agreement_coverage",
    "agreement_provision",
    "as_agreements",
    "as_guidance",
    "assess",
    "assess_all",
    "checklist",
    "co_occurrence",
    "coder_agreement",
    "cohen_kappa",
    "coverage",
    "guidance",
    "krippendorff_alpha",
    "one_agreement",
    "provision_trends",
    "provisions",
    "read_agreements",
    "similar",
    "similarity",
    "trend_test",
]
