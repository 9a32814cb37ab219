"""Training of small recurrent networks, without a screen."""
