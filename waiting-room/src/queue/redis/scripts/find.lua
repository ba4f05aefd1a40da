-- find: places by id.
-- ARGV  4… ids
-- Reply {head, packed place or nil …}
-- Why   a script only to notice a lost store; it writes nothing.
local refused = open()
if refused then return refused end
local found = redis.call('HMGET', K.places, unpack(ARGV, 4))
return with(head(), found)
