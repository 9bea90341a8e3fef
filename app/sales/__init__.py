"""What clients have bought: sales, products, and what a client may be offered."""
