"""The office's pages for what it keeps."""
