-- changes: what happened to the line since a version, oldest first.
-- ARGV  4 the version · 5 how many at most
-- Reply {epoch, version, clock, 1, called, admitted, missed, left, departed (since the line began), id and packed
--       place …}; 0 instead of 1 when the log does not reach back so far;
--       2 and the first number of newcomers while a lost line is being restored
-- Why   version and log belong to one instant. The log is bounded; an older view reads the whole line.
local refused = open()
if refused then return refused end
local since, most = tonumber(ARGV[4]), tonumber(ARGV[5])
local head = { core.epoch, core.version, core.clock }
if core.clock < core.rebuild_until then return with(head, { 2, core.floor_number }) end
local kept = redis.call('LLEN', K.changes)
local from = since - (core.version - kept)
if from < 0 or since > core.version then return with(head, { 0 }) end
for _, n in ipairs({ 1, core.called, core.admitted, core.turns_missed, core.left, core.departed }) do head[#head + 1] = n end
return with(head, redis.call('LRANGE', K.changes, from, from + most - 1))
