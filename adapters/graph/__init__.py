"""What channels of Meta's products have in common: webhooks, their proof, and the Graph API."""
