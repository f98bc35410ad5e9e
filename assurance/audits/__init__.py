"""Audits by several agencies: planned with a tool and cases, graded, moderated, told, closed, looked at again."""
