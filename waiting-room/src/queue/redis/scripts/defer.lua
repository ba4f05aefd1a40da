-- defer: puts a called place's turn off, once.
-- ARGV  4 its id
-- Reply {head, answer}: D(eferred), S(pent: was put off before), O(ff in this room), N(ot called, or has
--       come already), each with id and packed place; U(nknown)
-- Why   whether it was put off before and putting it off must be one step.
local refused = open()
if refused then return refused end
local now = begin()
local p, set = judged(place(ARGV[4]), now), more()
local function answer()
  if not p then return 'U' end
  if p.kind ~= 'C' then return 'N' .. id_and_place(p) end
  if set.deferral == 0 then return 'O' .. id_and_place(p) end
  local is_spent = p.deferred -- guard OneDeferral
  if is_spent then return 'S' .. id_and_place(p) end
  withdraw(p)
  p.deferred, p.at = true, now + set.deferral
  p.till = p.at + core.claim_window + set.grace
  return 'D' .. settle(p)
end
local said = answer()
return with(close(), { said })
