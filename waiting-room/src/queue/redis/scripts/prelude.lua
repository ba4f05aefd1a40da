-- Put before every script: the line of one room as `line.rs` states it, on sorted sets and hashes.
--
-- KEYS  all keys of the room, one hash tag (see K below); every script gets all of them in this order.
-- ARGV  1 now, microseconds · 2 the highest epoch that the caller has seen of this room · 3 the highest version of it, and
--       when that was made
-- Reply {epoch, version, when that was made, clock, …}, of which the first four are called head; or an error, and then
--       nothing has changed:
--       NOROOM  there is no such room
--       LOST    the room is missing, or older than what the caller has seen, or another one: the store lost it
--
-- Time is an argument; the line's clock never goes back. Numbers are doubles, exact below 2^53: microseconds
-- until the year 2255. `div` cuts towards zero like Rust's division of integers.

local K = {
  core = KEYS[1],      -- hash: settings, clock, counters
  places = KEYS[2],    -- hash: place id → packed place
  browsers = KEYS[3],  -- hash: browser → id of its live place
  waiting = KEYS[4],   -- sorted set: who waits, by lane and number, see `score`
  door = KEYS[5],      -- sorted set: who stands at the door, by number
  deadlines = KEYS[6], -- sorted set: when turns and sessions end by themselves
  ended = KEYS[7],     -- sorted set: when places ended
  calls = KEYS[8],     -- hash: instant of a call → how many called then have not come yet
  minute = KEYS[9],    -- list: admissions of the last minute, "instant count"
  changes = KEYS[10],  -- list: the newest changes, one a version: when it was made, the place's id, the packed place
  issued = KEYS[11],   -- bitmap: numbers that are taken
  line = KEYS[12],     -- bitmap: numbers that wait
  over = KEYS[13],     -- bitmap: numbers known to be over although their places were lost
  codes = KEYS[15],    -- hash: keyed hash of an access code → lane, uses at most, uses, expiry, revoked, label
  accounts = KEYS[18], -- hash: account → id of its live place, in rooms with one place an account
  lanes = KEYS[14],    -- half a byte a number: the lane it was given in; 0, the first lane, is not written
  offers = KEYS[16],   -- sorted set: offers to take a place over that were used, by when they can be forgotten
  log = KEYS[17],      -- list: the room's public journal
}

local CHANGES_MAX = 32768   -- as in line.rs
local CODE = '>BI4I4I8B'    -- lane, uses at most, uses, expiry (microseconds or 0), revoked; then the label
local EXPIRE_MAX = 500      -- deadlines taken per call; each place is judged by its own deadline anyway
local DOOR_MAX = 500        -- let in per call
local WHOLE = 1000000       -- here and below as in pace.rs
local MINUTE = 60000000
local CATCH_UP = 1000000
local PRIOR_SHOWN = 8
local EVIDENCE_MAX = 512
local SHARE_MIN = 83333
local PATIENCE = 3
local PATIENCE_MIN = 5000000
local SETTINGS = 12         -- arguments of `set_room`
local SILENCE = 30000000    -- here and below as in steering.rs
local STEP_EVERY = 5000000

local COUNTERS = {
  'epoch', 'version', 'clock', 'next_number', 'serving', 'due', 'shown', 'missed', 'delay_sum', 'minute_total',
  'joined', 'called', 'admitted', 'turns_missed', 'left', 'departed', 'now_called', 'now_admitted', 'rebuild_until',
  'floor_number', 'room_since', 'draw_step', 'lobby_end', 'lobby_size', 'closed_lobby_at', 'drawn_at', 'draws',
  'steered', 'made_at',
  -- Settings, which only `put` writes.
  'lobby_at', 'opens_at', 'closes_at', 'cap', 'rate', 'claim_window', 'session_length', 'mode', 'more',
}

local core, was, log = {}, {}, {}

local function text(n) return string.format('%.0f', n) end
local function div(a, b) return (a - math.fmod(a, b)) / b end

