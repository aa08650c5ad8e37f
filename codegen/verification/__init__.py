"""`--verify`: what was written is run beside the author's own function."""

from codegen.verification.runner import VerificationReport, verify_file

__all__ = ["VerificationReport", "verify_file"]
