"""The score of a document, its interval, triage and the gate."""
