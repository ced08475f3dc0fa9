"""The books for people: each account, each đồng's way, and whether places and postings agree."""
