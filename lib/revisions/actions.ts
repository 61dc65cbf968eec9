"use server";
import { z } from "zod";
import { defineAction, defineLongAction } from "#lib/action.ts";
import { discardDraft, importDocument } from "./mutations.ts";
import { publishAndPush, pushLiveRevision, rollBackAndPush } from "./push.ts";

/** The draft that the person saw. */
const draftDigest = z.string().length(64);
const comment = z.string().trim().max(500);

/** Publishes the draft as it was reviewed and pushes it; the value has each worker's answer. */
export const publishAction = defineLongAction({
  input: z.strictObject({ comment, draftDigest }),
  run: (input, actor) => publishAndPush(actor, input),
});

export const rollBackAction = defineLongAction({
  input: z.strictObject({ number: z.number().int().positive(), comment }),
  run: (input, actor) => rollBackAndPush(actor, input),
});

/** Gives the live revision again to the workers: after one was away or refused. */
export const pushAgainAction = defineLongAction({
  input: z.strictObject({}),
  run: async () => ({ workers: await pushLiveRevision() }),
});

export const discardDraftAction = defineAction({
  input: z.strictObject({ draftDigest }),
  run: (tx, input, actor) => discardDraft(tx, actor, input),
  topics: ["draft"],
});

export const importDocumentAction = defineAction({
  input: z.strictObject({ yaml: z.string().min(1, "The document is empty."), draftDigest }),
  run: (tx, input, actor) => importDocument(tx, actor, input),
  topics: ["draft"],
});
