"""Training small recurrent networks; knows no screen."""
