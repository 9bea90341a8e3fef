"""Files of numbers: imports and exports."""