-- Reads settings, clock and counters.
local function load()
  local values = redis.call('HMGET', K.core, unpack(COUNTERS))
  for i, name in ipairs(COUNTERS) do
    core[name] = tonumber(values[i]) or values[i] or nil
    was[name] = core[name]
  end
end

-- The version that the caller has seen, and when it was made; 0 when the caller does not know that.
local function seen()
  local version, made_at = string.match(ARGV[3], '(%d+) (%d+)')
  return tonumber(version), tonumber(made_at)
end

-- When a version was made, by the clock of who made it; nil when that is forgotten.
local function made_at(version)
  if version == core.version then return core.made_at end
  local change = redis.call('LINDEX', K.changes, version - core.version - 1)
  return change and struct.unpack('>I7', change)
end

-- Whether the store has less of the room than the caller has seen, or something else instead: a store that went back and was
-- written to since may have as many versions.
local function is_lost()
  local epoch, seen_epoch = core.epoch or 0, tonumber(ARGV[2])
  if epoch ~= seen_epoch then return epoch < seen_epoch end -- guard Loss
  local version, seen_at = seen()
  if (core.version or 0) < version then return true end
  return seen_at > 0 and (made_at(version) or seen_at) ~= seen_at -- guard Branch
end

-- Reads the room; an error reply when the caller has seen more of it than is here.
local function open()
  load()
  if is_lost() then return redis.error_reply('LOST the store lost this room') end
  if not core.epoch then return redis.error_reply('NOROOM no such room') end
end

-- A room that is not there yet.
local function create()
  for _, name in ipairs(COUNTERS) do core[name] = core[name] or 0 end
  core.next_number = math.max(core.next_number, 1)
end

-- Takes the settings from twelve arguments: JSON, mode, lobby, opening and end (microseconds or empty), cap, rate a
-- minute, claim window and session length (microseconds), names of the lanes (between commas), what `more` reads,
-- and how the room is steered, as text: what reports have come to under other settings is forgotten.
local function set_room(from)
  local steering = redis.call('HGET', K.core, 'steering') or ''
  if core.rate ~= tonumber(ARGV[from + 6]) or steering ~= ARGV[from + 11] then core.steered = '' end
  redis.call('HSET', K.core, 'steering', ARGV[from + 11])
  redis.call('HSET', K.core, 'settings', ARGV[from], 'lane_names', ARGV[from + 9])
  core.draws = cjson.decode(ARGV[from]).draw and 1 or 0
  core.mode, core.lobby_at, core.opens_at, core.closes_at = unpack(ARGV, from + 1, from + 4)
  core.cap, core.rate, core.claim_window, core.session_length = unpack(ARGV, from + 5, from + 8)
  core.more = ARGV[from + 10]
end

-- What every reply begins with.
local function head() return { core.epoch, core.version, core.made_at or 0, core.clock } end

-- The next version of the line.
local function make_version()
  core.version, core.made_at = core.version + 1, tonumber(ARGV[1])
end

-- The line is another one than views know: they take the whole of it.
local function forget_changes()
  log = {}
  make_version()
  redis.call('DEL', K.changes)
end

