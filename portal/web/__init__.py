"""The portal's pages: layout, home, account, and the shared list machinery."""
