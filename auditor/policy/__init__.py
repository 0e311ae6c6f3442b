"""What was decided before a run: baseline, decisions, suppressions, sign-off, the change judged. The pipeline reads it, cli and review write it."""
