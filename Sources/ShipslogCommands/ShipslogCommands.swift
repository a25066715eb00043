// ShipslogCommands
