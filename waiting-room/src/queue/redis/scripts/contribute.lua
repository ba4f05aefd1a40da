-- contribute: adds places that a node knows to be called or admitted to a room that was made anew.
-- ARGV  4… ids with packed places
-- Reply {head}
-- Why   a place only moves on: of what is here and what is told, the later standing counts. So it does not matter
--       which node comes first or how often. Nobody is counted again.
local refused = open()
if refused then return refused end
local now, left, RANK = clock(), core.left, { W = 1, C = 2, D = 3, A = 4, E = 5 }
for i = 4, #ARGV do
  local told = unpacked(string.sub(ARGV[i], 1, 16), string.sub(ARGV[i], 17))
  local known = judged(place(told.id), now)
  local other = live(told.browser, now)
  -- Whoever was called keeps the turn for a whole window after the line is back.
  if told.kind ~= 'A' then told.till = math.max(told.till, core.rebuild_until + core.claim_window) end
  if known then
    local is_longer = known.kind == told.kind and known.till < told.till
    if RANK[known.kind] < RANK[told.kind] or is_longer then
      withdraw(known)
      settle(told)
    end
  elseif not is_over(told.number) and not (other and other.kind == 'A') then
    if other then finish(other, 'L', now) end
    redis.call('SETBIT', K.issued, told.number, 1)
    redis.call('HSET', K.browsers, told.browser, told.id)
    if told.account and has_place(told.account, now) then told.account = nil end
    if told.account then redis.call('HSET', K.accounts, told.account, told.id) end
    settle(told)
  end
end
core.left = left
recount_joined()
return close()
