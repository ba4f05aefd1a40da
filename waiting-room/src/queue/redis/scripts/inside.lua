-- inside: some of those who are called or admitted, for a view that reads all of them.
-- ARGV  4 where the last call stopped, 0 at first · 5 about how many
-- Reply {head, where to go on or 0, id and packed place …}
-- Why   ZSCAN gives everybody who was there from the first piece to the last at least once, which is all that
--       is needed: the changes since the first piece follow.
local refused = open()
if refused then return refused end
local scan = redis.call('ZSCAN', K.deadlines, ARGV[4], 'COUNT', ARGV[5])
local found = { scan[1] }
for i = 1, #scan[2], 2 do found[#found + 1] = id_and_place(place(scan[2][i])) end
return with(head(), found)
