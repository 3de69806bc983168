"""What was promised, and did it happen? Agreements, commitments, practices, documents, monitoring."""
