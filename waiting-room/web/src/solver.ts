import { solve } from "./sha256";

/** A worker: gets a task, answers its solution. */
onmessage = ({ data }: MessageEvent<{ challenge: string; bits: number }>) => postMessage(solve(data.challenge, data.bits));
