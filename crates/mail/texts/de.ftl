mail-slot-removed = [Link entfernt]
