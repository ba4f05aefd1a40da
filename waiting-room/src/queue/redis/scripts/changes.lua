-- changes: what happened to the line since a version, oldest first.
-- ARGV  4 the version · 5 how many at most
-- Reply {head, 1, called, admitted, missed, left, departed (since the line began), id and packed
--       place …}; 0 instead of 1 when the log does not reach back so far;
--       2 and the first number of newcomers while a lost line is being restored
-- Why   version and log belong to one instant. The log is bounded; an older view reads the whole line.
local refused = open()
if refused then return refused end
local since, most = tonumber(ARGV[4]), tonumber(ARGV[5])
local answer = head()
if core.clock < core.rebuild_until then return with(answer, { 2, core.floor_number }) end
local kept = redis.call('LLEN', K.changes)
local from = since - (core.version - kept)
if from < 0 or since > core.version then return with(answer, { 0 }) end
for _, n in ipairs({ 1, core.called, core.admitted, core.turns_missed, core.left, core.departed }) do answer[#answer + 1] = n end
local changes = redis.call('LRANGE', K.changes, from, from + most - 1)
for i = 1, #changes do changes[i] = string.sub(changes[i], 8) end
return with(answer, changes)