-- Writes what has changed. Answers the beginning of the reply.
local function close()
  for from = 1, #log, 1000 do
    redis.call('RPUSH', K.changes, unpack(log, from, math.min(from + 999, #log)))
  end
  if #log > 0 then redis.call('LTRIM', K.changes, -CHANGES_MAX, -1) end
  local changed = {}
  for _, name in ipairs(COUNTERS) do
    if core[name] ~= was[name] then
      changed[#changed + 1] = name
      changed[#changed + 1] = type(core[name]) == 'number' and text(core[name]) or core[name]
    end
  end
  if #changed > 0 then redis.call('HSET', K.core, unpack(changed)) end
  return head()
end

-- The clock of this step.
local function clock() return math.max(tonumber(ARGV[1]), core.clock) end

-- What the room is doing at `now`, as `Room::state` says.
local function state(now)
  local function unless_undrawn(is)
    local is_undrawn = core.draws == 1 and (core.drawn_at or 0) == 0
    return is_undrawn and 'drawing' or is
  end
  local function past(at) return at and at ~= '' and now >= at end
  if core.mode == 'closed' or past(core.closes_at) then return 'closed' end
  if core.mode == 'open' or core.mode == 'draining' then return unless_undrawn(core.mode) end
  if core.mode ~= 'schedule' then return core.mode end
  if past(core.opens_at) then return unless_undrawn('open') end
  if core.lobby_at and core.lobby_at ~= '' and now < core.lobby_at then return 'scheduled' end
  return 'lobby'
end

-- Numbers between commas.
local function numbers(text)
  local list = {}
  for number in string.gmatch(text or '', '%d+') do list[#list + 1] = tonumber(number) end
  return list
end

-- Rate and cap in force: the operator's, or what the shop's reports have come to, as `Room::pace` says. `steered` is rate,
-- cap and step, and when the shop last reported.
local function pace(now)
  local rate, cap, step, heard_at = unpack(numbers(core.steered))
  if not heard_at then return core.rate, core.cap end
  local silent = now - heard_at - SILENCE
  if silent <= 0 then return rate, math.min(cap, core.cap) end
  return math.min(rate + step * (div(silent, STEP_EVERY) + 1), core.rate), core.cap
end

-- Settings that most rooms leave alone: lanes that ask for a code (a bit each), deferral and grace (microseconds), idle
-- (percent of the cap), whether an account has one place, weights of the lanes; then, behind a semicolon, how often a visit
-- may be lengthened and by how much (microseconds). A room that leaves all of them alone has none of this to read.
local NO_MORE = { coded = 0, deferral = 0, grace = 0, idle = 0, accounts = 0, weights = { 1 }, renewals = 0, renewal = 0 }
local function more()
  if not core.more or core.more == '' then return NO_MORE end
  local first, second = string.match(core.more, '^([^;]*);?(.*)$')
  local list, visits = numbers(first), numbers(second)
  return {
    coded = list[1], deferral = list[2], grace = list[3], idle = list[4], accounts = list[5],
    weights = { unpack(list, 6) }, renewals = visits[1] or 0, renewal = visits[2] or 0,
  }
end

-- Where somebody who waits is in K.waiting: lane by lane, in each by number. Exact: numbers stay below 2^50.
local function score(lane, number) return lane * 1125899906842624 + number end

-- A place: kind W(aiting), C(alled), D(oor), A(dmitted) or E(nded), lane (128 more once its turn was put off, 64 more when
-- an account follows at the end, 8 more for each time its visit was lengthened), number, joined, browser, then what its kind
-- asks for. `at` is since when, `till` the deadline, `jti` the admission, `how` the ending.
local function pack(p)
  local flags, account = (p.deferred and 128 or 0) + (p.account and 64 or 0), p.account or ''
  if p.kind == 'A' then flags = flags + (p.renewals or 0) * 8 end
  local head = struct.pack('>c1BI7I8c16', p.kind, p.lane + flags, p.number, p.joined, p.browser)
  if p.kind == 'W' then return head .. account end
  if p.kind == 'E' then return head .. struct.pack('>I8c1', p.at, p.how) .. account end
  return head .. struct.pack('>I8I8', p.at, p.till) .. (p.jti or '') .. account
end

local function unpacked(id, packed)
  local p = { id = id }
  p.kind, p.lane, p.number, p.joined, p.browser = struct.unpack('>c1BI7I8c16', packed)
  if p.lane >= 128 then p.lane, p.deferred = p.lane - 128, true end
  if p.lane >= 64 then
    p.lane, p.account = p.lane - 64, string.sub(packed, -16)
    packed = string.sub(packed, 1, -17)
  end
  p.lane, p.renewals = math.fmod(p.lane, 8), div(p.lane, 8)
  if p.kind == 'E' then
    p.at, p.how = struct.unpack('>I8c1', packed, 34)
  elseif p.kind ~= 'W' then
    p.at, p.till = struct.unpack('>I8I8', packed, 34)
    if p.kind ~= 'C' then p.jti = string.sub(packed, 50) end
  end
  return p
end

local function place(id)
  local packed = redis.call('HGET', K.places, id)
  return packed and unpacked(id, packed)
end

-- Called who have not come yet, by the instant of their call.
local function outstanding(at, by)
  if redis.call('HINCRBY', K.calls, text(at), by) == 0 then redis.call('HDEL', K.calls, text(at)) end
end

-- Takes a place out of where its standing has put it.
local function withdraw(p)
  if p.kind == 'W' then
    redis.call('ZREM', K.waiting, p.id)
    redis.call('SETBIT', K.line, p.number, 0)
  elseif p.kind == 'E' then
    redis.call('ZREM', K.ended, p.id)
  else
    redis.call('ZREM', K.deadlines, p.id)
    if p.kind == 'A' then core.now_admitted = core.now_admitted - 1 else core.now_called = core.now_called - 1 end
    if p.kind == 'D' then redis.call('ZREM', K.door, p.id) end
    if p.kind == 'C' then outstanding(p.at, -1) end
  end
end

-- Puts a place where its standing says, and keeps the change.
local function settle(p)
  local packed = pack(p)
  redis.call('HSET', K.places, p.id, packed)
  if p.kind == 'W' then
    redis.call('ZADD', K.waiting, score(p.lane, p.number), p.id)
    redis.call('SETBIT', K.line, p.number, 1)
    if p.lane > 0 then redis.call('BITFIELD', K.lanes, 'SET', 'u4', '#' .. text(p.number), p.lane) end
  elseif p.kind == 'E' then
    redis.call('ZADD', K.ended, p.at, p.id)
  else
    redis.call('ZADD', K.deadlines, p.till, p.id)
    if p.kind == 'A' then core.now_admitted = core.now_admitted + 1 else core.now_called = core.now_called + 1 end
    if p.kind == 'D' then redis.call('ZADD', K.door, p.number, p.id) end
    if p.kind == 'C' then outstanding(p.at, 1) end
  end
  make_version()
  log[#log + 1] = struct.pack('>I7', core.made_at) .. p.id .. packed
  return p.id .. packed
end

-- Evidence of who comes; the oldest half of it fades.
local function fade()
  if core.shown + core.missed >= EVIDENCE_MAX then
    core.shown, core.missed, core.delay_sum = div(core.shown, 2), div(core.missed, 2), div(core.delay_sum, 2)
  end
end

-- Ends a place. `how`: L(eft), R(evoked), M(issed), F(inished), A(bandoned), O (ran out).
local function finish(p, how, at)
  if p.kind == 'A' then
    core.departed = core.departed + 1
  elseif how == 'M' then
    core.turns_missed = core.turns_missed + 1
    if p.kind == 'C' then
      core.missed = core.missed + 1
      fade()
    end
  else
    core.left = core.left + 1
  end
  withdraw(p)
  if redis.call('HGET', K.browsers, p.browser) == p.id then redis.call('HDEL', K.browsers, p.browser) end
  if p.account and redis.call('HGET', K.accounts, p.account) == p.id then redis.call('HDEL', K.accounts, p.account) end
  p.kind, p.how, p.at, p.till, p.jti = 'E', how, at, nil, nil
  settle(p)
  return p
end

-- Whether a number is known to be over although its place was lost. Asked only in a line that was once lost.
local function is_over(number)
  return number < core.floor_number and redis.call('GETBIT', K.over, number) == 1 -- guard Over
end

-- The place as it is at `now`: a deadline that has passed takes effect.
local function judged(p, now)
  if p and p.kind ~= 'E' and is_over(p.number) then return finish(p, 'L', now) end
  if p and p.till and p.till <= now then -- guard ClaimWindow
    return finish(p, p.kind == 'A' and 'O' or 'M', p.till)
  end
  return p
end

-- Every step begins here: time moves on, and what is due takes effect, EXPIRE_MAX of it at a time.
local function begin()
  local now = clock()
  core.clock = now
  local due = redis.call('ZRANGEBYSCORE', K.deadlines, '-inf', text(now), 'LIMIT', 0, EXPIRE_MAX)
  for _, id in ipairs(due) do judged(place(id), now) end
  return now
end

-- The live place of a browser.
local function live(browser, now)
  local id = redis.call('HGET', K.browsers, browser)
  local p = id and judged(place(id), now)
  return p and p.kind ~= 'E' and p or nil
end

-- Whether an account has a live place.
local function has_place(account, now)
  local id = redis.call('HGET', K.accounts, account)
  local p = id and judged(place(id), now)
  return p and p.kind ~= 'E'
end

-- Adds a place that waits, or one that is known to be over.
local function seat(p)
  core.next_number = math.max(core.next_number, p.number + 1)
  if p.kind ~= 'E' then core.joined = core.joined + 1 end
  redis.call('SETBIT', K.issued, p.number, 1)
  if p.kind ~= 'E' then
    redis.call('HSET', K.browsers, p.browser, p.id)
    if p.account then redis.call('HSET', K.accounts, p.account, p.id) end
  end
  return settle(p)
end

-- After a loss: whoever joined is there or has come to an end. Those who are still to come back are counted when they
-- do.
local function recount_joined()
  local live = redis.call('ZCARD', K.waiting) + core.now_called + core.now_admitted
  core.joined = live + core.left + core.turns_missed + core.departed
end

-- Admissions of the half-open minute that ends now. At most DOOR_MAX old ones are dropped at a time: those
-- left over count, which errs to the safe side.
local function recent(now)
  for _ = 1, DOOR_MAX do
    local oldest = redis.call('LINDEX', K.minute, 0)
    if not oldest then break end
    local at, count = string.match(oldest, '(%d+) (%d+)')
    if tonumber(at) + MINUTE > now then break end
    redis.call('LPOP', K.minute)
    core.minute_total = core.minute_total - tonumber(count)
  end
  return core.minute_total
end

-- Keeps an admission for the rate.
local function count_admission(now)
  local newest = redis.call('LINDEX', K.minute, -1)
  local at, count = string.match(newest or '', '(%d+) (%d+)')
  if tonumber(at) == now then
    redis.call('LSET', K.minute, -1, at .. ' ' .. text(tonumber(count) + 1))
  else
    redis.call('RPUSH', K.minute, text(now) .. ' 1')
  end
  core.minute_total = core.minute_total + 1
end

-- Whether one more session may begin now. The only place that decides it.
local function room_for_one(now)
  local is = state(now)
  if is == 'closed' or is == 'queue-all' or now < core.rebuild_until then return false end
  if is == 'bypass' then return true end
  local rate, cap = pace(now)
  local below_cap = core.now_admitted < cap -- guard Cap
  local below_rate = recent(now) < rate -- guard Rate
  return below_cap and below_rate
end

-- Lets in those at the door, lowest number first, as far as cap and rate allow.
local function open_door(now)
  for _ = 1, DOOR_MAX do
    local id = redis.call('ZRANGE', K.door, 0, 0)[1]
    local p = id and judged(place(id), now)
    if not p then return end
    if p.kind == 'D' then
      if not room_for_one(now) then return end
      count_admission(now)
      core.admitted = core.admitted + 1
      withdraw(p)
      p.kind, p.at, p.till = 'A', now, now + core.session_length
      settle(p)
    end
  end
end

-- The share of the called that shows up, in millionths.
local function share()
  local known = core.shown + core.missed + PRIOR_SHOWN
  return math.max(SHARE_MIN, math.min(WHOLE, div((core.shown + PRIOR_SHOWN) * WHOLE, known)))
end

-- Time between two calls so that admissions come at the rate.
local function step_micros(rate) return math.max(div(60 * share(), math.max(rate, 1)), 1) end

local function id_and_place(p) return p.id .. pack(p) end

-- A reply from its beginning and its answers.
local function with(head, answers)
  for i = 1, #answers do head[#head + 1] = answers[i] end
  return head
end
