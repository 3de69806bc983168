"""Publishers' layouts: one module reads one publisher's files."""
