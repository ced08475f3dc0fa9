"""How far the couriers go, beside the plain order by block, street and house."""
