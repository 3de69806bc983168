"""Remittances: what it costs, who sends to whom, and whom it lifts."""
