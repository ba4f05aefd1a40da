-- sweep: makes passed deadlines visible and forgets places that ended long ago.
-- ARGV  4 how long ended places are remembered, microseconds · 5 how many are forgotten at most
-- Reply {head, how many were forgotten}
-- Why   a place and its indexes go together.
local refused = open()
if refused then return refused end
local now = begin()
open_door(now)
local old = redis.call('ZRANGEBYSCORE', K.ended, '-inf', text(now - tonumber(ARGV[4])), 'LIMIT', 0, ARGV[5])
if #old > 0 then
  redis.call('HDEL', K.places, unpack(old))
  redis.call('ZREM', K.ended, unpack(old))
end
return with(close(), { #old })
