"""What shoppers ask through their shop's proxy: their points, and rewards for them."""
