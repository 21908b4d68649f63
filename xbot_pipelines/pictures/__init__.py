"""Pictures: small plots of plain values, for the metadata of assets and for reports. Drawing libraries load late."""
