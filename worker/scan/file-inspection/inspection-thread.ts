import { parentPort } from "node:worker_threads";
import { inspectBytes } from "#core/files/inspect-bytes.ts";

/** Takes the bytes of one file at a time and answers with its facts. What it throws ends the thread and costs that one file its answer. */
parentPort?.on("message", (bytes: Uint8Array) => parentPort?.postMessage(inspectBytes(bytes), []));
