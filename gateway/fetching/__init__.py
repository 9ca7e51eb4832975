"""Files that lie with a provider are fetched after the report is kept, and amend it."""
