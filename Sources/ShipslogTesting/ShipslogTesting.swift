// ShipslogTesting
