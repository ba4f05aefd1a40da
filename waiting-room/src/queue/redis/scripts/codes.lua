-- codes: adds access codes, and takes in what is told of those that are there.
-- ARGV  4 how many a room may have · 5… pairs: key, packed code
-- Reply {head, how many are new}; -1, and nothing has changed, when there would be too many
-- Why   uses only grow, and a code that was taken back stays so: what nodes tell after a loss may come in any order,
--       twice, and between joins that use the codes.
local refused = open()
if refused then return refused end
local new = 0
for i = 5, #ARGV, 2 do new = new + 1 - redis.call('HEXISTS', K.codes, ARGV[i]) end
local before = redis.call('HLEN', K.codes)
if before + new > tonumber(ARGV[4]) then return with(close(), { -1 }) end
for i = 5, #ARGV, 2 do
  local key, told = ARGV[i], ARGV[i + 1]
  local known = redis.call('HGET', K.codes, key)
  if known then
    local lane, most, uses, expires, revoked, label = struct.unpack(CODE, known)
    local _, _, told_uses, _, told_revoked = struct.unpack(CODE, told)
    uses, revoked = math.max(uses, told_uses), math.max(revoked, told_revoked)
    told = struct.pack(CODE, lane, most, uses, expires, revoked) .. string.sub(known, label)
  end
  redis.call('HSET', K.codes, key, told)
end
return with(close(), { redis.call('HLEN', K.codes) - before })
