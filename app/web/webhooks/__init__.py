"""What platforms report: noted at once, understood later."""
