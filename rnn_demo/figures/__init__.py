"""Data in, figure out: no Streamlit, no session state."""
