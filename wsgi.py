"""What the server runs."""

from kernel.garbage import kept

with kept():
    from app import create_app

    app = create_app()
