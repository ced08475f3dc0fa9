"""At the door: what couriers tell, in any order and twice, photographs as proof, and their page on the phone."""
