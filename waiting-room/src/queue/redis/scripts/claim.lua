-- claim: turns called places into admissions, as far as cap and rate allow at this very step.
-- ARGV  4… pairs: id of the place, id of the admission if it becomes one
-- Reply {head, answer …}: A(dmitted), D (at the door), W(aiting), O(ver), C(losed), each with id
--       and packed place; U(nknown)
-- Why   cap and rate are read and used up in one step: not one session more, however many nodes ask.
local refused = open()
if refused then return refused end
local now, answers = begin(), {}
local function claimed(id, jti)
  local p = judged(place(id), now)
  if not p then return 'U' end
  if p.kind == 'W' or p.kind == 'A' then return p.kind .. id_and_place(p) end
  if p.kind == 'E' then return 'O' .. id_and_place(p) end
  if state(now) == 'closed' then return 'C' .. id_and_place(p) end
  -- The visitor has come: she stays called one more claim window at least. The deadline moves only once half
  -- of it is used up, so that a browser asking each second costs no writes.
  if p.kind == 'C' then
    core.shown = core.shown + 1
    core.delay_sum = core.delay_sum + math.max(0, now - p.at)
    fade()
  end
  if p.kind == 'C' or p.till - now < div(core.claim_window, 2) then
    withdraw(p)
    p.jti = p.jti or jti
    p.kind, p.till = 'D', math.max(p.till, now + core.claim_window)
    settle(p)
  end
  open_door(now)
  p = place(id)
  return p.kind .. id_and_place(p)
end
for i = 4, #ARGV, 2 do answers[#answers + 1] = claimed(ARGV[i], ARGV[i + 1]) end
return with(close(), answers)
