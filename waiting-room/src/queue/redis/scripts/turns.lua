-- Put between the prelude and the scripts that call people: whose turn is next. A function that makes the function, so
-- that a join which calls nobody does not pay for it.

local function turns(set)
  local STRIDE = 1000000000 -- as in lanes.rs

  -- Calls a place; its number.
  local function summon(id, now)
    local p = place(id)
    withdraw(p)
    core.serving = math.max(core.serving, p.number)
    core.called = core.called + 1
    p.kind, p.at, p.till = 'C', now, now + core.claim_window + set.grace
    settle(p)
    return p.number
  end

  -- The first so many of a lane.
  local function first_of(lane, count)
    if count == 0 then return {} end
    local order, from, to = 'ZRANGEBYSCORE', score(lane, 0), score(lane, 1125899906842623) -- guard Order
    return redis.call(order, K.waiting, text(from), text(to), 'LIMIT', 0, count)
  end

  -- Turns for so many, to lanes by their weights: as in lanes.rs.
  local function summon_by_lane(count, now)
    local kept = redis.call('HMGET', K.core, 'debts', 'lane_serving')
    local weights, debts, reached = set.weights, numbers(kept[1]), numbers(kept[2])
    local left, given, sequence = {}, {}, {}
    for lane = 1, #weights do
      -- Before there was a second lane nothing was kept.
      debts[lane], reached[lane] = debts[lane] or 0, reached[lane] or (lane == 1 and core.serving or 0)
      left[lane] = redis.call('ZCOUNT', K.waiting, text(score(lane - 1, 0)), text(score(lane - 1, 1125899906842623)))
      given[lane] = 0
    end
    for turn = 1, count do
      local next_lane
      for lane = 1, #weights do
        local by_weight = next_lane and debts[lane] < debts[next_lane] -- guard Shares
        if left[lane] > given[lane] and (not next_lane or by_weight) then next_lane = lane end
      end
      if not next_lane then break end
      local least = debts[next_lane]
      for lane = 1, #weights do debts[lane] = math.max(debts[lane] - least, 0) end
      debts[next_lane] = div(STRIDE, weights[next_lane])
      given[next_lane] = given[next_lane] + 1
      sequence[turn] = next_lane
    end
    local waiting, at = {}, {}
    for lane = 1, #weights do waiting[lane], at[lane] = first_of(lane - 1, given[lane]), 0 end
    for _, lane in ipairs(sequence) do
      at[lane] = at[lane] + 1
      reached[lane] = math.max(reached[lane], summon(waiting[lane][at[lane]], now))
    end
    for lane = 1, #weights do debts[lane], reached[lane] = text(debts[lane]), text(reached[lane]) end
    redis.call('HSET', K.core, 'debts', table.concat(debts, ','), 'lane_serving', table.concat(reached, ','))
  end

  -- Calls so many of those who wait, of whom there are enough.
  return function(count, now)
    if #set.weights > 1 then
      summon_by_lane(count, now)
    else
      for _, id in ipairs(first_of(0, count)) do summon(id, now) end
    end
    core.due = math.max(core.due, now) + count * step_micros((pace(now)))
  end
end
