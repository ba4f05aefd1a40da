-- out: ends those whom an older snapshot has kept inside, or at its door, although they are known to be over.
-- ARGV  4 how many of them are passed over · 5 how many are looked at, at most
-- Reply {head, how many were looked at, how many of them stay}
-- Why   `over` finds those who wait by their numbers; those inside are few and have no such index. Each of them would keep a
--       place below the cap until the visit that ended long ago ran out.
local refused = open()
if refused then return refused end
local from, now, left, departed, stay = tonumber(ARGV[4]), clock(), core.left, core.departed, 0
local inside = redis.call('ZRANGE', K.deadlines, from, from + tonumber(ARGV[5]) - 1)
for _, id in ipairs(inside) do
  local p = place(id)
  if is_over(p.number) then finish(p, 'L', now) else stay = stay + 1 end
end
core.left, core.departed = left, departed -- counted before the line was lost
recount_joined()
return with(close(), { #inside, stay })
