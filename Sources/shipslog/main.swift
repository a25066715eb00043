print("shipslog")
