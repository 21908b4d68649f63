"""Pictures in the metadata of assets: small plots that the UI shows beside the figures. Drawing libraries load late."""
