"""What a practitioner would question in an agreement, and the contact details in a text."""
