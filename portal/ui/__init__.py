"""What the pages of all apps are built with: guards of the shell, the list machinery, template tags, help."""
