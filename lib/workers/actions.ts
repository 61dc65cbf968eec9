"use server";
import { z } from "zod";
import { defineLongAction } from "#lib/action.ts";
import { drainWorker } from "./drain-worker.ts";

/** Drains a worker, or lets it work again. */
export const drainWorkerAction = defineLongAction({
  input: z.strictObject({ workerId: z.string().min(1).max(64), on: z.boolean() }),
  permission: "operate",
  run: drainWorker,
});
