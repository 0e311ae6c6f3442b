"""A text against its reference or its source: alignment, sacrebleu metrics, disagreements, and what the source text clears or contradicts."""
