"""Who we speak to: one folder per host platform, the same file names in each."""
