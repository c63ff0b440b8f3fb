"""The pages of the desks: views only; every decision is a function of `casework`."""
