"""Everything that imports Streamlit or Plotly: one folder per page, and what pages share."""
