"""Where a rule does not hold, and why. One that is no longer needed fails the check, too."""

EXCEPTIONS = {
    ("only_the_edge_commits", "kernel/jobs.py"): "it is the job runner: it claims a job, then commits each piece",
    (
        "markup_is_made_by_templates",
        "orders/vietqr.py",
    ): "segno's own drawing of a QR code; no text of anybody is in it",
    **{
        (rule, f"templates/suppliers/{paper}.html"): why
        for paper in (
            "purchase/paper",
            "settlement/paper",
            "settlement/feet",
            "papers/_frame",
            "papers/stamp",
            "couriers/passes_pdf",
        )
        for rule, why in (
            ("styles", "made into a PDF, which no policy governs and no link reaches"),
            ("escaping", "what is let through is our own stylesheet"),
        )
    },
    ("styles", "templates/desk/close/minute_pdf.html"): "made into a PDF, which no policy governs and no link reaches",
    ("escaping", "templates/desk/close/minute_pdf.html"): "what is let through is our own stylesheet",
    ("styles", "templates/desk/close/minute_feet.html"): "made into a PDF, which no policy governs and no link reaches",
    ("escaping", "templates/desk/close/minute_feet.html"): "what is let through is our own stylesheet",
}
