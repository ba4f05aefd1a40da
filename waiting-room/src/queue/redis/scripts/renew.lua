-- renew: lengthens a visit.
-- ARGV  4 id of the place · 5 the end that the caller knows, seconds
-- Reply {head, answer}: R(enewed, now or before), S(pent), F (off in this room), C(losed), N(ot in the
--       shop yet), O(ver), each with id and packed place; U(nknown)
-- Why   how often it was lengthened and lengthening it must be one step, and a visit that has just ended stays so.
local refused = open()
if refused then return refused end
local VISIT_MAX = 86400000000 -- as in turns.rs
local now = begin()
local p, set = judged(place(ARGV[4]), now), more()
local function answer()
  if not p then return 'U' end
  if p.kind ~= 'A' then return (p.kind == 'E' and 'O' or 'N') .. id_and_place(p) end
  local is_granted = div(p.till, 1000000) > tonumber(ARGV[5]) -- guard OneRenewal
  if is_granted then return 'R' .. id_and_place(p) end
  if set.renewals == 0 then return 'F' .. id_and_place(p) end
  if state(now) == 'closed' then return 'C' .. id_and_place(p) end
  local till = math.min(p.till + set.renewal, p.at + VISIT_MAX)
  local is_spent = p.renewals >= set.renewals -- guard Renewals
  if is_spent or till <= p.till then return 'S' .. id_and_place(p) end
  withdraw(p)
  p.renewals, p.till = p.renewals + 1, till
  return 'R' .. settle(p)
end
local said = answer()
return with(close(), { said })
