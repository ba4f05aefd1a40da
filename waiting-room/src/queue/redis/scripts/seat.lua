-- seat: gives places their drawn numbers.
-- ARGV  4… pairs: id of the place, its number
-- Reply {head}
-- Why   a place and its indexes change together. Who has left, or has the number, is passed over: the call may be
--       repeated. Views take the whole line afterwards, so the steps are not kept.
local refused = open()
if refused then return refused end
local now = begin()
if core.draw_step == 4 then
  for i = 4, #ARGV, 2 do
    local p = judged(place(ARGV[i]), now)
    local is_seated = p and p.number >= core.lobby_end -- guard DrawSeat
    if p and p.kind == 'W' and not is_seated then
      withdraw(p)
      p.number = tonumber(ARGV[i + 1])
      redis.call('SETBIT', K.issued, p.number, 1)
      settle(p)
    end
  end
  forget_changes()
end
return close()
