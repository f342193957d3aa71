mail-slot-removed = [link removed]
