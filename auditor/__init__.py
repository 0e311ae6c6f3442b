"""auditor: finds, span by span, what an editor must fix in machine-translated news copy."""

__version__ = "0.1.0"
