"""The office decides complaints."""
