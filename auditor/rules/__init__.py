"""What to look for: the rule model and the loader of packs."""
