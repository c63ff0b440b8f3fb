"""What all pages share: language, times, navigation, headers and the health of the installation."""
