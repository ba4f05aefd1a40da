/** The server's own figures, as its metrics page says them (Prometheus' text format 0.0.4). */

/** One figure with its labels. */
export interface Metric {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text; lines that say nothing are left out. */
export function metricsOf(text: string): Metric[] {
  return text.split("\n").flatMap((each) => {
    const [, name, labels, value] = line.exec(each) ?? [];
    if (name === undefined || value === undefined || Number.isNaN(Number(value))) return [];
    const pairs = [...(labels ?? "").matchAll(label)].map(([, key, of]) => [key, of]);
    return [{ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) }];
  });
}

/** What the page shows of them, at one moment. */
export interface SystemSample {
  atMs: number;
  /** Answers since the start, and those among them that failed. */
  answers: number;
  failed: number;
  /** Seconds spent on answers, and seconds of processor time, since the start. */
  answerS: number;
  cpuS: number;
  memoryBytes: number;
  connections: number;
  databaseUsed: number;
  databaseMost: number;
  holds: number;
}

export function systemSampleOf(metrics: readonly Metric[], atMs: number): SystemSample {
  const sum = (name: string, fits: (labels: Metric["labels"]) => boolean = () => true) =>
    metrics.filter((each) => each.name === name && fits(each.labels)).reduce((total, { value }) => total + value, 0);
  const answers = "http_request_duration_seconds";
  return {
    atMs,
    answers: sum(`${answers}_count`),
    failed: sum(`${answers}_count`, ({ status }) => status?.startsWith("5") ?? false),
    answerS: sum(`${answers}_sum`),
    cpuS: sum("process_cpu_seconds_total"),
    memoryBytes: sum("process_resident_memory_bytes"),
    connections: sum("http_connections"),
    databaseUsed: sum("db_connections", ({ state }) => state === "used"),
    databaseMost: sum("db_connections_max"),
    holds: sum("shop_holds"),
  };
}

/** What happened between two looks, per second; null where the server began anew between them. */
export function paceOf(before: SystemSample, now: SystemSample) {
  const seconds = (now.atMs - before.atMs) / 1000;
  const answers = now.answers - before.answers;
  if (seconds <= 0 || answers < 0) return null;
  return {
    answersPerS: answers / seconds,
    failedPerS: (now.failed - before.failed) / seconds,
    meanMs: answers > 0 ? ((now.answerS - before.answerS) / answers) * 1000 : 0,
    cpuPercent: ((now.cpuS - before.cpuS) / seconds) * 100,
  };
}

/** What the picture reaches back to. */
const keptMs = 300_000;

/** The samples with a newer one at their end and those gone that are too old. */
export const withSample = (samples: readonly SystemSample[], next: SystemSample): readonly SystemSample[] => {
  const last = samples.at(-1);
  if (last && next.atMs <= last.atMs) return samples;
  return [...samples.filter(({ atMs }) => atMs >= next.atMs - keptMs), next];
};
