-- Places that are kept for people in wheelchairs and those who come with them; NULL for every other seat.
ALTER TABLE seats ADD COLUMN access TEXT CHECK (access IN ('wheelchair', 'companion'));
