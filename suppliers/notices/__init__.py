"""What suppliers are told: of purchase orders and settlements, by the same outbox as residents."""
