"""What data must look like: suites over extracts as they arrive and over marts as published."""
