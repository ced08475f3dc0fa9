"""The rota as the office sets it: once in how many days a household orders."""
