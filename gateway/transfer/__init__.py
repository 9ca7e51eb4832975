"""Reports that go in and out as tables: CSV and XLSX."""
