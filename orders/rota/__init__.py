"""The rota: where the office sets it, a household orders once in so many days."""
