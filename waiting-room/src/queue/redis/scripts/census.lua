-- census: counts, as they are now.
-- ARGV  4 how many passed deadlines are taken into account at most
-- Reply {head, waiting, called, at the door, admitted, serving, next number,
--       joined, called, admitted, missed, left, departed (since the line began), rate and cap in force}
-- Why   the counts belong to one instant. It writes nothing: passed deadlines are only reckoned with.
local refused = open()
if refused then return refused end
local now = clock()
local rate, cap = pace(now)
local called, at_door, admitted = core.now_called, redis.call('ZCARD', K.door), core.now_admitted
for _, id in ipairs(redis.call('ZRANGEBYSCORE', K.deadlines, '-inf', text(now), 'LIMIT', 0, ARGV[4])) do
  local kind = place(id).kind
  if kind == 'A' then admitted = admitted - 1 else called = called - 1 end
  if kind == 'D' then at_door = at_door - 1 end
end
return with(head(), {
  redis.call('ZCARD', K.waiting), called, at_door, admitted, core.serving,
  core.next_number, core.joined, core.called, core.admitted, core.turns_missed, core.left, core.departed,
  rate, cap,
})
