"""One module for each way of writing a statement down; all end in the same `Statement`, or in tables of cells."""
