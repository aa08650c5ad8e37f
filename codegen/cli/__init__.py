"""The command line: flags, files, jobs, reports."""
