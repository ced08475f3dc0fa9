"""What the server runs, and what the shell's commands find: the whole program, but for one that needs no city."""

import sys
from itertools import pairwise

from kernel.garbage import kept

with kept():
    if ("payments", "match") in pairwise(sys.argv[1:5]):  # flask's own options may stand before
        from orders.payments.rehearsal_cli import small_app as create_app
    else:
        from app import create_app

    app = create_app()
