"use server";
import { z } from "zod";
import { partsSchema } from "#core/contract/policy-api.ts";
import { defineAction, defineDraftAction, defineLongAction } from "#lib/action.ts";
import { discardDraft, importDocument } from "./mutations.ts";
import { policySourceSchema, setPolicySource } from "./policy-source.ts";
import { pushLiveRevision, revertAndPush, rollBackAndPush, widenAndPush } from "./push.ts";
import { keepRevision } from "./trial-mutations.ts";

/** The draft that the person saw. */
const draftDigest = z.string().length(64);
const comment = z.string().trim().max(500);

const revisionNumber = z.number().int().positive();

/** A revision on trial stays. */
export const keepRevisionAction = defineAction({
  input: z.strictObject({ number: revisionNumber }),
  permission: "publish",
  run: (tx, input, actor) => keepRevision(tx, actor, input),
  topics: [],
});

/** A revision that is at its first workers goes to all of them. */
export const widenRolloutAction = defineLongAction({
  input: z.strictObject({ number: revisionNumber }),
  permission: "publish",
  run: (input, actor) => widenAndPush(actor, input),
});

/** A revision that is on trial or at its first workers goes back at once. */
export const revertRevisionAction = defineLongAction({
  input: z.strictObject({ number: revisionNumber }),
  permission: "publish",
  run: ({ number }, actor) => revertAndPush(actor, { number, reason: `${actor.name} did not want to wait` }),
});

export const rollBackAction = defineLongAction({
  input: z.strictObject({ number: revisionNumber, comment }),
  permission: "publish",
  run: (input, actor) => rollBackAndPush(actor, input),
});

/** Gives the live revision again to the workers: after one was away or refused. */
export const pushAgainAction = defineLongAction({
  input: z.strictObject({}),
  permission: "operate",
  run: async () => ({ workers: await pushLiveRevision() }),
});

export const discardDraftAction = defineDraftAction({
  input: z.strictObject({ draftDigest }),
  run: (tx, input, actor) => discardDraft(tx, actor, input),
});

export const importDocumentAction = defineDraftAction({
  input: z.strictObject({ yaml: z.string().min(1, "The document is empty."), only: partsSchema, draftDigest }),
  run: (tx, input, actor) => importDocument(tx, actor, input),
});

/** The policy is kept in a repository (null: in this console): the draft is edited there only. */
export const setPolicySourceAction = defineAction({
  input: policySourceSchema.nullable(),
  permission: "set-policy-source",
  run: (tx, input, actor) => setPolicySource(tx, actor, input),
  topics: [],
});
