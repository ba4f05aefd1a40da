-- join: gives each browser a place at the end of its lane, or the one it has.
-- ARGV  4… fives: id of the place if it becomes a new one, browser, lane, key of an access code or nothing, account
--       or nothing
-- Reply {head, answer …}: N or K (new, known) with id and packed place, N then with the packed code
--       that it used; R with the room's state; X with what is wrong: code N(eeded), U(nknown), F(ully used),
--       E(xpired), R(evoked), L (line being restored, ask again later); A(ccount needed), T(aken: it has a place)
-- Why   number, place and browser must change together: two joins of one browser must give one place, and a code no
--       more places than it may.
local refused = open()
if refused then return refused end
local now, answers = begin(), {}
local set = more()
local is = state(now)
local takes = is == 'lobby' or is == 'drawing' or is == 'open' or is == 'paused' or is == 'bypass' or is == 'queue-all'

-- The lane to stand in and the code used; or nil and what is wrong.
local function lane_for(lane, key)
  if key == '' then
    local is_refused = bit.band(bit.rshift(set.coded, lane), 1) == 1 -- guard Invitation
    if is_refused then return nil, 'N' end
    return lane, ''
  end
  -- While the line is being restored not every node has told yet which codes there are and how often they were used.
  if now < core.rebuild_until then return nil, 'L' end
  local code = redis.call('HGET', K.codes, key)
  if not code then return nil, 'U' end
  local opens, most, uses, expires, revoked, label = struct.unpack(CODE, code)
  if revoked == 1 then return nil, 'R' end
  if expires > 0 and expires <= now then return nil, 'E' end
  local is_spent = uses >= most -- guard CodeUses
  if is_spent then return nil, 'F' end
  code = struct.pack(CODE, opens, most, uses + 1, expires, revoked) .. string.sub(code, label)
  redis.call('HSET', K.codes, key, code)
  return opens, code
end

-- What keeps an account from a place in a room with one place an account.
local function account_refusal(account)
  if account == '' then return 'A' end
  local is_taken = has_place(account, now) -- guard OneAccount
  if is_taken then return 'T' end
end

for i = 4, #ARGV, 5 do
  local id, browser = ARGV[i], ARGV[i + 1]
  local known = live(browser, now) -- guard OnePlace
  if known then
    answers[#answers + 1] = 'K' .. id_and_place(known)
  elseif not takes then
    answers[#answers + 1] = 'R' .. is
  else
    local account = set.accounts == 1 and ARGV[i + 4] or nil
    local no_account, lane, code = account and account_refusal(account), nil, nil
    if not no_account then lane, code = lane_for(tonumber(ARGV[i + 2]), ARGV[i + 3]) end
    if lane then
      local p = { id = id, kind = 'W', lane = lane, number = core.next_number, joined = now, browser = browser }
      p.account = account
      local seated = seat(p)
      -- Nobody but her in the line, and a shop with much room: she is called at once.
      local used = (core.now_admitted + core.now_called) * 100
      local _, cap = pace(now)
      local is_idle = used < cap * set.idle and is == 'open' and now >= core.rebuild_until
      if is_idle and redis.call('ZCARD', K.waiting) == 1 then
        turns(set)(1, now)
        seated = id_and_place(place(id))
      end
      answers[#answers + 1] = 'N' .. seated .. code
    else
      answers[#answers + 1] = 'X' .. (no_account or code)
    end
  end
end
return with(close(), answers)
