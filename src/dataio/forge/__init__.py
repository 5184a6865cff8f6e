"""Forges: where pull requests are. A small protocol, GitHub and GitLab behind it, and one comment kept up to date."""
